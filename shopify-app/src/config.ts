// What the operator sets: the file `efectivo-shopify.json`, and the secrets that stand in the environment only.

import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { EfectivoError } from 'efectivo';
import { readKeys, type Key } from './seal.ts';

/** One Shopify app that this server plays: its own client id and secret, in one of the two roles. */
export interface AppConfig {
  /** Our name for it, in addresses: `/webhooks/<id>`. */
  id: string;
  role: 'shop' | 'pay';
  client_id: string;
  client_secret: string;
  /** The one before, while Shopify still signs with it (up to an hour after a rotation). */
  old_client_secret?: string | undefined;
  /** Shops of the merchant's own organization: their tokens come by the client credentials grant, without a browser. */
  own_shops: string[];
  scopes: string[];
}

export interface Config {
  public_url: string;
  listen: { host: string; port: number };
  /** `sqlite:<file>` or `postgres://…` */
  database: string;
  apps: AppConfig[];
  /** Keys that seal secrets at rest, the current one first. */
  keys: Key[];
  /** Sections that other parts of the server read for themselves. */
  rest: Record<string, unknown>;
}

/** What the SHOP role asks of Shopify; payment customizations are for the Function only. */
export const SHOP_SCOPES = ['read_orders', 'write_orders'];

/** Granted to a payments app with its extension. */
export const PAY_SCOPES = ['write_payment_gateways', 'write_payment_sessions'];

/** A shop's own address at Shopify. */
export const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/;

/** What the file may hold; a name that nothing reads would be a wish that nobody hears. */
const KNOWN = {
  file: ['public_url', 'listen', 'database', 'apps', 'payments'],
  listen: ['host', 'port'],
  app: ['id', 'role', 'client_id', 'client_secret_env', 'own_shops', 'scopes'],
  payments: ['mtls', 'listen', 'cert_file', 'key_file', 'ca_file', 'apps'],
  terms: ['settings', 'credentials_env', 'shop_names'],
};
const PORTS = 65_535;

/** Reads the file named by `EFECTIVO_CONFIG`. @throws EfectivoError that names every problem at once */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const file = resolve(env.EFECTIVO_CONFIG ?? 'efectivo-shopify.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EfectivoError({ code: 'no_config', message: `the settings can't be read: ${file}`, help: 'Name the file by EFECTIVO_CONFIG; README.md shows one.' }, { cause });
  }
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new EfectivoError({ code: 'no_config', message: `${file} is not JSON`, help: 'A comma too many, or a quote too few.' });
  }
  return makeConfig(given, env, dirname(file));
}

/** Checks a configuration and brings the secrets in. */
export function makeConfig(given: Record<string, unknown>, env: NodeJS.ProcessEnv, folder = '.'): Config {
  const wrong: string[] = [];
  const { public_url = '', listen = {}, database = 'sqlite:./data/efectivo.sqlite', apps = [], ...rest } = (given ?? {}) as Record<string, any>;
  strangers(given, KNOWN.file, '', wrong);
  listened(listen, 'listen', wrong);
  payments(rest.payments, wrong);
  const local = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(public_url);
  if (!local && !/^https:\/\/[^/]+$/.test(public_url)) wrong.push('public_url: an https:// address without a path, where Shopify and shoppers reach this server');
  if (!/^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(String(database))) wrong.push('database: sqlite:<file> or postgres://…');
  if (!Array.isArray(apps) || apps.length === 0) wrong.push('apps: at least one app');
  const made = (Array.isArray(apps) ? apps : []).map((app, at) => readApp(app, at, env, wrong));
  if (new Set(made.map(({ id }) => id)).size !== made.length) wrong.push('apps: every app needs an id of its own');
  const keys = tried(() => readKeys(env.EFECTIVO_KEYS ?? ''), wrong);
  if (keys?.length === 0) wrong.push('EFECTIVO_KEYS (environment): a key that seals secrets at rest, `k1:$(openssl rand -base64 32)`');
  if (wrong.length > 0) throw new EfectivoError({ code: 'bad_config', message: 'the configuration is not right', help: wrong.join('\n') });
  const path = /^sqlite:(.+)$/.exec(database)?.[1];
  return {
    public_url, listen: { host: listen.host ?? '127.0.0.1', port: listen.port ?? 8080 }, apps: made, keys: keys ?? [], rest,
    database: path && path !== ':memory:' ? `sqlite:${resolve(folder, path)}` : database,
  };
}

function readApp(app: Record<string, any>, at: number, env: NodeJS.ProcessEnv, wrong: string[]): AppConfig {
  const { id = '', role = 'shop', client_id = '', client_secret_env = '', own_shops = [], scopes = role === 'pay' ? PAY_SCOPES : SHOP_SCOPES } = app ?? {};
  const place = `apps[${at}]${id ? ` (${id})` : ''}.`;
  const say = (text: string) => wrong.push(`${place}${text}`);
  strangers(app, KNOWN.app, place, wrong);
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(id)) say('id: small letters, digits and dashes');
  if (role !== 'shop' && role !== 'pay') say('role: shop or pay');
  if (typeof client_id !== 'string' || client_id === '') say("client_id: the app's client ID, from its page in the Dev Dashboard");
  const client_secret = env[client_secret_env] ?? '';
  if (client_secret === '') say(`client_secret_env: names the environment variable that holds the client secret${client_secret_env ? `; ${client_secret_env} is empty` : ''}`);
  for (const shop of own_shops) if (!SHOP_DOMAIN.test(shop)) say(`own_shops: ${shop} is not a <name>.myshopify.com`);
  return { id, role, client_id, client_secret, old_client_secret: env[`${client_secret_env}_OLD`] || undefined, own_shops, scopes };
}

function payments(given: unknown, wrong: string[]): void {
  if (given === undefined) return;
  const { listen = {}, apps = {} } = (given ?? {}) as Record<string, any>;
  strangers(given, KNOWN.payments, 'payments.', wrong);
  listened(listen, 'payments.listen', wrong);
  for (const [id, terms] of Object.entries((apps ?? {}) as object)) strangers(terms, KNOWN.terms, `payments.apps.${id}.`, wrong);
}

function listened(listen: unknown, place: string, wrong: string[]): void {
  strangers(listen, KNOWN.listen, `${place}.`, wrong);
  const { port = 0 } = (listen ?? {}) as { port?: unknown };
  if (!Number.isInteger(port) || Number(port) < 0 || Number(port) > PORTS) wrong.push(`${place}.port: a whole number up to ${PORTS}`);
}

function strangers(given: unknown, known: string[], place: string, wrong: string[]): void {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return void wrong.push(`${place.replace(/\.$/, '') || 'the file'}: an object, {"${known[0]}": …}`);
  for (const name of Object.keys(given)) if (!known.includes(name)) wrong.push(`${place}${name}: nothing here is called so; what can stand here: ${known.join(', ')}`);
}

function tried<T>(work: () => T, wrong: string[]): T | undefined {
  try {
    return work();
  } catch (error) {
    wrong.push(`EFECTIVO_KEYS (environment): ${(error as Error).message}`);
    return undefined;
  }
}
