<?php /** Keeps the loop going, within a time box: orders read again, notices brought, cases woken, outputs carried out. */
namespace Efectivo\Woo\Host;

use Efectivo\Woo\Settings;
use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Pump {
	/** How many cases are woken, and orders read again, in one round. */
	const IN_ONE_ROUND = 50;
	/** A notice of a known case is kept as long as disputes last; one that matches nothing, 15 days. */
	const HANDLED_KEPT_MS = 15552000000;
	const WAITING_KEPT_MS = 1296000000;

	/** @var Store */
	private $store;
	/** @var Loop */
	private $loop;
	/** @var Inbox */
	private $inbox;
	/** @var Carrier */
	private $carrier;
	/** @var Orders */
	private $orders;
	/** @var Sandbox */
	private $sandbox;
	/** @var Clock */
	private $clock;
	/** @var Settings */
	private $settings;
	/** @var array cases woken by this worker: id => the instant they wanted */
	private $woken = array();
	/** @var array orders that could not be read in this run, by their keys */
	private $unread = array();

	public function __construct( Store $store, Loop $loop, Inbox $inbox, Carrier $carrier, Orders $orders, Sandbox $sandbox, Clock $clock, Settings $settings ) {
		$this->store    = $store;
		$this->loop     = $loop;
		$this->inbox    = $inbox;
		$this->carrier  = $carrier;
		$this->orders   = $orders;
		$this->sandbox  = $sandbox;
		$this->clock    = $clock;
		$this->settings = $settings;
	}

	/** Runs until nothing is due or the time is over; how many steps there were. */
	public function run( float $seconds ): int {
		if ( ! $this->settings->may_act() ) {
			return 0;
		}
		$this->woken  = array();
		$this->unread = array();
		$until        = microtime( true ) + $seconds;
		$steps        = 0;
		do {
			$round = $this->round( $until );
			$steps += $round;
		} while ( $round > 0 && microtime( true ) < $until );
		return $steps;
	}

	/** Carries out what one case wants to have carried out now, so that a shopper sees the code at once. It is written down: what goes wrong here is left to the sweep. */
	public function run_case( string $id, float $seconds ): void {
		$until = microtime( true ) + $seconds;
		try {
			while ( $this->settings->may_act() && microtime( true ) < $until && $this->carrier->one( $id ) ) {
				continue;
			}
		} catch ( \Throwable $error ) {
			Log::write( 'case_left', array( 'case' => $id ) + Log::of( $error ) );
		}
	}

	private function round( float $until ): int {
		$steps  = $this->deliver();
		$steps += $this->read_again( $until ) + $this->inbox->bring( $until ) + $this->wake( $until ) + $this->inbox->pass();
		while ( microtime( true ) < $until && $this->carrier->one() ) {
			++$steps;
		}
		return $steps;
	}

	/** The sandbox's notices; what is wrong with its world is no reason to leave the others' waiting. */
	private function deliver(): int {
		try {
			return $this->settings->uses_sandbox() ? $this->sandbox->deliver( $this->inbox ) : 0;
		} catch ( \RuntimeException $error ) {
			Log::write( 'sandbox_failed', Log::of( $error ) );
			return 0;
		}
	}

	/** Orders that somebody touched; those behind one that can't be read have their turn. */
	private function read_again( float $until ): int {
		$read   = 0;
		$beyond = '';
		do {
			$found = $this->store->nudges( self::IN_ONE_ROUND, $beyond );
			foreach ( $found as $nudge ) {
				$beyond = $nudge['order_key'];
				if ( microtime( true ) < $until && ! isset( $this->unread[ $beyond ] ) ) {
					$read += $this->read_nudged( $beyond, $nudge['mark'] ) ? 1 : 0;
				}
			}
		} while ( 0 === $read && count( $found ) === self::IN_ONE_ROUND && microtime( true ) < $until );
		return $read;
	}

	private function read_nudged( string $order, string $mark ): bool {
		try {
			try {
				$this->order_changed( $order );
			} catch ( Refusal $refusal ) {
				if ( 'other_currency' !== $refusal->name ) {
					throw $refusal;
				}
				$this->orders->say_unread( $order ); // whoever changes it again has it read again
			}
			$this->store->nudged( $order, $mark );
			return true;
		} catch ( \Throwable $error ) { // other plugins have their say when an order is read
			$this->unread[ $order ] = true;
			Log::write( 'order_unread', array( 'order' => $order ) + Log::of( $error ) );
			return false;
		}
	}

	/** Reads an order again and tells its case. */
	public function order_changed( string $order ) {
		$id = $this->store->holder( "order:$order" );
		if ( '' === $id ) {
			return null;
		}
		$read = $this->orders->read( $order );
		return $this->loop->take(
			$id,
			static function ( $case ) use ( $read ) {
				$gone         = clone $case->shop;
				$gone->status = 'gone';
				return array( 'order' => array( 'read' => $read ? $read : $gone ) );
			}
		);
	}

	private function wake( float $until ): int {
		$woken = 0;
		foreach ( $this->store->due( $this->clock->now(), self::IN_ONE_ROUND ) as $id ) {
			if ( microtime( true ) >= $until || ( isset( $this->woken[ $id ] ) && $this->woken[ $id ] > 3 ) ) {
				continue; // the time is over, or it wants to be woken again and again: once more in the next sweep
			}
			$this->woken[ $id ] = ( isset( $this->woken[ $id ] ) ? $this->woken[ $id ] : 0 ) + 1;
			try {
				$this->loop->take( $id, 'wake' );
				++$woken;
			} catch ( \RuntimeException $error ) {
				Log::write( 'wake_failed', array( 'case' => $id ) + Log::of( $error ) );
			}
		}
		return $woken;
	}

	/** Erases what need not be kept any longer. */
	public function purge(): void {
		$now = $this->clock->now();
		$this->store->purge( $now, $now - self::HANDLED_KEPT_MS, $now - self::WAITING_KEPT_MS );
	}
}
