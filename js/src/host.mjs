// The host: opens the store, runs the loop, and is what a shop calls. It decides nothing; the core does.

import { join } from 'node:path';
import { makeCarrier } from './carry.mjs';
import { channelRows } from './channels.mjs';
import { makeChecks } from './check.mjs';
import { EfectivoError } from './core.mjs';
import { logTo } from './log.mjs';
import { makeLoop } from './loop.mjs';
import { mailFolder } from './mail.mjs';
import { loadSync } from './node.mjs';
import { makeInbox } from './notices.mjs';
import { makePages } from './pages.mjs';
import { makePump } from './pump.mjs';
import { readKeys, sealing } from './seal.mjs';
import { apart } from './sign.mjs';
import { StoreConflict } from './store/errors.mjs';
import { sqliteStore } from './store/sqlite.mjs';
import { makeWork } from './work.mjs';

/** How long `place` waits for the code before it answers without it. */
const CODE_WAIT_MS = 8_000;
/** Another process may be the one that gets it: the case is looked at this often. */
const CODE_LOOK_MS = 250;

/** Opens the host on a data folder; see index.d.ts for every option. */
export async function open(options) {
  const core = options.core ?? loadSync();
  const { settings, shop, clock = { now: () => Date.now() } } = options;
  checkSettings(core, settings, options.lang);
  const log = options.log ?? logTo((line) => process.stderr.write(`${line}\n`));
  const store = options.store ?? sqliteStore({ file: options.data === ':memory:' ? options.data : join(options.data, 'efectivo.sqlite'), shop: options.tenant });
  const mail = options.mail ?? mailFolder(join(options.data, 'mail'));
  const seal = sealing(options.keys ?? readKeys(process.env.EFECTIVO_CHANNEL_KEYS));
  const watchers = new Map();
  const crash = options.crash ?? (() => {});
  let pump = { kick() {} };
  let inbox = null;

  function changed(kase, keys) {
    inbox.learned(kase, keys);
    watchers.get(kase.id)?.forEach((look) => look(kase));
    options.changed?.(kase);
    pump.kick();
  }

  const { known: credentials, held } = apart(options.credentials ?? {}, core.call('abilities').ok);
  const parts = { core, store, settings, credentials, held, clock, log, crash, shop, mail, changed, lang: options.lang, places: options.places, back: options.back, fetch: options.fetch, lease_ms: options.lease_ms };
  parts.channels = channelRows({ store, settings, seal });
  parts.loop = makeLoop(parts);
  inbox = makeInbox({ ...parts, arrived: () => pump.kick() });
  const carrier = makeCarrier({ ...parts, landed: () => pump.kick() });
  const pages = makePages(parts);
  const worker = makeWork({ ...parts, inbox, carrier });
  pump = makePump({ ...parts, inbox, carrier, by_hand: store.jobs === true, working: worker.busy });
  log('opened', { leases_taken_over: await store.takeOver(), alone: store.figures().alone });
  pump.kick();

  return { core, settings, ...calls({ ...parts, checks: makeChecks(parts), inbox, pages, pump, worker, watchers }) };
}

