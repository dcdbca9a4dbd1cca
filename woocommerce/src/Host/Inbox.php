<?php /** Providers' notices: judged by the core, stored before they are answered, then brought to their case. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Inbox {
	/** How many notices are brought to their cases in one go. */
	const IN_ONE_GO    = 50;
	const MOST_RETRIES = 20;

	/** @var Door */
	private $door;
	/** @var Store */
	private $store;
	/** @var Channels */
	private $channels;
	/** @var \Efectivo\Woo\Settings */
	private $settings;
	/** @var Loop */
	private $loop;
	/** @var Clock */
	private $clock;

	public function __construct( Door $door, Store $store, Channels $channels, \Efectivo\Woo\Settings $settings, Loop $loop, Clock $clock ) {
		$this->door     = $door;
		$this->store    = $store;
		$this->channels = $channels;
		$this->settings = $settings;
		$this->loop     = $loop;
		$this->clock    = $clock;
	}

	/**
	 * Judges and stores one notice.
	 *
	 * @param string $id     The channel, from the notice's path.
	 * @param array  $notice `headers` (pairs), `query`, `peer`.
	 * @param string $body   Raw bytes.
	 * @return array `[status, body]` for the provider.
	 */
	public function receive( string $id, array $notice, string $body ): array {
		for ( $tries = 1; ; $tries++ ) {
			try {
				return $this->judge( $id, $notice, $body );
			} catch ( Conflict $conflict ) {
				if ( $tries >= self::MOST_RETRIES ) {
					throw $conflict;
				}
				usleep( wp_rand( 1000, 20000 ) );
			}
		}
	}

	private function judge( string $id, array $notice, string $body ): array {
		$before      = $this->channels->read();
		$credentials = $this->settings->credentials( $id );
		if ( ! isset( $before[ $id ] ) || null === $credentials ) {
			return array( in_array( $id, \Efectivo\Woo\Settings::unopened(), true ) ? 503 : 404, '' ); // its keys may be back when it is sent again
		}
		$now    = $this->clock->now();
		$answer = $this->door->call( 'route', array( 'settings' => $this->settings->core(), 'channel' => $before[ $id ]->row, 'credentials' => $credentials, 'notice' => $notice, 'now' => $now ), $body );
		$ok     = $answer->ok;
		$keep   = array();
		foreach ( $ok->facts ? array_merge( array( $ok ), isset( $ok->also ) ? $ok->also : array() ) : array() as $one ) {
			$keep[] = array(
				'dedupe_key'  => $one->dedupe_key,
				'channel'     => $id,
				'verdict'     => $ok->verdict,
				'facts'       => $one->facts,
				'keys'        => $one->keys,
				'received_at' => $now,
				'stray_at'    => isset( $ok->stray_at ) ? $ok->stray_at : null,
				'raw'         => $body,
			);
		}
		$changes = $this->channels->changed( $before, array( $ok->channel ) );
		if ( $keep || $changes ) {
			$this->store->take_in( $keep, $changes );
		}
		Log::write( 'notice', array( 'channel' => $id, 'status' => $ok->http_status, 'reason' => isset( $ok->reason ) ? $ok->reason : null ) );
		return array( (int) $ok->http_status, $answer->bytes );
	}

	/** Brings stored notices to the cases that are known by now until the time is over; how many. One that its case can't take is left for the next round. */
	public function bring( float $until ): int {
		$brought = 0;
		$beyond  = 0;
		do {
			$found = $this->store->inbox->matched( self::IN_ONE_GO, $beyond );
			foreach ( $found as $one ) {
				$beyond   = $one->no;
				$brought += $this->hand( $one ) ? 1 : 0;
			}
		} while ( count( $found ) === self::IN_ONE_GO && microtime( true ) < $until );
		return $brought;
	}

	private function hand( $one ): bool {
		$input = array( 'notice' => array( 'channel' => $one->channel, 'verdict' => $one->verdict, 'facts' => $one->facts, 'dedupe_key' => $one->dedupe_key ) );
		try {
			$this->loop->take( $one->case_id, $input, array( 'bytes' => $one->raw, 'notice' => $one->no ) );
			return true;
		} catch ( \RuntimeException $error ) {
			Log::write( 'notice_not_taken', array( 'case' => $one->case_id, 'notice' => $one->no ) + Log::of( $error ) );
			return false;
		}
	}

	/** Offers what has waited long enough to the core as money without an order; how many went. */
	public function pass(): int {
		$passed = 0;
		foreach ( $this->store->inbox->strays( $this->clock->now(), self::IN_ONE_GO ) as $one ) {
			$passed += $this->pass_one( $one ) ? 1 : 0;
		}
		return $passed;
	}

	private function pass_one( $one ): bool {
		$channel = $this->settings->channel( $one->channel );
		if ( ! $channel ) {
			$this->store->inbox->passed( $one->no );
			return true;
		}
		try {
			$this->loop->born(
				static function ( $fresh ) use ( $one, $channel ) {
					return array( 'unmatched' => array( 'id' => $fresh->id, 'seed' => $fresh->seed, 'page_token' => $fresh->page_token, 'mode' => $channel->mode, 'channel' => $channel->id, 'provider' => $channel->provider, 'facts' => $one->facts, 'dedupe_key' => $one->dedupe_key ) );
				},
				array( 'bytes' => $one->raw, 'notice' => $one->no )
			);
			return true;
		} catch ( \RuntimeException $error ) {
			Log::write( 'stray_left', array( 'notice' => $one->no ) + Log::of( $error ) );
			$is_later = $error instanceof Refusal && 'later' === $error->retry;
			if ( ! $is_later ) {
				$this->store->inbox->passed( $one->no );
			}
			return ! $is_later;
		}
	}
}
