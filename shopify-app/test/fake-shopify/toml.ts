// Reads an app's own shopify.app.toml, so that the fake subscribes, grants and proxies what a merchant would really deploy.

import { parse } from 'smol-toml';
import type { App, Subscription } from './world.ts';

interface Toml {
  name: string;
  application_url: string;
  embedded: boolean;
  access_scopes?: { scopes?: string };
  auth?: { redirect_urls?: string[] };
  webhooks?: { subscriptions?: Array<{ topics?: string[]; compliance_topics?: string[]; uri: string; include_fields?: string[]; name?: string }> };
  app_proxy?: { url: string; subpath: string; prefix: string };
}

/** What a payments extension's TOML says of it, its listener moved to `origin`. */
export function paymentsOfToml(text: string, origin: string): NonNullable<App['payments']> {
  const { extensions: [extension] } = parse(text) as unknown as { extensions: Array<{ buyer_label: string; payment_session_url: string; refund_session_url: string }> };
  if (!extension) throw new Error('the TOML has no extension');
  const moved = (address: string): string => `${origin}${new URL(address).pathname}`;
  return { name: extension.buyer_label, session_url: moved(extension.payment_session_url), refund_url: moved(extension.refund_session_url) };
}

/** The app of a TOML, its addresses moved from the file's host to `origin`. */
export function appOfToml(text: string, { client_id, client_secret, origin }: { client_id: string; client_secret: string; origin: string }): Partial<App> & Pick<App, 'client_id' | 'client_secret' | 'url'> {
  const toml = parse(text) as unknown as Toml;
  // Shopify's CLI puts an address that begins with `/` behind the whole application_url, path and all (Shopify/cli, validation/url_prepender.ts, read 2026-11-26).
  const whole = (address: string): string => (address.startsWith('/') ? `${toml.application_url.replace(/\/$/, '')}${address}` : address);
  const moved = (address: string): string => `${origin}${new URL(whole(address)).pathname}`.replace(/\/$/, '');
  const webhooks = (toml.webhooks?.subscriptions ?? []).map(({ topics = [], compliance_topics = [], uri, include_fields, name }): Subscription => ({
    topics: [...topics, ...compliance_topics], uri: moved(uri), ...(include_fields ? { include_fields } : {}), ...(name ? { name } : {}),
  }));
  return {
    client_id, client_secret, url: origin, name: toml.name, home: moved(toml.application_url), embedded: toml.embedded, scopes: (toml.access_scopes?.scopes ?? '').split(',').map((scope) => scope.trim()).filter(Boolean), webhooks,
    redirects: (toml.auth?.redirect_urls ?? []).map(moved),
    ...(toml.app_proxy ? { proxy: { ...toml.app_proxy, url: moved(toml.app_proxy.url) } } : {}),
  };
}
