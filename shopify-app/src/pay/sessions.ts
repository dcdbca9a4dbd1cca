// Payment and refund sessions as Shopify opened them, by their own ids, and which payment of ours each belongs to; a shopper's data is sealed, and gone once the case has it.

import { randomBytes } from 'node:crypto';
import type { Money, Person } from 'efectivo';
import { one, type Row, type Value } from '../db/index.ts';
import type { Parts } from '../parts.ts';
import { personDigest } from '../shopify/proofs.ts';

/** `new`: nothing was made yet. `pending`, `resolved`, `rejected`: as Shopify was told last. */
export type SessionState = 'new' | 'pending' | 'resolved' | 'rejected';

export interface PaySession {
  id: string;
  gid: string;
  /** The same order's sessions share it. */
  group_id: string;
  /** In the address of the first page; nobody else knows it. */
  token: string;
  /** The payment of ours that it began or joined; its order key in the core. */
  payment: string | null;
  amount: Money;
  test: boolean;
  cancel_url: string;
  state: SessionState;
  /** Until when Shopify waits. */
  pending_until: string | null;
  /** Back to the shop, once the payment waits. */
  redirect_url: string | null;
}

export interface PayRefund {
  id: string;
  gid: string;
  payment_id: string;
  amount: Money;
  state: 'new' | 'asked' | 'resolved' | 'rejected';
  begun_with: number | null;
  core_key: string | null;
  /** Whether the money is on its way back; `null` while nobody knows. */
  went_back: boolean | null;
  /** How often Shopify was told how it ended, and when it may be told next. */
  tries: number;
  next_at: number;
  /** What a person is asked: Shopify was told as often as it may be and heard nothing, or does not take the end of it. */
  question: 'unheard' | 'not_booked' | null;
}

export interface Sessions {
  /** Keeps a session; the same id again is the one that is known. */
  keep(session: Pick<PaySession, 'id' | 'gid' | 'group_id' | 'amount' | 'test' | 'cancel_url'>, person: Person): Promise<PaySession>;
  byId(id: string): Promise<PaySession | undefined>;
  /** Joins a session to the group's payment that is open, or to a new one; the newest to join is the one that Shopify is told of, unless another was paid. */
  join(session: PaySession): Promise<PaySession>;
  /** The session of a payment that joined last. */
  leader(payment: string): Promise<PaySession | undefined>;
  /** Notes what Shopify was told; never away from an end. */
  told(session: PaySession, state: SessionState, more?: { pending_until?: string; redirect_url?: string | null }): Promise<void>;
  person(session: PaySession): Promise<Person>;
  /** The core has the shopper's data now. */
  forget(payment: string): Promise<void>;
  /** The payments of a person, by the digest of the e-mail. */
  paymentsOf(who: string): Promise<string[]>;
  /** Nothing here leads to that person any more. */
  forgetPerson(who: string): Promise<void>;
  /** Takes the data of buyers away who never asked for a code. */
  forgetOld(): Promise<void>;
  keepRefund(refund: Pick<PayRefund, 'id' | 'gid' | 'payment_id' | 'amount'>): Promise<PayRefund>;
  /** Refunds that are not at an end, and wait for nobody's answer. */
  openRefunds(): Promise<PayRefund[]>;
  /** Refunds that a person is asked about. */
  askedRefunds(): Promise<PayRefund[]>;
  refund(id: string, change: Partial<Pick<PayRefund, 'state' | 'begun_with' | 'core_key' | 'went_back' | 'tries' | 'next_at' | 'question'> & { answer: string }>): Promise<void>;
}

/** Longer than any checkout waits for its buyer. */
const PERSON_MS = 604_800_000;

