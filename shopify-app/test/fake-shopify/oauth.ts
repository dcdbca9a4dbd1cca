// Tokens of an app: token exchange with expiring tokens, refresh, client credentials and the authorization code grant.

import { adminQuery, hostOf, readJwt } from './proofs.ts';
import { type App, type Ctx, newToken, type Shop, type Token } from './world.ts';

// Lives of tokens [facts §3].
const HOUR_S = 3_600;
const OFFLINE_S = HOUR_S;
const REFRESH_S = 90 * 24 * HOUR_S;
const CREDENTIALS_S = 24 * HOUR_S - 1;

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

const refuse = (error: string, error_description: string, status = 400): Response => Response.json({ error, error_description }, { status });

/** `POST /admin/oauth/access_token`, with a body of JSON or a form. */
export async function accessToken(ctx: Ctx, shop: Shop, request: Request): Promise<Response> {
  const text = await request.text();
  const form = request.headers.get('content-type')?.includes('json') ? json(text) : Object.fromEntries(new URLSearchParams(text));
  const app = ctx.app(String(form.client_id ?? ''));
  if (!app || form.client_secret !== app.client_secret) return refuse('invalid_client', 'Client authentication failed', 401);
  if (form.grant_type === EXCHANGE) return exchange(ctx, shop, app, form);
  if (form.grant_type === 'client_credentials') return credentials(ctx, shop, app);
  if (form.grant_type === 'refresh_token') return refresh(ctx, shop, app, String(form.refresh_token ?? ''));
  if (form.code !== undefined) return code(ctx, shop, app, form);
  return refuse('unsupported_grant_type', 'The grant type is not supported');
}

function json(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** Shopify installs a custom app when its scopes are in the TOML; a token exchange before that finds nothing. */
function exchange(ctx: Ctx, shop: Shop, app: App, form: Record<string, unknown>): Response {
  const claims = readJwt(String(form.subject_token ?? ''), app, ctx.signing());
  if (!claims || claims.dest !== `https://${shop.domain}`) return refuse('invalid_subject_token', 'The subject token is invalid');
  const install = shop.installs.find(({ client_id }) => client_id === app.client_id);
  if (!install) return refuse('application_cannot_be_found', 'The app is not installed on this shop');
  const online = String(form.requested_token_type).endsWith('online-access-token') && !String(form.requested_token_type).endsWith('offline-access-token');
  return give(ctx, shop, app, install.granted, { expiring: String(form.expiring ?? '0') === '1' || online, online });
}

function credentials(ctx: Ctx, shop: Shop, app: App): Response {
  const install = shop.installs.find(({ client_id }) => client_id === app.client_id);
  if (!app.own_organization) return refuse('shop_not_permitted', 'Client credentials cannot be performed on this shop.');
  if (!install) return refuse('app_not_installed', 'The app is not installed on this shop');
  const token = keep(ctx, { shop: shop.domain, client_id: app.client_id, scopes: install.granted, expires: ctx.now() + CREDENTIALS_S * 1_000, refresh: null, refresh_expires: null });
  return Response.json({ access_token: token.value, scope: install.granted.join(','), expires_in: CREDENTIALS_S });
}

/** A refresh token works once. Whether Shopify leaves the old one alive for a while is not known; the stricter reading is played. */
function refresh(ctx: Ctx, shop: Shop, app: App, value: string): Response {
  const old = ctx.world.tokens.find((one) => one.refresh === value && one.shop === shop.domain && one.client_id === app.client_id);
  if (!old || old.refreshed || (old.refresh_expires ?? 0) < ctx.now()) return refuse('invalid_grant', 'The refresh token is invalid or was used already');
  old.refreshed = true;
  return give(ctx, shop, app, old.scopes, { expiring: true, online: old.online });
}

function code(ctx: Ctx, shop: Shop, app: App, form: Record<string, unknown>): Response {
  const found = ctx.world.codes.find((one) => one.value === form.code && one.shop === shop.domain && one.client_id === app.client_id);
  if (!found || found.used || found.expires < ctx.now()) return refuse('invalid_request', 'The authorization code was not found or was already used');
  found.used = true;
  install(ctx, shop, app, found.scopes);
  return give(ctx, shop, app, found.scopes, { expiring: String(form.expiring ?? '0') === '1', online: false });
}

function give(ctx: Ctx, shop: Shop, app: App, scopes: string[], { expiring, online }: { expiring: boolean; online: boolean }): Response {
  const now = ctx.now();
  const token = keep(ctx, {
    shop: shop.domain, client_id: app.client_id, scopes, online, expires: expiring ? now + OFFLINE_S * 1_000 : null, refresh: expiring && !online ? `shprt_${newToken(ctx.world)}` : null, refresh_expires: expiring ? now + REFRESH_S * 1_000 : null,
  });
  const expiry = expiring ? { expires_in: OFFLINE_S, ...(token.refresh ? { refresh_token: token.refresh, refresh_token_expires_in: REFRESH_S } : {}) } : {};
  const user = online ? { associated_user_scope: scopes.join(','), associated_user: { id: 1, first_name: 'Rosa', last_name: 'Huamán', email: 'rosa@example.pe', account_owner: true, locale: 'es', collaborator: false, email_verified: true } } : {};
  return Response.json({ access_token: token.value, scope: scopes.join(','), ...expiry, ...user });
}

function keep(ctx: Ctx, asked: Partial<Token> & Pick<Token, 'shop' | 'client_id' | 'scopes' | 'expires' | 'refresh' | 'refresh_expires'>): Token {
  const made: Token = { value: `shpat_${newToken(ctx.world)}`, refreshed: false, online: false, ...asked };
  ctx.world.tokens.push(made);
  return made;
}

/** The app on this shop, with what it was granted: a scope that the app never asked for is never granted. */
export function install(ctx: Ctx, shop: Shop, app: App, granted = app.scopes): void {
  shop.installs = shop.installs.filter(({ client_id }) => client_id !== app.client_id);
  shop.installs.push({ client_id: app.client_id, granted: [...granted], at: ctx.now(), ready: false, external_handle: null });
}

/** `GET /admin/oauth/authorize`: the merchant agrees, and is sent back with a code. */
export function authorize(ctx: Ctx, shop: Shop, query: URLSearchParams): Response {
  const app = ctx.app(query.get('client_id') ?? '');
  const back = query.get('redirect_uri') ?? '';
  if (!app || !(app.redirects?.includes(back) ?? back.startsWith(app.url))) return new Response('Oauth error invalid_request: The redirect_uri is not whitelisted', { status: 400 });
  const scopes = (query.get('scope') || app.scopes.join(',')).split(',').filter((scope) => app.scopes.includes(scope));
  const value = newToken(ctx.world);
  ctx.world.codes.push({ value, shop: shop.domain, client_id: app.client_id, scopes, used: false, expires: ctx.now() + 60_000 });
  const signed = adminQuery(app, { code: value, host: hostOf(shop.domain), shop: shop.domain, state: query.get('state') ?? '', timestamp: String(Math.floor(ctx.signing() / 1_000)) });
  return Response.redirect(`${back}?${signed}`, 302);
}

/** The living token of a request, or null: unknown, expired, or of another shop. */
export const tokenOf = (ctx: Ctx, shop: Shop, value: string | null): Token | null => ctx.world.tokens.find((one) => one.value === value && one.shop === shop.domain && (one.expires === null || one.expires > ctx.now()) && shop.installs.some(({ client_id }) => client_id === one.client_id)) ?? null;
