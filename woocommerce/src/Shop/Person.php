<?php /** The payer, as the checkout gave it: what is missing stays missing. */
namespace Efectivo\Woo\Shop;

defined( 'ABSPATH' ) || exit;

final class Person {
	const DOCUMENTS = array( 'DNI', 'CE', 'PAS', 'RUC' );

	/** @return string[] As the core wants it. */
	public static function of( \WC_Order $order ): array {
		return array(
			'first_name'    => $order->get_billing_first_name(),
			'last_name'     => $order->get_billing_last_name(),
			'email'         => $order->get_billing_email(),
			'phone'         => self::international( $order ),
			'document_type' => self::posted( 'efectivo_document_type' ),
			'document'      => self::posted( 'efectivo_document' ),
			'ip'            => (string) $order->get_customer_ip_address(),
		);
	}

	/** What the shopper typed into our own fields; the checkout has checked its nonce. */
	public static function posted( string $name ): string {
		// phpcs:ignore WordPress.Security.NonceVerification -- WooCommerce verifies the checkout's nonce before a gateway is called.
		return isset( $_POST[ $name ] ) ? sanitize_text_field( wp_unslash( $_POST[ $name ] ) ) : '';
	}

	/** A phone with its country's prefix, by the billing country; as it is where it already has one. */
	private static function international( \WC_Order $order ): string {
		$phone = preg_replace( '/[^\d+]/', '', $order->get_billing_phone() );
		if ( '' === $phone || '+' === $phone[0] ) {
			return $phone;
		}
		$prefix = WC()->countries->get_country_calling_code( $order->get_billing_country() );
		$prefix = is_array( $prefix ) ? (string) reset( $prefix ) : (string) $prefix;
		return '' === $prefix ? '' : $prefix . $phone;
	}
}
