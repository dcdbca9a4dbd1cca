// A load of requests made beforehand, over a number of connections that each wait for their answer: how many a second, and how long each took.

import { connect } from 'node:net';
import { once } from 'node:events';

/** Nobody waits longer for an answer. */
const ANSWERS_WITHIN_MS = 10_000;

/** Sends every request once, `at_once` under way at a time; `{ rate, took (ms, sorted), statuses }`. */
export async function load(port, requests, at_once) {
  const took = [];
  const statuses = {};
  let next = 0;
  const began = performance.now();
  await Promise.all([...Array(at_once)].map(async () => {
    const line = await open(port);
    while (next < requests.length) {
      const from = performance.now();
      const status = await line.ask(requests[next++]);
      took.push(performance.now() - from);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    line.close();
  }));
  const rate = requests.length / ((performance.now() - began) / 1_000);
  return { rate, took: took.sort((a, b) => a - b), statuses };
}

/** One connection that is kept; answers are short and whole. */
async function open(port) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.setTimeout(ANSWERS_WITHIN_MS, () => socket.destroy(new Error('no answer')));
  let waiting = null;
  let seen = '';
  socket.on('error', (error) => waiting?.reject(error));
  socket.on('data', (part) => {
    seen += part.toString('latin1');
    const head = seen.indexOf('\r\n\r\n');
    const length = head < 0 ? NaN : Number(/content-length: (\d+)/i.exec(seen.slice(0, head))?.[1] ?? 0);
    if (!(seen.length >= head + 4 + length)) return;
    const status = Number(seen.slice(9, 12));
    seen = '';
    waiting.resolve(status);
  });
  return {
    ask: (bytes) => new Promise((resolve, reject) => { waiting = { resolve, reject }; socket.write(bytes); }),
    close: () => socket.destroy(),
  };
}

/** A POST as bytes. */
export function post(path, headers, body) {
  const head = [`POST ${path} HTTP/1.1`, 'Host: 127.0.0.1', ...headers.map(([name, value]) => `${name}: ${value}`), `Content-Length: ${body.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head), body]);
}
