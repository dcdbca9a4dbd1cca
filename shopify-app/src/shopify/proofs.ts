// Proof that a request is what it says: webhook signatures over raw bytes, session tokens, app proxy signatures, and what binds an extension's call to an order.

import { createHash, timingSafeEqual } from 'node:crypto';
import { SHOP_DOMAIN, type AppConfig, type Config } from '../config.ts';
import { shopifyOf } from './api.ts';

/** A webhook as its headers name it; the signature covers the body only, so the shop and topic are hints until the order is read again. */
export interface Delivery {
  /** As Shopify writes it: `orders/create`. */
  topic: string;
  shop: string;
  webhook_id: string;
  triggered_at: string | null;
}

/** What a session token of the admin, the checkout or the order status page proves. */
export interface SessionToken {
  shop: string;
  /** In checkout: `gid://shopify/Customer/…` of a logged-in customer. In the admin: the user. */
  sub: string | null;
}

export interface Proofs {
  /** 401 where the signature is wrong, 400 where something is missing. */
  webhook(app: AppConfig, request: Request, body: Uint8Array): Promise<{ ok: Delivery } | { status: 400 | 401; why: string }>;
  /** `null` where the token is not this app's, is over, or names no shop. `admin`: the hosts of `iss` and `dest` must agree. */
  sessionToken(app: AppConfig, authorization: string | undefined, where: 'admin' | 'checkout'): Promise<SessionToken | null>;
  /** The shop of a request that came through the app proxy; `null` where its signature or time is wrong. */
  appProxy(app: AppConfig, query: URLSearchParams): Promise<string | null>;
}

export function makeProofs(config: Config): Proofs {
  /** An app with its former secret, which Shopify may still sign with for up to an hour after a rotation. */
  const formers = new Map<string, AppConfig>(config.apps.flatMap((app) => (app.old_client_secret ? [[app.id, { ...app, client_secret: app.old_client_secret }] as const] : [])));
  const secretsOf = (app: AppConfig) => [app, formers.get(app.id)].filter((one): one is AppConfig => one !== undefined);

  async function webhook(app: AppConfig, request: Request, body: Uint8Array): ReturnType<Proofs['webhook']> {
    let why = 'no_body';
    for (const signer of secretsOf(app)) {
      const found = await shopifyOf(signer, config.public_url).webhooks.validate({ rawBody: exact(body), rawRequest: headersOnly(request) });
      if (found.valid) {
        const family = found.webhookType === 'events' ? 'shopify' : 'x-shopify';
        const topic = request.headers.get(`${family}-topic`) ?? '';
        if (!SHOP_DOMAIN.test(found.domain)) return { status: 400, why: 'bad_shop' };
        return { ok: { topic, shop: found.domain, webhook_id: found.webhookId, triggered_at: found.triggeredAt ?? null } };
      }
      why = found.reason;
    }
    return { status: why === 'invalid_hmac' ? 401 : 400, why };
  }

  async function sessionToken(app: AppConfig, authorization: string | undefined, where: 'admin' | 'checkout'): Promise<SessionToken | null> {
    const token = /^Bearer ([\w.-]{1,4000})$/.exec(authorization ?? '')?.[1];
    if (!token) return null;
    for (const signer of secretsOf(app)) {
      // The library's error quotes the token: it must not be kept.
      const found = await shopifyOf(signer, config.public_url).session.decodeSessionToken(token).catch(() => null);
      if (!found) continue;
      const shop = hostOf(found.dest);
      if (!shop || !SHOP_DOMAIN.test(shop) || typeof found.exp !== 'number') return null;
      if (where === 'admin' && hostOf(found.iss) !== shop) return null;
      return { shop, sub: typeof found.sub === 'string' && found.sub !== '' ? found.sub : null };
    }
    return null;
  }

  async function appProxy(app: AppConfig, query: URLSearchParams): Promise<string | null> {
    for (const signer of secretsOf(app)) {
      const good = await shopifyOf(signer, config.public_url).utils.validateHmac(query as never, { signator: 'appProxy' }).catch(() => false);
      const shop = query.get('shop') ?? '';
      if (good && SHOP_DOMAIN.test(shop)) return shop;
    }
    return null;
  }

  return { webhook, sessionToken, appProxy };
}

/** The bytes as text, kept as they are: a byte order mark stays, what is no UTF-8 can't match the signature. */
function exact(body: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
}

/** The library wants a request whose body it may read; ours was read already. */
function headersOnly(request: Request): Request {
  return new Request(request.url, { method: 'POST', headers: request.headers });
}

/** The host of `dest` or `iss`, which checkout's tokens may write without `https://` (the form is unverified). */
function hostOf(text: unknown): string | null {
  if (typeof text !== 'string' || text === '') return null;
  return URL.parse(text.includes('://') ? text : `https://${text}`)?.hostname ?? null;
}

/** What is kept of a secret that a shopper's browser holds (a checkout token, a customer's id): enough to know it again, not to read it. */
export function digest(secret: string): string {
  return createHash('sha256').update(`efectivo ${secret}`).digest('hex');
}

/** A person's e-mail as a digest, however it was written; `null` where there is none. */
export function personDigest(email: unknown): string | null {
  const plain = typeof email === 'string' ? email.trim().toLowerCase() : '';
  return plain === '' ? null : digest(plain);
}

/** Whether a secret is the one of a digest, in constant time. */
export function known(digests: string[], secret: string): boolean {
  const given = Buffer.from(digest(secret));
  return digests.map((one) => Buffer.from(one)).map((one) => one.length === given.length && timingSafeEqual(one, given)).some(Boolean);
}
