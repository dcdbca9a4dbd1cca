<?php /** The stock of our orders: a product's number and the order's note of it change together or not at all, whenever a worker dies. */
namespace Efectivo\Woo\Shop;

defined( 'ABSPATH' ) || exit;

/**
 * WooCommerce takes a product's number down in one statement and notes on the order's line in another that it did: a worker that dies in between leaves it
 * unnoted, and whoever comes next takes it once more. Here both are one transaction, a line at a time and never longer, so that nobody waits for mails.
 */
final class Stock {
	/** When WooCommerce moves stock, and what is to have been done before it looks. */
	const MOVES = array(
		'woocommerce_order_status_on-hold'    => 'take',
		'woocommerce_order_status_processing' => 'take',
		'woocommerce_order_status_completed'  => 'take',
		'woocommerce_payment_complete'        => 'take',
		'woocommerce_order_status_cancelled'  => 'give_back',
	);
	/** WooCommerce's own come at 10. */
	const BEFORE_WOOCOMMERCE = 9;
	/** Around a line's change: its product's number is about to change; its note is saved. */
	const LINES = array(
		'woocommerce_product_before_set_stock'   => 'begin',
		'woocommerce_variation_before_set_stock' => 'begin',
		'woocommerce_reduce_order_item_stock'    => 'end',
		'woocommerce_restore_order_item_stock'   => 'end',
	);

	/** @var bool */
	private $begun = false;

	/**
	 * While this work goes on, an order whose status changes has its stock moved here.
	 *
	 * @return mixed What the work returns.
	 */
	public function during( callable $work ) {
		return $this->hooked( self::MOVES, self::BEFORE_WOOCOMMERCE, 1, $work );
	}

	/** Takes what an order needs, unless it was taken. */
	public function take( $order_id ): void {
		$this->moved( 'wc_maybe_reduce_stock_levels', (int) $order_id );
	}

	/** Gives back what was taken for an order, once. */
	public function give_back( $order_id ): void {
		$this->moved( 'wc_maybe_increase_stock_levels', (int) $order_id );
	}

	/** A saving within a change asks for this again. */
	public function begin(): void {
		if ( ! $this->begun ) {
			$this->begun = true;
			wc_transaction_query( 'start' );
		}
	}

	public function end(): void {
		$this->over( 'commit' );
	}

	private function moved( callable $move, int $order_id ): void {
		$this->hooked(
			self::LINES,
			PHP_INT_MIN,
			0,
			function () use ( $move, $order_id ) {
				try {
					$move( $order_id );
				} catch ( \Throwable $why ) {
					$this->over( 'rollback' );
					throw $why;
				}
				$this->over( 'commit' );
			}
		);
	}

	private function over( string $how ): void {
		if ( $this->begun ) {
			$this->begun = false;
			wc_transaction_query( $how );
		}
	}

	/** @return mixed What the work returns. */
	private function hooked( array $hooks, int $priority, int $words, callable $work ) {
		foreach ( $hooks as $hook => $what ) {
			add_action( $hook, array( $this, $what ), $priority, $words );
		}
		try {
			return $work();
		} finally {
			foreach ( $hooks as $hook => $what ) {
				remove_action( $hook, array( $this, $what ), $priority );
			}
		}
	}
}
