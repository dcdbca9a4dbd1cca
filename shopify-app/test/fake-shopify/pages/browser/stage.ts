// Runs in a browser: the stage on which a built UI extension plays. It gives the global `shopify` as far as our targets use it, and begins the target.
//
// Real extensions run in a worker with Remote DOM; here the block draws into the page's own body, with the components of components.ts.

import './components.ts';

interface Told {
  target: string;
  shop: string;
  client_id: string;
  order: { id: string; number: string; name: string; cancelled: number | null; processed: number };
  checkout_token: string;
  /** Where this page gets its token. */
  token: string;
}

const signal = <T>(value: T) => ({ value, subscribe: () => () => {} });

/** The global of a target, from what the host page says of its order. */
export function globalOf(told: Told, token: () => Promise<string>): Record<string, unknown> {
  const { order, target } = told;
  const common = { extension: { target, apiVersion: '2026-07' }, i18n: { translate: (key: string) => key }, localization: { language: signal({ isoCode: 'es-PE' }), country: signal({ isoCode: 'PE' }) }, settings: signal({}) };
  if (target.startsWith('admin.')) return { ...common, data: { selected: [{ id: order.id }] }, auth: { idToken: token }, navigation: { navigate: () => {} } };
  const checkout = { checkoutToken: signal(told.checkout_token), sessionToken: { get: token }, shop: { myshopifyDomain: told.shop } };
  if (target.startsWith('purchase.thank-you.')) return { ...common, ...checkout, orderConfirmation: signal({ order: { id: order.id }, number: order.number, isFirstOrder: false }) };
  return { ...common, ...checkout, order: signal({ id: order.id, name: order.name, confirmationNumber: order.number, cancelledAt: order.cancelled, processedAt: order.processed }), authenticationState: signal('fully_authenticated'), requireLogin: async () => {} };
}

/** Loads a bundle; it says `shopify.extend(target, begin)`, and is begun. */
export async function begin(script: string): Promise<void> {
  const told = JSON.parse(document.getElementById('told')?.textContent ?? '{}') as Told;
  const token = async (): Promise<string> => ((await (await fetch(told.token)).json()) as { token: string }).token;
  const extend = (target: string, run: () => unknown): void => { if (target === told.target) void run(); };
  Object.assign(globalThis, { shopify: { ...globalOf(told, token), extend } });
  const tell = (): void => parent.postMessage({ fake: 'height', height: document.body.scrollHeight }, '*');
  new ResizeObserver(tell).observe(document.body);
  await new Promise<void>((done, failed) => {
    const element = document.createElement('script');
    Object.assign(element, { src: script, onload: () => done(), onerror: () => failed(new Error(`${script} can't be loaded`)) });
    document.head.append(element);
  });
}
