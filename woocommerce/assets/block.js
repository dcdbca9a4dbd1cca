// The payment method in the Checkout block, written by hand with wp.element: a title, a sentence, and the document where the provider wants one.

( function () {
	const el = window.wp.element.createElement;
	const { useState, useEffect } = window.wp.element;
	const { decodeEntities } = window.wp.htmlEntities;
	const told = window.wc.wcSettings.getPaymentMethodData( 'efectivo' ) || {};
	const title = decodeEntities( told.title || '' );

	/** As wide as the block's own fields and as tall as a thumb; 16 px, below which phones zoom in. */
	const WIDE = { display: 'block', boxSizing: 'border-box', width: '100%', minHeight: '48px', padding: '8px 12px', fontFamily: 'inherit', fontSize: '16px' };

	/** A field with its label above it. */
	const row = ( id, label, field ) => el( 'div', { style: { marginTop: '12px' } }, el( 'label', { htmlFor: id, style: { display: 'block', marginBottom: '4px' } }, label ), field );

	function Content( { eventRegistration, emitResponse } ) {
		const [ type, setType ] = useState( told.document ? told.document.types[ 0 ] : '' );
		const [ number, setNumber ] = useState( '' );
		useEffect( () => eventRegistration.onPaymentSetup( () => {
			if ( told.document && ! number.trim() ) {
				return { type: emitResponse.responseTypes.ERROR, message: told.document.wanted };
			}
			return { type: emitResponse.responseTypes.SUCCESS, meta: { paymentMethodData: { efectivo_document_type: type, efectivo_document: number } } };
		} ), [ type, number ] );
		const sentence = el( 'p', null, decodeEntities( told.description || '' ) );
		if ( ! told.document ) {
			return sentence;
		}
		return el( 'div', null, sentence,
			row( 'efectivo-document-type', told.document.type,
				el( 'select', { id: 'efectivo-document-type', style: WIDE, value: type, onChange: ( event ) => setType( event.target.value ) }, told.document.types.map( ( one ) => el( 'option', { key: one }, one ) ) ) ),
			row( 'efectivo-document', told.document.number,
				el( 'input', { id: 'efectivo-document', style: WIDE, value: number, required: true, autoComplete: 'off', onChange: ( event ) => setNumber( event.target.value ) } ) ) );
	}

	window.wc.wcBlocksRegistry.registerPaymentMethod( {
		name: 'efectivo',
		label: el( 'span', null, title ),
		ariaLabel: title,
		content: el( Content, {} ),
		edit: el( 'p', null, decodeEntities( told.description || '' ) ),
		canMakePayment: () => true,
		supports: { features: told.supports || [ 'products' ] },
	} );
} )();
