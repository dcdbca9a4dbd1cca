<?php /** Carries outputs out: claims them from the outbox, has the core build the bytes, sends, and brings what became of it back into the loop. */
namespace Efectivo\Woo\Host;

use Efectivo\Woo\Settings;
use Efectivo\Woo\Shop\Orders;
use Efectivo\Woo\Mail\Mailer;

defined( 'ABSPATH' ) || exit;

final class Carrier {
	/** Longer than any request may take, so that a lease never ends under a worker that lives. */
	const LEASE_MS = 90000;
	/** After this many tries an output is given up and the core opens a review. */
	const MOST_TRIES = 18;
	/** When the shop or the mail is tried again. */
	const BACK_OFF_MS = array( 1000, 5000, 30000, 120000, 600000, 1800000 );
	/** Failures after which nothing of this attempt can have left. */
	const STAYED = array( 'dns', 'connect', 'tls', 'not_allowed' );

	/** @var Door */
	private $door;
	/** @var Store */
	private $store;
	/** @var Channels */
	private $channels;
	/** @var Settings */
	private $settings;
	/** @var Loop */
	private $loop;
	/** @var Clock */
	private $clock;
	/** @var Sender */
	private $sender;
	/** @var Orders */
	private $orders;
	/** @var Mailer */
	private $mailer;

	public function __construct( Door $door, Store $store, Channels $channels, Settings $settings, Loop $loop, Clock $clock, Sender $sender, Orders $orders, Mailer $mailer ) {
		$this->door     = $door;
		$this->store    = $store;
		$this->channels = $channels;
		$this->settings = $settings;
		$this->loop     = $loop;
		$this->clock    = $clock;
		$this->sender   = $sender;
		$this->orders   = $orders;
		$this->mailer   = $mailer;
	}

	/** Carries out the next output that may leave, of one case or of any; false where there is none. */
	public function one( string $id = '' ): bool {
		foreach ( array( 'shop', 'provider', 'mail' ) as $lane ) {
			$item = $this->store->outbox->claim( $lane, $this->clock->now(), $this->clock->real(), (int) apply_filters( 'efectivo_lease_ms', self::LEASE_MS ), $id );
			if ( $item ) {
				$this->carry_out( $item );
				return true;
			}
		}
		return false;
	}

	private function carry_out( Item $item ): void {
		Crash::point( 'claimed' );
		try {
			if ( $item->attempt > self::MOST_TRIES ) {
				$this->finish( $item, self::outcome( $item, 'dead' ), true );
			} elseif ( 'provider' !== $item->output->lane ) {
				$this->tell( $item );
			} elseif ( $item->left_before() && ! $item->output->repeatable ) {
				$this->finish( $item, self::answer( $item, array( 'failure' => 'unknown' ) ) );
			} else {
				$this->ask( $item );
			}
		} catch ( Conflict $conflict ) {
			Log::write( 'output_taken_over', array( 'case' => $item->case_id, 'output' => $item->output->no ) );
		} catch ( Refusal $refusal ) {
			Log::write( 'output_left', array( 'case' => $item->case_id, 'output' => $item->output->no ) + Log::of( $refusal ) );
			// Its lease ends by itself: nothing is known about what left.
		}
	}

	/** One question to a provider, from its bytes to its answer. */
	private function ask( Item $item ): void {
		$channel = $this->settings->channel( $item->output->body->ask->channel );
		try {
			$made = $this->carried( $item, $channel );
		} catch ( Refusal $refusal ) {
			if ( 'later' === $refusal->retry ) {
				throw $refusal;
			}
			Log::write( 'carry_refused', array( 'case' => $item->case_id, 'output' => $item->output->no ) + Log::of( $refusal ) );
			$this->finish( $item, self::answer( $item, self::sure( $item, array( 'failure' => 'not_allowed' ) ) ) );
			return;
		}
		if ( null === $made ) {
			$this->finish( $item, self::answer( $item, self::sure( $item, array( 'failure' => 'connect' ) ) ) );
		} elseif ( is_array( $made ) ) {
			$this->finish( $item, self::answer( $item, self::sure( $item, $made['answer'] ) ), false, $made['bytes'] );
		} elseif ( 'no_longer_due' === $made->ok ) {
			$this->finish( $item, $item->left_before() ? self::answer( $item, array( 'failure' => 'unknown' ) ) : self::outcome( $item, 'no_longer_due' ) );
		} elseif ( $this->leaves( $item ) ) {
			$got = $this->sender->send( $made->ok->request, $made->bytes, $channel );
			Crash::point( 'provider acted' );
			Crash::point( 'answered' );
			Log::write( 'asked', array( 'case' => $item->case_id, 'output' => $item->output->no, 'channel' => $channel->id, 'status' => $got['status'], 'failure' => $got['failure'] ) );
			$this->finish( $item, self::answer( $item, self::sure( $item, $got['answer'] ) ), false, $got['bytes'] );
		}
	}

	/**
	 * The request's bytes, with a token fetched first, or another request sent first, where the core asks for one.
	 *
	 * @return Answer|array|null An array is an answer that came for the first request and is the output's; null where nothing can leave.
	 */
	private function carried( Item $item, $channel ) {
		$made = $this->build( $item, $channel );
		if ( isset( $made->ok->token ) ) {
			$made = $this->fetch_token( $made, $channel ) ? $this->build( $item, $channel ) : null;
		}
		if ( $made && isset( $made->ok->first ) ) {
			$got  = $this->sender->send( $this->signed( $made->ok->first, $made->bytes, $channel ), $made->bytes, $channel );
			$made = $this->build( $item, $channel, $got );
			Log::write( 'asked_first', array( 'case' => $item->case_id, 'output' => $item->output->no, 'channel' => $channel->id, 'status' => $got['status'], 'failure' => $got['failure'] ) );
			if ( 'answered' === $made->ok ) {
				return $got;
			}
		}
		$stays = ! $made || 'never_left' === $made->ok || isset( $made->ok->token ) || isset( $made->ok->first );
		if ( ! $stays && isset( $made->ok->request ) ) {
			$this->signed( $made->ok->request, $made->bytes, $channel );
		}
		return $stays ? null : $made;
	}

