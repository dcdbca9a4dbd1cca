<?php /** The code where shoppers look for it: on top of the thank-you page and of the order in My account. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Host;
use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;
use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Order_Pages {
	public function hook(): void {
		add_action( 'woocommerce_before_thankyou', array( $this, 'show' ), 5 );
		add_action( 'woocommerce_view_order', array( $this, 'show' ), 5 );
		add_filter( 'woocommerce_my_account_my_orders_actions', array( $this, 'action' ), 10, 2 );
		add_filter( 'render_block_woocommerce/order-confirmation-status', array( $this, 'in_block' ), 10 );
	}

	/** @var bool the block theme's page fires the classic hook as well */
	private $shown = false;

	/** The block theme's thank-you page: the code stands before everything else. */
	public function in_block( $html ) {
		$id    = absint( get_query_var( 'order-received' ) );
		$order = $id ? wc_get_order( $id ) : null;
		$key   = isset( $_GET['key'] ) ? wc_clean( wp_unslash( $_GET['key'] ) ) : ''; // phpcs:ignore WordPress.Security -- the order's own key is the proof.
		if ( ! $order instanceof \WC_Order || ! hash_equals( $order->get_order_key(), (string) $key ) || $this->shown ) {
			return $html;
		}
		ob_start();
		$this->show( $id );
		return ob_get_clean() . $html;
	}

	/** @param int $order_id The order. */
	public function show( $order_id ): void {
		$order = wc_get_order( $order_id );
		if ( $this->shown || ! $order instanceof \WC_Order || '' === (string) $order->get_meta( Orders::CASE_ID ) ) {
			return;
		}
		try {
			$case = Parts::host()->of_order( (string) $order->get_id() );
			if ( $case ) {
				$this->shown = true;
				$this->block( $case );
			}
		} catch ( \RuntimeException $error ) {
			Log::write( 'order_page_failed', Log::of( $error ) );
		}
	}

	/** What the core says of the case's page, in few words: heading, code, amount, deadline, and the way to the page itself. */
	private function block( $case ): void {
		$host   = Parts::host();
		$locale = Parts::settings()->locale();
		$view   = $host->view( $case, $locale );
		$status = $host->door->call( 'page_status', array( 'settings' => Parts::settings()->core(), 'case' => $case, 'now' => $host->now() ) )->ok;
		$say    = static function ( $id ) use ( $host, $locale ) {
			return $host->door->say( $id, $locale );
		};
		$rows   = array();
		if ( $view->code && in_array( $status->state, Host::PAYABLE, true ) ) {
			$rows[ $say( 'code.label' ) ]     = "<strong class=\"efectivo-code\">" . esc_html( $view->code ) . '</strong>';
			$rows[ $say( 'amount.label' ) ]   = esc_html( $view->amount_text );
			$rows[ $say( 'deadline.label' ) ] = esc_html( $view->deadline_text );
		}
		wp_enqueue_style( 'efectivo-order', plugins_url( 'assets/order.css', EFECTIVO_FILE ), array(), EFECTIVO_VERSION );
		echo '<section class="efectivo-order" data-state="' . esc_attr( $status->state ) . '">';
		echo '<p class="efectivo-told">' . esc_html( $view->state_text ) . '</p>';
		if ( $rows ) {
			echo '<dl>';
			foreach ( $rows as $label => $value ) {
				echo '<div><dt>' . esc_html( $label ) . '</dt><dd>' . $value . '</dd></div>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
			}
			echo '</dl>';
		}
		echo '<p class="efectivo-way"><a class="button wp-element-button" href="' . esc_url( self::link( $case ) ) . '">' . esc_html( $say( 'm.new.cta' ) ) . '</a></p></section>';
	}

	public function action( $actions, $order ) {
		if ( '' === (string) $order->get_meta( Orders::EXPIRES ) || ! in_array( $order->get_status(), array( 'on-hold', 'pending' ), true ) ) {
			return $actions;
		}
		try {
			$case  = Parts::host()->of_order( (string) $order->get_id() );
			$label = Parts::host()->door->say( 'm.new.cta', Parts::settings()->locale() );
			return $case ? array( 'efectivo' => array( 'url' => self::link( $case ), 'name' => $label ) ) + $actions : $actions; // phpcs:ignore
		} catch ( \RuntimeException $error ) {
			Log::write( 'order_action_failed', Log::of( $error ) );
			return $actions;
		}
	}

	public static function link( $case ): string {
		return Settings::page_url() . '/' . $case->page_token;
	}
}
