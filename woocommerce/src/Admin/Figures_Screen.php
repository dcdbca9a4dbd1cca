<?php /** The dashboard: how many orders are paid, what lapses, how long refunds take, notices lost and doubled; counted and drawn by the core in the browser. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Figures_Screen {
	const CASES = 'efectivo_cases';
	/** Cases in one answer, about 2 MB. */
	const IN_ONE_SLICE = 500;

	public static function show(): void {
		if ( ! Preview_Screen::has_core() ) {
			return;
		}
		$where = wp_nonce_url( admin_url( 'admin-post.php?action=' . self::CASES ), self::CASES );
		echo '<div id="efectivo-figures" class="efectivo-card" data-cases="' . esc_attr( html_entity_decode( $where ) ) . '" data-mode="' . esc_attr( Parts::settings()->mode() ) . '" data-now="' . esc_attr( (string) Parts::clock()->now() ) . '" data-locale="' . esc_attr( Parts::settings()->desk_locale() ) . '"><p>' . esc_html__( 'Counting …', 'efectivo' ) . '</p></div><p id="efectivo-wrong" role="alert"></p>';
		echo '<script type="module" src="' . esc_url( plugins_url( 'assets/figures.js', EFECTIVO_FILE ) . '?ver=' . EFECTIVO_VERSION ) . '"></script>'; // phpcs:ignore WordPress.WP.EnqueuedResources -- a module, which older WordPress can't enqueue in wp-admin.
	}

	/** A slice of cases; they hold no personal data. The header says where the next one begins. */
	public static function cases(): void {
		Desk::check( self::CASES );
		nocache_headers();
		header( 'Content-Type: application/json; charset=utf-8' );
		$after               = isset( $_GET['after'] ) ? sanitize_text_field( wp_unslash( $_GET['after'] ) ) : ''; // phpcs:ignore WordPress.Security.NonceVerification -- checked above.
		list( $json, $next ) = Parts::store()->slice( $after, self::IN_ONE_SLICE );
		header( "X-Efectivo-Next: $next" );
		echo $json; // phpcs:ignore WordPress.Security.EscapeOutput -- JSON.
		exit;
	}
}
