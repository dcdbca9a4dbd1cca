// How each shop fares: the last webhook, question, sweep and refusal, kept for the desk and for whoever watches the server.

import type { Db, Row } from './db/index.ts';
import type { Log } from './log.ts';
import { errorFacts } from './log.ts';

/** What is remembered, the newest of each only. */
export type Happening = 'webhook' | 'poll' | 'notice' | 'sweep' | 'refusal' | 'shopify' | 'mail';

export interface Health {
  /** Remembers; written down at most once a second, so that a flood costs nothing. `detail` is a name or code, never a person's datum. */
  note(shopKey: string, what: Happening, detail?: string): void;
  /** What is known of one shop, or of all (`''`: what belongs to none, as a refused webhook of an unknown shop). */
  of(shopKey: string): Promise<Partial<Record<Happening, { at: number; detail: string }>>>;
  newest(): Promise<Partial<Record<Happening, { at: number; detail: string }>>>;
  flush(): Promise<void>;
}

const EVERY_MS = 1_000;

export function makeHealth(db: Db, clock: { now(): number }, log: Log): Health {
  const fresh = new Map<string, { shopKey: string; what: Happening; at: number; detail: string }>();
  let timer: NodeJS.Timeout | null = null;

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const notes = [...fresh.values()];
    fresh.clear();
    if (notes.length === 0) return;
    await db.tx(async (on) => {
      for (const { shopKey, what, at, detail } of notes) {
        await on.run('INSERT INTO app_health (shop_key, what, at, detail) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (shop_key, what) DO UPDATE SET at = excluded.at, detail = excluded.detail', [shopKey, what, at, detail.slice(0, 120)]);
      }
    }).catch((error) => log('health_not_kept', errorFacts(error)));
  }

  const shown = (rows: Row[]) => Object.fromEntries(rows.map(({ what, at, detail }) => [what, { at: Number(at), detail }]));
  return {
    note(shopKey, what, detail = '') {
      fresh.set(`${shopKey} ${what}`, { shopKey, what, at: clock.now(), detail });
      timer ??= setTimeout(() => void flush(), EVERY_MS).unref();
    },
    of: async (shopKey) => { await flush(); return shown(await db.all('SELECT what, at, detail FROM app_health WHERE shop_key = ?1', [shopKey])); },
    newest: async () => { await flush(); return shown(await db.all('SELECT what, at, detail FROM app_health ORDER BY at')); },
    flush,
  };
}
