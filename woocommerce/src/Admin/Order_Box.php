<?php /** The box on WooCommerce's order screen: how the payment stands, the few decisions, and the way to the whole story. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Order_Box {
	public function hook(): void {
		add_action( 'add_meta_boxes', array( $this, 'add' ), 10, 2 );
		add_filter( 'woocommerce_shop_order_search_fields', array( $this, 'searched' ) );
		add_filter( 'woocommerce_order_table_search_query_meta_keys', array( $this, 'searched' ) );
	}

	/** Orders are found by their code. */
	public function searched( $fields ) {
		return array_merge( (array) $fields, array( Orders::CODE ) );
	}

	public function add( $screen, $post ): void {
		$order = $post instanceof \WC_Order ? $post : ( $post instanceof \WP_Post && 'shop_order' === $post->post_type ? wc_get_order( $post->ID ) : null );
		if ( $order instanceof \WC_Order && '' !== (string) $order->get_meta( Orders::CASE_ID ) ) {
			add_meta_box( 'efectivo', __( 'Cash code', 'efectivo' ), array( $this, 'show' ), wc_get_page_screen_id( 'shop-order' ), 'side', 'high' );
		}
	}

	public function show( $post ): void {
		$order = $post instanceof \WC_Order ? $post : wc_get_order( $post->ID );
		try {
			$case = Parts::host()->of_order( (string) $order->get_id() );
			if ( ! $case ) {
				echo '<p>' . esc_html__( 'No code was made for this order.', 'efectivo' ) . '</p>';
				return;
			}
			wp_enqueue_style( 'efectivo-desk' );
			$view = Parts::host()->view( $case );
			echo '<div class="efectivo"><p><span class="efectivo-state ' . esc_attr( $view->state ) . '">' . esc_html( $view->state_text ) . '</span></p><p class="efectivo-digits">' . esc_html( (string) $view->code ) . '</p><p>' . esc_html( $view->amount_text . ' · ' . $view->deadline_text ) . '</p>';
			foreach ( $view->reviews as $review ) {
				if ( $review->open ) {
					echo '<p class="efectivo-ask">' . esc_html( $review->title ) . '</p>';
				}
			}
			echo '<p><a class="button" href="' . esc_url( Desk::url( array( 'case' => $view->id ) ) ) . '">' . esc_html__( 'Story and decisions', 'efectivo' ) . '</a></p></div>';
		} catch ( \RuntimeException $error ) {
			Log::write( 'box_failed', Log::of( $error ) );
			echo '<p>' . esc_html__( 'This can not be shown just now.', 'efectivo' ) . '</p>';
		}
	}
}
