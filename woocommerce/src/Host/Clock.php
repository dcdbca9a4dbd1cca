<?php /** The host's clock: milliseconds UTC; tests wind it by a filter. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Clock {
	public function now(): int {
		/** Filters the instant that cases go by, in milliseconds UTC; leases always go by the real one. */
		return (int) apply_filters( 'efectivo_now_ms', $this->real() );
	}

	public function real(): int {
		return (int) floor( microtime( true ) * 1000 );
	}
}
