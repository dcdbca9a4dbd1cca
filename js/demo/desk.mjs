// The demo's desk: cases and reviews, one case with its journal, channels, mails, the clock, and the live preview. It shows what the core says and passes decisions on.

import { button, field, frame, html, Made } from './html.mjs';

const LANGS = ['es', 'en', 'zh-CN'];
const NAMES = { es: 'Español', en: 'English', 'zh-CN': '简体中文' };
const STATES = ['creating', 'waiting', 'checking', 'lapsed', 'paid', 'reversed', 'cancelled', 'failed', 'unknown'];
/** How far the clock's buttons wind, in milliseconds. */
const WINDS = { '10m': 600_000, '1h': 3.6e6, '1d': 8.64e7 };
const SHOWN = 50;

/** The desk's routes. */
export function deskRoutes({ core, hosts, clock, mails, sayIn, settled }) {
  const langOf = (request) => LANGS.find((lang) => new RegExp(`(?:^|; )lang=${lang}(?:;|$)`).test(request.headers.cookie ?? '')) ?? 'es';

  function page(request, title, body, script = '') {
    const lang = langOf(request);
    const say = sayIn(lang);
    const tab = (href, id) => html`<a href="${href}"${request.url.split('?')[0] === href ? new Made(' aria-current="page"') : ''}>${say(`demo.desk.${id}`)}</a>`;
    const chosen = (one) => (one === lang ? new Made(' selected') : '');
    const tools = html`<div class="row tools"><nav class="tabs" aria-label="${say('demo.nav.desk')}">${tab('/escritorio', 'cases')}${tab('/escritorio/canales', 'channels')}${tab('/escritorio/correos', 'mails')}${tab('/escritorio/vista', 'preview')}</nav>
      <form method="post" action="/escritorio/idioma" class="row"><label for="lang">${say('demo.lang')}</label><select id="lang" name="lang">${LANGS.map((one) => html`<option value="${one}" lang="${one}"${chosen(one)}>${NAMES[one]}</option>`)}</select><button>${say('demo.lang.set')}</button></form></div>`;
    return { html: frame({ title, lang, say, here: 'desk', body: html`${tools}${body}`, script }) };
  }

  /** Every case of every host, newest first, as the core shows it. */
  async function views(lang, filter = {}) {
    const all = await Promise.all(Object.values(hosts).map(async ({ id, efectivo }) => (await efectivo.cases({ ...filter, limit: SHOWN })).map((kase) => ({ host: id, kase, view: core.call('case_view', { settings: efectivo.settings, case: kase, locale: lang, now: clock.now() }).ok }))));
    return all.flat().sort((a, b) => b.kase.placed_at - a.kase.placed_at).slice(0, SHOWN);
  }

  async function list(request, query) {
    const lang = langOf(request);
    const say = sayIn(lang);
    const state = STATES.includes(query.get('state')) ? query.get('state') : '';
    const wanted = (query.get('q') ?? '').replace(/\s/g, '');
    const found = (await views(lang, { state })).filter(({ view }) => !wanted || [view.code, view.number, ...view.attempts.map(({ reference }) => reference)].includes(wanted));
    const reviews = found.flatMap((one) => one.view.reviews.filter(({ open }) => open).map((review) => ({ ...one, review })));
    const row = ({ host, view }) => html`<tr data-order="${view.order}"><td><a class="tap" href="/escritorio/caso/${host}/${view.id}">${view.number}</a></td><td><span class="tag s-${view.state}">${view.state_text}</span></td><td>${view.code ?? '—'}</td><td class="num">${view.amount_text}</td><td><time>${view.deadline_text ?? '—'}</time></td><td class="num">${view.open_reviews}</td></tr>`;
    return page(request, say('demo.nav.desk'), html`<h1>${say('demo.nav.desk')}</h1>${clockCard(say, lang)}
      ${reviews.length > 0 ? html`<section><h2>${say('demo.reviews')}</h2><ul class="plain">${reviews.map(({ host, view, review }) => html`<li class="card review"><h3><a href="/escritorio/caso/${host}/${view.id}">${review.title}</a></h3><p>${review.text}</p><p class="hint">${view.number} · ${review.amount_text ?? view.amount_text} · <span class="due"${review.overdue ? new Made(' data-overdue') : ''}>${review.due_line}</span></p></li>`)}</ul></section>` : ''}
      <section class="card"><h2>${say('demo.desk.cases')}</h2><form method="get" class="row"><label for="q">${say('demo.search')}</label><input id="q" name="q" value="${wanted}"><label for="state">${say('demo.state')}</label><select id="state" name="state"><option value="">${say('demo.all')}</option>${STATES.map((one) => html`<option value="${one}"${one === state ? new Made(' selected') : ''}>${say(`state.${one}`)}</option>`)}</select><button>${say('demo.filter')}</button></form>
      ${found.length === 0 ? html`<p>${say('demo.none')}</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label="${say('demo.desk.cases')}"><table class="cases"><thead><tr>${['order', 'state', 'code', 'amount', 'deadline', 'reviews'].map((id) => html`<th scope="col"${id === 'amount' || id === 'reviews' ? new Made(' class="num"') : ''}>${say(`demo.${id}`)}</th>`)}</tr></thead><tbody>${found.map(row)}</tbody></table></div>`}</section>`);
  }

  function clockCard(say, lang, jumps = []) {
    const now = core.call('moment', { at: clock.now(), locale: lang }).ok.text;
    return html`<section class="card"><h2>${say('demo.clock')}</h2><p data-now><time>${now}</time></p><div class="row">${Object.keys(WINDS).map((id) => button('/escritorio/reloj', say(`demo.clock.${id}`), { by: id }))}${jumps.map(([id, to]) => button('/escritorio/reloj', say(`demo.clock.${id}`), { to }))}</div></section>`;
  }

  async function one(request, hostId, id, query) {
    const lang = langOf(request);
    const say = sayIn(lang);
    const { efectivo } = hosts[hostId] ?? {};
    if (!efectivo) return null;
    const { view } = await efectivo.case(id, { locale: lang });
    const { texts } = await efectivo.journal(id, { locale: lang });
    const here = `/escritorio/caso/${hostId}/${id}`;
    const jumps = [['deadline', view.expires_at], ['grace', view.grace_ends_at]].filter(([, at]) => at && at > clock.now());
    const pair = (label, value) => (value ? html`<dt>${label}</dt><dd>${value}</dd>` : '');
    const attempt = (a) => html`<section class="card"><h3>${say('demo.attempt', { n: a.no })} <span class="tag s-${a.state}">${a.state_text}</span></h3><dl>${pair(say('demo.reference'), a.reference)}${pair(say('demo.channel'), a.channel)}${pair(say('demo.amount'), a.amount_text)}${pair(say('demo.deadline'), a.expires_text)}${pair(say('demo.error'), a.error_text)}</dl>
      ${a.payments.length > 0 ? html`<h4>${say('demo.payments')}</h4><ul>${a.payments.map((p) => html`<li>${p.amount_text} · ${p.at_text} · ${p.standing_text}</li>`)}</ul>` : ''}</section>`;
    const review = (r) => html`<section class="card review" data-review="${r.kind}"><h3>${r.title}</h3><p>${r.text}</p>${r.explained ? html`<p><b>${r.explained.cause}</b> ${r.explained.step}</p>` : ''}<dl>${r.evidence.map(({ label, value }) => pair(label, value))}</dl><ol>${r.steps.map((step) => html`<li>${step}</li>`)}</ol><p class="hint">${r.result}</p>
      ${r.open ? html`<p class="due"${r.overdue ? new Made(' data-overdue') : ''}>${r.due_line}</p><form method="post" action="${here}/resolver"><input type="hidden" name="review" value="${r.no}">${field(`reason`, say('a.reason'), { required: true })}<div class="row">${r.buttons.map((b) => html`<button name="resolution" value="${b.resolution}">${b.label}</button>`)}</div></form>` : html`<p class="note">${r.resolution_text}${r.reason ? `: ${r.reason}` : ''} · ${r.closed_text}</p>`}</section>`;
    const sorted = [...view.reviews].sort((a, b) => Number(b.open) - Number(a.open));
    return page(request, view.number, html`<h1>${say('demo.order')} ${view.number} <span class="tag s-${view.state}">${view.state_text}</span></h1>
      ${query.get('wrong') ? html`<p class="note bad" role="alert">${query.get('wrong')}</p>` : ''}
      <div class="two"><section class="card"><dl>${pair(say('demo.code'), view.code)}${pair(say('demo.amount'), view.amount_text)}${pair(say('demo.deadline'), view.deadline_text)}${pair(say('demo.shop.says'), view.shop_text)}${pair(say('demo.wish'), view.wish_text)}${pair(say('demo.next.question'), view.next_question_text)}</dl>
      <p><a href="${view.page_url}">${say('demo.page')}</a></p><div class="row">${view.decisions.map((d) => button(`${here}/decidir`, d.label, { decision: JSON.stringify(d.decision) }))}</div></section>${clockCard(say, lang, jumps)}</div>
      ${sorted.map(review)}${view.attempts.map(attempt)}
      ${view.refunds.length > 0 ? html`<section class="card"><h2>${say('demo.refunds')}</h2><ul>${view.refunds.map((r) => html`<li>${r.amount_text} · ${r.state_text} · ${r.requested_text}</li>`)}</ul></section>` : ''}
      <section class="card"><h2>${say('demo.journal')}</h2><ol>${texts.map((row) => html`<li><small><time>${row.at_text}</time></small><br>${row.text}</li>`)}</ol></section>`);
  }

  /** A decision or a review's answer; what the core refuses is shown on the case. */
  async function decide(hostId, id, form) {
    const decision = form.get('decision') ? JSON.parse(form.get('decision')) : { resolve: { review: Number(form.get('review')), resolution: form.get('resolution'), reason: form.get('reason') ?? '' } };
    const here = `/escritorio/caso/${hostId}/${id}`;
    try {
      await hosts[hostId].efectivo.merchant(id, decision);
      await settled();
      return { to: here };
    } catch (error) {
      return { to: `${here}?${new URLSearchParams({ wrong: `${error.message} ${error.help ?? ''}` })}` };
    }
  }

  async function channels(request) {
    const lang = langOf(request);
    const say = sayIn(lang);
    const rows = (await Promise.all(Object.values(hosts).map(async ({ efectivo }) => {
      const known = await efectivo.channels();
      return efectivo.settings.channels.map(({ id }) => known.find((row) => row.id === id) ?? { id });
    }))).flat();
    const when = (id, at, more = '') => html`<dt>${say(`demo.${id}`)}</dt><dd>${at ? core.call('moment', { at, locale: lang }).ok.text : '—'}${more ? html`<br><span class="hint">${more}</span>` : ''}</dd>`;
    const card = ({ id, health = {} }) => html`<section class="card"><h2>${say(`demo.host.${id}`)}</h2><dl>${when('answer', health.last_answer_at)}${when('notice', health.last_notice_at)}${when('failure', health.last_failure_at)}${when('refusal', health.last_refused_at, health.last_refusal ? say(`refusal.${health.last_refusal}`) : '')}</dl></section>`;
    return page(request, say('demo.desk.channels'), html`<h1>${say('demo.desk.channels')}</h1><div class="two">${rows.map(card)}</div>${able(lang)}`);
  }

  /** What each provider can do, as the core tells it. */
  function able(lang) {
    const told = core.call('providers', { locale: lang }).ok;
    const one = ({ name, note, cells }) => html`<details class="card"><summary><b>${name}</b>${note ? html` <span class="hint">${note}</span>` : ''}</summary><dl>${told.rows.map(({ label }, at) => html`<dt>${label}</dt><dd>${cells[at].text}${cells[at].sure ? html` <span class="hint">(${cells[at].sure})</span>` : ''}</dd>`)}</dl></details>`;
    const missing = ({ name, reason, checked }) => html`<li><b>${name}</b> · ${reason} <span class="hint">(${checked})</span></li>`;
    return html`<h2>${told.count}</h2><div class="two">${told.providers.map(one)}</div><h2>${core.call('words', { locale: lang, prefix: 'desk.able.absent' }).ok['desk.able.absent']}</h2><ul>${told.absent.map(missing)}</ul>`;
  }

  function sent(request) {
    const lang = langOf(request);
    const say = sayIn(lang);
    const letter = (mail) => html`<li class="card letter"><h2>${mail.subject}</h2><details><summary>${say('demo.mail.read')}</summary><pre>${mail.text}</pre></details></li>`;
    const all = mails.all();
    return page(request, say('demo.desk.mails'), html`<h1>${say('demo.desk.mails')}</h1><p class="lead">${say('demo.mails.lead')}</p>${all.length === 0 ? html`<p>${say('demo.none')}</p>` : html`<ul class="plain">${all.map(letter)}</ul>`}`);
  }

  /** The live preview: the page and the mails are written by the core in this browser, as settings change. */
  function preview(request) {
    const lang = langOf(request);
    const say = sayIn(lang);
    const select = (name, values) => html`<div class="field"><label for="${name}">${say(`demo.preview.${name}`)}</label><select id="${name}" name="${name}">${values.map(([value, text]) => html`<option value="${value}">${text}</option>`)}</select></div>`;
    const kinds = ['page', 'new', 'reminder', 'last_call', 'lapsed', 'paid', 'late'].map((kind) => [kind, say(`demo.kind.${kind}`)]);
    const { settings } = Object.values(hosts)[0].efectivo;
    return page(request, say('demo.desk.preview'), html`<h1>${say('demo.desk.preview')}</h1><p class="lead">${say('demo.preview.lead')}</p>
      <form class="card choices" id="choices" data-settings="${JSON.stringify(settings)}" data-now="${clock.now()}">${select('kind', kinds)}${select('locale', [['es-PE', 'Español (Perú)'], ['en', 'English'], ['zh-CN', '简体中文']])}${select('tone', [['tu', 'tú'], ['usted', 'usted']])}
      ${field('name', say('demo.preview.name'), { value: settings.shop.name })}${field('validity_hours', say('demo.preview.hours'), { type: 'number', value: settings.validity_hours ?? 48 })}<label class="choice"><input type="checkbox" name="show_own_barcode">${say('demo.preview.barcode')}</label></form>
      <p id="wrong" class="wrong" role="alert"></p><div class="stage" id="stage" tabindex="0" role="region" aria-label="${say('demo.desk.preview')}"></div>`, '/js/demo/preview.mjs');
  }

  const wind = async (form) => {
    const by = WINDS[form.get('by')];
    await (by ? clock.advance(by) : clock.windTo(Number(form.get('to')) || 0));
    await settled();
  };

  return { list, one, decide, channels, sent, preview, wind, langs: LANGS };
}
