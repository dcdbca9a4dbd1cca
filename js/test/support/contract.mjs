// What every store promises the host, whatever its database: each test runs on each store.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreConflict } from '../../src/store/errors.mjs';
import { change, kase, notice, output } from './kase.mjs';

export const claim = (store, lane = 'provider', more = {}) => store.claim({ lane, now: 9_000, lease_now: 100, lease_ms: 50, limit: 10, ...more });
export const conflict = (what) => (error) => error instanceof StoreConflict && error.what === what;

/** The contract on the store `name`: `fresh()` opens an empty one, `twoShops()` two shops of one database. */
export function contract(name, { fresh, twoShops }) {
  test(`${name}: what one input changes is stored whole and found again`, async () => {
    const store = await fresh();
    const entry = { no: 1, at: 5, next_output: 1, event: 'wake' };
    await store.commit(change(kase('a'), 0, { keys: ['order:o-a', 'page:t'], journal: [entry], outputs: [output(1)], evidence: [{ kind: 'person', purge_after: 99, body: Buffer.from('{"email":"x@y.pe"}') }] }));
    assert.deepEqual(await store.load('a'), { version: 1, case: kase('a') });
    assert.equal(await store.holder('page:t'), 'a');
    assert.deepEqual(await store.journal('a'), [entry]);
    assert.deepEqual(await store.person('a'), { email: 'x@y.pe' });
    assert.equal((await store.outputs('a'))[0].attempt, 0);
  });

  test(`${name}: two writers of one case: the second is told, and nothing of its change is there`, async () => {
    const store = await fresh();
    await store.commit(change(kase('a'), 0));
    await store.commit(change(kase('a', { state: 'paid' }), 1));
    await assert.rejects(store.commit(change(kase('a', { state: 'lapsed' }), 1, { keys: ['id:c:9'], outputs: [output(1)] })), conflict('case'));
    await assert.rejects(store.commit(change(kase('a'), 0)), conflict('case'));
    assert.equal((await store.load('a')).case.state, 'paid');
    assert.equal(await store.holder('id:c:9'), null);
    assert.deepEqual(await store.outputs('a'), []);
  });

  test(`${name}: an order has one case; a provider that uses an id again speaks of the newest`, async () => {
    const store = await fresh();
    await store.commit(change(kase('a'), 0, { keys: ['order:1', 'id:c:77'] }));
    await assert.rejects(store.commit(change(kase('b'), 0, { keys: ['order:1'] })), (error) => conflict('key')(error) && error.holder === 'a');
    assert.equal(await store.load('b'), null);
    await store.commit(change(kase('c'), 0, { keys: ['id:c:77'] }));
    assert.equal(await store.holder('id:c:77'), 'c');
  });

  test(`${name}: two shops in one database do not see each other`, async () => {
    const [one, two] = await twoShops();
    await one.commit(change(kase('a'), 0, { keys: ['order:1'], outputs: [output(1)] }));
    await two.commit(change(kase('a', { state: 'paid' }), 0, { keys: ['order:1'] }));
    assert.equal((await one.load('a')).case.state, 'waiting');
    assert.deepEqual(await claim(two), []);
    assert.equal((await claim(one)).length, 1);
    await one.close();
    await two.close();
  });

  test(`${name}: outputs of a lane leave in their order, and lanes do not wait for each other`, async () => {
    const store = await fresh();
    await store.commit(change(kase('a'), 0, { outputs: [output(1), output(2), output(3, 'mail'), output(4, 'shop')] }));
    const [first] = await claim(store);
    assert.equal(first.output.no, 1);
    assert.deepEqual(await claim(store), [], 'the second waits for the first');
    assert.equal((await claim(store, 'mail'))[0].output.no, 3);
    assert.equal((await claim(store, 'shop'))[0].output.no, 4);
    await store.commit(change(kase('a'), 1, { completes: { no: 1, attempt: 1 } }));
    assert.equal((await claim(store))[0].output.no, 2);
  });

  test(`${name}: an output is claimed again when its lease has ended, and the older attempt can no longer complete it`, async () => {
    const store = await fresh();
    await store.commit(change(kase('a'), 0, { outputs: [output(1)] }));
    const [first] = await claim(store);
    assert.equal(await store.sent({ case_id: 'a', no: 1, attempt: first.attempt, at: 7 }), true);
    assert.deepEqual(await claim(store, 'provider', { lease_now: 149 }), []);
    const [second] = await claim(store, 'provider', { lease_now: 150 });
    assert.deepEqual([second.attempt, second.sent_at], [2, 7]);
    assert.equal(await store.sent({ case_id: 'a', no: 1, attempt: 1, at: 8 }), false);
    await assert.rejects(store.commit(change(kase('a', { state: 'paid' }), 1, { completes: { no: 1, attempt: 1 } })), conflict('output'));
    assert.equal((await store.load('a')).case.state, 'waiting');
    await store.commit(change(kase('a', { state: 'paid' }), 1, { completes: { no: 1, attempt: 2 } }));
    await assert.rejects(store.commit(change(kase('a'), 2, { completes: { no: 1, attempt: 2 } })), conflict('output'));
  });

  test(`${name}: a postponed output waits for its time and holds back only its own lane of its own case`, async () => {
    const store = await fresh();
    await store.commit(change(kase('a'), 0, { outputs: [output(1, 'shop'), output(2, 'shop')] }));
    await store.commit(change(kase('b'), 0, { outputs: [output(1, 'shop')] }));
    const both = await claim(store, 'shop');
    assert.equal(both.length, 2);
    await store.postpone({ case_id: 'a', no: 1, attempt: 1, next_at: 20_000 });
    assert.deepEqual(await claim(store, 'shop', { now: 19_999 }), []);
    assert.equal((await store.next()).output_at, 20_000, 'the second of the lane waits behind the first');
    assert.equal((await claim(store, 'shop', { now: 20_000 }))[0].output.no, 1);
  });

  test(`${name}: a repeated notice is stored once; all that arrive together share a transaction`, async () => {
    const store = await fresh();
    const before = store.figures().transactions;
    const notices = [...Array(50).keys()].map((n) => notice(`k${n}`, [`id:c:${n}`]));
    assert.ok((await store.addNotices({ notices, channels: [] })).every(Boolean));
    assert.equal(store.figures().transactions, before + 1);
    assert.deepEqual(await store.addNotices({ notices: [notice('k7', ['id:c:7']), notice('new', [])], channels: [] }), [false, true]);
    assert.equal((await store.notices({ limit: 100 })).length, 51);
  });

  test(`${name}: a notice waits for its case, and goes to it once`, async () => {
    const store = await fresh();
    await store.addNotices({ notices: [notice('k', ['id:c:1', 'ref:c:EF-1-1'], { stray_at: 900_000 })], channels: [] });
    assert.deepEqual(await store.matched({ limit: 5 }), []);
    assert.equal((await store.next()).stray_at, 900_000);
    await store.commit(change(kase('a'), 0, { keys: ['ref:c:EF-1-1'] }));
    const [found] = await store.matched({ limit: 5 });
    assert.deepEqual([found.case_id, found.dedupe_key, found.verdict], ['a', 'k', 'verified']);
    await store.commit(change(kase('a'), 1, { notice: found.no }));
    assert.deepEqual(await store.matched({ limit: 5 }), []);
    assert.deepEqual(await store.strays({ now: 999_999, limit: 5 }), []);
    assert.deepEqual(await store.addNotices({ notices: [notice('k', ['id:c:1'])], channels: [] }), [false], 'still known');
  });

  test(`${name}: money without an order is offered once its time has come, and left alone once it was passed`, async () => {
    const store = await fresh();
    await store.addNotices({ notices: [notice('paid', ['id:c:1'], { stray_at: 900 }), notice('other', ['id:c:2'])], channels: [] });
    assert.deepEqual(await store.strays({ now: 899, limit: 5 }), []);
    const [stray] = await store.strays({ now: 900, limit: 5 });
    assert.equal(stray.dedupe_key, 'paid');
    await store.passed(stray.no);
    assert.deepEqual(await store.strays({ now: 999_999, limit: 5 }), []);
  });

  test(`${name}: a channel’s row that somebody wrote in between is not overwritten`, async () => {
    const store = await fresh();
    await store.saveChannels([{ id: 'c', version: 0, token: Buffer.from('box'), doc: { id: 'c' } }]);
    const [row] = await store.channels();
    assert.deepEqual([row.version, Buffer.from(row.token).toString()], [1, 'box']);
    await store.saveChannels([{ ...row, token: null }]);
    await assert.rejects(store.saveChannels([row]), conflict('channel'));
    await assert.rejects(store.saveChannels([{ ...row, version: 0 }]), conflict('channel'));
  });

  test(`${name}: what a shopper wrote comes back byte by byte, and a piece is erased when its time is over, not before`, async () => {
    const store = await fresh();
    const odd = { note: 'ñ \u0000 \ud800 “”', nested: [{ b: 1, a: 2 }] };
    await store.commit(change(kase('a', { odd }), 0, { evidence: [{ kind: 'person', purge_after: 100, body: Buffer.from('{"a":"1"}') }, { kind: 'body', purge_after: 300, body: new Uint8Array([0, 255, 92]) }] }));
    assert.equal(JSON.stringify((await store.load('a')).case), JSON.stringify(kase('a', { odd })));
    assert.deepEqual([...(await store.evidence('a'))[1].body], [0, 255, 92]);
    assert.deepEqual(await store.erase('a', 99), { erased: 0, kept: 2 });
    assert.deepEqual(await store.erase('a', 100), { erased: 1, kept: 1 });
    assert.equal(await store.person('a'), null);
    assert.deepEqual(await store.purge({ now: 300, handled_before: 0, waiting_before: 0 }), { evidence: 1, notices: 0 });
  });

  test(`${name}: notices are kept as long as their time, with or without a case`, async () => {
    const store = await fresh();
    await store.addNotices({ notices: [notice('open', ['id:c:1']), notice('taken', ['id:c:2'])], channels: [] });
    await store.commit(change(kase('a'), 0, { keys: ['id:c:2'] }));
    const [found] = await store.matched({ limit: 5 });
    await store.commit(change(kase('a'), 1, { notice: found.no }));
    assert.deepEqual(await store.purge({ now: 0, handled_before: 1_000, waiting_before: 1_001 }), { evidence: 0, notices: 1 });
    assert.deepEqual((await store.notices()).map(({ case_id, handled_at }) => [case_id, handled_at]), [['a', 5_000]]);
    assert.deepEqual(await store.purge({ now: 0, handled_before: 1_001, waiting_before: 0 }), { evidence: 0, notices: 1 });
  });

  test(`${name}: a desk finds cases by state, order and open reviews, the newest first; the next instants are told`, async () => {
    const store = await fresh();
    await store.commit(change(kase('a', { wake_at: 70 }), 0));
    await store.commit(change(kase('b', { placed_at: 2_000, state: 'paid', reviews: [{ closed: null }], wake_at: 60 }), 0, { outputs: [output(1)], now: 50 }));
    const ids = async (filter) => (await store.cases(filter)).map(({ id }) => id);
    assert.deepEqual(await ids({}), ['b', 'a']);
    assert.deepEqual(await ids({ state: 'paid' }), ['b']);
    assert.deepEqual(await ids({ order: 'o-a' }), ['a']);
    assert.deepEqual(await ids({ reviews: 'open' }), ['b']);
    assert.deepEqual(await ids({ before: 2_000 }), ['a']);
    assert.deepEqual((await store.due({ now: 65, limit: 5 })).map(({ id, wake_at }) => [id, wake_at]), [['b', 60]]);
    assert.deepEqual({ ...(await store.next()) }, { wake_at: 60, output_at: 50, lease_until: null, stray_at: null });
    await claim(store);
    assert.deepEqual({ ...(await store.next()) }, { wake_at: 60, output_at: null, lease_until: 150, stray_at: null });
  });
}
