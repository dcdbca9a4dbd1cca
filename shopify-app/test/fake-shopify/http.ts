// The fake over HTTP: Shopify's own hosts by the header `x-fake-host`, the pages for people at every other path, and webhooks that go out by themselves.

import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Fake } from './index.ts';
import { page, pages, type PagesOptions, sendInManner, type Served } from './pages/routes.ts';

const MOST_BYTES = 2_000_000;
/** How long a webhook waits on the way, about. */
const BEAT_MS = 400;

/** Somebody who shares the server, such as the sandbox's providers; says whether it answered. */
export type Other = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<boolean>;

/** Answers on a server that the caller opens and closes; the function that comes back ends what runs by itself. */
export function serve(fake: Fake, server: Server, asked: { base: string; pages?: PagesOptions | undefined; other?: Other | undefined }): () => Promise<void> {
  const at = asked.pages ? pages(fake, asked.base, asked.pages) : null;
  server.on('request', (request, response) => {
    answer(fake, at, asked, request, response).catch((error: Error) => {
      // A cut connection is what was ordered; anything else is a fault of the fake and says so.
      if (!(error instanceof TypeError && error.message === 'fetch failed')) process.stderr.write(`fake Shopify: ${error.stack}\n`);
      request.socket.destroy();
    });
  });
  return at ? beat(fake, at) : async () => {};
}

async function answer(fake: Fake, at: Served | null, asked: { base: string; other?: Other | undefined }, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = request.headers['x-fake-host'];
  if (asked.other && !host && (await asked.other(request, response, new URL(request.url ?? '/', asked.base)))) return;
  const body = await read(request);
  if (!body) return void response.writeHead(413).end();
  const headers = new Headers(Object.entries(request.headersDistinct).flatMap(([name, all]) => (all ?? []).map((value): [string, string] => [name, value])));
  const made = new Request(host ? `https://${host}${request.url}` : `${asked.base}${request.url}`, { method: request.method ?? 'GET', headers, ...(body.length > 0 ? { body: new Uint8Array(body) } : {}) });
  const found = host ? await fake.fetch(made) : at && (await page(at, made));
  const { status, headers: told, body: stream } = found ?? new Response('Not Found', { status: 404 });
  response.writeHead(status, Object.fromEntries(told));
  response.end(stream ? Buffer.from(await new Response(stream).arrayBuffer()) : undefined);
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** One round after the other, never two at once. */
function beat(fake: Fake, at: Served): () => Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let round = Promise.resolve();
  const next = (): void => {
    timer = setTimeout(() => {
      round = sendInManner(at).then(() => fake.settle()).catch((error: Error) => void process.stderr.write(`fake Shopify: ${error.message}\n`)).finally(() => { if (!ended) next(); });
    }, BEAT_MS);
  };
  next();
  return async () => {
    ended = true;
    clearTimeout(timer);
    await round;
  };
}
