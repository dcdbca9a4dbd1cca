// Errors as answers: one of our own making says what it is, any other only that something failed.

import { EfectivoError } from 'efectivo';
import { errorFacts, type Log } from '../log.ts';

const STATUS_OF: Record<string, number> = { no_case: 404, no_order: 404, no_shop: 404, not_possible: 409, changed_meanwhile: 409, core_trapped: 500, bad_token: 401 };

export function refusal(error: unknown, log: Log): Response {
  if (!(error instanceof EfectivoError)) {
    log('request_failed', errorFacts(error));
    return json(500, { error: { code: 'failed', message: 'the request failed', help: 'Try again.', retry: 'later' } });
  }
  const { code, message, help, retry } = error;
  return json(STATUS_OF[code] ?? (retry === 'later' ? 503 : 422), { error: { code, message, help, retry } });
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers } });
}

export function plain(status: number, headers: Record<string, string> = {}): Response {
  return new Response(`${status}\n`, { status, headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers } });
}

/** A request's body up to `most` bytes; `null` where it is longer. */
export async function bodyOf(request: Request, most: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of (request.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    length += part.length;
    if (length > most) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
