// What Shopify signs for an app's front doors: id tokens, checkout session tokens, app proxy queries and OAuth callbacks; honest ones and forged ones.

import { createHmac } from 'node:crypto';
import { type App, newUuid, type World } from './world.ts';

const base64url = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A JWT with HS256, or whatever the header is made to say. */
export function jwt(claims: object, secret: string, header: object = { alg: 'HS256', typ: 'JWT' }): string {
  const signed = `${base64url(header)}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

/** A claim given as undefined is left out; `secret` and `header` forge. `age_s` is how long ago it was issued. */
export interface Twist { claims?: Record<string, unknown>; secret?: string; header?: object; age_s?: number; unsigned?: boolean }

/** The admin's id token: one minute of life, `iss` and `dest` of one shop [facts §3]. */
export function idToken(world: World, app: App, shop: string, now: number, user = 'gid://shopify/StaffMember/1', twist: Twist = {}): string {
  const at = Math.floor(now / 1_000) - (twist.age_s ?? 0);
  return made({ iss: `https://${shop}/admin`, dest: `https://${shop}`, aud: app.client_id, sub: user.replace(/^.*\//, ''), exp: at + 60, nbf: at, iat: at, jti: newUuid(world), sid: newUuid(world) }, app, twist);
}

/** The checkout's session token: five minutes, `sub` only for customers who are logged in; how `dest` is written is unverified, so both are played [facts §3]. */
export function sessionToken(world: World, app: App, shop: string, now: number, asked: { customer?: number | null; dest?: 'bare' | 'https' } = {}, twist: Twist = {}): string {
  const at = Math.floor(now / 1_000) - (twist.age_s ?? 0);
  const sub = asked.customer ? { sub: `gid://shopify/Customer/${asked.customer}` } : {};
  return made({ dest: asked.dest === 'https' ? `https://${shop}` : shop, aud: app.client_id, exp: at + 300, nbf: at, iat: at, jti: newUuid(world), ...sub }, app, twist);
}

function made(claims: Record<string, unknown>, app: App, twist: Twist): string {
  const all = Object.fromEntries(Object.entries({ ...claims, ...twist.claims }).filter(([, value]) => value !== undefined));
  if (!twist.unsigned) return jwt(all, twist.secret ?? app.client_secret, twist.header);
  return `${base64url({ alg: 'none', typ: 'JWT' })}.${base64url(all)}.`;
}

/** Reads a JWT of ours back, as Shopify does at a token exchange; null where it isn't good now. */
export function readJwt(token: string, app: App, now: number): Record<string, unknown> | null {
  const [header = '', claims = '', signature = ''] = token.split('.');
  if (createHmac('sha256', app.client_secret).update(`${header}.${claims}`).digest('base64url') !== signature) return null;
  const read = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
  const seconds = now / 1_000;
  return read.aud === app.client_id && Number(read.exp) >= seconds - 10 && Number(read.nbf) <= seconds + 10 ? read : null;
}

/** A query as the app proxy passes it on: sorted `key=value` without separators, repeated keys joined by commas [facts §3]. */
export function proxyQuery(app: App, shop: string, now: number, asked: { path_prefix?: string; logged_in_customer_id?: string; [other: string]: string | string[] | undefined } = {}): URLSearchParams {
  const all: Record<string, string | string[]> = { shop, path_prefix: `/${app.proxy?.prefix ?? 'apps'}/${app.proxy?.subpath ?? ''}`, timestamp: String(Math.floor(now / 1_000)), logged_in_customer_id: '' };
  for (const [key, value] of Object.entries(asked)) if (value !== undefined) all[key] = value;
  const text = Object.keys(all).sort().map((key) => `${key}=${[all[key]].flat().join(',')}`).join('');
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(all)) for (const one of [value].flat()) query.append(key, one);
  query.append('signature', createHmac('sha256', app.client_secret).update(text).digest('hex'));
  return query;
}

/** The query of an OAuth callback or of the app's first page: `hmac` over the sorted rest. */
export function adminQuery(app: App, asked: Record<string, string>): URLSearchParams {
  const query = new URLSearchParams(Object.entries(asked).sort(([one], [other]) => (one < other ? -1 : 1)));
  const text = query.toString().replaceAll('+', '%20');
  query.append('hmac', createHmac('sha256', app.client_secret).update(text).digest('hex'));
  return query;
}

/** Shopify's `host` parameter: which admin an embedded app stands in. */
export const hostOf = (shop: string): string => Buffer.from(`admin.shopify.com/store/${shop.replace('.myshopify.com', '')}`).toString('base64url');
