// Secrets at rest: AES-256-GCM, each box bound to its place and named after the key that closed it, so that keys can be changed while the server runs.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EfectivoError } from 'efectivo';

const NONCE = 12;
const TAG = 16;

export interface Key {
  id: string;
  key: Buffer;
}

export interface Seal {
  /** The name of the key that closes new boxes. */
  readonly current: string;
  /** `place` (table and row) is part of what is sealed: a box that is moved to another row doesn't open. */
  close(secret: unknown, place: string): Uint8Array;
  /** @throws EfectivoError `wrong_key`: the key is not among those given, or the box was touched */
  open<T>(box: Uint8Array, place: string): T;
  /** The name of the key that closed a box. */
  closedBy(box: Uint8Array): string;
}

/** Reads keys as they stand in the environment: `k1:base64,older:base64`. */
export function readKeys(text: string): Key[] {
  return text.split(',').filter(Boolean).map((part) => {
    const [id = '', base64 = ''] = part.trim().split(':');
    const key = Buffer.from(base64, 'base64');
    if (!/^[a-z0-9-]{1,32}$/i.test(id) || key.length !== 32) {
      throw new EfectivoError({ code: 'bad_key', message: `the key "${id}" is not 32 bytes in base64 under a short name`, help: 'Make one with: openssl rand -base64 32' });
    }
    return { id, key };
  });
}

/** Seals under the first key; the others still open what they closed. */
export function makeSeal(keys: Key[]): Seal {
  const [first] = keys;
  if (!first) throw new EfectivoError({ code: 'bad_key', message: 'there is no key to seal secrets with', help: 'Set EFECTIVO_KEYS="k1:$(openssl rand -base64 32)".' });
  const known = new Map(keys.map(({ id, key }) => [id, key]));

  function open<T>(box: Uint8Array, place: string): T {
    const bytes = Buffer.from(box);
    const id = closedBy(bytes);
    const key = known.get(id);
    if (!key) throw wrongKey(`secrets are sealed with the key "${id}", which is not among EFECTIVO_KEYS`);
    const name = 1 + id.length;
    try {
      const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(name, name + NONCE)).setAAD(Buffer.from(place));
      cipher.setAuthTag(bytes.subarray(name + NONCE, name + NONCE + TAG));
      return JSON.parse(cipher.update(bytes.subarray(name + NONCE + TAG), undefined, 'utf8') + cipher.final('utf8')) as T;
    } catch {
      throw wrongKey(`the key "${id}" of EFECTIVO_KEYS is not the one that sealed the secrets`);
    }
  }

  return {
    current: first.id,
    close(secret, place) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', first.key, nonce).setAAD(Buffer.from(place));
      const inside = Buffer.concat([cipher.update(JSON.stringify(secret), 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.from([first.id.length]), Buffer.from(first.id), nonce, cipher.getAuthTag(), inside]);
    },
    open,
    closedBy,
  };
}

function closedBy(box: Uint8Array): string {
  return Buffer.from(box).subarray(1, 1 + (box[0] ?? 0)).toString();
}

function wrongKey(message: string) {
  return new EfectivoError({ code: 'wrong_key', message, help: 'Nothing was changed. Start again with the key that sealed them (it may stand behind the new one, separated by a comma).' });
}
