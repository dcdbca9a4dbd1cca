// The Function's rules at Shopify, for shops on Plus that want it: one payment customization, whose metafield says by the core's own limits where the method is hidden; kept true by every save and every sweep.

import { EfectivoError } from 'efectivo';
import { one } from '../db/index.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { CREATE_RULES, RULES, SHOP_CARD, UPDATE_RULES } from '../shopify/documents.ts';
import type { Shop } from '../shops.ts';
import type { ShopCard } from './installation.ts';

/** The Function's handle, as extensions-plus/payment-rules/shopify.extension.toml has it. */
const HANDLE = 'payment-rules';
const KEY = 'payment_rules';
export const RULES_SCOPE = 'write_payment_customizations';

/** How the rules stand, in words of the catalogue (`admin.rules.<state>`). */
export type RulesState = 'off' | 'waits' | 'kept' | 'not_plus' | 'scope_missing' | 'not_deployed' | 'failed';

export interface Standing {
  state: RulesState;
  /** Shopify's own name for a refusal that has no words of ours. */
  why: string;
}

/** Shopify's refusals (PaymentCustomizationErrorCode, 2026-07 and 2026-10) that a person can do something about. */
const REFUSALS: Record<string, RulesState> = {
  FUNCTION_NOT_FOUND: 'not_deployed', FUNCTION_PENDING_DELETION: 'not_deployed', FUNCTION_DOES_NOT_IMPLEMENT: 'not_deployed', CUSTOM_APP_FUNCTION_NOT_ELIGIBLE: 'not_plus', PAYMENT_CUSTOMIZATION_FUNCTION_NOT_ELIGIBLE: 'not_plus',
};

type Customization = { id: string; enabled: boolean; shopifyFunction: { handle: string }; metafield: { value: string } | null };
type Page = { paymentCustomizations: { nodes: Customization[]; pageInfo: { hasNextPage: boolean; endCursor: string | null } } };
type Made = { userErrors: Array<{ code: string | null }> };

/** The metafield's value: what the Function reads. `tests/written.json` beside the Function holds both sides to the same bytes. */
export function rulesOf(on: Pick<Parts, 'core'>, { settings }: Pick<Shop, 'settings'>): string {
  const reach = on.core.call('reach', { settings: settings.core }).ok as { countries: string[]; limits: object[]; excluded_tags: string[] };
  return JSON.stringify({ methods: settings.method_names, ...reach });
}

/** Makes Shopify's customization say what the settings say, and notes how that went. */
export async function keepRules(on: Parts, shop: Shop): Promise<Standing> {
  const before = await rulesStanding(on, shop);
  if (!shop.settings.plus_rules && before.state === 'off') return before;
  const standing = await on.locks.under(`rules ${shop.key}`, () => written(on, shop)).catch((error: unknown): Standing => {
    if (!(error instanceof EfectivoError)) throw error;
    on.log('rules_not_kept', { shop: shop.key, ...errorFacts(error) });
    return { state: error.code === 'scope_missing' ? 'scope_missing' : 'failed', why: error.code };
  });
  await on.db.run('INSERT INTO app_proofs (shop_key, name, at, doc) VALUES (?1, ?2, ?3, ?4) ON CONFLICT (shop_key, name) DO UPDATE SET at = excluded.at, doc = excluded.doc', [shop.key, KEY, on.clock.now(), JSON.stringify(standing)]);
  return standing;
}

/** How the rules stood when they were last looked at. */
export async function rulesStanding(on: Parts, shop: Shop): Promise<Standing> {
  const row = await one(on.db, 'SELECT doc FROM app_proofs WHERE shop_key = ?1 AND name = ?2', [shop.key, KEY]);
  return row ? (JSON.parse(row.doc) as Standing) : { state: shop.settings.plus_rules ? 'waits' : 'off', why: '' };
}

async function written(on: Parts, shop: Shop): Promise<Standing> {
  const { shop: { plan }, currentAppInstallation: { accessScopes } } = await shop.admin.ask<ShopCard>(SHOP_CARD);
  if (!accessScopes.some(({ handle }) => handle === RULES_SCOPE)) return told(shop.settings.plus_rules ? 'scope_missing' : 'off');
  const known = await found(shop);
  if (!shop.settings.plus_rules) return known?.enabled ? sent(shop, UPDATE_RULES, { id: known.id, to: { enabled: false } }, 'off') : told('off');
  if (!plan.shopifyPlus && !plan.partnerDevelopment) return told('not_plus');
  const value = rulesOf(on, shop);
  const to = { enabled: true, metafields: [{ namespace: '$app', key: KEY, type: 'json', value }] };
  if (!known) return sent(shop, CREATE_RULES, { to: { ...to, functionHandle: HANDLE, title: titleOf(on) } }, 'kept');
  return known.enabled && sameJson(known.metafield?.value, value) ? told('kept') : sent(shop, UPDATE_RULES, { id: known.id, to }, 'kept');
}

/** Ours among the shop's customizations: the one that runs our Function. */
async function found(shop: Shop): Promise<Customization | undefined> {
  let after: string | null = null;
  for (;;) {
    const { paymentCustomizations: { nodes, pageInfo } }: Page = await shop.admin.ask<Page>(RULES, { after });
    const ours = nodes.find(({ shopifyFunction }) => shopifyFunction.handle === HANDLE);
    if (ours || !pageInfo.hasNextPage) return ours;
    after = pageInfo.endCursor;
  }
}

/** A create that was cut off is found by the next look, before another one is made. */
async function sent(shop: Shop, document: string, variables: Record<string, unknown>, then: RulesState): Promise<Standing> {
  const { made: { userErrors: [error] } } = await shop.admin.act<{ made: Made }>(document, variables);
  if (!error) return told(then);
  const code = error.code ?? '';
  return { state: REFUSALS[code] ?? 'failed', why: code };
}

const told = (state: RulesState): Standing => ({ state, why: '' });

const titleOf = (on: Parts): string => (on.core.call('words', { locale: 'es', prefix: 'admin.rules.title' }).ok as Record<string, string>)['admin.rules.title'] ?? HANDLE;

/** Shopify may write JSON anew in its own way. */
function sameJson(one: string | undefined, other: string): boolean {
  try {
    return one !== undefined && JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
  } catch {
    return false;
  }
}
