// Makes the demo's pages: escaping, the frame around every page, and small pieces of forms.

import { readFileSync } from 'node:fs';

const style = readFileSync(new URL('./style.css', import.meta.url), 'utf8');

/** Text as it may stand in HTML, in element content or in an attribute. */
export const escape = (text) => String(text ?? '').replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** A tagged template that escapes every value but those made by itself. */
export function html(parts, ...values) {
  const piece = (value) => (Array.isArray(value) ? value.map(piece).join('') : value instanceof Made ? value.text : value === false || value === null || value === undefined ? '' : escape(value));
  return new Made(parts.map((part, at) => (at < values.length ? part + piece(values[at]) : part)).join(''));
}

/** HTML that is already safe. */
export class Made {
  constructor(text) { this.text = text; }
  toString() { return this.text; }
}

/** A whole page. `say` gives the words; `here` is the menu's entry that is open. */
export function frame({ title, lang, say, here = '', body, script = '' }) {
  const entry = (href, id) => html`<a href="${href}"${here === id ? new Made(' aria-current="page"') : ''}>${say(`demo.nav.${id}`)}</a>`;
  return html`<!doctype html>
<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title} · Quipu</title><style>${new Made(style)}</style></head>
<body><a class="skip" href="#main">${say('demo.skip')}</a>
<header><div class="wide"><a class="logo" href="/">Quipu</a><nav aria-label="${say('demo.nav')}">${entry('/', 'shop')}${entry('/carrito', 'cart')}${entry('/agente', 'agent')}${entry('/escritorio', 'desk')}</nav></div></header>
<main id="main" class="wide">${body}</main>
<footer class="wide"><p>${say('demo.footer')}</p></footer>${script ? html`<script type="module" src="${script}"></script>` : ''}</body></html>`.text;
}

/** A form of one button. */
export const button = (action, label, fields = {}, kind = '') =>
  html`<form method="post" action="${action}" class="one">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="${kind}">${label}</button></form>`;

/** A labelled field. */
export const field = (name, label, { type = 'text', value = '', hint = '', required = false, autocomplete = 'off', inputmode = '' } = {}) =>
  html`<div class="field"><label for="${name}">${label}</label><input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${inputmode ? html` inputmode="${inputmode}"` : ''}${required ? new Made(' required') : ''}${hint ? html` aria-describedby="${name}-hint"` : ''}>${hint ? html`<p class="hint" id="${name}-hint">${hint}</p>` : ''}</div>`;
