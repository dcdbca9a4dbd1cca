<?php /** The box on WooCommerce's order screen: how the payment stands, its journal, the few decisions, the code by mail once more, and the way to the whole story. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Order_Box {
	/** How much of the journal fits beside an order. */
	const LINES = 12;

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
			echo '<div class="efectivo efectivo-box">';
			Desk::told();
			if ( '' !== Orders::unread( $order ) ) {
				echo '<p class="efectivo-ask">' . esc_html( Orders::unread( $order ) ) . '</p>';
			}
			self::standing( Parts::host()->view( $case ), Parts::host()->is_payable( $case ) );
			self::newest( $case->id );
			echo '</div>';
		} catch ( \RuntimeException $error ) {
			Log::write( 'box_failed', Log::of( $error ) );
			echo '<p>' . esc_html( $error instanceof Refusal ? $error->told() : __( 'This can not be shown just now.', 'efectivo' ) ) . '</p>';
		}
	}

	private static function standing( $view, bool $payable ): void {
		echo '<p><span class="efectivo-state ' . esc_attr( $view->state ) . '">' . esc_html( $view->state_text ) . '</span></p><p class="efectivo-digits">' . esc_html( (string) $view->code ) . '</p><p>' . esc_html( implode( ' · ', array_filter( array( $view->amount_text, $view->deadline_text ) ) ) ) . '</p>';
		foreach ( $view->reviews as $review ) {
			if ( $review->open ) {
				echo '<p class="efectivo-ask">' . esc_html( $review->title ) . '</p>';
			}
		}
		foreach ( $view->refunds as $refund ) {
			echo '<p class="efectivo-refund">' . esc_html( "{$refund->amount_text} · {$refund->state_text}" ) . '</p>';
		}
		echo '<p class="efectivo-buttons">';
		foreach ( $view->decisions as $one ) {
			if ( ! isset( $one->decision->refund ) ) { // WooCommerce's own refund button is on this screen
				echo Case_Screen::pressed( '<button class="button" form="efectivo-box-form" name="decision" value="' . esc_attr( Door::json( $one->decision ) ) . '">', $one->label, 'cancel' === $one->decision ); // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there.
			}
		}
		if ( $payable ) {
			echo '<button class="button" form="efectivo-box-form" name="mail_again" value="1">' . esc_html__( 'Mail the code again', 'efectivo' ) . '</button>';
		}
		echo '<a class="button" href="' . esc_url( Desk::url( array( 'case' => $view->id ) ) ) . '">' . esc_html__( 'Story and decisions', 'efectivo' ) . '</a></p>';
		self::form_later( $view->id );
	}

	/** The order's screen is one form, and a form can not hold another: the buttons name one at the page's end. */
	private static function form_later( string $id ): void {
		add_action(
			'admin_footer',
			static function () use ( $id ) {
				echo '<form id="efectivo-box-form" method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
				Case_Screen::hidden( $id, array( 'order' => '1' ) ); // phpcs:ignore
				echo '</form>';
			}
		);
	}

	private static function newest( string $id ): void {
		echo '<details><summary>' . esc_html__( 'What happened', 'efectivo' ) . '</summary><ol class="efectivo-journal">';
		foreach ( array_slice( Parts::host()->journal( $id ), -self::LINES ) as $row ) {
			echo '<li><time>' . esc_html( $row->at_text ) . '</time> ' . esc_html( $row->text ) . '</li>';
		}
		echo '</ol></details>';
	}
}
