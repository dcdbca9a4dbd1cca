// Channel rows between the store, where tokens are sealed, and the core, which needs them open.

import { isDeepStrictEqual } from 'node:util';

/** Reads and writes the rows of the settings' channels. */
export function channelRows({ store, settings, seal }) {
  const unkept = new Map(); // tokens that no key was given for: they live as long as this process

  async function read() {
    const stored = new Map((await store.channels()).map((row) => [row.id, row]));
    return settings.channels.map(({ id }) => {
      const { version = 0, token = null, doc = {} } = stored.get(id) ?? {};
      const opened = seal.open(token, id);
      return { version, row: { id, health: {}, ...doc, token: opened ? JSON.parse(opened) : (unkept.get(id) ?? null) } };
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

  return { read, changed };
}
