<?php /** What happens when the plugin is switched on and off: tables, a self-test of the core, the address that this site is confirmed under. */
namespace Efectivo\Woo;

use Efectivo\Core\Core;
use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Tables;

defined( 'ABSPATH' ) || exit;

final class Setup {
	/** The option that holds for which PHP and version the core's self-test passed. */
	const TESTED = 'efectivo_tested';

	public static function activate(): void {
		$wrong = array_merge( self::unfit(), Tables::make() );
		if ( $wrong ) {
			deactivate_plugins( plugin_basename( EFECTIVO_FILE ) );
			wp_die( esc_html( implode( ' ', $wrong ) ), '', array( 'back_link' => true ) );
		}
		add_option( Settings::ADDRESS, Settings::address() );
	}

	public static function deactivate(): void {
		Web\Sweep::unplan();
	}

	/** Why the core can't run here; empty where it can. */
	public static function unfit(): array {
		if ( PHP_INT_SIZE < 8 ) {
			return array( __( 'This PHP is a 32-bit one, which can not hold amounts exactly. Ask your host for a 64-bit PHP.', 'efectivo' ) );
		}
		try {
			if ( ! is_readable( Door::FILE ) ) {
				return array( __( 'The file core/Core.php of this plugin is missing or can not be read. Install the plugin again.', 'efectivo' ) );
			}
			require_once Door::FILE;
			Core::selftest();
			update_option( self::TESTED, self::made_of(), true );
			return array();
		} catch ( \Throwable $failure ) {
			delete_option( self::TESTED );
			return array( __( 'The part of this plugin that decides gave a wrong answer to a known question, so it was not switched on. Install the plugin again; if that does not help, tell us your PHP version.', 'efectivo' ) );
		}
	}

	/** Whether the self-test passed for the PHP and the version that run now. */
	public static function is_tested(): bool {
		return get_option( self::TESTED ) === self::made_of();
	}

	private static function made_of(): string {
		return EFECTIVO_VERSION . ' ' . PHP_VERSION;
	}
}
