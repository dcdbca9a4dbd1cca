<?php /** Sends the core's mails through WooCommerce, and keeps WooCommerce's own on-hold mail from leaving without the code. */
namespace Efectivo\Woo\Mail;

use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Mailer {
	public function hook(): void {
		add_filter( 'woocommerce_email_classes', array( $this, 'classes' ) );
		add_filter( 'woocommerce_email_enabled_customer_on_hold_order', array( $this, 'on_hold' ), 10, 2 );
		add_action( 'woocommerce_email_before_order_table', array( $this, 'on_top' ), 5, 4 );
	}

	public function classes( $all ) {
		foreach ( Kinds::ALL as $kind ) {
			$all[ "Efectivo_$kind" ] = new Letter( $kind );
		}
		return $all;
	}

	/**
	 * Sends one mail of a case.
	 *
	 * @return array `outcome` and the order as `read`: none.
	 * @throws \RuntimeException Where the mail server did not take it: it is tried again.
	 */
	public function send( $mail, string $kind, $case ): array {
		$classes = WC()->mailer()->get_emails();
		$letter  = isset( $classes[ "Efectivo_$kind" ] ) ? $classes[ "Efectivo_$kind" ] : new Letter( $kind );
		$order   = wc_get_order( (int) $case->order );
		if ( ! $letter->post( $mail, $order ? $order : null ) ) {
			throw new \RuntimeException( 'the mail server did not take the mail' );
		}
		return array( 'outcome' => 'done', 'read' => null ); // phpcs:ignore
	}

	/** WooCommerce's on-hold mail: not beside ours, and never before there is a code. */
	public function on_hold( $enabled, $order ) {
		if ( ! $order instanceof \WC_Order || Orders::GATEWAY !== $order->get_payment_method() || '' === (string) $order->get_meta( Orders::CASE_ID ) ) {
			return $enabled;
		}
		return ! Kinds::is_on( 'new' ) && '' !== (string) $order->get_meta( Orders::EXPIRES ) ? $enabled : false;
	}

	/** The code as text on top of WooCommerce's own on-hold mail. */
	public function on_top( $order, $to_admin, $plain, $email = null ): void {
		$code = $order instanceof \WC_Order && ! $to_admin && Orders::GATEWAY === $order->get_payment_method() ? (string) $order->get_meta( Orders::CODE ) : '';
		if ( '' === $code || ! $email || 'customer_on_hold_order' !== $email->id ) {
			return;
		}
		/* translators: %s: the code that the shopper pays with */
		$line = sprintf( __( 'Your payment code: %s', 'efectivo' ), $code );
		echo $plain ? esc_html( $line ) . "\n\n" : '<p><strong>' . esc_html( $line ) . '</strong></p>';
	}
}
