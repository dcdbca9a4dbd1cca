// Measures what storing notices together saves: the same signed notices one by one and in crowds, each verified and durable before it is answered.

import { mkdtempSync, rmSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openShop } from './support/shop.mjs';

const COUNT = 3_000;
const data = mkdtempSync(join(tmpdir(), 'efectivo-notices-'));
const { efectivo, close } = await openShop({ data });

function notice(n) {
  const body = Buffer.from(JSON.stringify({ event: 'code.expired', id: String(n), reference: `X-${n}-1`, payment_id: '', amount: '1.00', currency: 'PEN' }));
  const time = String(Date.now());
  const signature = createHmac('sha256', 'my-secret').update(`${time}.`).update(body).digest('hex');
  return { headers: [['x-sandbox-time', time], ['x-sandbox-signature', signature]], body };
}

async function measure(from, together) {
  const all = [...Array(COUNT).keys()].map((n) => notice(from + n));
  const began = performance.now();
  let next = 0;
  const sender = async () => { while (next < all.length) if ((await efectivo.notice('sandbox-1', all[next++])).status !== 200) throw new Error('not taken'); };
  await Promise.all([...Array(together)].map(sender));
  return COUNT / ((performance.now() - began) / 1_000);
}

await measure(0, 8);
const one = await measure(1_000_000, 1);
const crowd = await measure(2_000_000, 32);
process.stdout.write(`one by one ${Math.round(one)}/s, 32 at a time ${Math.round(crowd)}/s: ${(crowd / one).toFixed(1)} times\n`);
await close();
rmSync(data, { recursive: true });
