// Keeps providers' tokens unreadable in the database: AES-256-GCM, each box named after the key that closed it.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { EfectivoError } from './core.mjs';

const NONCE = 12;
const TAG = 16;

/**
 * Boxes under the first of `keys` (`[{ id, key }]`, 32 bytes each in base64); older keys still open what they closed.
 * Without any key nothing is kept: a token then lives as long as the process.
 */
export function sealing(keys = []) {
  const known = new Map(keys.map(({ id, key }) => [id, secret(id, key)]));
  const [current] = known.keys();
  return {
    close: (text, place) => (current === undefined ? null : close(text, place, current, known.get(current))),
    open: (box, place) => (box === null ? null : open(Buffer.from(box), place, known)),
  };
}

/** Reads keys as they stand in an environment variable: `id:base64,older:base64`. */
export function readKeys(text = '') {
  return text.split(',').filter(Boolean).map((part) => {
    const [id, key = ''] = part.trim().split(':');
    return { id, key };
  });
}

function secret(id, text) {
  const key = Buffer.from(text, 'base64');
  if (!/^[a-z0-9-]{1,32}$/i.test(id) || key.length !== 32) {
    throw new EfectivoError({ code: 'bad_key', message: `the channel key "${id}" is not 32 bytes in base64 under a short name`, help: 'Make one with: openssl rand -base64 32' });
  }
  return key;
}

function close(text, place, id, key) {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place));
  const inside = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return Buffer.concat([Buffer.from([id.length]), Buffer.from(id), nonce, cipher.getAuthTag(), inside]);
}

/** `null` where the key is gone or the box was touched: the token is simply fetched again. */
function open(box, place, known) {
  const name = 1 + box[0];
  const key = known.get(box.subarray(1, name).toString());
  if (!key) return null;
  try {
    const cipher = createDecipheriv('aes-256-gcm', key, box.subarray(name, name + NONCE)).setAAD(Buffer.from(place));
    cipher.setAuthTag(box.subarray(name + NONCE, name + NONCE + TAG));
    return cipher.update(box.subarray(name + NONCE + TAG), undefined, 'utf8') + cipher.final('utf8');
  } catch {
    return null;
  }
}
