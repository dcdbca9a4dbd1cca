// Sends the core's requests: https to the provider's own hosts only, no redirects, bounded in time and size; says how a failure left things.

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Failures before anything could leave, by the name Node or undici gives them. Whatever is not here may have left. */
const NEVER_LEFT = {
  ENOTFOUND: 'dns', EAI_AGAIN: 'dns', EAI_FAIL: 'dns', EAI_NODATA: 'dns',
  ECONNREFUSED: 'connect', EHOSTUNREACH: 'connect', ENETUNREACH: 'connect', ENETDOWN: 'connect', EADDRNOTAVAIL: 'connect', UND_ERR_CONNECT_TIMEOUT: 'connect',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls', SELF_SIGNED_CERT_IN_CHAIN: 'tls', UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls', UNABLE_TO_GET_ISSUER_CERT: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls', HOSTNAME_MISMATCH: 'tls', EPROTO: 'tls',
};

/** Where a channel's requests may go. */
export function destination(channel, abilities) {
  const hosts = new Set((abilities?.hosts ?? []).filter(([mode]) => mode === channel.mode).map(([, host]) => host));
  const sandbox = channel.sandbox_url ? new URL(channel.sandbox_url) : null;
  return (address) => {
    const url = URL.parse(address);
    if (!url || url.username || url.password) return false;
    if (sandbox && url.origin === sandbox.origin) return url.protocol === 'https:' || LOOPBACK.has(url.hostname);
    return url.protocol === 'https:' && url.port === '' && hosts.has(url.hostname);
  };
}

/**
 * Sends one request and reads its answer: `{ answer: { response } | { failure }, bytes }`, as the core's `answer` input wants it.
 * Never throws. Every request has a connection of its own: a kept-alive one that the provider has just closed would make a create look lost.
 */
export async function send(request, body, allows, fetch = globalThis.fetch) {
  if (!allows(request.url)) return failed('not_allowed');
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), request.timeout_ms);
  try {
    const headers = [...request.headers, ['connection', 'close']];
    const answer = await fetch(request.url, { method: request.method, headers, body: body.length > 0 ? body : undefined, redirect: 'manual', signal: stop.signal });
    const bytes = await readUpTo(answer, request.answer_limit_bytes);
    return bytes ? { answer: { response: { status: answer.status, headers: [...answer.headers] } }, bytes } : failed('too_large');
  } catch (error) {
    return failed(stop.signal.aborted ? 'timeout' : why(error));
  } finally {
    clearTimeout(timer);
  }
}

/** The answer's body, or `null` where it is larger than the limit. */
async function readUpTo(answer, limit) {
  const parts = [];
  let length = 0;
  for await (const part of answer.body ?? []) {
    length += part.length;
    if (length > limit) return null; // leaving the loop closes the connection
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

function why(error) {
  for (let cause = error; cause; cause = cause.cause ?? cause.errors?.at(-1)) {
    const code = String(cause.code ?? '');
    if (NEVER_LEFT[code]) return NEVER_LEFT[code];
    if (code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.startsWith('CERT_')) return 'tls';
    if (code === 'ECONNRESET' && /before secure TLS/.test(cause.message)) return 'tls';
  }
  return 'cut_off';
}

function failed(failure) {
  return { answer: { failure }, bytes: new Uint8Array(0) };
}
