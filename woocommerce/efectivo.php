<?php /** Header and boot of the plugin; src/Parts.php lists what it is made of. */
/**
 * Plugin Name: Efectivo, cash codes for Peru
 * Description: Shoppers pay with a cash code (PagoEfectivo CIP) at an agent or in a bank's app, and the order always agrees with the money.
 * Version: 0.1.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 8.5
 * WC tested up to: 10.2
 * Author: The Efectivo contributors
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: efectivo
 * Domain Path: /languages
 *
 * @package Efectivo
 */

defined( 'ABSPATH' ) || exit;

define( 'EFECTIVO_VERSION', '0.1.0' );
define( 'EFECTIVO_FILE', __FILE__ );
define( 'EFECTIVO_DIR', __DIR__ );

spl_autoload_register(
	static function ( $name ) {
		if ( 0 !== strpos( $name, 'Efectivo\\Woo\\' ) ) {
			return;
		}
		$file = EFECTIVO_DIR . '/src/' . str_replace( '\\', '/', substr( $name, 13 ) ) . '.php';
		if ( is_file( $file ) ) {
			require_once $file;
		}
	}
);

register_activation_hook( __FILE__, array( 'Efectivo\\Woo\\Setup', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'Efectivo\\Woo\\Setup', 'deactivate' ) );

Efectivo\Woo\Parts::boot();