export function makeSessions({ db, seal, clock, locks }: Parts, shopKey: string): Sessions {
  const place = (id: string) => `pay session ${shopKey} ${id}`;
  const query = async (where: string, params: Value[]) => (await db.all(`SELECT * FROM pay_sessions WHERE shop_key = ?1 AND ${where}`, [shopKey, ...params])).map(shown);
  const byId = async (id: string) => (await query('id = ?2', [id]))[0];

  async function keep(session: Parameters<Sessions['keep']>[0], person: Person): Promise<PaySession> {
    await db.run(`INSERT INTO pay_sessions (shop_key, id, gid, group_id, token, amount, test, cancel_url, state, person, proposed_at, who) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'new', ?9, ?10, ?11) ON CONFLICT DO NOTHING`,
      [shopKey, session.id, session.gid, session.group_id, randomBytes(24).toString('base64url'), JSON.stringify(session.amount), session.test ? 1 : 0, session.cancel_url, seal.close(person, place(session.id)), clock.now(), personDigest(person.email)]);
    return (await byId(session.id)) as PaySession;
  }

  /** Tabs of one checkout one after the other: PostgreSQL lets two transactions at once see neither of the other's rows, and count the same place for both. */
  async function join(session: PaySession): Promise<PaySession> {
    await locks.under(`pay group ${shopKey} ${session.group_id}`, () => db.tx(async (on) => {
      const rows = (await on.all('SELECT * FROM pay_sessions WHERE shop_key = ?1 AND group_id = ?2 ORDER BY joined_no', [shopKey, session.group_id])).map(shown);
      const mine = rows.find(({ id }) => id === session.id);
      if (mine?.payment) return;
      const paid = rows.find(({ state }) => state === 'resolved');
      const payments = [...new Set(rows.map(({ payment }) => payment).filter((payment): payment is string => payment !== null))];
      const last = payments.at(-1);
      const over = !last || rows.some(({ payment, state }) => payment === last && state === 'rejected');
      const payment = paid?.payment ?? (over ? `${session.group_id}${payments.length > 0 ? `.${payments.length + 1}` : ''}` : last);
      // What is paid already has been told of another session: this one only looks on.
      await on.run('UPDATE pay_sessions SET payment = ?3, joined_no = CASE WHEN ?4 = 1 THEN 0 ELSE (SELECT coalesce(max(joined_no), 0) + 1 FROM pay_sessions WHERE shop_key = ?1) END WHERE shop_key = ?1 AND id = ?2', [shopKey, session.id, payment, paid ? 1 : 0]);
    }));
    return (await byId(session.id)) as PaySession;
  }

  async function told({ id }: PaySession, state: SessionState, { pending_until, redirect_url }: Parameters<Sessions['told']>[2] = {}): Promise<void> {
    await db.run(`UPDATE pay_sessions SET state = ?3, pending_until = coalesce(?4, pending_until), redirect_url = coalesce(?5, redirect_url) WHERE shop_key = ?1 AND id = ?2 AND (state IN ('new', 'pending') OR state = ?3)`,
      [shopKey, id, state, pending_until ?? null, redirect_url ?? null]);
  }

  return {
    keep, byId, join, told,
    leader: async (payment) => (await query('payment = ?2 ORDER BY joined_no DESC LIMIT 1', [payment]))[0],
    person: async ({ id }) => {
      const row = await one(db, 'SELECT person FROM pay_sessions WHERE shop_key = ?1 AND id = ?2', [shopKey, id]);
      return row?.person ? seal.open<Person>(row.person, place(id)) : {};
    },
    forget: async (payment) => { await db.run('UPDATE pay_sessions SET person = NULL WHERE shop_key = ?1 AND payment = ?2', [shopKey, payment]); },
    paymentsOf: async (who) => (await db.all('SELECT DISTINCT payment FROM pay_sessions WHERE shop_key = ?1 AND who = ?2 AND payment IS NOT NULL ORDER BY payment', [shopKey, who])).map(({ payment }) => payment as string),
    forgetPerson: async (who) => { await db.run('UPDATE pay_sessions SET person = NULL, who = NULL WHERE shop_key = ?1 AND who = ?2', [shopKey, who]); },
    forgetOld: async () => { await db.run('UPDATE pay_sessions SET person = NULL WHERE shop_key = ?1 AND person IS NOT NULL AND proposed_at < ?2', [shopKey, clock.now() - PERSON_MS]); },
    keepRefund: async ({ id, gid, payment_id, amount }) => {
      await db.run("INSERT INTO pay_refunds (shop_key, id, gid, payment_id, amount, state, proposed_at) VALUES (?1, ?2, ?3, ?4, ?5, 'new', ?6) ON CONFLICT DO NOTHING", [shopKey, id, gid, payment_id, JSON.stringify(amount), clock.now()]);
      return refundOf((await one(db, 'SELECT * FROM pay_refunds WHERE shop_key = ?1 AND id = ?2', [shopKey, id])) as Row);
    },
    openRefunds: async () => (await db.all("SELECT * FROM pay_refunds WHERE shop_key = ?1 AND state IN ('new', 'asked') AND question IS NULL ORDER BY proposed_at", [shopKey])).map(refundOf),
    askedRefunds: async () => (await db.all('SELECT * FROM pay_refunds WHERE shop_key = ?1 AND question IS NOT NULL ORDER BY proposed_at', [shopKey])).map(refundOf),
    refund: async (id, change) => {
      const columns = Object.entries(change).map(([name, value]) => [name, typeof value === 'boolean' ? Number(value) : value] as const);
      await db.run(`UPDATE pay_refunds SET ${columns.map(([name], at) => `${name} = ?${at + 3}`).join(', ')} WHERE shop_key = ?1 AND id = ?2`, [shopKey, id, ...columns.map(([, value]) => value)]);
    },
  };
}

/** The shop and session of a first page's address. */
export async function sessionOfToken({ db }: Parts, app: string, token: string): Promise<{ shop_key: string; session: PaySession } | undefined> {
  const row = await one(db, 'SELECT pay_sessions.* FROM pay_sessions JOIN app_shops ON app_shops.key = pay_sessions.shop_key WHERE app_shops.app = ?1 AND pay_sessions.token = ?2', [app, token]);
  return row && { shop_key: row.shop_key, session: shown(row) };
}

function shown(row: Row): PaySession {
  const { id, gid, group_id, token, payment, cancel_url, state, pending_until, redirect_url } = row;
  return { id, gid, group_id, token, payment, cancel_url, state, pending_until, redirect_url, amount: JSON.parse(row.amount), test: Number(row.test) === 1 };
}

function refundOf(row: Row): PayRefund {
  const { id, gid, payment_id, state, core_key, question } = row;
  const number = (value: unknown): number | null => (value === null ? null : Number(value));
  const went_back = number(row.went_back);
  return { id, gid, payment_id, state, core_key, question, amount: JSON.parse(row.amount), begun_with: number(row.begun_with), went_back: went_back === null ? null : went_back === 1, tries: Number(row.tries), next_at: Number(row.next_at) };
}
