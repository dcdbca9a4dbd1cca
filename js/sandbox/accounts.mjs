// The simulated merchant's accounts at the sandbox, on both sides: made by the core from one word, good for nothing else.

import { generateKeyPairSync } from 'node:crypto';

/** Every start makes the same keys of it; nothing outside of this machine takes them. */
const SEED = 'demo';
/** EBANX's merchants sign with a key of their own; this one lives as long as the process, and the sandbox is told its public half at every start. */
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const signing_key = pair.privateKey.export({ type: 'pkcs8', format: 'pem' });
const public_modulus = Buffer.from(pair.publicKey.export({ format: 'jwk' }).n, 'base64url').toString('hex');

/**
 * The account at every provider that makes codes, by its name: `path` of its side in the sandbox, `credentials` as a host gives them to the core, and
 * `accounts`, what the world knows of the merchant; notices go to `base/avisos/PROVIDER`, or where `notice_url(provider)` says.
 */
export function accountsAt(core, base, notice_url = (provider) => `${base}/avisos/${provider}`) {
  const able = core.call('abilities', {}).ok.filter(({ create }) => create);
  return Object.fromEntries(able.map(({ provider, host_keys }) => {
    const signs = host_keys.length > 0;
    const { path, keys, accounts } = core.call('sandbox_account', { provider, seed: SEED, notice_url: notice_url(provider), ...(signs ? { public_modulus } : {}) }).ok;
    return [provider, { path, accounts, credentials: { [provider]: { ...keys, ...Object.fromEntries(host_keys.map((name) => [name, signing_key])) } } }];
  }));
}

/** What the world knows of the merchant, at every provider. */
export const knownAt = (core, base) => Object.assign({}, ...Object.values(accountsAt(core, base)).map(({ accounts }) => accounts));
