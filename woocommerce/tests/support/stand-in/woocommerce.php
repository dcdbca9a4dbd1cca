<?php /** Stands in for WooCommerce where a real WordPress is tried without it: as much as a request meets that sells nothing. */
/**
 * Plugin Name: WooCommerce
 * Version: 8.5.0
 */

class WooCommerce {
	/** @var null */
	public $cart = null;
	/** @var null */
	public $customer = null;
}

function WC() {
	static $one = null;
	$one        = $one ? $one : new WooCommerce();
	return $one;
}

function get_woocommerce_currency() {
	return 'PEN';
}

function wc_get_order() {
	return false;
}

function wc_get_orders() {
	return array();
}

function wc_format_decimal( $number ) {
	return (string) $number;
}
