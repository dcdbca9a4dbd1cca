// Access tokens: by token exchange from the admin, with expiring tokens that are refreshed under a lock, or by the client credentials grant for the merchant's own app; sealed at rest.

import { RequestedTokenType, type Session } from '@shopify/shopify-api';
import { EfectivoError } from 'efectivo';
import type { AppConfig } from '../config.ts';
import { one, type Row } from '../db/index.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { shopifyOf } from './api.ts';
import { ShopifyError } from './errors.ts';

/** A token is renewed this long before it ends. */
const EARLY_MS = 300_000;

export interface Tokens {
  /** A token that is good for some minutes at least. @throws EfectivoError `no_token`, ShopifyError */
  of(app: AppConfig, domain: string): Promise<string>;
  /** Trades an admin page's id token for the shop's own token; installs the shop. */
  exchange(app: AppConfig, domain: string, idToken: string): Promise<void>;
  /** Keeps the token of an authorization code grant. */
  take(app: AppConfig, domain: string, session: Session): Promise<void>;
  /** Gets another token where Shopify refused `refused`, unless somebody else did so meanwhile. */
  renew(app: AppConfig, domain: string, refused: string): Promise<void>;
}

interface Secret {
  access_token: string;
  refresh_token: string | null;
}

interface Held extends Secret {
  ends_at: number | null;
  version: number;
}

export function makeTokens(on: Parts): Tokens {
  const { db, seal, clock, config, log, locks } = on;
  const cache = new Map<string, Held>();
  const keyOf = async (app: AppConfig, domain: string) => (await one(db, 'SELECT key FROM app_shops WHERE app = ?1 AND shop = ?2', [app.id, domain]))?.key as string | undefined;
  const fresh = (held: Held | undefined) => held !== undefined && (held.ends_at === null || held.ends_at - EARLY_MS > clock.now());

  async function of(app: AppConfig, domain: string): Promise<string> {
    const place = `${app.id}/${domain}`;
    const cached = cache.get(place);
    if (cached && fresh(cached)) return cached.access_token;
    const key = await keyOf(app, domain);
    if (!key) throw new EfectivoError({ code: 'no_shop', message: 'this shop has not installed the app', help: 'Open the app from the admin of the shop.' });
    const held = await read(key);
    const good = held && fresh(held) ? held : await locks.under(`token ${key}`, () => renewed(app, domain, key, ''));
    cache.set(place, good);
    return good.access_token;
  }

  async function read(key: string): Promise<Held | undefined> {
    const row: Row | undefined = await one(db, 'SELECT sealed, expires_at, version FROM app_tokens WHERE shop_key = ?1', [key]);
    return row && { ...seal.open<Secret>(row.sealed, `token ${key}`), ends_at: row.expires_at === null ? null : Number(row.expires_at), version: Number(row.version) };
  }

  /** Under the lock: what another process fetched meanwhile, or a new token. */
  async function renewed(app: AppConfig, domain: string, key: string, refused: string): Promise<Held> {
    const held = await read(key);
    if (held && fresh(held) && held.access_token !== refused) return held;
    const api = shopifyOf(app, config.public_url);
    const got = app.own_shops.includes(domain)
      ? await asked(() => api.auth.clientCredentials({ shop: domain }))
      : held?.refresh_token ? await asked(() => api.auth.refreshToken({ shop: domain, refreshToken: held.refresh_token ?? '' })) : null;
    if (!got) throw new EfectivoError({ code: 'no_token', message: 'there is no token for this shop', help: 'Open the app once from the admin of the shop.', retry: 'later' });
    log('token_renewed', { shop: key });
    return keep(key, got.session);
  }

  async function keep(key: string, session: Session): Promise<Held> {
    const { accessToken = '', refreshToken = null, expires, refreshTokenExpires } = session as Session & { refreshToken?: string; refreshTokenExpires?: Date };
    // The library reckons the end from the real clock; ours may be wound in tests.
    const ends_at = expires ? clock.now() + (expires.getTime() - Date.now()) : null;
    const sealed = seal.close({ access_token: accessToken, refresh_token: refreshToken } satisfies Secret, `token ${key}`);
    await db.run(`INSERT INTO app_tokens (shop_key, sealed, expires_at, refresh_expires_at, version) VALUES (?1, ?2, ?3, ?4, 1)
      ON CONFLICT (shop_key) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at, refresh_expires_at = excluded.refresh_expires_at, version = app_tokens.version + 1`,
      [key, sealed, ends_at, refreshTokenExpires?.getTime() ?? null]);
    return { access_token: accessToken, refresh_token: refreshToken, ends_at, version: 0 };
  }

  async function exchange(app: AppConfig, domain: string, idToken: string): Promise<void> {
    const key = await keyOf(app, domain);
    const held = key && (await read(key));
    if (held && fresh(held)) {
      await on.shops.install(app.id, domain);
      return;
    }
    const got = await asked(() => shopifyOf(app, config.public_url).auth.tokenExchange({ shop: domain, sessionToken: idToken, requestedTokenType: RequestedTokenType.OfflineAccessToken, expiring: true }));
    const shop = await on.shops.install(app.id, domain, (got.session.scope ?? '').split(',').filter(Boolean));
    cache.set(`${app.id}/${domain}`, await keep(shop.key, got.session));
  }

  async function renew(app: AppConfig, domain: string, refused: string): Promise<void> {
    cache.delete(`${app.id}/${domain}`);
    const key = await keyOf(app, domain);
    if (key) cache.set(`${app.id}/${domain}`, await locks.under(`token ${key}`, () => renewed(app, domain, key, refused)));
  }

  async function take(app: AppConfig, domain: string, session: Session): Promise<void> {
    const key = await keyOf(app, domain);
    if (key) cache.set(`${app.id}/${domain}`, await keep(key, session));
  }

  return { of, exchange, take, renew };
}

/** The library's failures in our words; its own messages may quote a token. */
async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = (error as { response?: { code?: number } }).response?.code ?? 0;
    const busy = code === 408 || code === 429; // says nothing of whether the shop has the app
    if (code >= 400 && code < 500 && !busy) throw new ShopifyError('token_not_given', 'Shopify gave no token', 'Open the app once from the admin of the shop; check the client ID and secret.', false);
    throw new ShopifyError('shopify_down', `no token could be fetched (${String(errorFacts(error).code)})`, 'The work goes on by itself.', true);
  }
}
