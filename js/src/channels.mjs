// Channel rows between the store, where tokens are sealed, and the core, which needs them open.

import { isDeepStrictEqual } from 'node:util';

/** Reads and writes the rows of the settings' channels. */
export function channelRows({ store, settings, seal }) {
  const unkept = new Map(); // tokens that no key was given for: they live as long as this process

  async function read() {
    return opened(await store.channels());
  }

  /** A case with the channels' rows, and its person where that is asked for: one question of a store over a network. */
  async function scene(id, { person = false } = {}) {
    if (store.scene) return seen(await store.scene(id, { person }));
    return { loaded: await store.load(id), rows: await read(), person: person ? await store.person(id) : null };
  }

  /** The same from what a store has just read. */
  function seen({ loaded, person, channels }) {
    return { loaded, person, rows: opened(channels) };
  }

  function opened(rows) {
    const stored = new Map(rows.map((row) => [row.id, row]));
    return settings.channels.map(({ id }) => {
      const { version = 0, token = null, doc = {} } = stored.get(id) ?? {};
      const text = seal.open(token, id);
      return { version, row: { id, health: {}, ...doc, token: text ? JSON.parse(text) : (unkept.get(id) ?? null) } };
    });
  }

  /** The rows that differ from what was read, as the store wants them: a row that stays as it is makes no two writers wait for each other. */
  function changed(before, rows) {
    return rows.flatMap((row) => {
      const was = before.find((one) => one.row.id === row.id);
      return was && isDeepStrictEqual(was.row, row) ? [] : [toStore(row, was?.version ?? 0)];
    });
  }

  function toStore({ token, ...doc }, version) {
    const text = token && JSON.stringify(token);
    const box = text ? seal.close(text, doc.id) : null;
    if (text && !box) unkept.set(doc.id, token);
    else unkept.delete(doc.id);
    return { id: doc.id, version, token: box, doc };
  }

  return { read, scene, seen, changed };
}
