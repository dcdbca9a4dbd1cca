<?php /** Money back by the provider, where it can: asked as a merchant's decision, tracked by the core to its end. */
namespace Efectivo\Woo\Shop;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Refunds {
	/** The refund that the core offers for an order; null where the provider has none. */
	public static function offer( \WC_Order $order ) {
		try {
			$case = Parts::host()->of_order( (string) $order->get_id() );
			foreach ( $case ? Parts::host()->view( $case )->decisions : array() as $button ) {
				if ( isset( $button->decision->refund ) ) {
					return $button->decision->refund;
				}
			}
		} catch ( \RuntimeException $error ) {
			return null;
		}
		return null;
	}

	/** Asks the provider to give money back. @return true|\WP_Error What WooCommerce's refund button shows. */
	public static function ask( $order, string $amount ) {
		$offer = $order instanceof \WC_Order ? self::offer( $order ) : null;
		if ( ! $offer ) {
			return new \WP_Error( 'efectivo_refund', __( 'This payment can not be given back by a call: the order is unpaid, all of it is back already, a refund is under way, or the provider has none. Give it back in the provider\'s panel and use "Refund manually".', 'efectivo' ) );
		}
		try {
			$host  = Parts::host();
			$money = $host->door->call( 'money', array( 'text' => wc_format_decimal( $amount, false, true ), 'currency' => $order->get_currency() ), '', Parts::settings()->lang() )->ok->money;
			$case  = $host->of_order( (string) $order->get_id() );
			$host->merchant( $case->id, array( 'refund' => array( 'attempt' => $offer->attempt, 'amount' => $money ) ) );
		} catch ( \RuntimeException $error ) {
			return new \WP_Error( 'efectivo_refund', $error instanceof Refusal ? $error->told() : __( 'The refund could not be asked for. Nothing was given back.', 'efectivo' ) );
		}
		return self::standing( $order, $case->id );
	}

	/** How the refund that was just asked for stands: WooCommerce books it as given back unless the provider has refused it already. @return true|\WP_Error */
	private static function standing( \WC_Order $order, string $id ) {
		try {
			$host   = Parts::host();
			$now    = $host->view( $host->load( $id ) );
			$refund = end( $now->refunds );
			/* translators: %s: how the refund stands */
			$told = sprintf( __( 'Refund: %s. The payment code\'s screen follows it to its end.', 'efectivo' ), $refund->state_text );
			$order->add_order_note( $told );
			return $refund->failed ? new \WP_Error( 'efectivo_refund', $told ) : true;
		} catch ( \RuntimeException $error ) {
			Log::write( 'refund_not_shown', array( 'case' => $id ) + Log::of( $error ) );
			return true; // it is written down, and leaves
		}
	}
}
