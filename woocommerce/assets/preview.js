// The live preview in wp-admin: the core, loaded as WebAssembly, writes the page or mail anew whenever a choice changes.

import { load } from '../core/web/src/web.js';

const form = document.querySelector( '#efectivo-choices' );
const stage = document.querySelector( '#efectivo-stage' );
const wrong = document.querySelector( '#efectivo-wrong' );

try {
	const core = await load();
	const show = () => {
		const chosen = new FormData( form );
		const base = JSON.parse( form.dataset.settings );
		const settings = { ...base, shop: { ...base.shop, name: chosen.get( 'name' ) }, validity_hours: Number( chosen.get( 'validity_hours' ) ) };
		const ask = { settings, case: null, now: Number( form.dataset.now ), locale: chosen.get( 'locale' ), tone: chosen.get( 'tone' ) };
		const kind = chosen.get( 'kind' );
		try {
			if ( kind === 'page' ) {
				core.mountAnswer( stage, 'page', ask );
			} else {
				core.mount( stage, core.call( 'mail_preview', { ...ask, kind } ).ok.html );
			}
			stage.dataset.shown = `${ kind } ${ ask.locale } ${ ask.tone }`;
			wrong.textContent = '';
		} catch ( error ) {
			wrong.textContent = error.message;
		}
	};
	form.addEventListener( 'input', show );
	show();
} catch ( error ) {
	wrong.textContent = error.message;
}
