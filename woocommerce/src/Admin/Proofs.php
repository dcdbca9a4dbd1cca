<?php /** The four things that a test sale has to show before live keys work; noted as they happen. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Door;

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
		foreach ( $case->attempts as $attempt ) {
			$seen += isset( $attempt->code ) ? array( 'code' => 1 ) : array();
			$seen += $attempt->payments ? array( 'payment' => 1 ) : array();
			$seen += $attempt->noticed ? array( 'notice' => 1 ) : array();
		}
		$seen += Door::json( $case->told_paid ) === Door::json( 'done' ) ? array( 'order' => 1 ) : array();
		if ( count( $seen ) > count( $known ) ) {
			update_option( self::OPTION, $seen, false );
		}
	}

	/** What no test sale has shown yet, in words. */
	public static function missing(): array {
		return array_diff_key( self::names(), (array) get_option( self::OPTION, array() ) );
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
