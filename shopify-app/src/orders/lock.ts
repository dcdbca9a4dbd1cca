// One at a time per order, across processes: a lock is a row with an end, renewed while its work goes on.

import { randomUUID } from 'node:crypto';
import { EfectivoError } from 'efectivo';
import type { Db } from '../db/index.ts';

/** A dead process's lock ends after this; a living one renews it three times as often. */
const HELD_MS = 30_000;
const RENEW_MS = 10_000;
/** How often, and how long, one waits for a lock that another process holds. */
const LOOK_MS = 50;
const WAIT_MS = 20_000;

export interface Locks {
  /** Runs `work` while holding the lock. @throws EfectivoError `busy` where another process keeps it too long: try again later */
  under<T>(name: string, work: () => Promise<T>): Promise<T>;
}

export function makeLocks(db: Db): Locks {
  const here = new Map<string, Promise<unknown>>();

  async function held<T>(name: string, work: () => Promise<T>): Promise<T> {
    const holder = randomUUID();
    await take(name, holder);
    const renewing = setInterval(() => void db.run('UPDATE app_locks SET until_at = ?3 WHERE name = ?1 AND holder = ?2', [name, holder, Date.now() + HELD_MS]).catch(() => {}), RENEW_MS);
    try {
      return await work();
    } finally {
      clearInterval(renewing);
      await db.run('DELETE FROM app_locks WHERE name = ?1 AND holder = ?2', [name, holder]).catch(() => {}); // it ends by itself
    }
  }

  async function take(name: string, holder: string): Promise<void> {
    for (const since = Date.now(); ; ) {
      const now = Date.now();
      const mine = await db.run('INSERT INTO app_locks (name, holder, until_at) VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at WHERE app_locks.until_at <= ?4', [name, holder, now + HELD_MS, now]);
      if (mine === 1) return;
      if (now - since > WAIT_MS) throw new EfectivoError({ code: 'busy', message: 'another process works on this order', help: 'It is tried again by itself.', retry: 'later' });
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  return {
    under(name, work) {
      const mine = (here.get(name) ?? Promise.resolve()).then(() => held(name, work));
      const ended = mine.catch(() => {}).then(() => { if (here.get(name) === ended) here.delete(name); });
      here.set(name, ended);
      return mine;
    },
  };
}
