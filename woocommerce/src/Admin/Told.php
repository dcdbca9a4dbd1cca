<?php /** What an administrator is told on top of every screen: a missing WooCommerce, a core that can't run, a copied site, missing tables. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Tables;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;
use Efectivo\Woo\Setup;

defined( 'ABSPATH' ) || exit;

final class Told {
	const CONFIRM = 'efectivo_confirm_site';

	public function hook(): void {
		add_action( 'admin_init', array( $this, 'look' ) );
		add_action( 'admin_notices', array( $this, 'show' ) );
		add_action( 'admin_post_' . self::CONFIRM, array( $this, 'confirm' ) );
	}

	/** After an update of PHP or of the plugin the core answers its known questions again, and the tables are brought up. */
	public function look(): void {
		if ( ! Setup::is_tested() ) {
			Setup::unfit();
		}
		if ( (int) get_option( 'efectivo_tables' ) < Tables::SHAPE && class_exists( 'WooCommerce' ) ) {
			Tables::make(); // also on a site of a network for which the plugin was switched on as a whole
			add_option( Settings::ADDRESS, Settings::address() );
		}
	}

	public function show(): void {
		if ( ! current_user_can( 'manage_woocommerce' ) && ! current_user_can( 'activate_plugins' ) ) {
			return;
		}
		if ( ! class_exists( 'WooCommerce' ) ) {
			self::notice( __( 'Efectivo needs WooCommerce. Install and activate it; then cash codes can be offered.', 'efectivo' ) );
			return;
		}
		if ( ! Setup::is_tested() ) {
			self::notice( implode( ' ', Setup::unfit() ) );
		}
		self::notice( implode( ' ', Health::unopened() ) );
		if ( 'yes' !== Parts::settings()->get( 'enabled' ) && get_current_screen() && 'plugins' === get_current_screen()->id ) {
			echo '<div class="notice notice-info"><p>' . esc_html__( 'Cash codes can be set up now, in four steps with a test sale among them.', 'efectivo' ) . ' <a class="button button-primary" href="' . esc_url( Desk::url( array( 'tab' => 'guide' ) ) ) . '">' . esc_html__( 'Open the guide', 'efectivo' ) . '</a></p></div>';
		}
		if ( get_option( Settings::ADDRESS ) !== Settings::address() ) {
			$url = wp_nonce_url( admin_url( 'admin-post.php?action=' . self::CONFIRM ), self::CONFIRM );
			/* translators: 1: an address, 2: an address */
			$told = sprintf( __( 'This looks like a copy of %1$s. Here, at %2$s, nothing is sent to providers, shoppers or orders until you confirm that this is the shop itself.', 'efectivo' ), (string) get_option( Settings::ADDRESS ), Settings::address() );
			echo '<div class="notice notice-warning"><p>Efectivo: ' . esc_html( $told ) . ' <a class="button" href="' . esc_url( $url ) . '">' . esc_html__( 'This is the shop', 'efectivo' ) . '</a></p></div>';
		}
	}

	public function confirm(): void {
		check_admin_referer( self::CONFIRM );
		if ( ! current_user_can( 'manage_woocommerce' ) ) {
			wp_die( esc_html__( 'You may not do that.', 'efectivo' ), 403 );
		}
		update_option( Settings::ADDRESS, Settings::address() );
		wp_safe_redirect( wp_get_referer() ? wp_get_referer() : admin_url() );
		exit;
	}

	private static function notice( string $text ): void {
		if ( '' !== $text ) {
			echo '<div class="notice notice-error"><p>Efectivo: ' . esc_html( $text ) . '</p></div>';
		}
	}
}
