// `check`: what an operator still has to do, in lines that begin with ✓ or ✗; asks Shopify and the database, changes nothing that matters.

import { EfectivoError } from 'efectivo';
import { built } from './built.ts';
import type { Config } from './config.ts';
import { errorFacts } from './log.ts';
import { missingScopes, ownShops, wantedScopes, type ShopCard } from './orders/installation.ts';
import type { Parts } from './parts.ts';
import { VERSIONS } from './pay/documents.ts';
import { MOST_HOURS } from './pay/port.ts';
import { waiting } from './reviews.ts';
import { makeServer } from './server.ts';
import { API_VERSION } from './shopify/api.ts';
import { SHOP_CARD } from './shopify/documents.ts';
import type { Shop } from './shops.ts';

/** Looks at everything that can be looked at without a shopper. */
export async function check(config: Config, toShopify?: typeof globalThis.fetch): Promise<string[]> {
  const lines = ['✓ configuration and keys', ...built(config)];
  const server = await makeServer({ config, log: () => {}, ...(toShopify ? { toShopify } : {}) });
  lines.push(`✓ database ${config.database.replace(/\/\/[^@/]*@/, '//…@')}`);
  try {
    await ownShops(server.parts);
    for (const app of config.apps) {
      const rows = await server.parts.db.all('SELECT shop FROM app_shops WHERE app = ?1 ORDER BY shop', [app.id]);
      if (rows.length === 0) lines.push(`✗ ${app.id}: no shop yet. Open the app once from the shop's admin, or name the shop under own_shops.`);
      for (const { shop } of rows) lines.push(...(await looked(server.parts, server.parts.shops.of(app.id, shop))));
    }
  } finally {
    await server.close();
  }
  return lines;
}

/** Role PAY may ask the Payments Apps API only. */
async function answers(shop: Shop, name: string): Promise<string> {
  try {
    const { publicApiVersions } = await shop.admin.ask<{ publicApiVersions: Array<{ handle: string; supported: boolean }> }>(VERSIONS);
    const ours = publicApiVersions.some(({ handle, supported }) => handle === API_VERSION && supported);
    if (!ours) return `✗ ${name}: Shopify does not speak ${API_VERSION} any more. Update Efectivo.`;
    if (shop.needs.length > 0) return `✗ ${name}: ${shop.needs.map(({ field, message, help }) => `${field}: ${message} ${help}`).join(' ')}`;
    const channels = shop.settings.core.channels.filter(({ enabled }) => enabled !== false);
    if (channels.length === 0) return `✗ ${name}: no channel's codes end within the ${MOST_HOURS} hours that Shopify waits. Shorten validity_hours or cancel_grace_hours, or choose a provider that takes a deadline.`;
    return `✓ ${name}: Shopify answers, and sells by ${channels.map(({ id, mode }) => `${id} (${mode})`).join(', ')}`;
  } catch (error) {
    return `✗ ${name}: ${error instanceof EfectivoError ? `${error.message}. ${error.help}` : String(errorFacts(error).code)}`;
  }
}

async function looked(on: Parts, opening: Promise<Shop | null>): Promise<string[]> {
  const shop = await opening;
  if (!shop) return [];
  const name = `${shop.app.id} ${shop.domain}`;
  const asked = await waiting(on, shop);
  const questions = asked > 0 ? [`✗ ${name}: ${asked} payments wait for a person: node src/main.ts reviews`] : [];
  if (shop.state !== 'installed') return [`✗ ${name}: the app was taken away from this shop. Where it is there again, open it once from the shop's admin.`, ...questions];
  if (shop.app.role === 'pay') return [await answers(shop, name), ...questions];
  const lines: string[] = [...questions];
  try {
    const { currentAppInstallation: { accessScopes } } = await shop.admin.ask<ShopCard>(SHOP_CARD);
    const missing = missingScopes(wantedScopes(shop), accessScopes.map(({ handle }) => handle));
    lines.push(missing.length === 0 ? `✓ ${name}: Shopify answers, permissions granted` : `✗ ${name}: permissions missing: ${missing.join(', ')}. Approve them in the shop's admin.`);
  } catch (error) {
    lines.push(`✗ ${name}: ${error instanceof EfectivoError ? `${error.message}. ${error.help}` : String(errorFacts(error).code)}`);
  }
  lines.push(...shop.needs.map(({ field, message, help }) => `✗ ${name}: ${field}: ${message} ${help}`));
  if (shop.needs.length === 0) lines.push(`✓ ${name}: ${shop.settings.core.channels.map(({ id, mode }) => `${id} (${mode})`).join(', ')}`);
  lines.push(shop.settings.smtp ? `✓ ${name}: mails by ${shop.settings.smtp.host}` : `✗ ${name}: no mail server: mails to shoppers wait until one is set in the app's settings`);
  return lines;
}
