// Shopify's Admin API for one shop (the Payments Apps API for role PAY): asks again when it is throttled or down, where asking again is harmless, and says what a failure means.

import { EfectivoError } from 'efectivo';
import type { AppConfig } from '../config.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { API_VERSION } from './api.ts';

/** How long one request may take. */
const ANSWERS_WITHIN_MS = 10_000;
/** Tries of one question, with growing pauses; role PAY's calls are counted by the outbox, 18 in a day at most. */
const TRIES = { shop: 4, pay: 1 };
const PAUSE_MS = [500, 1_500, 4_000];
/** Longer than this nobody waits for the cost bucket to fill: the work is done again later. */
const LONGEST_PAUSE_MS = 5_000;

/** The failures by name: `left` says whether Shopify may have acted. */
export class ShopifyError extends EfectivoError {
  readonly left: boolean;
  constructor(code: string, message: string, help: string, left: boolean, retry: 'no' | 'later' = 'later') {
    super({ code, message, help, retry });
    this.name = 'ShopifyError';
    this.left = left;
  }
}

export interface Admin {
  /** Asks; throttling and outages are waited for a little. @throws ShopifyError */
  ask<T = any>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** Sends a mutation that must not be sent twice by itself: only what certainly did not act (throttled, refused at the door) is tried again. @throws ShopifyError */
  act<T = any>(document: string, variables?: Record<string, unknown>): Promise<T>;
}

type Answer = { data?: any; errors?: Array<{ message?: string; extensions?: { code?: string; requiredAccess?: string } }>; extensions?: { cost?: { requestedQueryCost?: number; throttleStatus?: { currentlyAvailable?: number; restoreRate?: number } } } };

export function makeAdmin(on: Parts, app: AppConfig, domain: string, shopKey: string): Admin {
  async function send(document: string, variables: Record<string, unknown>, harmless: boolean): Promise<any> {
    let renewed = false;
    for (let tries = 1; ; tries += 1) {
      const token = await on.tokens.of(app, domain);
      try {
        return await once(token, document, variables);
      } catch (error) {
        if (!(error instanceof ShopifyError)) throw error;
        if (error.code === 'token_refused' && !renewed) {
          renewed = true;
          await on.tokens.renew(app, domain, token);
          continue;
        }
        const again = error.retry === 'later' && error.code !== 'token_refused' && (harmless || !error.left) && tries < TRIES[app.role];
        on.log('shopify_failed', { shop: shopKey, ...errorFacts(error), again });
        on.health.note(shopKey, 'shopify', error.code);
        if (!again) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min((error as { wait_ms?: number }).wait_ms ?? PAUSE_MS[tries - 1] ?? 4_000, LONGEST_PAUSE_MS)));
      }
    }
  }

  async function once(token: string, document: string, variables: Record<string, unknown>): Promise<any> {
    let response: Response;
    try {
      response = await on.toShopify(`https://${domain}/${app.role === 'pay' ? 'payments_apps' : 'admin'}/api/${API_VERSION}/graphql.json`, {
        method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': token },
        body: JSON.stringify({ query: document, variables }), redirect: 'error', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
    } catch {
      throw new ShopifyError('shopify_silent', 'Shopify did not answer', 'The work goes on by itself.', true);
    }
    if (!response.ok) throw refusedAtTheDoor(response);
    const answer = (await response.json().catch(() => ({}))) as Answer;
    const [error] = answer.errors ?? [];
    if (error) throw refusedInside(error, answer);
    if (!answer.data) throw new ShopifyError('shopify_unreadable', "Shopify's answer can't be read", 'The work goes on by itself.', true);
    return answer.data;
  }

  return { ask: (document, variables = {}) => send(document, variables, true), act: (document, variables = {}) => send(document, variables, false) };
}

function refusedAtTheDoor({ status, headers }: Response): ShopifyError {
  if (status === 401) return new ShopifyError('token_refused', "Shopify does not take this shop's token", 'Open the app once from the admin of the shop.', false);
  if (status === 403) return new ShopifyError('scope_missing', 'Shopify does not let this app do that', 'Approve the app’s permissions in the admin of the shop.', false, 'no');
  if (status === 402 || status === 404 || status === 423) return new ShopifyError('shop_closed', 'the shop is closed, frozen or gone', 'Nothing can be asked of it until it is open again.', false);
  const error = new ShopifyError(status === 429 ? 'throttled' : 'shopify_down', `Shopify answered ${status}`, 'The work goes on by itself.', status >= 500);
  const after = Number(headers.get('retry-after'));
  return after > 0 ? Object.assign(error, { wait_ms: after * 1_000 }) : error;
}

/** Errors arrive with HTTP 200, named by `extensions.code`. */
function refusedInside({ extensions = {} }: NonNullable<Answer['errors']>[number], { extensions: beside }: Answer): ShopifyError {
  const { code = '' } = extensions;
  if (code === 'THROTTLED') {
    const { requestedQueryCost = 0, throttleStatus: { currentlyAvailable = 0, restoreRate = 50 } = {} } = beside?.cost ?? {};
    const missing = Math.max(requestedQueryCost - currentlyAvailable, 0);
    return Object.assign(new ShopifyError('throttled', 'Shopify asks to slow down', 'The work goes on by itself.', false), { wait_ms: Math.ceil((missing * 1_000) / restoreRate) + 100 });
  }
  if (code === 'ACCESS_DENIED') return new ShopifyError('scope_missing', 'Shopify does not let this app do that', 'Approve the app’s permissions in the admin of the shop.', false, 'no');
  if (code === 'SHOP_INACTIVE') return new ShopifyError('shop_closed', 'the shop is closed, frozen or gone', 'Nothing can be asked of it until it is open again.', false);
  if (code === 'INTERNAL_SERVER_ERROR') return new ShopifyError('shopify_down', 'Shopify failed', 'The work goes on by itself.', true);
  return new ShopifyError('bad_document', 'Shopify does not understand the question', 'Please report it.', false, 'no');
}
