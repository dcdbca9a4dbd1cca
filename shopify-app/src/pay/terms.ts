// The partner's own terms for every shop that installs the payments app, and the listener that Shopify's platform calls: both stand in the configuration.

import { readFileSync } from 'node:fs';
import { EfectivoError, type Credentials, type Settings } from 'efectivo';
import type { Config } from '../config.ts';

export interface Terms {
  settings: Partial<Settings>;
  credentials: Record<string, Credentials>;
}

/** The section `payments` of the configuration. */
export interface Payments {
  /** `here`: this process demands Shopify's certificate. `proxy`: something in front of it did, and only that can reach the listener. */
  mtls: 'here' | 'proxy';
  listen: { host: string; port: number };
  cert_file?: string;
  key_file?: string;
  /** Shopify's "Payments Platform" authorities, from shopify.dev (payments apps, considerations). */
  ca_file?: string;
  /** `shop_names`: what buyers call each shop, by its domain. Neither a session nor the Payments Apps API (2026-10) says it, and the Admin API is closed to a payments app. */
  apps: Record<string, { settings: Partial<Settings>; credentials_env: string; shop_names?: Record<string, string> }>;
}

export interface Listener {
  host: string;
  port: number;
  /** For `https.createServer`; `null` where a proxy ends TLS. */
  tls: { cert: Buffer; key: Buffer; ca: Buffer; requestCert: true; rejectUnauthorized: true } | null;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

export function paymentsOf(config: Config): Payments {
  const given = (config.rest.payments ?? {}) as Partial<Payments>;
  return { mtls: given.mtls === 'proxy' ? 'proxy' : 'here', listen: { host: given.listen?.host ?? '127.0.0.1', port: given.listen?.port ?? 8443 }, apps: given.apps ?? {}, ...(given.cert_file ? { cert_file: given.cert_file } : {}), ...(given.key_file ? { key_file: given.key_file } : {}), ...(given.ca_file ? { ca_file: given.ca_file } : {}) };
}

/** What an app's shops sell by; credentials are JSON in the environment. */
export function channelsOf(config: Config, app: string, env: NodeJS.ProcessEnv = process.env): Terms {
  const { settings = {}, credentials_env = '' } = paymentsOf(config).apps[app] ?? {};
  const text = env[credentials_env];
  if (!text) return { settings, credentials: {} };
  try {
    return { settings, credentials: JSON.parse(text) as Record<string, Credentials> };
  } catch {
    throw new EfectivoError({ code: 'bad_config', message: `${credentials_env} is not JSON`, help: 'It holds {"<channel id>": {"<provider>": {…keys…}}}.' });
  }
}

/** The name that the partner wrote down for a shop; `null` where there is none, and the shop goes by its domain. */
export function shopNameOf(config: Config, app: string, domain: string): string | null {
  const name: unknown = paymentsOf(config).apps[app]?.shop_names?.[domain];
  if (name === undefined) return null;
  if (typeof name === 'string' && name.trim() !== '') return name.trim();
  throw new EfectivoError({ code: 'bad_config', message: `payments.apps.${app}.shop_names has no name for ${domain}`, help: 'Write it as {"<name>.myshopify.com": "The shop as its buyers know it"}, or leave the line out.' });
}

/** Where Shopify's platform is listened to; `null` where no app has the role. @throws EfectivoError where its certificate could not be demanded */
export function listenerOf(config: Config, env: NodeJS.ProcessEnv = process.env): Listener | null {
  if (!config.apps.some(({ role }) => role === 'pay')) return null;
  const { mtls, listen, cert_file = '', key_file = '', ca_file = env.SHOPIFY_MTLS_CA_FILE ?? '' } = paymentsOf(config);
  if (mtls === 'proxy' || env.ALLOW_INSECURE_PAYMENTS === '1') {
    if (LOOPBACK.has(listen.host)) return { ...listen, tls: null };
    throw new EfectivoError({ code: 'bad_config', message: `payments.listen.host is ${listen.host}`, help: 'Without a certificate of its own the payments listener may stand on 127.0.0.1 only, behind the proxy that demands one.' });
  }
  const read = (name: string, file: string): Buffer => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw new EfectivoError({ code: 'bad_config', message: `role PAY does not start without ${name}`, help: `Set payments.${name} in the configuration to a PEM file that can be read${name === 'ca_file' ? ', or SHOPIFY_MTLS_CA_FILE; Shopify publishes its authorities on shopify.dev' : ''}.` }, { cause });
    }
  };
  return { ...listen, tls: { cert: read('cert_file', cert_file), key: read('key_file', key_file), ca: read('ca_file', ca_file), requestCert: true, rejectUnauthorized: true } };
}
