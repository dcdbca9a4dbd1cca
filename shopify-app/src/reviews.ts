// `reviews`, `answer` and `data`: the open questions of every shop and their answers, and what is held of a shopper who asks, for whoever runs the server. A payments app has no page inside Shopify's admin; money that asks a question there is told here, in the log and by `check`.

import { EfectivoError, type Efectivo } from 'efectivo';
import { dataOf } from './http/privacy.ts';
import type { Parts } from './parts.ts';
import type { Shop } from './shops.ts';

/** Questions of one shop that are listed at once. */
const MOST = 200;

type Review = { no: number; kind: string; title: string; text: string; steps: string[]; due_line: string; open: boolean; evidence: Array<{ label: string; value: string }>; buttons: Array<{ resolution: string; label: string }> };
type View = { id: string; order: string; number: string; amount_text: string; state_text: string; reviews: Review[] };

/** How many payments of a shop wait for a person. */
export async function waiting(shop: Shop): Promise<number> {
  return (await shop.efectivo?.cases({ reviews: 'open', limit: MOST }))?.length ?? 0;
}

/** Every open question as lines of text: what happened, what to look up, what to do, and the words that answer it. */
export async function listed(on: Parts): Promise<string[]> {
  const lines: string[] = [];
  for (const shop of await on.shops.ever()) {
    for (const { id } of (await shop.efectivo?.cases({ reviews: 'open', limit: MOST })) ?? []) {
      const { view } = (await (shop.efectivo as Efectivo).case(id, { locale: 'es' })) as { view: View };
      for (const review of view.reviews.filter(({ open }) => open)) lines.push(...told(shop, view, review));
    }
  }
  return [...lines, ...(await requested(on)), ...(lines.length > 0 ? [] : ['✓ no open question'])];
}

/** Shoppers of a payments app who asked for their own data; a merchant of role SHOP sees them in the app. */
async function requested(on: Parts): Promise<string[]> {
  const rows = await on.db.all("SELECT app_shops.shop, app_shops.app, app_proofs.name FROM app_proofs JOIN app_shops ON app_shops.key = app_proofs.shop_key WHERE app_proofs.name LIKE 'data_request %' ORDER BY app_proofs.at");
  return rows.filter(({ app }) => on.shops.app(app)?.role === 'pay').map(({ app, shop, name }) => `✗ ${app} ${shop}: a shopper asks for the own data, to be answered within 30 days: data ${app} ${shop} ${name.split(' ')[1]} (then the same with "done")`);
}

/** What is held for such a request, as JSON; or the note that it is taken care of. @throws EfectivoError `no_request` */
export async function dataTo(on: Parts, [app = '', domain = '', no = '', done = '']: string[]): Promise<string> {
  const shop = await on.shops.of(app, domain);
  const name = `data_request ${no}`;
  const held = shop && (await dataOf(on, shop, name));
  if (!held || !shop) throw new EfectivoError({ code: 'no_request', message: `${domain} has no request ${no}`, help: '`reviews` lists them.' });
  if (done !== 'done') return JSON.stringify(held, null, 2);
  await on.db.run('DELETE FROM app_proofs WHERE shop_key = ?1 AND name = ?2', [shop.key, name]);
  return `✓ ${app} ${domain} ${no}`;
}

function told(shop: Shop, { id, number, amount_text, state_text }: View, { no, title, text, steps, due_line, evidence, buttons }: Review): string[] {
  const facts = evidence.map(({ label, value }) => `  ${label}: ${value}`);
  const answers = buttons.map(({ resolution, label }) => `  answer ${id} ${no} ${resolution} "…"    ${label}`);
  return [`✗ ${shop.app.id} ${shop.domain} ${number} · ${amount_text} · ${state_text}`, `  ${title}. ${text} ${due_line}`, ...facts, ...steps.map((step, at) => `  ${at + 1}. ${step}`), ...answers, ''];
}

/** Answers a question; the reason is kept in the journal. @throws EfectivoError `no_case`, and what the core refuses */
export async function answered(on: Parts, [id = '', no = '', resolution = '', ...reason]: string[]): Promise<string> {
  for (const shop of await on.shops.ever()) {
    const kase = await shop.efectivo?.case(id).catch(() => null);
    if (!kase || !shop.efectivo) continue;
    await shop.efectivo.merchant(id, { resolve: { review: Number(no), resolution: resolution as never, reason: reason.join(' ') } });
    await shop.efectivo.tick();
    return `✓ ${shop.app.id} ${shop.domain} ${(kase.view as View).number}`;
  }
  throw new EfectivoError({ code: 'no_case', message: `no shop has a payment ${id}`, help: '`reviews` lists the open questions, each with the words that answer it.' });
}
