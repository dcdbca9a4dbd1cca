<?php /** What happens when the plugin is switched on and off: tables, a look at the core, the address that this site is confirmed under. */
namespace Efectivo\Woo;

use Efectivo\Woo\Host\Core_Check;
use Efectivo\Woo\Host\Tables;

defined( 'ABSPATH' ) || exit;

final class Setup {
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

	/** Why the core can't run here; empty where it can. What was wrong is looked at again. */
	public static function unfit(): array {
		return array_values( array_filter( array( Core_Check::why_not( true ) ) ) );
	}

	/** Whether the core's files and answers were right when they were last looked at. */
	public static function is_tested(): bool {
		return '' === Core_Check::why_not();
	}
}
