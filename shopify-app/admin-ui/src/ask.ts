// Asks the app's own server; App Bridge puts the id token on every request of this page's origin and sends it again where it was refused for its age.

/** What `start` tells: words, settings, and how everything stands. */
export interface Start {
  shop: { domain: string; key: string; page_url: string; notice_urls: Record<string, string> };
  words: Record<string, string>;
  names: Record<string, string>;
  locale: string;
  now: number;
  version: number;
  doc: any;
  settings: any;
  keys_set: Record<string, string[]>;
  smtp_password_set: boolean;
  needs: Array<{ field: string; message: string; help: string }>;
  scopes: string[];
  abilities: Array<{ provider: string; keys: string[]; unconfirmed: boolean; create: boolean; currencies: string[] }>;
  proofs: Record<string, number>;
  proof_names: string[];
  health: Record<string, { at: number; detail: string; when: string }>;
  /** How the Function's rules stand at Shopify. */
  rules: { state: string; why: string };
  /** Shoppers' requests for their data, to be answered by a person. */
  requests: Array<{ id: string; when: string; orders: string }>;
  problems: Problem[];
}

/** What a person has to do about an order: why it has no code, or what could not be done. */
export interface Problem {
  order_id: string;
  number: string;
  /** What it is known by when it is taken care of. */
  name: string;
  message: string;
  help: string;
}

export class Refused extends Error {
  readonly code: string;
  readonly help: string;
  constructor({ code = '', message = '', help = '' }: { code?: string; message?: string; help?: string }) {
    super(message);
    this.code = code;
    this.help = help;
  }
}

const desk = document.querySelector<HTMLElement>('#desk');
export const app = desk?.dataset.app ?? '';
export const files = `/admin/${app}/files`;
const locale = (globalThis as { shopify?: { config?: { locale?: string } } }).shopify?.config?.locale ?? 'es';

/** @throws Refused with what to do */
export async function ask<T = any>(path: string, { method = 'GET', body }: { method?: string; body?: unknown } = {}): Promise<T> {
  const address = `/admin-api/${app}/${path}${path.includes('?') ? '&' : '?'}locale=${encodeURIComponent(locale)}`;
  const answer = await fetch(address, { method, ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }) });
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(told.error ?? { message: `HTTP ${answer.status}` });
  return told as T;
}

/** Saves what an address of the app's server tells as a file of the browser's. @throws Refused */
export async function download(path: string, name: string): Promise<void> {
  const address = URL.createObjectURL(new Blob([JSON.stringify(await ask(path), null, 2)], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export const toast = (text: string): void => { (globalThis as { shopify?: { toast?: { show(text: string): void } } }).shopify?.toast?.show(text); };
