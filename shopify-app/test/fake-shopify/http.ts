// The fake over HTTP: Shopify's own hosts by the header `x-fake-host`, and the pages for people at every other path.

import type { Server } from 'node:http';
import type { Fake } from './index.ts';

const MOST_BYTES = 2_000_000;

/** Answers on a server that the caller opens and closes. */
export async function serve(fake: Fake, server: Server): Promise<void> {
  server.on('request', async (request, response) => {
    try {
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of request as AsyncIterable<Buffer>) {
        size += part.length;
        if (size > MOST_BYTES) return void response.writeHead(413).end();
        parts.push(part);
      }
      const headers = new Headers(Object.entries(request.headersDistinct).flatMap(([name, all]) => (all ?? []).map((value): [string, string] => [name, value])));
      const host = headers.get('x-fake-host');
      const url = host ? `https://${host}${request.url}` : `http://${request.headers.host}${request.url}`;
      const body = parts.length > 0 ? { body: Buffer.concat(parts) } : {};
      const asked = new Request(url, { method: request.method ?? 'GET', headers, ...body });
      const answer = host ? await fake.fetch(asked) : new Response('Not Found', { status: 404 });
      response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      // A cut connection is what was ordered; anything else is a fault of the fake and says so.
      if (!(error instanceof TypeError && error.message === 'fetch failed')) process.stderr.write(`fake Shopify: ${(error as Error).stack}\n`);
      request.socket.destroy();
    }
  });
}
