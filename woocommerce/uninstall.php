<?php /** Takes the records away with the plugin, but only where the merchant asked for that; amounts and journals may be needed for tax. */
defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

define( 'EFECTIVO_DIR', __DIR__ );
require_once __DIR__ . '/src/Host/Tables.php';

foreach ( is_multisite() ? get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) : array( get_current_blog_id() ) as $efectivo_site ) {
	if ( is_multisite() ) {
		switch_to_blog( $efectivo_site );
	}
	$efectivo_settings = (array) get_option( 'woocommerce_efectivo_settings', array() );
	foreach ( array( 'efectivo_credentials', 'efectivo_sandbox_seed', 'efectivo_sandbox_pair', 'efectivo_core' ) as $efectivo_option ) {
		delete_option( $efectivo_option );
	}
	if ( isset( $efectivo_settings['uninstall'] ) && 'yes' === $efectivo_settings['uninstall'] ) {
		Efectivo\Woo\Host\Tables::drop();
		foreach ( array( 'woocommerce_efectivo_settings', 'efectivo_address', 'efectivo_proofs', 'efectivo_notice_tests', 'efectivo_last_sweep' ) as $efectivo_option ) {
			delete_option( $efectivo_option );
		}
	}
	if ( is_multisite() ) {
		restore_current_blog();
	}
}