/** What a shop can call. */
function calls({ checks, core, store, settings, clock, shop, lang, loop, inbox, pages, pump, worker, watchers }) {
  const load = async (id) => (await store.load(id))?.case ?? missing(id);

  /** Asks for a code for an order; the same order again gives the same case. */
  async function place({ order, number = order, amount, person = {}, categories = [], mode = settings.channels[0].mode, wait_ms = CODE_WAIT_MS }) {
    const known = await store.holder(`order:${order}`);
    const kase = known ? await load(known) : await begin({ order, number, mode, person, categories, read: await readOrder(order, amountOf(amount)) });
    if (known) asked(amountOf(amount), kase.amount);
    return summary(await settled(kase, wait_ms));
  }

  const amountOf = (amount) => (typeof amount === 'string' ? core.call('money', { text: amount, currency: settings.channels[0].currencies?.[0] ?? 'PEN' }, undefined, lang).ok.money : amount);

  /** An amount that was given must be the one that the order asks for. */
  function asked(given, wanted) {
    if (!given || (wanted.minor === given.minor && wanted.currency === given.currency)) return;
    throw new EfectivoError({ code: 'other_amount', message: 'the amount given is not what the order asks for', help: 'Leave the amount out, or change the order first and tell of it (orderChanged, /order-changed).' });
  }

  async function begin({ order, number, mode, person, categories, read }) {
    const placed = ({ id, seed, page_token }) => ({ placed: { id, order, number, mode, seed, page_token, read, person, categories } });
    try {
      return await loop.born(placed, { person });
    } catch (error) {
      if (error instanceof StoreConflict && error.what === 'key') return load(error.holder); // placed by somebody else in this very moment
      throw error;
    }
  }

  /** The order as the shop has it. */
  async function readOrder(order, given) {
    const read = (await shop.read(order)) ?? null;
    if (!read && !given) throw new EfectivoError({ code: 'no_order', message: `the shop knows no order ${order}`, help: 'Give an amount, or let shop.read find the order.' });
    if (read) asked(given, read.outstanding);
    return read ?? { status: 'open', outstanding: given, total: given };
  }

  /** Waits until the case has a code, or will not have one soon; then whatever it is. */
  async function settled(kase, wait_ms) {
    const { id } = kase;
    const ready = (now) => now.attempts.at(-1)?.code || !pendingCreate(now);
    if (ready(kase) || wait_ms <= 0) return kase;
    return new Promise((resolve) => {
      const done = () => { clearTimeout(timer); clearInterval(looking); forget(id, look); resolve(load(id)); };
      const look = (now) => ready(now) && done();
      const timer = setTimeout(done, wait_ms);
      const looking = setInterval(() => load(id).then(look, () => {}), CODE_LOOK_MS);
      watchers.set(id, (watchers.get(id) ?? new Set()).add(look));
    });
  }

  function forget(id, look) {
    const looks = watchers.get(id);
    looks?.delete(look);
    if (looks?.size === 0) watchers.delete(id);
  }

  function summary(kase) {
    const view = core.call('case_view', { settings, case: kase, now: clock.now() }, undefined, lang).ok;
    return { case: kase.id, order: kase.order, state: kase.state, page_url: view.page_url, code: view.code ?? undefined, expires_at: view.expires_at ?? undefined };
  }

  /** The shop's order was edited, paid elsewhere, cancelled or deleted: it is read again, or was just read. */
  async function orderChanged(order, { read: was } = {}) {
    const id = await store.holder(`order:${order}`);
    if (!id) return null;
    const read = was === undefined ? await shop.read(order) : was;
    return summary(await loop.take(id, (kase) => ({ order: { read: read ?? { ...kase.shop, status: 'gone' } } })));
  }

  /** `decision` can be made of what the case shows in the moment in which it is taken; one under a key is taken once, however often it is sent. */
  async function merchant(id, decision, { key = null } = {}) {
    const decide = typeof decision === 'function' ? (kase) => decision(core.call('case_view', { settings, case: kase, locale: lang, now: clock.now() }, undefined, lang).ok) : () => decision;
    return summary((await loop.take(id, (kase) => ({ merchant: decide(kase) }), { once: key && `asked:${id}:${key}` })) ?? missing(id));
  }

  async function one(id, { locale = 'es' } = {}) {
    const kase = await load(id);
    return { case: kase, view: core.call('case_view', { settings, case: kase, locale, now: clock.now() }, undefined, lang).ok, outputs: await store.outputs(id) };
  }

  async function journal(id, { locale = 'es' } = {}) {
    const entries = await store.journal(id);
    return { entries, texts: core.call('journal_view', { entries, locale }).ok };
  }

  return {
    place,
    orderChanged,
    merchant,
    case: one,
    journal,
    status: async (order) => { const id = await store.holder(`order:${order}`); return id ? summary(await load(id)) : null; },
    notice: inbox.receive,
    page: pages.answer,
    orderOfPage: async (token) => { const id = await store.holder(`page:${token}`); return id ? (await load(id)).order : null; },
    cases: (filter = {}) => store.cases(filter),
    channels: async () => (await store.channels()).map(({ id, doc }) => ({ id, ...doc })),
    ...checks,
    supportPack: async (id) => core.call('support_pack', { case: await load(id), entries: await store.journal(id), now: clock.now() }).ok.text,
    providers: ({ locale = 'es' } = {}) => core.call('providers', { locale }).ok,
    explain: (provider, code, { locale = 'es' } = {}) => core.call('explain', { provider, code, locale }).ok,
    notices: (filter) => store.notices(filter),
    held: async (id) => ({ person: await store.person(id), evidence: (await store.evidence(id)).map(({ kind, kept_at, purge_after, body }) => ({ kind, kept_at, purge_after, text: Buffer.from(body).toString() })) }),
    erase: (id) => store.erase(id, clock.now()),
    next: async () => { const { wake_at, output_at, stray_at } = await store.next(); return [wake_at, output_at, stray_at].filter((at) => at !== null).sort((a, b) => a - b)[0] ?? null; },
    tick: pump.tick,
    work: worker.work,
    close: async () => { await worker.stop(); await pump.stop(); await store.close(); },
  };
}

/** Whether the core still waits for the answer to a create, as its own list of open questions has it. */
function pendingCreate(kase) {
  return kase.pending.some(({ what }) => what === 'create') || kase.attempts.at(-1)?.creation.again !== undefined;
}

function missing(id) {
  throw new EfectivoError({ code: 'no_case', message: `there is no case ${id}`, help: 'Look at the list of cases.' });
}

function checkSettings(core, settings, lang) {
  const { problems } = core.call('check_settings', { settings, locale: lang }, undefined, lang).ok;
  if (problems.length === 0) return;
  const told = problems.map(({ field, message, help }) => `${field}: ${message} ${help}`.trim());
  throw new EfectivoError({ code: 'bad_settings', message: 'the settings are not right', help: told.join('\n') });
}
