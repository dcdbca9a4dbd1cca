<?php /** Tells an administrator at the checkout, in the admin bar that shoppers never see, why no cash code is offered there. */
namespace Efectivo\Woo\Shop;

use Efectivo\Woo\Admin\Desk;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Why_Not {
	public function hook(): void {
		add_action( 'admin_bar_menu', array( $this, 'add' ), 90 );
	}

	public function add( $bar ): void {
		if ( is_admin() || ! function_exists( 'is_checkout' ) || ! is_checkout() || ! current_user_can( Desk::RIGHT ) || is_wc_endpoint_url( 'order-received' ) ) {
			return;
		}
		$gateway = new Gateway();
		$why     = 'yes' === Parts::settings()->get( 'enabled' ) ? $gateway->why_not() : '';
		if ( '' === $why ) {
			return;
		}
		$bar->add_node( array( 'id' => 'efectivo', 'title' => esc_html__( 'No cash code here', 'efectivo' ), 'href' => $gateway->get_settings_url() ) ); // phpcs:ignore
		$bar->add_node( array( 'id' => 'efectivo-why', 'parent' => 'efectivo', 'title' => esc_html( $why ), 'href' => $gateway->get_settings_url() ) ); // phpcs:ignore
	}
}
