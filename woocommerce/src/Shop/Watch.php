<?php /** Notices that somebody touched an order of ours, and writes only that down; the loop reads the order later, outside of any other transaction. */
namespace Efectivo\Woo\Shop;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Store;

defined( 'ABSPATH' ) || exit;

final class Watch {
	/** @var Store */
	private $store;
	/** @var Orders */
	private $orders;
	/** @var array orders noted in this request */
	private $noted = array();

	public function __construct( Store $store, Orders $orders ) {
		$this->store  = $store;
		$this->orders = $orders;
	}

	public function hook(): void {
		add_action( 'woocommerce_order_status_changed', array( $this, 'touched' ) );
		add_action( 'woocommerce_update_order', array( $this, 'touched' ) );
		add_action( 'woocommerce_trash_order', array( $this, 'touched' ) );
		add_action( 'woocommerce_untrash_order', array( $this, 'touched' ) );
		add_action( 'woocommerce_before_delete_order', array( $this, 'touched' ) );
		// Orders that are posts of WordPress's, in the list of orders.
		add_action( 'wp_trash_post', array( $this, 'touched' ) );
		add_action( 'untrashed_post', array( $this, 'touched' ) );
		add_action( 'before_delete_post', array( $this, 'touched' ) );
		add_filter( 'woocommerce_cancel_unpaid_order', array( $this, 'keep' ), 10, 2 );
	}

	/** @param int $id The order. */
	public function touched( $id ): void {
		if ( $this->orders->is_applying( (string) $id ) ) {
			return;
		}
		$order = wc_get_order( $id );
		if ( ! $order instanceof \WC_Order || '' === (string) $order->get_meta( Orders::CASE_ID ) ) {
			return;
		}
		try {
			$this->store->nudge( (string) $id );
			$this->noted[ $id ] = true;
		} catch ( \RuntimeException $error ) {
			Log::write( 'nudge_lost', array( 'order' => (int) $id ) + Log::of( $error ) ); // the next question to the provider reads the order anyway
		}
	}

	/** Orders that this request touched. */
	public function noted(): bool {
		return (bool) $this->noted;
	}

	/** The store's own cron never cancels an order whose code may still be paid: the core does, once it is sure. */
	public function keep( $cancel, $order ) {
		return $order instanceof \WC_Order && '' !== (string) $order->get_meta( Orders::CASE_ID ) && Orders::GATEWAY === $order->get_payment_method() ? false : $cancel;
	}
}
