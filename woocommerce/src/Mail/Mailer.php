<?php /** Sends the core's mails through WooCommerce, and keeps WooCommerce's own on-hold mail from leaving without the code. */
namespace Efectivo\Woo\Mail;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Shop\Orders;
use Efectivo\Woo\Web\Order_Pages;

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

	/** WooCommerce's on-hold mail: not beside ours, and never without something to pay with. */
	public function on_hold( $enabled, $order ) {
		if ( ! $order instanceof \WC_Order || Orders::GATEWAY !== $order->get_payment_method() ) {
			return $enabled;
		}
		return ! Kinds::is_on( 'new' ) && self::payable( $order ) ? $enabled : false;
	}

	/** What the shopper pays with, as text on top of WooCommerce's own on-hold mail: the code where there is one, and the way to the page. */
	public function on_top( $order, $to_admin, $plain, $email = null ): void {
		$is_it = $email && 'customer_on_hold_order' === $email->id && $order instanceof \WC_Order && ! $to_admin && Orders::GATEWAY === $order->get_payment_method();
		$case  = $is_it ? self::payable( $order ) : null;
		if ( ! $case ) {
			return;
		}
		$code = (string) $order->get_meta( Orders::CODE );
		/* translators: %s: the code that the shopper pays with */
		$line = '' === $code ? '' : sprintf( __( 'Your payment code: %s', 'efectivo' ), $code );
		$page = Order_Pages::link( $case );
		$way  = Parts::host()->door->say( 'm.new.cta', Parts::settings()->locale() );
		if ( $plain ) {
			echo esc_html( trim( "$line\n$way" ) ) . ': ' . esc_url( $page ) . "\n\n";
			return;
		}
		echo '' === $line ? '' : '<p><strong>' . esc_html( $line ) . '</strong></p>';
		echo '<p><a href="' . esc_url( $page ) . '">' . esc_html( $way ) . '</a></p>';
	}

	/** The order's case where a shopper can pay with what it has; null for none. */
	private static function payable( \WC_Order $order ) {
		try {
			$case = Parts::host()->of_order( (string) $order->get_id() );
			return $case && Parts::host()->is_payable( $case ) ? $case : null;
		} catch ( \RuntimeException $error ) {
			Log::write( 'mail_held', array( 'order' => $order->get_id() ) + Log::of( $error ) );
			return null;
		}
	}
}
