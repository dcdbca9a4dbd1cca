<?php /** The shop's side of the loop: an order as WooCommerce has it, and effects carried out on it under its lock. */
namespace Efectivo\Woo\Shop;

use Efectivo\Woo\Host\Database;
use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Orders {
	/** The gateway's id, on every order that is ours. */
	const GATEWAY = 'efectivo';
	/** The code as shoppers type it, for mails and screens. */
	const CODE = '_efectivo_code';
	/** Until when it can be paid, milliseconds UTC. */
	const EXPIRES = '_efectivo_expires_at';
	/** The case that the order has. */
	const CASE_ID = '_efectivo_case';
	/** The effects that were carried out. */
	const DONE = '_efectivo_done';
	/** The currency for which the order can not be read, once that was said on it. */
	const UNREAD = '_efectivo_unread';

	/** How long an effect waits for another request to let go of the order. */
	const LOCK_SECONDS = 10;
	/** WooCommerce's statuses in every shop software's words; any other is paid where WooCommerce calls it paid, else open as long as it is to be paid with us. */
	const WORDS = array( 'cancelled' => 'cancelled', 'refunded' => 'refunded', 'trash' => 'gone' );
	/** The statuses of WooCommerce's own out of which an order is cancelled; what another plugin's mean nobody here knows. */
	const UNPAID = array( 'pending', 'on-hold', 'failed' );
	/** How an order stands on which an effect was carried out already, by us or by somebody else. */
	const STANDS_AS = array( 'mark_paid' => 'paid', 'cancel' => 'cancelled' );

	/** @var Door */
	private $door;
	/** @var Database */
	private $db;
	/** @var Settings */
	private $settings;
	/** @var Stock */
	private $stock;
	/** @var string the order on which an effect of ours is being carried out now, whose echo says nothing new */
	private $applying = '';

	public function __construct( Door $door, Database $db, Settings $settings ) {
		$this->door     = $door;
		$this->db       = $db;
		$this->settings = $settings;
		$this->stock    = new Stock();
	}

	/** The order's payment facts; null for one that no longer exists. */
	public function read( string $key ) {
		$order = wc_get_order( (int) $key );
		$facts = $order instanceof \WC_Order ? $this->facts( $order ) : null;
		if ( $facts && '' !== (string) $order->get_meta( self::UNREAD ) ) {
			$this->noting( $key, static function () use ( $order ) { $order->delete_meta_data( self::UNREAD ); $order->save_meta_data(); } ); // phpcs:ignore
		}
		return $facts;
	}

	/** Says on the order why it can not be followed, once for each currency that it comes to stand in. */
	public function say_unread( string $key ): void {
		$order = $this->fresh( $key );
		if ( ! $order || $order->get_currency() === (string) $order->get_meta( self::UNREAD ) ) {
			return;
		}
		Log::write( 'order_in_other_currency', array( 'order' => $key, 'currency' => $order->get_currency() ) );
		$order->update_meta_data( self::UNREAD, $order->get_currency() );
		$this->noting( $key, static function () use ( $order ) { $order->save_meta_data(); $order->add_order_note( self::unread( $order ) ); } ); // phpcs:ignore
	}

	/** What the merchant has to know of an order that can not be followed; '' for one that can. */
	public static function unread( \WC_Order $order ): string {
		$in = (string) $order->get_meta( self::UNREAD );
		/* translators: %s: a currency */
		return '' === $in ? '' : sprintf( __( 'The order is in %s now, and cash codes are in soles or dollars: it can not be followed. Put its currency back, or call the code off at the provider and take the money another way. Money that still comes for the code will ask you.', 'efectivo' ), $in );
	}

	/** Writes on an order what is no news of it. */
	private function noting( string $key, callable $write ): void {
		$before         = $this->applying;
		$this->applying = $key;
		try {
			$write();
		} finally {
			$this->applying = $before;
		}
	}

	/** @return string[] The categories of the order's products, by their ids. */
	public function categories( string $key ): array {
		$order = wc_get_order( (int) $key );
		$lines = $order instanceof \WC_Order ? $order->get_items() : array();
		return self::categories_of( array_map( static function ( $line ) { return $line->get_product_id(); }, $lines ) ); // phpcs:ignore
	}

	/** @return string[] The categories of these products and those that they are part of, by their ids. */
	public static function categories_of( array $products ): array {
		$all = array();
		foreach ( $products as $product ) {
			$all = array_merge( $all, wc_get_product_cat_ids( $product ) );
		}
		return array_map( 'strval', array_values( array_unique( $all ) ) );
	}

	/**
	 * Under the order's lock: what was done under this key before, else the effect if the order still allows it.
	 *
	 * @param string        $key    The order.
	 * @param string|object $effect As the core asks.
	 * @param object        $when   Its precondition.
	 * @param string        $about  The effect's own key: the same after a crash.
	 * @return array `outcome` and the order as `read` afterwards.
	 */
	public function apply( string $key, $effect, $when, string $about ): array {
		return $this->db->locked(
			"order_$key",
			self::LOCK_SECONDS,
			function () use ( $key, $effect, $when, $about ) {
				$this->applying = $key;
				try {
					return $this->stock->during( function () use ( $key, $effect, $when, $about ) { return $this->under_lock( $key, $effect, $when, $about ); } ); // phpcs:ignore
				} finally {
					$this->applying = '';
				}
			}
		);
	}

	/** An order whose shopper came back to the code that lives waits for it on hold again, with its stock. */
	public function hold_again( string $key ): void {
		$this->db->locked(
			"order_$key",
			self::LOCK_SECONDS,
			function () use ( $key ) {
				$order = $this->fresh( $key );
				if ( $order && $order->has_status( array( 'pending', 'failed' ) ) ) {
					$this->stock->during( function () use ( $order ) { $this->must( $order->update_status( 'on-hold', __( 'The shopper came back to the code that lives.', 'efectivo' ) ) ); } ); // phpcs:ignore
				}
			}
		);
	}

	public function is_applying( string $key ): bool {
		return $this->applying === $key;
	}

	private function under_lock( string $key, $effect, $when, string $about ): array {
		$order = $this->fresh( $key );
		if ( ! $order ) {
			return array( 'outcome' => array( 'refused' => array( 'why' => 'no such order' ) ), 'read' => null );
		}
		$read   = $this->facts( $order );
		$name   = is_string( $effect ) ? $effect : key( (array) $effect );
		$wanted = is_string( $effect ) ? null : current( (array) $effect );
		$done   = array_filter( explode( ' ', (string) $order->get_meta( self::DONE ) ) );
		$fits   = ( 'cancel' !== $name || $order->has_status( self::UNPAID ) ) && $this->door->call( 'allows', array( 'when' => $when, 'read' => $read ) )->ok->allowed;
		if ( in_array( $about, $done, true ) && ! ( $fits && $this->fell_short( $order, $name, $read->status ) ) ) {
			$this->mend_stock( $order );
			return array( 'outcome' => array( 'already_so' => array( 'ours' => true ) ), 'read' => $read );
		}
		if ( isset( self::STANDS_AS[ $name ] ) && self::STANDS_AS[ $name ] === $read->status ) {
			$this->mend_stock( $order );
			return array( 'outcome' => array( 'already_so' => array( 'ours' => (bool) preg_grep( "/^$name:/", $done ) ) ), 'read' => $read );
		}
		if ( ! $fits ) {
			return array( 'outcome' => array( 'refused' => array( 'why' => "it is {$order->get_status()}" ) ), 'read' => $read );
		}
		$done[] = $about;
		$done[] = "$name:$about";
		$order->update_meta_data( self::DONE, implode( ' ', array_unique( $done ) ) );
		$this->{$name}( $order, $wanted );
		$after = $this->fresh( $key );
		$read  = $after ? $this->facts( $after ) : null;
		$took  = ! $read || ! isset( self::STANDS_AS[ $name ] ) || self::STANDS_AS[ $name ] === $read->status;
		return array( 'outcome' => $took ? 'done' : array( 'refused' => array( 'why' => "it stays {$after->get_status()}" ) ), 'read' => $read );
	}

	/** The order past every cache: another worker may have written it a moment ago. */
	private function fresh( string $key ): ?\WC_Order {
		wp_cache_delete( 'order-' . $key, 'orders' );
		clean_post_cache( (int) $key );
		if ( class_exists( 'WC_Cache_Helper' ) ) {
			\WC_Cache_Helper::invalidate_cache_group( 'orders' );
		}
		$order = wc_get_order( (int) $key );
		return $order instanceof \WC_Order ? $order : null;
	}

	private function facts( \WC_Order $order ) {
		$status = $order->get_status();
		$paid   = $order->is_paid() || $order->get_date_paid();
		$unpaid = self::GATEWAY === $order->get_payment_method() ? 'open' : 'cancelled'; // as far as our codes go: whoever waits for a transfer is not ours to cancel, and who comes back opens it again
		$word   = isset( self::WORDS[ $status ] ) ? self::WORDS[ $status ] : ( $paid ? 'paid' : $unpaid );
		$left   = wc_format_decimal( (float) $order->get_total( 'edit' ) - (float) $order->get_total_refunded(), 2 ); // WooCommerce's own goes by the total as other plugins show it
		$total  = $this->money( $order, (string) $order->get_total( 'edit' ) );
		return (object) array(
			'status'      => $word,
			'outstanding' => $this->money( $order, $paid ? '0' : $left ),
			'total'       => $total,
		);
	}

	/** @return object `{minor, currency}`, read by the core. @throws Refusal `other_currency` Where the core knows no such currency. */
	private function money( \WC_Order $order, string $text ) {
		$plain = wc_format_decimal( $text, false, true );
		try {
			return $this->door->call( 'money', array( 'text' => '' === $plain ? '0' : $plain, 'currency' => $order->get_currency() ), '', $this->settings->lang() )->ok->money;
		} catch ( Refusal $refusal ) {
			if ( 'bad_ask' !== $refusal->name ) {
				throw $refusal;
			}
			/* translators: %s: a currency */
			throw new Refusal( 'other_currency', sprintf( __( 'The order is in %s, and cash codes are in soles or dollars.', 'efectivo' ), $order->get_currency() ) );
		}
	}

	// The effects, by the core's names for them.

	private function show_code( \WC_Order $order, $wanted ): void {
		$order->update_meta_data( self::CODE, $wanted->digits );
		$order->update_meta_data( self::EXPIRES, (string) $wanted->expires_at );
		if ( '' !== $wanted->digits ) {
			$order->set_transaction_id( $wanted->digits );
		}
		/* translators: %s: the code that the shopper pays with */
		$note = '' === $wanted->digits ? __( 'The shopper has a link to pay with.', 'efectivo' ) : sprintf( __( 'Payment code %s. Nothing is paid yet: do not ship.', 'efectivo' ), $wanted->digits );
		if ( 'on-hold' === $order->get_status() ) {
			$order->save();
			$order->add_order_note( $note );
			$this->mend_stock( $order );
			return;
		}
		$this->must( $order->update_status( 'on-hold', $note ) );
	}

	private function mark_paid( \WC_Order $order ): void {
		if ( 'cancelled' === $order->get_status() ) {
			$order->add_order_note( __( 'The order was opened again: its late payment was accepted. Check the stock.', 'efectivo' ) );
		}
		$this->must( $order->payment_complete( (string) $order->get_meta( self::CODE ) ) );
	}

	private function cancel( \WC_Order $order ): void {
		$this->must( $order->update_status( 'cancelled', __( 'The payment code lapsed unpaid, as the provider confirmed.', 'efectivo' ) ) );
	}

	private function note( \WC_Order $order, $wanted ): void {
		$order->save();
		$order->add_order_note( $this->door->say( $wanted->words, $this->settings->desk_locale() ) );
	}

	/** Whether an effect that the order says was done has not come to its status: where orders are posts WooCommerce saves what is noted on one before its status, and a worker may die in between. */
	private function fell_short( \WC_Order $order, string $name, string $status ): bool {
		return isset( self::STANDS_AS[ $name ] ) ? self::STANDS_AS[ $name ] !== $status : 'show_code' === $name && $order->has_status( 'pending' );
	}

	/** WooCommerce saves a status first and moves the stock after it: a worker that died in between left the stock behind. Both calls do nothing where it was moved. */
	private function mend_stock( \WC_Order $order ): void {
		if ( in_array( $order->get_status(), array( 'on-hold', 'processing', 'completed' ), true ) ) {
			$this->stock->take( $order->get_id() );
		} elseif ( $order->has_status( 'cancelled' ) ) {
			$this->stock->give_back( $order->get_id() );
		}
	}

	/** WooCommerce catches what goes wrong on the way and only says that it did. */
	private function must( bool $done ): void {
		if ( ! $done ) {
			throw new \RuntimeException( 'WooCommerce did not save the order' );
		}
	}
}
