// Whether a shop still has this app, and what it may do: asked of Shopify, since a webhook's signature does not cover the shop's name.

import { EfectivoError } from 'efectivo';
import type { Parts } from '../parts.ts';
import { VERSIONS } from '../pay/documents.ts';
import { SHOP_CARD } from '../shopify/documents.ts';
import type { Shop } from '../shops.ts';

/** Answers that only a shop gives which has taken the app away. */
const GONE = new Set(['token_refused', 'token_not_given', 'no_token', 'no_shop']);

export interface ShopCard {
  shop: { id: string; name: string; contactEmail: string; currencyCode: string; myshopifyDomain: string; primaryDomain: { host: string }; plan: { shopifyPlus: boolean; partnerDevelopment: boolean } };
  currentAppInstallation: { accessScopes: Array<{ handle: string }> };
}

/** Reads the installation and notes it; `uninstalled`, `installed` or `scopes`, or what a person has to do. */
export async function lookAtInstallation(on: Parts, shop: Shop): Promise<string> {
  try {
    if (shop.app.role === 'pay') {
      await shop.admin.ask(VERSIONS); // all that a payments app may ask
      return 'installed';
    }
    const { currentAppInstallation: { accessScopes } } = await shop.admin.ask<ShopCard>(SHOP_CARD);
    const scopes = accessScopes.map(({ handle }) => handle);
    await on.shops.scopes(shop.app.id, shop.domain, scopes);
    if (shop.state !== 'installed') await on.shops.install(shop.app.id, shop.domain);
    const missing = missingScopes(wantedScopes(shop), scopes);
    if (missing.length > 0) on.health.note(shop.key, 'refusal', `scope ${missing.join(' ')}`);
    return missing.length > 0 ? 'scopes_missing' : 'scopes';
  } catch (error) {
    if (!(error instanceof EfectivoError) || !GONE.has(error.code)) throw error;
    await on.shops.uninstall(shop.app.id, shop.domain);
    return 'uninstalled';
  }
}

/** Shops that the configuration names need no visit to be known. One that took the app away stays so until Shopify says otherwise, or somebody opens the app there. */
export async function ownShops({ config, shops }: Pick<Parts, 'config' | 'shops'>): Promise<void> {
  for (const { id, own_shops } of config.apps) for (const domain of own_shops) if (!(await shops.keyOf(id, domain))) await shops.install(id, domain);
}

/** What the app asks for, and what this shop's settings need besides: tags of products where a channel excludes some, customizations where the Function hides the method. */
export function wantedScopes({ app, settings }: Pick<Shop, 'app' | 'settings'>): string[] {
  const excluding = settings.core.channels.some((channel) => ((channel as { excluded_categories?: string[] }).excluded_categories ?? []).length > 0);
  return [...new Set([...app.scopes, ...(excluding ? ['read_products'] : []), ...(settings.plus_rules ? ['write_payment_customizations'] : [])])];
}

/** Whether Shopify lets the app do something, as far as is known: what was granted, or what is asked for where that was not told yet. */
export function may({ app, scopes }: Pick<Shop, 'app' | 'scopes'>, scope: string): boolean {
  return missingScopes([scope], scopes.length > 0 ? scopes : app.scopes).length === 0;
}

/** What the app needs and was not granted; a right to write holds the right to read. */
export function missingScopes(wanted: string[], granted: string[]): string[] {
  return wanted.filter((scope) => !granted.includes(scope) && !granted.includes(scope.replace(/^read_/, 'write_')));
}
