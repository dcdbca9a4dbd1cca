<?php /** The named places at which a worker may die, so that tests can kill it there; nothing happens in a real shop. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Crash {
	public static function point( string $name ): void {
		/** Fires at every named crash point; only tests listen. */
		do_action( 'efectivo_crash_point', $name );
	}
}
