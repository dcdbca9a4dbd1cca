// Small pieces of the fake's pages: escaping, the frame around each, buttons and tables.

import { readFileSync } from 'node:fs';

const STYLE = readFileSync(new URL('./style.css', import.meta.url), 'utf8');

/** HTML that is safe already. */
export class Made {
  readonly text: string;
  constructor(text: string) { this.text = text; }
  toString(): string { return this.text; }
}

type Piece = string | number | boolean | null | undefined | Made | Piece[];

const escape = (text: unknown): string => String(text).replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** A tagged template that escapes every value but those that it made. */
export function html(parts: TemplateStringsArray, ...values: Piece[]): Made {
  const piece = (value: Piece): string => (Array.isArray(value) ? value.map(piece).join('') : value instanceof Made ? value.text : value === false || value === null || value === undefined ? '' : escape(value));
  return new Made(parts.map((part, at) => part + (at < values.length ? piece(values[at]) : '')).join(''));
}

export interface Place { title: string; side: 'shop' | 'admin' | 'none'; domain?: string; body: Made; script?: string }

/** A whole page; `script` is an address of a module. */
export function frame({ title, side, domain = '', body, script }: Place): Response {
  const shop = `/s/${domain}`;
  const links = side === 'shop' ? html`<a href="${shop}/">Tienda</a>` : html`<a href="/admin/${domain}">Pedidos</a><a href="/admin/${domain}/payments">Pagos</a><a href="/admin/${domain}/app">Aplicación</a><a href="/admin/${domain}/troubles">Problemas</a>`;
  const made = html`<!doctype html>
<html lang="es"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${new Made(STYLE)}</style></head>
<body class="${side}"><header><div class="wide"><a class="logo" href="/">Shopify de mentira</a>${side !== 'none' && html`<nav aria-label="Secciones">${links}</nav>`}</div></header>
<main class="wide">${body}</main>${script && html`<script type="module" src="${script}"></script>`}</body></html>`;
  return new Response(made.text, { headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } });
}

/** A form of one button. */
export const button = (action: string, label: string, fields: Record<string, string> = {}, kind = ''): Made =>
  html`<form method="post" action="${action}" class="one">${Object.entries(fields).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button class="${kind}">${label}</button></form>`;

export const table = (heads: string[], rows: Piece[][]): Made =>
  html`<div class="scroll" tabindex="0" role="group" aria-label="${heads.join(', ')}"><table><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;

export const when = (at: number): Made => html`<time datetime="${new Date(at).toISOString()}">${new Date(at).toLocaleString('es-PE', { timeZone: 'America/Lima', dateStyle: 'medium', timeStyle: 'short' })}</time>`;

export const to = (address: string): Response => new Response(null, { status: 303, headers: { location: address } });
