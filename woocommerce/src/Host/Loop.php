<?php /** The one loop's heart: an input goes through the core, and everything that it changed goes to the store in one transaction, or nothing does. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Loop {
	/** How often an input is handled again because somebody else wrote in between. */
	const MOST_CONFLICTS = 20;

	/** @var Door */
	private $door;
	/** @var Store */
	private $store;
	/** @var Channels */
	private $channels;
	/** @var \Efectivo\Woo\Settings */
	private $settings;
	/** @var Clock */
	private $clock;

	public function __construct( Door $door, Store $store, Channels $channels, \Efectivo\Woo\Settings $settings, Clock $clock ) {
		$this->door     = $door;
		$this->store    = $store;
		$this->channels = $channels;
		$this->settings = $settings;
		$this->clock    = $clock;
	}

	/**
	 * Gives a case one input.
	 *
	 * @param string         $id     The case.
	 * @param mixed|callable $input  As the core wants it, or a function of the case as loaded.
	 * @param array          $beside `bytes` (the raw body), `completes` (an output's number and attempt), `notice` (its number in the inbox).
	 * @return object|null The case afterwards; null where there is none.
	 */
	public function take( string $id, $input, array $beside = array() ) {
		return $this->retried(
			function () use ( $id, $input, $beside ) {
				$loaded = $this->store->load( $id );
				if ( ! $loaded ) {
					return null;
				}
				$given = $input instanceof \Closure ? $input( $loaded->case ) : $input;
				return $this->handle( $loaded->case, $loaded->version, $given, $beside );
			}
		);
	}

	/** Begins a case; `$make` makes its first input of a fresh `{id, seed, page_token}`. */
	public function born( callable $make, array $beside = array() ) {
		$fresh = $this->door->call( 'new_case', array( 'entropy' => bin2hex( random_bytes( 64 ) ) ) )->ok;
		return $this->retried(
			function () use ( $make, $fresh, $beside ) {
				return $this->handle( null, 0, $make( $fresh ), $beside );
			}
		);
	}

	private function handle( $case, int $version, $input, array $beside ) {
		$beside  += array( 'bytes' => '', 'person' => null, 'completes' => null, 'notice' => 0 );
		$now      = $this->clock->now();
		$before   = $this->channels->read();
		$settings = $this->settings->core();
		$ok       = $this->door->call( 'handle', array( 'settings' => $settings, 'channels' => Channels::rows( $before ), 'case' => $case, 'input' => $input, 'now' => $now ), $beside['bytes'], $this->settings->lang() )->ok;

		$change            = new Change();
		$change->case      = $ok->case;
		$change->version   = $version;
		$change->keys      = $ok->keys;
		$change->journal   = $ok->journal;
		$change->outputs   = $ok->outputs;
		$change->channels  = $this->channels->changed( $before, $ok->channels );
		$change->completes = $beside['completes'];
		$change->notice    = $beside['notice'];
		$change->now       = $now;
		foreach ( $ok->evidence as $piece ) {
			$change->evidence[] = (object) array(
				'kind'        => $piece->kind,
				'purge_after' => $piece->purge_after,
				'body'        => 'person' === $piece->kind ? Door::json( $beside['person'] ) : $beside['bytes'],
			);
		}
		Crash::point( $beside['completes'] ? 'before done' : 'before commit' );
		$this->store->commit( $change );
		Crash::point( 'after commit' );
		$this->tell( $ok->case );
		return $ok->case;
	}

	/** Everything is on disk by now, whatever a listener does. */
	private function tell( $case ): void {
		try {
			/** Fires after everything that an input changed is on disk. */
			do_action( 'efectivo_case_changed', $case );
		} catch ( \Throwable $error ) {
			Log::write( 'listener_failed', array( 'case' => $case->id ) + Log::of( $error ) );
		}
	}

	private function retried( callable $work ) {
		for ( $tries = 1; ; $tries++ ) {
			try {
				return $work();
			} catch ( Conflict $conflict ) {
				$again = in_array( $conflict->what, array( 'case', 'channel' ), true ) || ( 'key' === $conflict->what && '' === $conflict->holder );
				if ( ! $again || $tries >= self::MOST_CONFLICTS ) {
					throw $conflict;
				}
				usleep( wp_rand( 1000, 20000 ) );
			}
		}
	}
}
