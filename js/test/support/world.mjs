// A provider that outlives the host, a host that is killed again and again, and the comparison of their books at the end.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { startProvider } from './provider.mjs';
import { startSandbox } from './sandbox.mjs';

const CHILD = new URL('./child.mjs', import.meta.url);
const OPEN = new Set(['creating', 'unknown', 'waiting', 'checking']);

/** A small generator with a seed, so that a run can be had again (mulberry32). */
export function dice(seed) {
  let state = seed >>> 0;
  const roll = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return { chance: (part) => roll() < part, upTo: (most) => Math.floor(roll() * (most + 1)), pick: (list) => list[Math.floor(roll() * list.length)] };
}

/** A free port on loopback, below those that the system hands to outgoing connections: no caller takes it while its host is dead. */
export async function freePort() {
  for (;;) {
    const port = 16_384 + Math.floor(Math.random() * 12_000);
    const probe = createServer().listen(port, '127.0.0.1');
    const free = await once(probe, 'listening').then(() => true, () => false);
    if (!free) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}

/** A provider of `kind` (`documented` is provider.mjs, the others are the core's sandbox) that tells its notices to `port`. */
export async function makeProvider({ kind, time, fault, port }) {
  const now = () => Date.now() + time.offset;
  const notice_url = `http://127.0.0.1:${port}/webhook/sandbox-1`;
  const provider = kind === 'documented' ? await startProvider({ now, fault }) : await startSandbox({ kind, now, fault, notice_url });
  return Object.assign(provider, { notice_url });
}

/** The world: `start` a host on `data`, `ask` it, `kill` it; time is wound for host and provider together. */
export async function makeWorld({ data, kind = 'documented', fault = () => '', lease_ms = 4_000, postgres = undefined }) {
  const time = { offset: 0 };
  const port = await freePort();
  const provider = await makeProvider({ kind, time, fault, port });
  const host = makeHost({ data, kind, provider, time, port, lease_ms, postgres });
  return { ...host, kind, provider, time, wind: (ms) => { time.offset += ms; }, close: async () => { await host.close(); await provider.close(); } };
}

/** A host in a process of its own, on `port`, that can be started and killed again and again. */
export function makeHost({ data, kind, provider, time, port, lease_ms, postgres }) {
  const { notice_url } = provider;
  let child = null;
  let next = 1;
  const waiting = new Map();

  async function start(more = {}) {
    child = fork(CHILD, [JSON.stringify({ data, kind, url: provider.url, notice_url, port, offset: time.offset, lease_ms, postgres, ...more })], { execArgv: ['--disable-warning=ExperimentalWarning'], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const mine = child;
    const ended = new Promise((resolve) => mine.once('exit', (code, signal) => { waiting.forEach(({ reject }) => reject(new Error('killed'))); waiting.clear(); resolve({ code, signal }); }));
    mine.ended = ended;
    const ready = new Promise((resolve) => mine.on('message', ({ ready: is, no, ok, error }) => {
      if (is) return resolve(true);
      const asked = waiting.get(no);
      waiting.delete(no);
      return error ? asked?.reject(Object.assign(new Error(error.message), { code: error.code })) : asked?.resolve(ok);
    }));
    return Promise.race([ready, ended.then(() => false)]);
  }

  function ask(call, ...words) {
    return new Promise((resolve, reject) => {
      waiting.set(next, { resolve, reject });
      child.send({ no: next, call, words }, (error) => error && reject(new Error('killed')));
      next += 1;
    });
  }

  const lives = () => child !== null && child.exitCode === null && child.signalCode === null;
  return {
    start, ask, lives,
    kill: async () => { child.kill('SIGKILL'); return child.ended; },
    ended: () => child.ended,
    close: async () => { if (lives()) { child.kill('SIGKILL'); await child.ended; } },
  };
}

/** Lets everything come to rest without a fault: notices arrive, days pass in steps, each with all that is due (dLocal's codes live longest). */
export async function rest(world, { step_ms = 21_600_000, steps = world.kind === 'dlocal' ? 36 : 20 } = {}) {
  world.provider.fault = () => '';
  for (const ms of [0, 6_000, 31_000, 121_000, 121_000, 600_000, 1_800_000]) await wound(world, ms);
  await world.provider.quiet();
  for (let at = 0; at < steps; at += 1) await wound(world, step_ms);
  return world.ask('report');
}

async function wound(world, ms) {
  world.wind(ms);
  world.provider.tick?.();
  await world.ask('wind', world.time.offset);
}

/** Compares the provider's books with the shop's and ours; every sentence is a promise. `placed` are orders whose placing was acknowledged. */
export function compare(world, told, placed) {
  const byOrder = new Map(told.map((one) => [one.kase.order, one]));
  for (const order of placed) assert.ok(byOrder.has(order), `order ${order} was acknowledged and is lost`);
  const attempts = told.flatMap((one) => one.kase.attempts.map((attempt) => ({ ...one, attempt })));
  const counts = { codes: 0, paid: 0, lapsed: 0, reviewed: 0 };

  for (const code of world.provider.ledger.codes.values()) {
    counts.codes += 1;
    const ours = attempts.find(({ attempt }) => attempt.code?.provider_id === code.id);
    const named = attempts.find(({ attempt }) => attempt.reference === code.reference);
    assert.ok(ours || hasOpenReview(named), `code ${code.id} of ${code.reference} is neither ours nor under an open review`);
    if (code.payments.some(({ reversed }) => !reversed) && ours) checkPaid(code, ours);
  }
  for (const { kase, rebuilt, outputs, order, effects } of told) {
    const about = `order ${kase.order} (${kase.state})`;
    for (const { effect, times } of effects.filter(({ effect: name }) => name === 'mark_paid' || name === 'cancel')) assert.equal(times, 1, `${about}: ${effect} twice`);
    assert.ok(!(effects.some((one) => one.effect === 'cancel') && effects.some((one) => one.effect === 'mark_paid')), `${about}: both paid and restocked by us`);
    assert.ok(!OPEN.has(kase.state) || hasOpenReview({ kase }), `${about}: still open after many quiet days`);
    for (const { no, done_at, dead_at } of outputs) assert.ok(done_at !== null || dead_at !== null, `${about}: output ${no} was left behind`);
    if (order?.status === 'paid') assert.ok(kase.attempts.some(({ payments }) => payments.length > 0), `${about}: paid without money`);
    assert.deepEqual(story(rebuilt), story(kase), `${about}: the journal tells another story`);
    counts.paid += order?.status === 'paid' ? 1 : 0;
    counts.lapsed += kase.state === 'lapsed' ? 1 : 0;
    counts.reviewed += hasOpenReview({ kase }) ? 1 : 0;
  }
  return counts;
}

/** Money that the provider holds (not what it took back before anybody could ask) is the order's, or a person is asked about it. */
function checkPaid(code, { kase, order, effects, attempt }) {
  const [first] = code.payments;
  const right = code.payments.length === 1 && !first.reversed && first.amount === code.amount;
  assert.equal(attempt.payments.length > 0, true, `code ${code.id} of order ${kase.order} was paid and we do not know`);
  const told = order?.status === 'paid' || effects.some(({ effect }) => effect === 'mark_paid'); // a shop may cancel a paid order by its own hand
  if (right) assert.ok(told || hasOpenReview({ kase }), `code ${code.id} was paid, order ${kase.order} is ${order?.status}, nobody is asked`);
  else assert.ok(hasOpenReview({ kase }) || kase.reviews.length > 0, `code ${code.id} was paid in an odd way and nobody is asked`);
}

const hasOpenReview = (one) => Boolean(one?.kase.reviews.some((review) => !review.closed));

/** What a case's story is, without counters and clocks. */
function story({ state, attempts, reviews, told_paid, told_cancel }) {
  const told = (what) => (typeof what === 'object' ? 'asked' : what);
  return { state, attempts: attempts.map(({ no, reference, state: at, code, payments }) => ({ no, reference, at, id: code?.provider_id, payments: payments.map(({ id, standing }) => [id, standing]) })), reviews: reviews.map(({ kind, about }) => [kind, about]), paid: told(told_paid), cancel: told(told_cancel) };
}
