// Asks the app's server how the order's code stands, and again for as long as that may change; draws nothing.

import address from './address.json' with { type: 'json' };
import type { Told } from './told.ts';

/** Shopify shows its page before it tells us of the order, often by seconds: an order that is not known yet is asked for this often. */
const UNKNOWN_TRIES = 15;
const UNKNOWN_AGAIN_MS = 2_000;
/** After a failure, twice as long each time. */
const FAILED_AGAIN_MS = 2_000;
const FAILED_MOST_MS = 60_000;
/** A page that is left open for a day asks no more. */
const MOST_ASKS = 2_000;

export interface Order {
  /** As the page gives it; a gid or a number. */
  id: string;
  /** Proves that this is the order's own page; absent on some order status pages. */
  checkout_token?: string | undefined;
}

export interface Port {
  /** A session token of this page. */
  token(): Promise<string>;
  /** Draws; `stale` while the last question was not answered. */
  show(told: Told, stale: boolean): void;
  /** The order is none of ours, or nobody may see it here. */
  hide(): void;
  /** The server wants to know who the shopper is. */
  login?: (() => void) | undefined;
  wait(ms: number): Promise<void>;
}

/** Follows one order until its code has come to an end; ends by itself. */
export async function follow(order: Order, { token, show, hide, login, wait }: Port): Promise<void> {
  let told: Told | undefined;
  let unknown = 0;
  let failed = 0;
  for (let asks = 0; asks < MOST_ASKS; asks += 1) {
    const answer = await ask(order, token).catch(() => undefined);
    if (answer?.told) {
      told = answer.told;
      [unknown, failed] = [0, 0];
      show(told, false);
      if (!(told.again_ms > 0)) return;
      await wait(told.again_ms);
    } else if (answer && answer.status === 404 && !told) {
      unknown += 1;
      if (unknown >= UNKNOWN_TRIES) return hide();
      await wait(UNKNOWN_AGAIN_MS);
    } else if (answer && (answer.status === 401 || answer.status === 403) && !told) {
      hide();
      return login?.();
    } else {
      failed += 1;
      if (told) show(told, true);
      await wait(Math.min(FAILED_AGAIN_MS * 2 ** (failed - 1), FAILED_MOST_MS));
    }
  }
}

async function ask(order: Order, token: Port['token']): Promise<{ status: number; told?: Told }> {
  const query = [`order=${encodeURIComponent(order.id)}`, ...(order.checkout_token ? [`checkout_token=${encodeURIComponent(order.checkout_token)}`] : [])].join('&');
  const answer = await fetch(`${address.server}/extension/${address.app}/voucher?${query}`, { headers: { Authorization: `Bearer ${await token()}` } });
  return answer.status === 200 ? { status: 200, told: (await answer.json()) as Told } : { status: answer.status };
}
