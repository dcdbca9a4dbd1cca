// Settings as the merchant's page gives and gets them: secrets go in and never come back, what is not given stays.

import { EfectivoError, type Channel, type Credentials, type Locale, type Settings } from 'efectivo';
import type { Parts } from '../parts.ts';
import type { ShopSecrets, ShopSettings } from '../settings.ts';
import type { Shop } from '../shops.ts';
import { sweepAnew } from '../orders/sweep.ts';
import { tooEarly } from './proofs.ts';

/** What a page sends: every field of the settings, and only the secrets that it changes. */
export interface Given {
  version: number;
  doc: ShopSettings;
  /** By channel id, then by the name of the key; an empty text leaves what is there. */
  keys?: Record<string, Record<string, string>>;
  smtp_password?: string;
}

/** For each channel the names of the keys that are set; never a value. */
export function keysSet(secrets: ShopSecrets): Record<string, string[]> {
  return Object.fromEntries(Object.entries(secrets.credentials).map(([id, one]) => [id, Object.entries(Object.values(one)[0] ?? {}).filter(([, value]) => value !== '').map(([name]) => name)]));
}

/** Checks and saves; the shop as it is then. @throws EfectivoError `bad_settings`, `no_method`, `proofs_missing`, `changed_meanwhile` */
export async function saveSettings(on: Parts, shop: Shop, given: Given, locale: Locale): Promise<Shop> {
  const stored = await on.shops.stored(shop);
  const doc = { ...stored.doc, ...own(given.doc), core: settingsOf(stored.doc.core, given.doc?.core) };
  const { problems } = on.core.call('check_settings', { settings: addressed(doc.core, shop), locale }).ok as { problems: Array<{ field: string; message: string; help: string }> };
  const [first] = problems;
  if (first) throw new EfectivoError({ code: 'bad_settings', message: `${first.field}: ${first.message}`, help: first.help });
  if (doc.method_names.length === 0) throw new EfectivoError({ code: 'no_method', message: 'method_names', help: 'Give the name of the manual payment method exactly as it stands in Shopify.' });
  const missing = await tooEarly(on, shop, doc.core.channels);
  if (missing.length > 0) throw new EfectivoError({ code: 'proofs_missing', message: missing.join(', '), help: 'Make a trial sale first: the guide shows what is still missing.' });
  const saved = await on.shops.save(shop, given.version, doc, { credentials: credentialsOf(doc.core.channels, stored.secrets, given.keys ?? {}), smtp_password: given.smtp_password || stored.secrets.smtp_password });
  if (doc.method_names.join('\n') !== stored.doc.method_names.join('\n')) await sweepAnew(on, shop); // by another name other orders are ours
  return saved;
}

/** The parts of the app's own settings that a page may set, each of its shape. */
function own(doc: Partial<ShopSettings> = {}): Partial<ShopSettings> {
  const list = (value: unknown): string[] => (Array.isArray(value) ? value.map(String).map((one) => one.trim()).filter(Boolean) : []);
  const smtp = doc.smtp && String(doc.smtp.host ?? '').trim() !== '' ? { host: String(doc.smtp.host).trim(), port: Number(doc.smtp.port) || 587, secure: doc.smtp.secure === true, user: String(doc.smtp.user ?? '').trim() } : null;
  return { method_names: list(doc.method_names), trial_emails: list(doc.trial_emails), smtp, proxy_path: doc.proxy_path || null, plus_rules: doc.plus_rules === true, document_field: doc.document_field || null };
}

/** The core's settings; addresses are the server's to fill in. */
function settingsOf(before: Settings, given: Partial<Settings> = {}): Settings {
  const channels = (given.channels ?? before.channels).map(({ notice_url: _, ...channel }) => channel as Channel);
  return { ...before, ...given, channels, shop: { ...before.shop, ...given.shop, page_url: '' } };
}

function addressed(core: Settings, shop: Shop): Settings {
  return { ...core, shop: { ...core.shop, page_url: shop.settings.core.shop.page_url }, channels: core.channels.map((channel) => ({ ...channel, notice_url: `https://notice.invalid/${channel.id}` })) };
}

/** Keys of channels that are gone go with them; a channel of another provider begins without any. */
function credentialsOf(channels: Channel[], { credentials }: ShopSecrets, given: Record<string, Record<string, string>>): ShopSecrets['credentials'] {
  return Object.fromEntries(channels.map(({ id, provider }) => {
    const before = (credentials[id] as Record<string, Record<string, string>> | undefined)?.[provider] ?? {};
    const fresh = Object.fromEntries(Object.entries(given[id] ?? {}).map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value !== ''));
    return [id, { [provider]: { ...before, ...fresh } } as unknown as Credentials];
  }));
}
