// Role PAY in the demo: an approved partner's payments app, its listener behind mutual TLS with the fake platform's own authority, and a shop that may install it.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { PAY_SCOPES, type Config } from '../../src/config.ts';
import { listenerOf } from '../../src/pay/terms.ts';
import type { Server } from '../../src/server.ts';
import { certificates } from './certificates.ts';
import type { Fake } from './index.ts';
import { appOfToml, paymentsOfToml } from './toml.ts';

export const PAY_SHOP = 'wayra.myshopify.com';
export const PAY_APP = 'socio';
/** Made up, good for nothing else. */
export const PAY_CLIENT = { client_id: 'demo-payments-id', client_secret: 'demo-secret-of-the-payments-app' };
const CREDENTIALS_ENV = 'EFECTIVO_DEMO_PAYMENTS';
/** The partner's channel; its own name, so that notices of it are told apart from the other shop's. */
const CHANNEL = 'sandbox';

/** The section `payments` of the configuration, and the secrets that it names. */
export function paymentsSection({ data, base, keys }: { data: string; base: string; keys: object }): object {
  const at = join(data, 'certificates');
  process.env[CREDENTIALS_ENV] = JSON.stringify({ [CHANNEL]: keys });
  const settings = { validity_hours: 24, shop: { contact: 'hola@wayra.example', mail_from: 'hola@wayra.example' }, channels: [{ id: CHANNEL, provider: 'sandbox', mode: 'test', sandbox_url: `${base}/sandbox/own` }] };
  return { listen: { host: '127.0.0.1', port: 0 }, cert_file: join(at, 'server.pem'), key_file: join(at, 'server.key'), ca_file: join(at, 'platform-ca.pem'), apps: { [PAY_APP]: { settings, credentials_env: CREDENTIALS_ENV, shop_names: { [PAY_SHOP]: 'Wayra' } } } };
}

/** Opens the listener that only the fake platform's certificate opens, and tells the fake of the app, by its own TOML files, and of the shop. Nothing is installed: the merchant does that. */
export async function startPay({ config, server, fake, data, origin }: { config: Config; server: Server; fake: Fake; data: string; origin: string }): Promise<() => Promise<void>> {
  fake.platform.tls = made(join(data, 'certificates')).platform;
  const listener = listenerOf(config, {});
  if (!listener?.tls) throw new Error('the demo has no payments listener');
  const http = serve({ fetch: (request) => server.payments(request), hostname: listener.host, port: listener.port, createServer, serverOptions: listener.tls });
  await new Promise<void>((done, failed) => http.once('error', failed).once('listening', done));
  const address = `https://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const file = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  // Its scopes are granted with the extension; the TOML may not name them on a first deploy.
  fake.app({ ...appOfToml(file('shopify.app.payments.toml'), { ...PAY_CLIENT, origin }), scopes: [...PAY_SCOPES], own_organization: false, payments: paymentsOfToml(file('extensions-payments/pe-offsite/shopify.extension.toml'), address) });
  fake.shop(PAY_SHOP, { name: 'Wayra', plus: true, manual: [] });
  return async () => {
    await new Promise<void>((done) => { http.close(() => done()); if ('closeAllConnections' in http) http.closeAllConnections(); });
  };
}

function made(folder: string): ReturnType<typeof certificates> {
  try {
    return certificates(folder);
  } catch (cause) {
    throw new Error('role PAY needs certificates, which the program openssl makes: install openssl', { cause });
  }
}
