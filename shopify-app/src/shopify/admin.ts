// Shopify's Admin API for one shop (the Payments Apps API for role PAY): asks again when it is throttled or down, where asking again is harmless, and says what a failure means.

import type { AppConfig } from '../config.ts';
import { errorFacts } from '../log.ts';
import type { Parts } from '../parts.ts';
import { API_VERSION } from './api.ts';
import { ShopifyError, slowDown } from './errors.ts';
import { makePace, type Cost, type Hurry } from './pace.ts';

/** How long one request may take. */
const ANSWERS_WITHIN_MS = 10_000;
/** Tries of one question, with growing pauses; role PAY's calls are counted by the outbox, 18 in a day at most. */
const TRIES = { shop: 4, pay: 1 };
const PAUSE_MS = [500, 1_500, 4_000];
/** Longer than this nobody waits on Shopify's word: the work is done again later. */
const LONGEST_PAUSE_MS = 5_000;

export interface Admin {
  /** Asks; throttling and outages are waited for a little. @throws ShopifyError */
  ask<T = any>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** Sends a mutation that must not be sent twice by itself: only what certainly did not act (throttled, refused at the door) is tried again. @throws ShopifyError */
  act<T = any>(document: string, variables?: Record<string, unknown>): Promise<T>;
  /** The same for work that can wait, as a sweep can: it leaves points of the bucket to everybody else. */
  patient: Pick<Admin, 'ask' | 'act'>;
}

type Answer = { data?: any; errors?: Array<{ message?: string; extensions?: { code?: string; requiredAccess?: string } }>; extensions?: { cost?: Cost } };

export function makeAdmin(on: Parts, app: AppConfig, domain: string, shopKey: string): Admin {
  const pace = makePace(on.clock);

  async function send(document: string, variables: Record<string, unknown>, harmless: boolean, hurry: Hurry): Promise<any> {
    const since = Date.now();
    let renewed = false;
    for (let tries = 1; ; ) {
      const token = await on.tokens.of(app, domain);
      const over = await pace.turn(document, hurry, since).catch((error) => { failed(error, false); throw error; });
      try {
        return await once(token, document, variables, over);
      } catch (error) {
        if (!(error instanceof ShopifyError)) throw error;
        if (error.code === 'token_refused' && !renewed) {
          renewed = true;
          await on.tokens.renew(app, domain, token);
          continue;
        }
        if (error.code === 'out_of_points' && app.role === 'shop') continue; // others spent them: back to the line, which has an end
        const again = error.retry === 'later' && error.code !== 'token_refused' && (harmless || !error.left) && tries < TRIES[app.role];
        failed(error, again);
        if (!again) throw error;
        await new Promise((resolve) => setTimeout(resolve, Math.min((error as { wait_ms?: number }).wait_ms ?? PAUSE_MS[tries - 1] ?? 4_000, LONGEST_PAUSE_MS)));
        tries += 1;
      }
    }
  }

  function failed(error: ShopifyError, again: boolean): void {
    on.log('shopify_failed', { shop: shopKey, ...errorFacts(error), again });
    on.health.note(shopKey, 'shopify', error.code);
  }

  async function once(token: string, document: string, variables: Record<string, unknown>, over: (cost?: Cost) => void): Promise<any> {
    let answer: Answer = {};
    try {
      const response = await on.toShopify(`https://${domain}/${app.role === 'pay' ? 'payments_apps' : 'admin'}/api/${API_VERSION}/graphql.json`, {
        method: 'POST', headers: { 'content-type': 'application/json', accept: 'application/json', 'x-shopify-access-token': token },
        body: JSON.stringify({ query: document, variables }), redirect: 'error', signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      }).catch(() => { throw new ShopifyError('shopify_silent', 'Shopify did not answer', 'The work goes on by itself.', true); });
      if (!response.ok) throw refusedAtTheDoor(response);
      answer = (await response.json().catch(() => ({}))) as Answer;
    } finally {
      over(answer.extensions?.cost);
    }
    const [error] = answer.errors ?? [];
    if (error) throw refusedInside(error, answer);
    if (!answer.data) throw new ShopifyError('shopify_unreadable', "Shopify's answer can't be read", 'The work goes on by itself.', true);
    return answer.data;
  }

  const asks = (hurry: Hurry): Admin['patient'] => ({
    ask: (document, variables = {}) => send(document, variables, true, hurry),
    act: (document, variables = {}) => send(document, variables, false, hurry),
  });
  return { ...asks('urgent'), patient: asks('patient') };
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
function refusedInside({ extensions = {} }: NonNullable<Answer['errors']>[number], { extensions: { cost } = {} }: Answer): ShopifyError {
  const { code = '' } = extensions;
  if (code === 'THROTTLED') return slowDown(cost?.requestedQueryCost && cost.throttleStatus ? 'out_of_points' : 'throttled');
  if (code === 'ACCESS_DENIED') return new ShopifyError('scope_missing', 'Shopify does not let this app do that', 'Approve the app’s permissions in the admin of the shop.', false, 'no');
  if (code === 'SHOP_INACTIVE') return new ShopifyError('shop_closed', 'the shop is closed, frozen or gone', 'Nothing can be asked of it until it is open again.', false);
  if (code === 'INTERNAL_SERVER_ERROR') return new ShopifyError('shopify_down', 'Shopify failed', 'The work goes on by itself.', true);
  return new ShopifyError('bad_document', 'Shopify does not understand the question', 'Please report it.', false, 'no');
}
