// The live preview in the merchant's browser: the core writes the page or mail anew whenever a choice changes, and mounts it.

import { load } from '/js/src/web.mjs';

const form = document.querySelector('#choices');
const stage = document.querySelector('#stage');
const wrong = document.querySelector('#wrong');
const core = await load('/js/dist/efectivo_bg.wasm');

function show() {
  const chosen = new FormData(form);
  const base = JSON.parse(form.dataset.settings);
  const settings = { ...base, shop: { ...base.shop, name: chosen.get('name') }, validity_hours: Number(chosen.get('validity_hours')), show_own_barcode: chosen.has('show_own_barcode') };
  const ask = { settings, case: null, now: Number(form.dataset.now), locale: chosen.get('locale'), tone: chosen.get('tone') };
  const kind = chosen.get('kind');
  try {
    if (kind === 'page') core.mountAnswer(stage, 'page', ask);
    else core.mount(stage, core.call('mail_preview', { ...ask, kind }).ok.html);
    stage.dataset.shown = `${kind} ${ask.locale} ${ask.tone}`;
    wrong.textContent = '';
  } catch (error) {
    wrong.textContent = error.message;
  }
}

form.addEventListener('input', show);
show();
