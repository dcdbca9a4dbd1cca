// Shopify's own library, set up for one app: it checks signatures and tokens, and fetches tokens.

import '@shopify/shopify-api/adapters/web-api';
import { ApiVersion, LogSeverity, shopifyApi, type Shopify } from '@shopify/shopify-api';
import type { AppConfig } from '../config.ts';

/** The one version of the Admin API that every document of ours speaks; supported for 12 months from July 2026. */
export const API_VERSION = ApiVersion.July26;

const made = new WeakMap<AppConfig, Shopify>();

/** The library for an app; its logger is off, since its debug lines may quote tokens. */
export function shopifyOf(app: AppConfig, public_url: string): Shopify {
  const known = made.get(app);
  if (known) return known;
  const { host, protocol } = new URL(public_url);
  const api = shopifyApi({
    apiKey: app.client_id, apiSecretKey: app.client_secret, scopes: app.scopes, hostName: host, hostScheme: protocol === 'http:' ? 'http' : 'https',
    apiVersion: API_VERSION, isEmbeddedApp: app.role === 'shop', isTesting: true, logger: { level: LogSeverity.Error, log: () => {}, httpRequests: false },
  });
  made.set(app, api);
  return api;
}