	private function signed( $request, string $body, $channel ) {
		return Signer::signed( $request, $body, isset( $request->sign ) ? $this->settings->held_keys( $channel->id ) : array() );
	}

	/** Whether there is a token now. Nothing but the token's own request has left. */
	private function fetch_token( Answer $made, $channel ): bool {
		$got    = $this->sender->send( $made->ok->token, $made->bytes, $channel );
		$before = $this->channels->read();
		$taken  = $this->door->call( 'take_token', array( 'settings' => $this->settings->core(), 'channel' => $before[ $channel->id ]->row, 'answer' => $got['answer'], 'now' => $this->clock->now() ), $got['bytes'] )->ok;
		try {
			$this->store->save_channels( $this->channels->changed( $before, array( $taken->channel ) ) );
		} catch ( Conflict $conflict ) {
			return false; // somebody wrote the row meanwhile: the core asks again later
		}
		return $taken->taken;
	}

	private function build( Item $item, $channel, ?array $first = null ): Answer {
		$loaded = $this->store->load( $item->case_id );
		$rows   = $channel ? $this->channels->read() : array();
		return $this->door->call(
			'carry',
			array(
				'settings'    => $this->settings->core(),
				'channel'     => $channel ? $rows[ $channel->id ]->row : null,
				'case'        => $loaded->case,
				'person'      => $this->store->person( $item->case_id ),
				'output'      => $item->output,
				'credentials' => $channel ? $this->settings->credentials( $channel->id ) : null,
				'now'         => $this->clock->now(),
				'entropy'     => bin2hex( random_bytes( 32 ) ),
				'first'       => $first ? $first['answer'] : null,
			),
			$first ? $first['bytes'] : ''
		);
	}

	/** One effect on the shop, or one mail. */
	private function tell( Item $item ): void {
		$made = $this->build( $item, null );
		if ( 'no_longer_due' === $made->ok ) {
			$this->finish( $item, $item->left_before() ? $this->unsure( $item ) : self::outcome( $item, 'no_longer_due' ) );
			return;
		}
		if ( ! $this->leaves( $item ) ) {
			return;
		}
		try {
			$became = isset( $made->ok->effect )
				? $this->orders->apply( $made->ok->effect->order, $made->ok->effect->effect, $made->ok->effect->when, "{$item->case_id}-{$item->output->no}" )
				: $this->mailer->send( $made->ok->mail, $item->output->body->mail->kind, $this->store->load( $item->case_id )->case );
		} catch ( \Throwable $error ) {
			$this->again_later( $item, $error );
			return;
		}
		Crash::point( 'provider acted' );
		Crash::point( 'answered' );
		$this->finish( $item, self::outcome( $item, $became['outcome'], $became['read'] ) );
	}

	private function again_later( Item $item, \Throwable $error ): void {
		Log::write( 'output_postponed', array( 'case' => $item->case_id, 'output' => $item->output->no, 'lane' => $item->output->lane, 'attempt' => $item->attempt ) + Log::of( $error ) );
		if ( $item->attempt >= self::MOST_TRIES ) {
			$this->finish( $item, self::outcome( $item, 'dead' ), true );
			return;
		}
		$wait = self::BACK_OFF_MS[ min( $item->attempt, count( self::BACK_OFF_MS ) ) - 1 ];
		$this->store->outbox->postpone( $item, $this->clock->now() + $wait );
	}

	/** An effect that may have been carried out before a crash, and is not due any more: nobody can tell, so the order is read. */
	private function unsure( Item $item ): array {
		$read = 'shop' === $item->output->lane ? $this->orders->read( $this->store->load( $item->case_id )->case->order ) : null;
		return self::outcome( $item, 'unknown', $read );
	}

	private function leaves( Item $item ): bool {
		$mine = $this->store->outbox->sent( $item, $this->clock->now() );
		if ( $mine ) {
			Crash::point( 'sent' );
		}
		return $mine;
	}

	/** Brings what became of an output back, together with its completion. */
	private function finish( Item $item, array $input, bool $dead = false, string $bytes = '' ): void {
		$completes = array( 'no' => $item->output->no, 'attempt' => $item->attempt, 'dead' => $dead );
		$this->loop->take( $item->case_id, $input, array( 'bytes' => $bytes, 'completes' => $completes ) );
	}

	/** What is known of an attempt that never left says nothing of an earlier one that did. */
	private static function sure( Item $item, array $answered ): array {
		$stayed = isset( $answered['failure'] ) && in_array( $answered['failure'], self::STAYED, true );
		return $item->left_before() && $stayed ? array( 'failure' => 'unknown' ) : $answered;
	}

	private static function answer( Item $item, array $answered ): array {
		return array( 'answer' => array( 'output' => $item->output, 'answer' => $answered, 'sent_before' => $item->left_before() ) );
	}

	private static function outcome( Item $item, $became, $read = null ): array {
		return array( 'outcome' => array( 'output' => $item->output->no, 'outcome' => $became, 'read' => $read ) );
	}
}
