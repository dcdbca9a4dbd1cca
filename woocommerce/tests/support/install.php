<?php /** Installs the test shop: WordPress, WooCommerce with HPOS, a product with stock, a classic checkout beside the block, the plugin with its sandbox. */
define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = '127.0.0.1';
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install( 'Quipu', 'admin', 'hola@quipu.example', true, '', 'pass-of-the-tests' );
update_option( 'permalink_structure', '/%postname%/' );
update_option( 'blog_public', 0 );
if ( 'plain' !== $argv[2] ) {
	echo shell_exec( 'php -d memory_limit=512M ' . escapeshellarg( __DIR__ . '/setup.php' ) . ' ' . escapeshellarg( $argv[1] ) . ' woocommerce 2>&1' );
}
if ( 'whole' === $argv[2] ) {
	echo shell_exec( 'php -d memory_limit=512M ' . escapeshellarg( __DIR__ . '/setup.php' ) . ' ' . escapeshellarg( $argv[1] ) . ' efectivo 2>&1' );
}
echo "\n\"ok\"\n";
