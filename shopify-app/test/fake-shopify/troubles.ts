// What goes wrong on the way to Shopify: throttling, 5xx, proxies' pages, connections cut before or after Shopify acted.

/** `cut before`: nothing happened. `cut after`: it happened, and nobody heard. */
export type Kind = 'throttled' | 'internal' | '500' | '502' | '503' | '504' | '401' | '403' | '423' | '429' | 'html' | 'cut before' | 'cut after' | 'slow';

export interface Trouble {
  kind: Kind;
  /** A root field, such as `orderMarkAsPaid`, or a part of a path, such as `oauth`; empty: everything. */
  match: string;
  shop: string;
  left: number;
  /** How long a slow answer takes. */
  wait_ms: number;
}

/** The first trouble that is meant for this request, used up by one. */
export function next(troubles: Trouble[], shop: string, path: string, body: string): Trouble | null {
  const found = troubles.find((one) => one.left > 0 && (!one.shop || one.shop === shop) && (!one.match || path.includes(one.match) || new RegExp(`\\b${one.match}\\b`).test(body)));
  if (found) found.left -= 1;
  return found ?? null;
}

/** As undici says it: whoever catches this can't know whether the request arrived. */
export const cut = (): Error => Object.assign(new TypeError('fetch failed'), { cause: Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }) });

/** Carries a request out under a trouble. */
export async function under(trouble: Trouble, act: () => Promise<Response>): Promise<Response> {
  const graphql = (message: string, code: string): Response => Response.json({ errors: [{ message, extensions: { code } }] });
  switch (trouble.kind) {
    case 'cut before': throw cut();
    case 'cut after': await act(); throw cut();
    case 'slow': await new Promise((done) => setTimeout(done, trouble.wait_ms)); return act();
    case 'throttled': return graphql('Throttled', 'THROTTLED');
    case 'internal': return graphql('Internal error. Looks like something went wrong on our end.', 'INTERNAL_SERVER_ERROR');
    case '429': return Response.json({ errors: 'Exceeded 2 calls per second for api client. Reduce request rates to resume uninterrupted service.' }, { status: 429, headers: { 'retry-after': '2.0' } });
    case '401': return Response.json({ errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' }, { status: 401 });
    case '403': return Response.json({ errors: '[API] This action requires merchant approval.' }, { status: 403 });
    case '423': return Response.json({ errors: 'Locked' }, { status: 423 });
    case 'html': return new Response('<!doctype html><title>Something went wrong</title>', { status: 200, headers: { 'content-type': 'text/html' } });
    default: return new Response('<!doctype html><title>Service Unavailable</title>', { status: Number(trouble.kind), headers: { 'content-type': 'text/html' } });
  }
}
