// The page "Agente de prueba": anybody pays a code here, on time or late, twice or wrong, and orders trouble for notices and answers. It needs no script.

const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** What notices can be told to do, and requests; values are the core's own names. */
const RULES = ['"normal"', '"lost"', '"doubled"', '{"delayed":{"ms":600000}}', '"reordered"', '"forged"'];
const KINDS = ['{"slow":{"ms":4000}}', '"server_error"', '"server_error_after"', '"cut_before"', '"cut_after"', '"html"', '"truncated"', '"busy"'];
const name = (value) => value.match(/[a-z_]+/)[0];

/** Renders the page. `rows` is the ledger, `told` the query after something was pressed. */
export function agentPage({ words, lang, rows, told }) {
  const say = (id) => escape(words[`agent.${id}`] ?? id);
  const option = (value, group) => `<option value='${escape(value)}'>${say(`${group}.${name(value)}`)}</option>`;
  const code = escape(told.get('code') ?? '');
  const wrong = told.get('wrong');
  const done = told.get('done');
  const message = wrong ? `<p class="note bad" role="alert">${escape(wrong)}</p>` : done ? `<p class="note" role="status">${say('done')}</p>` : '';
  return `<!doctype html>
<html lang="${escape(lang)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${say('title')}</title><style>${STYLE}</style></head>
<body><header><div><h1>${say('title')}</h1><p>${say('lead')}</p></div><nav><a href="/">${say('shop')}</a> <a href="/escritorio">${say('desk')}</a></nav></header>
<main>${message}
<section class="card"><h2>${say('pay.title')}</h2>
<form method="post" action="/agente/pay">
<label for="code">${say('code')}</label><input id="code" name="code" inputmode="numeric" autocomplete="off" value="${code}" required>
<label for="amount">${say('amount')}</label><input id="amount" name="amount" inputmode="decimal" autocomplete="off" placeholder="${say('amount.same')}">
<div class="row"><button name="do" value="pay" class="main">${say('do.pay')}</button><button name="do" value="twice">${say('do.twice')}</button><button name="do" value="reverse">${say('do.reverse')}</button><button name="do" value="form">${say('do.form')}</button></div>
<p class="hint">${say('late.hint')}</p></form></section>
<section class="card"><h2>${say('notices.title')}</h2><p class="hint">${say('notices.hint')}</p>
<form method="post" action="/agente/notices" class="line"><label for="rule">${say('notices.next')}</label><select id="rule" name="rule">${RULES.map((value) => option(value, 'rule')).join('')}</select>
<label for="nc">${say('count')}</label><input id="nc" name="count" type="number" min="1" max="99" value="1"><button name="do" value="notices">${say('set')}</button></form></section>
<section class="card"><h2>${say('answers.title')}</h2><p class="hint">${say('answers.hint')}</p>
<form method="post" action="/agente/trouble" class="line"><label for="kind">${say('answers.next')}</label><select id="kind" name="kind">${KINDS.map((value) => option(value, 'kind')).join('')}</select>
<label for="tc">${say('count')}</label><input id="tc" name="count" type="number" min="1" max="99" value="1"><button name="do" value="trouble">${say('set')}</button></form></section>
<section class="card"><h2>${say('ledger')}</h2>${rows.length === 0 ? `<p>${say('empty')}</p>` : `<ul>${rows.map((row) => line(row, words, say)).join('')}</ul>`}</section>
</main></body></html>`;
}

function line(row, words, say) {
  const paid = row.payments.length === 0 ? '' : `<span>${say('payments')}: ${row.payments.length}</span>`;
  return `<li data-code="${escape(row.digits)}"><b class="digits">${escape(row.digits)}</b><span>${escape(row.amount_text)}</span><span class="tag">${escape(words[`status.${row.status}`] ?? row.status)}</span>${paid}<small>${escape(row.reference)} · ${escape(row.protocol)}</small>
<form method="post" action="/agente/pay"><input type="hidden" name="code" value="${escape(row.digits)}"><button name="do" value="pay" aria-label="${say('do.pay')} ${escape(row.digits)}">${say('do.pay')}</button></form></li>`;
}

const STYLE = `:root{--bg:#f3f6f4;--card:#fff;--ink:#13201a;--soft:#51605a;--line:#8a9790;--acc:#08684a;--mild:#e2f2ea}
*{box-sizing:border-box;margin:0}body{background:var(--bg);color:var(--ink);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
header{background:#17302a;color:#fff;padding:1rem}header div,main{max-width:56rem;margin:auto}header nav{max-width:56rem;margin:.5rem auto 0}header a{color:#9fe8c9;display:inline-block;padding:.6rem .8rem .6rem 0}
main{display:grid;grid-template-columns:minmax(0,1fr);gap:1rem;padding:1rem}h1{font-size:1.4rem}h2{font-size:1.1rem;margin-bottom:.6rem}
.card{background:var(--card);border:1px solid #d8e0dc;border-radius:1rem;padding:1rem}form{display:grid;gap:.5rem}
.row,.line{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center}label{font-weight:600}input,select,button{font:inherit;min-width:0;min-height:2.75rem;border:1px solid var(--line);border-radius:.6rem;padding:.4rem .8rem;background:#fff;color:var(--ink);max-width:100%}
#code{font-size:1.5rem;font-variant-numeric:tabular-nums}input[type=number]{width:5rem}button{cursor:pointer;font-weight:600}.main{background:var(--acc);border-color:var(--acc);color:#fff}
:focus-visible{outline:3px solid #0a8a63;outline-offset:2px}.hint,small{color:var(--soft);font-size:.9375rem}.hint+form{margin-top:.7rem}.note{background:var(--mild);border-radius:.6rem;padding:.7rem 1rem}.bad{background:#fde6e3;color:#7c1810}
ul{list-style:none;padding:0;display:grid;gap:.6rem}li{display:flex;flex-wrap:wrap;gap:.3rem 1rem;align-items:center;border-top:1px solid #d8e0dc;padding-top:.6rem}li form{margin-left:auto}.digits{font-variant-numeric:tabular-nums;font-size:1.15rem}.tag{background:var(--mild);border-radius:1rem;padding:.1rem .7rem}`;
