<?php /** One step of the test shop's installation: a plugin switched on, and what the tests want of it. */
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_set_current_user( 1 );
$done = activate_plugin( $argv[2] . '/' . $argv[2] . '.php' );
if ( is_wp_error( $done ) ) {
	fwrite( STDERR, $done->get_error_message() );
	exit( 1 );
}
if ( 'woocommerce' === $argv[2] ) {
	WC_Install::install();
	wc_get_container()->get( Automattic\WooCommerce\Internal\DataStores\Orders\DataSynchronizer::class )->create_database_tables();
	update_option( 'woocommerce_custom_orders_table_enabled', 'yes' );
	update_option( 'woocommerce_coming_soon', 'no' );
	update_option( 'woocommerce_currency', 'PEN' );
	update_option( 'woocommerce_default_country', 'PE:LMA' );
	update_option( 'woocommerce_ship_to_countries', 'disabled' );
	update_option( 'woocommerce_onboarding_profile', array( 'skipped' => true ) );
	update_option( 'woocommerce_task_list_hidden', 'yes' );
	update_option( 'woocommerce_email_from_address', 'hola@quipu.example' );
	WC_Install::create_pages();
	wp_insert_post( array( 'post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Caja', 'post_name' => 'caja', 'post_content' => '[woocommerce_checkout]' ) );
	$product = new WC_Product_Simple();
	$product->set_props( array( 'name' => 'Chompa de alpaca', 'slug' => 'chompa', 'regular_price' => '120.50', 'manage_stock' => true, 'stock_quantity' => 50, 'status' => 'publish' ) );
	$product->save();
	flush_rewrite_rules();
} else {
	update_option( 'woocommerce_efectivo_settings', array( 'enabled' => 'yes', 'mode' => 'test', 'providers' => array( 'sandbox' ), 'contact' => 'hola@quipu.example' ) );
}
