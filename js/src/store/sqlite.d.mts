// The store as the host sees it. SQLite is one; any database joins by the same promises, which are why every call is asynchronous.

/** Opens the store in one SQLite file; `shop` tells the shops of one file apart. @throws {EfectivoError} store_newer, store_corrupt, store_unopened */
export function sqliteStore(where: { file: string; shop?: string }): Store;

/** Somebody else wrote first: load again and handle again (`case`, `channel`), or let go (`output`, `key`). */
export class StoreConflict extends Error {
  constructor(what: 'case' | 'channel' | 'output' | 'key', holder?: string);
  readonly what: 'case' | 'channel' | 'output' | 'key';
  /** The case that has the key. */
  readonly holder: string;
}

/** Everything that one input changed. `version` is the one the case was loaded with, 0 for a new one. */
export interface Change {
  case: any;
  version: number;
  keys: string[];
  journal: Array<{ no: number; at: number }>;
  outputs: Array<{ no: number; lane: 'provider' | 'shop' | 'mail'; repeatable: boolean; body: any }>;
  channels: StoredChannel[];
  evidence: Array<{ kind: string; purge_after: number; body: Uint8Array }>;
  /** The output whose answer this input is; only the attempt that was sent can complete it. */
  completes: { no: number; attempt: number; dead?: boolean } | null;
  /** The notice that this input is, by its number in the inbox. */
  notice: number | null;
  now: number;
}

/** A channel's row; the token is sealed before it gets here. */
export interface StoredChannel {
  id: string;
  version: number;
  token: Uint8Array | null;
  doc: any;
}

export interface StoredNotice {
  dedupe_key: string;
  channel: string;
  verdict: any;
  facts: any;
  keys: string[];
  received_at: number;
  /** When it is offered as money without an order; `null` for never. */
  stray_at: number | null;
  raw: Uint8Array;
}

/** What was claimed: a lease until its end, under an attempt number of its own. */
export interface Claimed {
  case_id: string;
  attempt: number;
  /** When an earlier attempt left, if one did. */
  sent_at: number | null;
  output: Change['outputs'][number];
}

export interface Store {
  /** Whether each change leaves a job that somebody else does; the host then does nothing by itself. */
  readonly jobs?: boolean;
  load(id: string): Promise<{ version: number; case: any } | null>;
  /** What `load`, `channels` and (where it is asked for) `person` give, in one question; for stores over a network. */
  scene?(id: string, wanted?: { person?: boolean }): Promise<{ loaded: { version: number; case: any } | null; channels: StoredChannel[]; person: any | null }>;
  /**
   * Whether notices wait for a case, and when it wants to be woken, in which version. Where neither is due, or `regardless`, it also claims the first open output
   * in each of `lanes`, as `claim` does, and gives the `scene` (with the person) that they are carried out in; for stores with `jobs`.
   */
  look?(id: string, limits: { lanes: string[]; now: number; lease_now: number; lease_ms: number; regardless?: boolean }): Promise<{
    version: number | null; notices: boolean; wake_at: number | null; claimed: Claimed[]; scene: { loaded: { version: number; case: any }; channels: StoredChannel[]; person: any | null } | null;
  }>;
  /** Does a job's work on a case and writes the next one's job after it: meanwhile its changes leave none. `work` returns the version in which nothing more could be done; for stores with `jobs`. */
  inJob?(id: string, now: () => number, work: () => Promise<number | null>): Promise<void>;
  /** The case that has a key. */
  holder(key: string): Promise<string | null>;
  /** Writes all of a change, durably, or nothing. An order's or page's key that another case has is a conflict; any other key goes to the newest case. @throws {StoreConflict} */
  commit(change: Change): Promise<{ version: number }>;
  cases(filter: object): Promise<any[]>;
  journal(id: string): Promise<any[]>;
  channels(): Promise<StoredChannel[]>;
  saveChannels(rows: StoredChannel[]): Promise<void>;
  person(id: string): Promise<any | null>;
  evidence(id: string): Promise<any[]>;
  erase(id: string, now: number): Promise<{ erased: number; kept: number }>;
  purge(limits: { now: number; handled_before: number; waiting_before: number }): Promise<{ evidence: number; notices: number }>;
  due(limits: { now: number; limit: number }): Promise<Array<{ id: string; wake_at: number }>>;
  next(): Promise<{ wake_at: number | null; output_at: number | null; lease_until: number | null; stray_at: number | null }>;

  /** Stores notices and what they changed in their channels in one transaction; for each, whether its dedupe key was new. */
  addNotices(arrived: { notices: StoredNotice[]; channels: StoredChannel[] }): Promise<boolean[]>;
  /** Notices not yet handled that name a key which some case has. */
  matched(limits: { limit: number; beyond?: number; case_id?: string }): Promise<any[]>;
  /** A number that no notice stored later will be below; 0 where the store can't tell, or has none. */
  newest(): Promise<number>;
  strays(limits: { now: number; limit: number }): Promise<any[]>;
  passed(no: number): Promise<void>;
  notices(filter?: { limit?: number }): Promise<any[]>;

  /** Claims the first open output of each case in a lane, if it is due and no lease holds it. Leases run on the real clock, everything else on the host's. */
  claim(limits: { lane: string; now: number; lease_now: number; lease_ms: number; limit: number }): Promise<Claimed[]>;
  /** Writes down that an attempt leaves; `false` where another attempt has the output by now. */
  sent(which: { case_id: string; no: number; attempt: number; at: number }): Promise<boolean>;
  /** Gives an output back until `next_at`; both instants are the host's. */
  postpone(which: { case_id: string; no: number; attempt: number; now?: number; next_at: number }): Promise<void>;
  /** Ends the leases of dead processes where this is provably the only living one. */
  takeOver(): Promise<number>;
  outputs(id: string): Promise<any[]>;

  figures(): { transactions: number; alone: boolean };
  close(): Promise<void>;
}
