// What a merchant sets for one shop: the core's settings, the payment method's name, the mail server; credentials are sealed beside them.

import { EfectivoError } from 'efectivo';
import type { Credentials, Settings } from 'efectivo';
import { one, type Db } from './db/index.ts';
import type { Seal } from './seal.ts';

export interface ShopSettings {
  /** The manual payment method exactly as the merchant named it at Shopify; several while it is being renamed. */
  method_names: string[];
  /** `page_url` and every `notice_url` are filled in by the server. */
  core: Settings;
  smtp: { host: string; port: number; secure: boolean; user: string } | null;
  /** Where shoppers' pages live: under this server's address, or under the shop's domain by the app proxy at this path. */
  proxy_path: string | null;
  /** Orders by these e-mail addresses are trials: they go by test channels and test money pays them. `*` is every order, on a development store only. */
  trial_emails: string[];
  /** Whether the Function of shops on Plus hides the method where no code could be made. */
  plus_rules: boolean;
  /** A name of one of the order's own fields in which this shop asks for the payer's document, where it does. */
  document_field: string | null;
}

export interface ShopSecrets {
  /** By channel id. */
  credentials: Record<string, Credentials>;
  smtp_password: string;
}

/** A shop's settings as stored; version 0 where nothing was saved yet. */
export interface Stored {
  version: number;
  doc: ShopSettings;
  secrets: ShopSecrets;
}

export const NO_SECRETS: ShopSecrets = { credentials: {}, smtp_password: '' };

/** What a new shop begins with, and whatever its settings don't say. */
export function freshSettings({ name, short }: { name: string; short: string }): ShopSettings {
  const tag = short.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 8) || 'TIENDA';
  return { method_names: ['PagoEfectivo'], core: { shop: { name, tag, page_url: '', contact: '' }, channels: [] }, smtp: null, proxy_path: null, trial_emails: [], plus_rules: false, document_field: null };
}

/** Reads a shop's settings, secrets opened. */
export async function readSettings(db: Db, seal: Seal, shopKey: string, names: { name: string; short: string }): Promise<Stored> {
  const row = await one(db, 'SELECT version, doc, sealed FROM app_settings WHERE shop_key = ?1', [shopKey]);
  if (!row) return { version: 0, doc: freshSettings(names), secrets: NO_SECRETS };
  return { version: Number(row.version), doc: { ...freshSettings(names), ...JSON.parse(row.doc) }, secrets: row.sealed ? { ...NO_SECRETS, ...seal.open<ShopSecrets>(row.sealed, `settings ${shopKey}`) } : NO_SECRETS };
}

/** Which version is stored; cheap, so that every process notices another's save. */
export async function settingsVersion(db: Db, shopKey: string): Promise<number> {
  return Number((await one(db, 'SELECT version FROM app_settings WHERE shop_key = ?1', [shopKey]))?.version ?? 0);
}

/** Saves over the version that was read. @throws EfectivoError `changed_meanwhile` */
export async function writeSettings(db: Db, seal: Seal, shopKey: string, version: number, doc: ShopSettings, secrets: ShopSecrets, now: number): Promise<number> {
  const sealed = seal.close(secrets, `settings ${shopKey}`);
  const made = version === 0
    ? await db.run('INSERT INTO app_settings (shop_key, version, doc, sealed, changed_at) VALUES (?1, 1, ?2, ?3, ?4) ON CONFLICT DO NOTHING', [shopKey, JSON.stringify(doc), sealed, now])
    : await db.run('UPDATE app_settings SET version = version + 1, doc = ?2, sealed = ?3, changed_at = ?4 WHERE shop_key = ?1 AND version = ?5', [shopKey, JSON.stringify(doc), sealed, now, version]);
  if (made !== 1) throw new EfectivoError({ code: 'changed_meanwhile', message: 'somebody else changed the settings', help: 'Load the page again, then save.', retry: 'no' });
  return version + 1;
}
