// Signatures that only the host can make: private keys never enter the core, so a request names what is to be signed with which of them.

import { createPrivateKey, sign } from 'node:crypto';

/** The channels' keys in two: what the core may know, and what only the host holds, by the core's own list. */
export function apart(credentials, abilities) {
  const known = {};
  const held = {};
  for (const [id, byProvider] of Object.entries(credentials)) {
    known[id] = {};
    held[id] = {};
    for (const [provider, keys] of Object.entries(byProvider ?? {})) {
      const hidden = new Set(abilities.find((one) => one.provider === provider)?.host_keys ?? []);
      const entries = Object.entries(keys);
      known[id][provider] = Object.fromEntries(entries.filter(([name]) => !hidden.has(name)));
      Object.assign(held[id], Object.fromEntries(entries.filter(([name]) => hidden.has(name))));
    }
  }
  return { known, held };
}

/** The request with the header that it asks to be signed; as it is where it asks for none. Throws where the key is missing or no private key. */
export function signed(request, body, held) {
  if (!request.sign) return request;
  const { key, header, message_prefix, value_prefix } = request.sign;
  const message = Buffer.concat([Buffer.from(message_prefix), body]);
  const signature = sign('sha256', message, privateKey(held?.[key], key)).toString('base64url');
  return { ...request, headers: [...request.headers, [header, value_prefix + signature]] };
}

/** A private RSA key from PEM, also where a form has joined its lines; an error never repeats it. */
function privateKey(text = '', name) {
  const [, kind, inner] = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]*?)-----END/.exec(text) ?? [];
  const lines = inner?.replace(/\s+/g, '').match(/.{1,64}/g)?.join('\n');
  try {
    const key = createPrivateKey(`-----BEGIN ${kind}-----\n${lines}\n-----END ${kind}-----\n`);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch {
    // told below, without what was in it
  }
  throw Object.assign(new Error(`the channel's ${name} is no private RSA key in PEM`), { code: 'credential' });
}
