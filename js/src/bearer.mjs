// The service's bearer keys, compared in constant time.

import { createHash, timingSafeEqual } from 'node:crypto';
import { EfectivoError } from './core.mjs';

/** Shorter keys can be guessed. */
const LEAST_LENGTH = 24;

/** A check of `Authorization` headers against the keys; two may be valid at once, so that one can be replaced without a pause. */
export function guard(keys = []) {
  if (keys.length === 0 || keys.some((key) => typeof key !== 'string' || key.length < LEAST_LENGTH)) {
    throw new EfectivoError({ code: 'bad_settings', message: `bearer_keys needs at least one key of ${LEAST_LENGTH} characters or more`, help: 'Make one with: openssl rand -base64 32' });
  }
  const digests = keys.map(digest);
  return (header = '') => {
    const given = digest(header.replace(/^Bearer /i, ''));
    return digests.map((known) => timingSafeEqual(known, given)).some(Boolean);
  };
}

/** Digests are of one length, which the comparison wants, and say nothing of the key's own. */
function digest(key) {
  return createHash('sha256').update(key).digest();
}
