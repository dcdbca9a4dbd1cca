<?php /** The four things that a test sale has to show before live keys work; noted as they happen. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Proofs {
	const OPTION = 'efectivo_proofs';

	public function hook(): void {
		add_action( 'efectivo_case_changed', array( $this, 'look' ) );
	}

	/** Notes what a test case shows. */
	public function look( $case ): void {
		$known = (array) get_option( self::OPTION, array() );
		if ( 'test' !== $case->mode || count( $known ) === count( self::names() ) ) {
			return;
		}
		$seen = $known;
		$now  = Parts::clock()->now();
		foreach ( $case->attempts as $attempt ) {
			$seen += isset( $attempt->code ) ? array( 'code' => $now ) : array();
			$seen += $attempt->payments ? array( 'payment' => $now ) : array();
			$seen += $attempt->noticed ? array( 'notice' => $now ) : array();
		}
		$seen += Door::json( $case->told_paid ) === Door::json( 'done' ) ? array( 'order' => $now ) : array();
		if ( count( $seen ) > count( $known ) ) {
			update_option( self::OPTION, $seen, false );
		}
	}

	/** What no test sale has shown yet, in words. */
	public static function missing(): array {
		return array_diff_key( self::names(), (array) get_option( self::OPTION, array() ) );
	}

	/** When a test sale showed it, milliseconds UTC; 0 for not yet. */
	public static function seen_at( string $name ): int {
		$known = (array) get_option( self::OPTION, array() );
		return isset( $known[ $name ] ) ? (int) $known[ $name ] : 0;
	}

	public static function names(): array {
		return array(
			'code'    => __( 'a code was made', 'efectivo' ),
			'payment' => __( 'a payment was simulated', 'efectivo' ),
			'notice'  => __( 'a notice was verified', 'efectivo' ),
			'order'   => __( 'the order became paid', 'efectivo' ),
		);
	}
}
