// The peer of the page row: the same voucher page as one JavaScript template literal, with its sentences as constants, npm qr for the link and
// JsBarcode's own encoder (without any DOM) for the bars. It is what a careful developer would write by hand for this one screen in this one language.

import { readFileSync } from 'node:fs';
import CODE128 from 'jsbarcode/bin/barcodes/CODE128/CODE128_AUTO.js';
import encodeQR from 'qr';

const STYLE = readFileSync(new URL('../src/page/page.css', import.meta.url), 'utf8');
const SCRIPT = readFileSync(new URL('../src/page/page.js', import.meta.url), 'utf8');
const Bars = CODE128.default ?? CODE128;
const reader = new TextDecoder();
const writer = new TextEncoder();

const WEEKDAYS = ['domingo', 'lunes', 'martes', 'miércoles', 'jueves', 'viernes', 'sábado'];
const MONTHS = ['enero', 'febrero', 'marzo', 'abril', 'mayo', 'junio', 'julio', 'agosto', 'setiembre', 'octubre', 'noviembre', 'diciembre'];
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const safe = (text) => text.replace(/[&<>"']/g, (mark) => ENTITIES[mark]);
const lima = (at) => new Date(at - 5 * 3_600_000);

/** The waiting page of a case, from the JSON bytes of the case to the bytes of the HTML. */
export function literalPage(json) {
  const { settings, case: one, now, email_masked: masked } = JSON.parse(reader.decode(json));
  const { code, amount: money } = one.attempts.at(-1);
  const digits = safe(code.handle.digits);
  const amount = `S/\u00a0${thousands(money.minor)}`;
  const url = safe(`${settings.shop.page_url}/${one.page_token}`);
  const deadline = `${day(code.expires_at)}, ${time(code.expires_at)} (hora de Perú)`;
  const facts = {
    digits,
    amount,
    url,
    deadline,
    spoken: [...digits].join(' '),
    grouped: digits.match(/.{1,3}/g).map((group) => `<span>${group}</span>`).join('<wbr>'),
    utc: new Date(code.expires_at).toISOString(),
    updated: time(now),
    left: left(code.expires_at - now),
    number: safe(one.number),
    shop: safe(settings.shop.name),
    contact: safe(settings.shop.contact),
    privacy: safe(settings.shop.privacy_contact),
    policy: safe(settings.shop.privacy_url),
    book: safe(settings.shop.complaints_url),
    mail: safe(masked),
    bars: bars(code.barcode),
    qr: encodeQR(`${settings.shop.page_url}/${one.page_token}`, 'svg', { ecc: 'medium', encoding: 'byte' }),
  };
  facts.shared = shared(one, settings, { ...facts, url: `${settings.shop.page_url}/${one.page_token}`, digits: code.handle.digits });
  facts.start = start(code.expires_at, now, one, facts);
  return writer.encode(html(facts));
}

function thousands(minor) {
  return `${String(Math.trunc(minor / 100)).replace(/\B(?=(\d{3})+$)/g, ',')}.${String(minor % 100).padStart(2, '0')}`;
}

function day(at) {
  const date = lima(at);
  return `${WEEKDAYS[date.getUTCDay()]}, ${date.getUTCDate()} de ${MONTHS[date.getUTCMonth()]} de ${date.getUTCFullYear()}`;
}

function time(at) {
  const date = lima(at);
  return `${date.getUTCHours() % 12 || 12}:${String(date.getUTCMinutes()).padStart(2, '0')} ${date.getUTCHours() < 12 ? 'a' : 'p'}.\u00a0m.`;
}

function left(ms) {
  const minutes = Math.ceil(ms / 60_000);
  const days = Math.floor(minutes / 1440);
  const daysText = days === 0 ? '' : days === 1 ? '1 día ' : `${days} días `;
  return `${daysText}${Math.floor(minutes / 60) % 24} h ${minutes % 60} min`;
}

function bars(text) {
  let path = '';
  let modules = 0;
  const { data } = new Bars(text, {}).encode();
  for (const { 0: run, index } of data.matchAll(/1+/g)) path += `M${index + 10} 0h${run.length}v50h-${run.length}z`;
  modules = data.length + 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${modules} 50"><path d="${path}"/></svg>`;
}

function shared(one, settings, { digits, amount, deadline, url }) {
  const text = `Código de pago PagoEfectivo\n${settings.shop.name}, pedido ${one.number}\nCódigo CIP: ${digits}\nMonto: ${amount}\nPaga hasta: ${deadline}\nVer pasos: ${url}`;
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function start(end, now, one, { deadline, updated, url }) {
  const facts = {
    now,
    off: 'Sin conexión: no sabemos si tu pago ya llegó. Si aún no has pagado, puedes usar este código.',
    open: true,
    reload: `waiting-${one.attempts.length}-${end}-${one.refunds.length}.0`,
    stale: `No pudimos actualizar (última consulta: ${updated}). Tu código vence el ${deadline}.`,
    url,
    copied: 'Código copiado',
    d0: 'Te quedan {h} h {m} min',
    d1: 'Te quedan 1 día {h} h {m} min',
    d2: 'Te quedan {d} días {h} h {m} min',
    end,
    fail: 'No se pudo copiar. Mantén presionado el código para seleccionarlo.',
    l1: 'Queda menos de un minuto',
    l2: 'Quedan menos de {m} minutos',
    over: 'Ya pasó la hora límite. No pagues con este código.',
    summed: 'Monto copiado',
  };
  return JSON.stringify(facts).replaceAll('<', '\\u003c');
}

const html = ({ digits, amount, url, deadline, spoken, grouped, utc, updated, left, number, shop, contact, privacy, policy, book, mail, bars, qr, shared, start }) => `<!doctype html><html lang="es-PE"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="format-detection" content="telephone=no"><title>Paga ${amount} con este código · ${shop}</title><style>${STYLE}</style></head><body><header class="band wait"><div><b>Por pagar</b> <span id="s" role="status">Esperando tu pago. Esta página se actualiza sola.</span> <small id="u">Actualizado a las ${updated}</small></div></header><main><div class="col"><div><p class="order">Pedido ${number} en ${shop}</p><h1>Paga ${amount} con este código</h1></div><section class="card code"><h2>Código CIP</h2><p class="digits" id="c" role="img" aria-label="${spoken}">${grouped}</p><button class="btn main" id="k" type="button" hidden>Copiar código</button><dl><div><dt>Monto exacto</dt><dd class="sum" id="a">${amount}</dd></div><div><dt>Paga hasta</dt><dd><time datetime="${utc}">${deadline}</time><br><span class="left" id="t">Te quedan ${left}</span></dd></div></dl><p class="hint screen">Es el único monto que aceptará el banco o el agente. Algunas agencias cierran antes. Revisa su horario.</p><p class="paper">Instrucciones de pago. No es un comprobante de pago (boleta o factura). Escribe a ${shop}: ${contact}</p><p class="hint screen" id="h">Díctalo o escríbelo tal cual, sin espacios.</p><p class="v" id="m" role="status"></p></section><section class="card screen"><form method="post" data-t="Consultando…" action="${url}/check"><button class="btn">Ya pagué, verificar</button></form><p class="hint">Normalmente se confirma en minutos. En algunos casos puede tardar hasta 1 día hábil. No vuelvas a pagar.</p></section></div><div class="col"><section class="card" id="caja"><h2>Qué decir en caja o al agente</h2><blockquote lang="es-PE">«Quiero pagar a la empresa PagoEfectivo, en soles. Mi código es…»</blockquote><dl><div><dt>Empresa</dt><dd>PagoEfectivo</dd></div><div class="again"><dt>Código CIP</dt><dd class="digits"><span role="img" aria-label="${spoken}">${grouped}</span></dd></div><div class="again"><dt>Monto exacto</dt><dd>${amount}</dd></div></dl><div class="bars">${bars}</div><p class="hint">Código de barras para mostrar en caja</p><a class="btn s" href="#caja">Mostrar al cajero</a><a class="btn main x" href="#c">Volver</a></section><section class="card where"><h2>¿Dónde quieres pagar?</h2><details name="w" id="w-a" open><summary>En efectivo, en un agente o bodega</summary><ol><li>Di que vas a pagar un servicio de PagoEfectivo.</li><li>Dicta tu código CIP y entrega ${amount}.</li><li>Pide tu constancia y verifica que diga PagoEfectivo y el mismo código.</li></ol><p>Sirve en: KasNet, Tambo+, Western Union (pago de servicios), Scotiabank, Niubiz multiservicio, Red Digital, Disashop, Cellpower, MoneyGram, Ya Ganaste.</p><p class="hint">No necesitas tarjeta ni cuenta bancaria para pagar en un agente.</p><details name="p" id="p-bcp-agente"><summary>BCP <small>Código de empresa 02186</small></summary><ol><li>Ve a un agente BCP.</li><li>Di esta frase:</li></ol><blockquote lang="es-PE">«Quiero pagar a PagoEfectivo, código de empresa 02186. Mi código CIP es…»</blockquote></details><details name="p" id="p-interbank-agente"><summary>Interbank <small>Código de empresa 2735001</small></summary><ol><li>Ve a un agente Interbank.</li><li>Di esta frase:</li></ol><blockquote lang="es-PE">«Quiero pagar a PagoEfectivo, código de empresa 2735001. Mi código CIP es…»</blockquote></details><details name="p" id="p-bbva-agente"><summary>BBVA</summary><ol><li>Ve a un agente BBVA.</li><li>Di esta frase:</li></ol><blockquote lang="es-PE">«Quiero hacer un pago de recaudo de servicios a PagoEfectivo. Mi código CIP es…»</blockquote></details></details><details name="w" id="w-b"><summary>Con la app o la web de tu banco</summary><details name="p" id="p-bcp-app"><summary>BCP</summary><ol><li>Abre la app o la web de BCP.</li><li>Sigue este camino: Pago de servicios &gt; Empresas &gt; PAGOEFECTIVO &gt; PagoEfectivo Soles.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details><details name="p" id="p-bbva-app"><summary>BBVA</summary><ol><li>Abre la app o la web de BBVA.</li><li>Sigue este camino: Pago de servicios &gt; De Instituciones y Empresas &gt; PAGOEFECTIVO &gt; PagoEfectivo Soles.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details><details name="p" id="p-interbank-app"><summary>Interbank</summary><ol><li>Abre la app o la web de Interbank.</li><li>Sigue este camino: Pago a Instituciones o Empresa &gt; Empresa PAGOEFECTIVO &gt; Servicio PAGOEFECTIVO.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details><details name="p" id="p-scotiabank-app"><summary>Scotiabank</summary><ol><li>Abre la app o la web de Scotiabank.</li><li>Sigue este camino: Pagos &gt; Otras Instituciones &gt; Otros &gt; PAGOEFECTIVO &gt; PagoEfectivo Soles.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details><details name="p" id="p-banbif-app"><summary>BanBif</summary><ol><li>Abre la app o la web de BanBif.</li><li>Sigue este camino: Pago de servicios &gt; PAGOEFECTIVO.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details><details name="p" id="p-arequipa-app"><summary>Caja Arequipa</summary><ol><li>Abre la app o la web de Caja Arequipa.</li><li>Sigue este camino: Pago de servicios &gt; PAGOEFECTIVO.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details><details name="p" id="p-pichincha-app"><summary>Banco Pichincha</summary><ol><li>Abre la app o la web de Banco Pichincha.</li><li>Sigue este camino: Pago de servicios &gt; PAGOEFECTIVO.</li><li>Escribe el código CIP ${digits}.</li><li>Verifica que el monto sea ${amount} y confirma.</li><li>Guarda tu constancia.</li></ol></details></details><details name="w" id="w-c"><summary>En una agencia bancaria</summary><details name="p" id="p-bcp-agencia"><summary>BCP <small>Código de empresa 02186</small></summary><ol><li>Ve a una agencia BCP y di la frase de abajo en caja.</li><li>Dicta tu código CIP y entrega ${amount}.</li><li>Pide tu constancia y verifica que diga PagoEfectivo y el mismo código.</li></ol><blockquote lang="es-PE">«Quiero pagar a PagoEfectivo, código de empresa 02186. Mi código CIP es…»</blockquote><p class="hint">BCP puede cobrar una comisión adicional de S/ 1.00.</p></details><details name="p" id="p-interbank-market"><summary>Interbank Market <small>Código de empresa 2735001</small></summary><ol><li>Ve a una agencia Interbank Market y di la frase de abajo en caja.</li><li>Dicta tu código CIP y entrega ${amount}.</li><li>Pide tu constancia y verifica que diga PagoEfectivo y el mismo código.</li></ol><blockquote lang="es-PE">«Quiero pagar a PagoEfectivo, código de empresa 2735001. Mi código CIP es…»</blockquote><p class="hint">Interbank Market puede cobrar una comisión adicional de S/ 2.00.</p></details></details><p class="hint">Datos reunidos el lunes, 23 de noviembre de 2026. Si tu app se ve distinta, busca «PagoEfectivo» en Pago de servicios.</p></section></div><section class="card keep screen"><h2>Guarda o comparte tu código</h2><div class="btns row"><a class="btn" id="wa" rel="noreferrer" href="https://wa.me/?text=${shared}">Enviar por WhatsApp</a><button class="btn" id="sh" type="button" hidden>Compartir</button><button class="btn" id="ka" type="button" hidden>Copiar monto</button><button class="btn" id="p" type="button" hidden>Imprimir o guardar como PDF</button><a class="btn" href="${url}/calendar.ics">Recordarme antes del vencimiento</a><form method="post" data-d="Enviado a ${mail}" data-f="No se pudo enviar. Vuelve a intentarlo." action="${url}/mail"><button class="btn">Enviar a mi correo</button></form></div><p class="hint">Lo enviaremos a ${mail}.</p></section><section class="card qr screen"><h2>Abre esta página en otro celular</h2>${qr}<p class="hint">Este QR solo abre esta página; no sirve para pagar. Este enlace es personal: quien lo tenga puede ver tu código.</p></section><section class="card screen"><h2>¿Necesitas ayuda?</h2><p>Escribe a ${shop}: ${contact}</p><details><summary>Ya pagué y no se actualiza</summary><p>Espera hasta 1 día hábil y ten a la mano tu constancia de pago, el código CIP y la hora del pago.</p></details><h2>Paga con seguridad</h2><p>Paga solo con este código y el monto exacto. No hagas transferencias a cuentas personales.</p><p>Nadie de ${shop} ni de PagoEfectivo te pedirá tu clave, tu código de verificación ni fotos de tu tarjeta.</p></section></main><footer><p>Esta página no es un comprobante de pago (boleta o factura). Tu boleta o factura electrónica la emite ${shop} después del pago.</p><p>${shop} usa los datos de tu pedido solo para generar este código y avisarte de tu pago, y los comparte con PagoEfectivo (simulado). Puedes ejercer tus derechos ARCO escribiendo a ${privacy}. Este enlace es personal: quien lo tenga puede ver tu código.</p><p><a rel="noreferrer" href="${policy}">Política de privacidad</a> <a rel="noreferrer" href="${book}">Libro de Reclamaciones</a> </p></footer><script type="application/json" id="j">${start}</script><script>${SCRIPT}</script></body></html>`;
