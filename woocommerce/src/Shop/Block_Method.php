<?php /** The payment method in the Checkout block. */
namespace Efectivo\Woo\Shop;

use Automattic\WooCommerce\Blocks\Payments\Integrations\AbstractPaymentMethodType;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Block_Method extends AbstractPaymentMethodType {
	/** @var string */
	protected $name = Orders::GATEWAY;

	public function initialize() {
		$this->settings = get_option( 'woocommerce_efectivo_settings', array() );
	}

	public function is_active() {
		return Parts::settings()->get( 'enabled' ) === 'yes';
	}

	public function get_payment_method_script_handles() {
		wp_register_script( 'efectivo-block', plugins_url( 'assets/block.js', EFECTIVO_FILE ), array( 'wc-blocks-registry', 'wc-settings', 'wp-element', 'wp-html-entities' ), EFECTIVO_VERSION, true );
		return array( 'efectivo-block' );
	}

	/** What the script shows; sentences come translated from here. */
	public function get_payment_method_data() {
		$gateway = new Gateway();
		return array(
			'title'       => $gateway->title,
			'description' => $gateway->description,
			'supports'    => array( 'products' ),
			'document'    => $this->is_active() && in_array( 'document', Parts::fit()->demands(), true ) ? array(
				'types'  => Person::DOCUMENTS,
				'type'   => __( 'Document', 'efectivo' ),
				'number' => __( 'Document number', 'efectivo' ),
				'wanted' => __( 'Please give your document number: the provider makes no code without it.', 'efectivo' ),
			) : null,
		);
	}
}
