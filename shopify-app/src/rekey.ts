// Keys at rest: a start with the wrong key is refused before anything is served, and `rekey` seals everything anew under the current one.

import type { Db, Row } from './db/index.ts';
import type { Seal } from './seal.ts';

/** What is sealed where; the place is part of each box. */
const SEALED: Array<{ table: string; key: string; column: string; place: string }> = [
  { table: 'app_tokens', key: 'shop_key', column: 'sealed', place: 'token' },
  { table: 'app_settings', key: 'shop_key', column: 'sealed', place: 'settings' },
  { table: 'pay_sessions', key: "shop_key || ' ' || id", column: 'person', place: 'pay session' },
];

/** Opens one box of each key that sealed anything, and the one that every database has from its first start. @throws EfectivoError `wrong_key` */
export async function proveKeys(db: Db, seal: Seal): Promise<void> {
  const [first] = await db.all("SELECT doc FROM app_proofs WHERE shop_key = '' AND name = 'key'");
  if (first) seal.open(Buffer.from(first.doc, 'base64'), 'key');
  else await keepProof(db, seal);
  for (const { table, key, column, place } of SEALED) {
    const tried = new Set<string>();
    for (const row of await rows(db, table, key, column)) {
      const by = seal.closedBy(row.sealed);
      if (tried.has(by)) continue;
      tried.add(by);
      seal.open(row.sealed, `${place} ${row.id}`);
    }
  }
}

/** Seals everything under the current key; says how many boxes were under another. Each is written over itself only. */
export async function rekey(db: Db, seal: Seal): Promise<{ looked_at: number; resealed: number }> {
  const count = { looked_at: 0, resealed: 0 };
  for (const { table, key, column, place } of SEALED) {
    for (const row of await rows(db, table, key, column)) {
      count.looked_at += 1;
      if (seal.closedBy(row.sealed) === seal.current) continue;
      const box = seal.close(seal.open(row.sealed, `${place} ${row.id}`), `${place} ${row.id}`);
      count.resealed += await db.run(`UPDATE ${table} SET ${column} = ?2 WHERE ${key} = ?1 AND ${column} = ?3`, [row.id, box, row.sealed]);
    }
  }
  await keepProof(db, seal);
  return count;
}

async function keepProof(db: Db, seal: Seal): Promise<void> {
  const doc = Buffer.from(seal.close('efectivo', 'key')).toString('base64');
  await db.run("INSERT INTO app_proofs (shop_key, name, at, doc) VALUES ('', 'key', 0, ?1) ON CONFLICT (shop_key, name) DO UPDATE SET doc = excluded.doc", [doc]);
}

function rows(db: Db, table: string, key: string, column: string): Promise<Row[]> {
  return db.all(`SELECT ${key} AS id, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL ORDER BY id`);
}
