// Many shops on one server: a shop with a burst of webhooks, or one whose Shopify answers nothing, holds up no other.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OTHER, QUIPU, street, type Street } from './street.ts';

/** A street whose server works by itself; questions to a shop of `silent` wait until `answer`. */
async function slow(t: Parameters<typeof street>[0]) {
  const silent = new Set<string>();
  let held: Array<() => void> = [];
  const toShopify = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const { host, pathname } = new URL(input instanceof Request ? input.url : String(input));
    if (silent.has(host) && pathname.endsWith('graphql.json')) await new Promise<void>((resolve) => held.push(resolve));
    return it.fake.fetch(input, init);
  };
  const answer = (): void => { silent.clear(); for (const go of held) go(); held = []; };
  t.after(answer); // before the street's own end
  const it: Street = await street(t, { options: { toShopify: toShopify as typeof fetch } });
  for (const domain of [QUIPU, OTHER]) it.fake.shop(domain, { plus: true });
  return { it, silent, answer, waiting: () => held.length };
}

const soon = async (true_: () => Promise<boolean> | boolean): Promise<boolean> => {
  for (const since = Date.now(); Date.now() - since < 10_000; await new Promise((done) => setTimeout(done, 50))) if (await true_()) return true;
  return false;
};

test('a shop whose Shopify answers nothing leaves room for the others', async (t) => {
  const { it, silent, answer, waiting } = await slow(t);
  silent.add(QUIPU);
  for (let count = 0; count < 40; count += 1) it.buy();
  await it.fake.deliver();
  it.server.parts.intake.start();
  assert.ok(await soon(() => waiting() >= 8), 'its deliveries are under way');
  const order = it.buy({}, OTHER);
  await it.fake.deliver();
  assert.ok(await soon(async () => (await it.state(order)) !== undefined), 'the other shop has its code');
  assert.ok(waiting() > 0 && waiting() <= 8, 'and the first still waits');
  answer();
  assert.ok(await soon(async () => (await it.server.parts.db.all('SELECT no FROM app_deliveries WHERE handled_at IS NULL')).length === 0), 'nothing is lost');
});

test('an order of a quiet shop does not stand behind a burst of another\'s', async (t) => {
  const { it } = await slow(t);
  const burst = Array.from({ length: 60 }, () => it.buy());
  const order = it.buy({}, OTHER);
  await it.fake.deliver();
  await it.server.parts.intake.tick();
  const done = it.lines.map((line) => JSON.parse(line) as { event: string; no: number }).filter(({ event }) => event === 'delivery').map(({ no }) => no);
  const [last] = await it.server.parts.db.all('SELECT no FROM app_deliveries WHERE shop = ?1', [OTHER]);
  assert.equal(done.length, burst.length + 1);
  assert.ok(done.indexOf(Number(last?.no)) < 20, `it was number ${done.indexOf(Number(last?.no)) + 1} of ${done.length}`);
  assert.notEqual(await it.state(order), undefined);
});
