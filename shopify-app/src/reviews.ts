// `reviews`, `answer` and `data`: the open questions of every shop and their answers, and what is held of a shopper who asks, for whoever runs the server. A payments app has no page inside Shopify's admin; money that asks a question there is told here, in the log and by `check`.

import { EfectivoError, type Efectivo } from 'efectivo';
import { dataOf } from './http/privacy.ts';
import type { Parts } from './parts.ts';
import { makeSessions, type PayRefund } from './pay/sessions.ts';
import type { Shop } from './shops.ts';

/** Questions of one shop that are listed at once. */
const MOST = 200;

type Review = { no: number; kind: string; title: string; text: string; steps: string[]; due_line: string; open: boolean; evidence: Array<{ label: string; value: string }>; buttons: Array<{ resolution: string; label: string }> };
type View = { id: string; order: string; number: string; amount_text: string; state_text: string; reviews: Review[] };

/** How many payments and refunds of a shop wait for a person. */
export async function waiting(on: Parts, shop: Shop): Promise<number> {
  const payments = (await shop.efectivo?.cases({ reviews: 'open', limit: MOST }))?.length ?? 0;
  return payments + (await makeSessions(on, shop.key).askedRefunds()).length;
}

/** Every open question as lines of text: what happened, what to look up, what to do, and the words that answer it. */
export async function listed(on: Parts): Promise<string[]> {
  const lines: string[] = [];
  for (const shop of await on.shops.ever()) {
    for (const { id } of (await shop.efectivo?.cases({ reviews: 'open', limit: MOST })) ?? []) {
      const { view } = (await (shop.efectivo as Efectivo).case(id, { locale: 'es' })) as { view: View };
      for (const review of view.reviews.filter(({ open }) => open)) lines.push(...told(shop, view, review));
    }
    for (const refund of await makeSessions(on, shop.key).askedRefunds()) lines.push(...unbooked(on, shop, refund));
  }
  return [...lines, ...(await requested(on)), ...(lines.length > 0 ? [] : ['✓ no open question'])];
}

/** A refund session whose end Shopify did not hear, or does not take: what became of the money, what to do, and the words that answer it. */
function unbooked(on: Parts, { app, domain }: Shop, { id, payment_id, amount, went_back, question }: PayRefund): string[] {
  const { text } = on.core.call('money', { money: amount }).ok as { text: string };
  const words = (prefix: string) => on.core.call('words', { locale: 'es', prefix }).ok as Record<string, string>;
  const say = (name: string): string => (words(name)[name] ?? name).replaceAll('{amount}', text);
  const answer = (resolution: string): string => `  answer ${id} refund ${resolution} "…"    ${say(`resolution.${resolution}`)}`;
  const money = went_back ? 'problem.refund_unheard.went_back' : 'desk.session_refund_by_hand';
  const not_booked = went_back ? 'problem.refund_not_recorded' : 'problem.refund_by_hand';
  const [what, steps, answers] = question === 'unheard'
    ? ['problem.refund_unheard.message', [money, 'problem.refund_unheard.help'], ['try_again', 'settled_elsewhere']]
    : [`${not_booked}.message`, [`${not_booked}.help`], ['settled_elsewhere']];
  return [`✗ ${app.id} ${domain} ${payment_id} · ${text} · refund ${id}`, `  ${say(what as string)}`, ...(steps as string[]).map((step, at) => `  ${at + 1}. ${say(step)}`), ...(answers as string[]).map(answer), ''];
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
  if (no === 'refund') return refundAnswered(on, id, resolution, reason.join(' ').trim());
  for (const shop of await on.shops.ever()) {
    const kase = await shop.efectivo?.case(id).catch(() => null);
    if (!kase || !shop.efectivo) continue;
    await shop.efectivo.merchant(id, { resolve: { review: Number(no), resolution: resolution as never, reason: reason.join(' ') } });
    await shop.efectivo.tick();
    return `✓ ${shop.app.id} ${shop.domain} ${(kase.view as View).number}`;
  }
  throw new EfectivoError({ code: 'no_case', message: `no shop has a payment ${id}`, help: '`reviews` lists the open questions, each with the words that answer it.' });
}

/** Tells Shopify anew how a refund ended, as often as the first time; or leaves it to the person who took care of it. @throws EfectivoError `no_case`, `no_such_answer`, `reason_needed` */
async function refundAnswered(on: Parts, id: string, resolution: string, reason: string): Promise<string> {
  for (const shop of await on.shops.ever()) {
    const sessions = makeSessions(on, shop.key);
    const refund = (await sessions.askedRefunds()).find((one) => one.id === id);
    if (!refund) continue;
    const again = resolution === 'try_again' && refund.question === 'unheard';
    if (!again && resolution !== 'settled_elsewhere') throw new EfectivoError({ code: 'no_such_answer', message: `"${resolution}" does not answer this question`, help: '`reviews` lists the words that do.' });
    if (!reason) throw new EfectivoError({ code: 'reason_needed', message: 'an answer has its reason', help: 'Write it behind the answer; it is kept with the refund.' });
    const answer = JSON.stringify({ at: on.clock.now(), resolution, reason });
    const ended = refund.question === 'unheard' ? { state: refund.went_back ? 'resolved' as const : 'rejected' as const } : {};
    await sessions.refund(id, { answer, question: null, ...(again ? { tries: 0, next_at: 0 } : ended) });
    if (again) await on.pay.tick();
    on.log('refund_session_answered', { shop: shop.key, session: id, again });
    return `✓ ${shop.app.id} ${shop.domain} ${refund.payment_id}`;
  }
  throw new EfectivoError({ code: 'no_case', message: `no shop is asked about a refund ${id}`, help: '`reviews` lists the open questions, each with the words that answer it.' });
}
