<?php /** The four things that a test sale has to show before live keys work; noted as they happen. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Proofs {
	const OPTION = 'efectivo_proofs';
	const ALL    = array( 'code', 'payment', 'notice', 'order' );

	public function hook(): void {
		add_action( 'efectivo_case_changed', array( $this, 'look' ) );
	}

	/** Notes what a test case shows, and on which channel; what the sandbox has shown gives way to what a provider's own test account shows. */
	public function look( $case ): void {
		$known = self::known();
		if ( 'test' !== $case->mode || ( self::are_complete() && ! self::of_sandbox() ) ) {
			return;
		}
		$seen = $known;
		foreach ( self::shown( $case ) as $name => $channel ) {
			$better = isset( $seen[ $name ] ) && Settings::is_simulated( $seen[ $name ]['channel'] ) && ! Settings::is_simulated( $channel );
			if ( ! isset( $seen[ $name ] ) || $better ) {
				$seen[ $name ] = array( 'at' => Parts::clock()->now(), 'channel' => $channel ); // phpcs:ignore
			}
		}
		if ( $seen !== $known ) {
			update_option( self::OPTION, $seen, false );
		}
	}

	/** @return string[] The channel by what it has shown. */
	private static function shown( $case ): array {
		$shown = array();
		foreach ( $case->attempts as $attempt ) {
			$shown += isset( $attempt->code ) ? array( 'code' => $attempt->channel ) : array();
			$shown += $attempt->payments ? array( 'payment' => $attempt->channel ) : array();
			$shown += $attempt->noticed ? array( 'notice' => $attempt->channel ) : array();
		}
		$paid = isset( $shown['payment'] ) ? array( 'order' => $shown['payment'] ) : array();
		return $shown + ( Door::json( $case->told_paid ) === Door::json( 'done' ) ? $paid : array() );
	}

	/** What no test sale has shown yet, in words. */
	public static function missing(): array {
		return array_diff_key( self::names(), self::known() );
	}

	public static function are_complete(): bool {
		return count( self::known() ) === count( self::ALL );
	}

	/** When a test sale showed it, milliseconds UTC, and on which channel; null for not yet. */
	public static function seen( string $name ): ?array {
		$known = self::known();
		return isset( $known[ $name ] ) ? $known[ $name ] : null;
	}

	/** Whether anything of it was shown in the sandbox only, which knows nothing of a provider's account. */
	public static function of_sandbox(): bool {
		return (bool) array_filter( self::known(), static function ( $one ) { return Settings::is_simulated( $one['channel'] ); } ); // phpcs:ignore
	}

	/** What was noted, and nothing else; an earlier version noted the time alone, of a sale in the sandbox. */
	private static function known(): array {
		$known = array_intersect_key( (array) get_option( self::OPTION, array() ), array_flip( self::ALL ) );
		return array_map( static function ( $one ) { return is_array( $one ) ? $one : array( 'at' => (int) $one, 'channel' => 'sandbox' ); }, $known ); // phpcs:ignore
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
