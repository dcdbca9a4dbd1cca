<?php /** The one recurring, time-boxed sweep, driven by Action Scheduler; late ones are harmless. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Sweep {
	const HOOK     = 'efectivo_sweep';
	const HOOK_NOW = 'efectivo_sweep_now';
	const GROUP    = 'efectivo';
	/** The option that says when the last sweep came to its end. */
	const LAST = 'efectivo_last_sweep';
	/** A shared host ends a script after 30 s. */
	const SECONDS = 20.0;

	public function hook(): void {
		add_action( 'action_scheduler_init', array( $this, 'plan' ) );
		add_action( self::HOOK, array( $this, 'run' ) );
		add_action( self::HOOK_NOW, array( $this, 'run' ) );
	}

	/** One plan per site, once a minute. */
	public function plan(): void {
		if ( ! as_has_scheduled_action( self::HOOK, array(), self::GROUP ) ) {
			as_schedule_recurring_action( time(), MINUTE_IN_SECONDS, self::HOOK, array(), self::GROUP, true );
		}
	}

	public static function unplan(): void {
		if ( function_exists( 'as_unschedule_all_actions' ) ) {
			as_unschedule_all_actions( self::HOOK, array(), self::GROUP );
			as_unschedule_all_actions( self::HOOK_NOW, array(), self::GROUP );
		}
	}

	/** Nothing leaves this: an action that throws would not be run again. */
	public function run(): void {
		try {
			Parts::pump()->run( self::SECONDS );
			update_option( self::LAST, time(), false );
			Parts::pump()->purge();
		} catch ( \Throwable $error ) {
			Log::write( 'sweep_failed', Log::of( $error ) );
		}
	}
}
