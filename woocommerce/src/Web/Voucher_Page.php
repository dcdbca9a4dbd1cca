<?php /** The shopper's page: what the core renders, at an address that nobody guesses, and the three things that can be pressed there. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Voucher_Page {
	/** What a shopper can press, by the last part of the address. */
	const REQUESTS = array(
		'check' => 'check_now',
		'mail'  => 'mail_again',
		'nuevo' => 'new_code',
	);

	/** Presses on one page, and addresses that don't exist from one peer, within a minute. */
	const MOST_PRESSES = 12;
	const MOST_MISSES  = 30;

	public function hook(): void {
		add_action( 'wp_loaded', array( $this, 'maybe_answer' ) );
	}

	/** Answers before WordPress looks for a page of this name. */
	public function maybe_answer(): void {
		$asked = isset( $_SERVER['REQUEST_URI'] ) ? (string) wp_parse_url( wp_unslash( $_SERVER['REQUEST_URI'] ), PHP_URL_PATH ) : ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- compared only.
		$base  = (string) wp_parse_url( home_url( '/' ), PHP_URL_PATH );
		$rest  = preg_replace( '#^' . preg_quote( $base, '#' ) . '(index\.php/)?#', '', $asked );
		if ( ! preg_match( '#^efectivo/([0-9a-f]{32})(?:/([a-z.]+))?/?$#', $rest, $found ) ) {
			return;
		}
		if ( ! defined( 'DONOTCACHEPAGE' ) ) {
			define( 'DONOTCACHEPAGE', true );
		}
		try {
			$this->answer( $found[1], isset( $found[2] ) ? $found[2] : '' );
		} catch ( \RuntimeException $error ) {
			Log::write( 'page_failed', Log::of( $error ) );
			$this->plain( 503, __( 'This page can not be shown just now. Your code and your order are safe; please try again in a minute.', 'efectivo' ) );
		}
		exit;
	}

	private function answer( string $token, string $part ): void {
		$host = Parts::host();
		$id   = $host->store->holder( "page:$token" );
		if ( '' === $id ) {
			$this->plain( self::crowded( 'miss' . self::peer(), self::MOST_MISSES ) ? 429 : 404, __( 'There is no such page.', 'efectivo' ) );
			return;
		}
		$method = isset( $_SERVER['REQUEST_METHOD'] ) ? sanitize_key( $_SERVER['REQUEST_METHOD'] ) : 'get';
		if ( isset( self::REQUESTS[ $part ] ) ) {
			$this->press( $id, $token, self::REQUESTS[ $part ], $method );
			return;
		}
		if ( ! in_array( $part, array( '', 'status', 'calendar.ics' ), true ) || ! in_array( $method, array( 'get', 'head' ), true ) ) {
			$this->plain( in_array( $method, array( 'get', 'head' ), true ) ? 404 : 405, '' );
			return;
		}
		$host->visit( $host->load( $id ) );
		$this->show( $host->load( $id ), $part );
	}

	private function show( $case, string $part ): void {
		$host     = Parts::host();
		$settings = Parts::settings()->core();
		if ( 'calendar.ics' === $part ) {
			$this->send( $host->door->call( 'calendar', array( 'settings' => $settings, 'case' => $case ) ) );
		} elseif ( 'status' === $part ) {
			$status = $host->door->call( 'page_status', array( 'settings' => $settings, 'case' => $case, 'now' => $host->now() ) )->ok;
			$this->head( 200, 'application/json; charset=utf-8' );
			echo wp_json_encode( $status );
		} else {
			$this->send( $host->door->call( 'page', array( 'settings' => $settings, 'case' => $case, 'now' => $host->now(), 'email_masked' => self::masked( $host->store->person( $case->id ) ) ) ) );
		}
	}

	private function press( string $id, string $token, string $request, string $method ): void {
		if ( 'post' !== $method ) {
			header( 'Allow: POST' );
			$this->plain( 405, '' );
			return;
		}
		if ( self::crowded( "press$token", self::MOST_PRESSES ) ) {
			header( 'Retry-After: 60' );
			$this->plain( 429, '' );
			return;
		}
		Parts::host()->shopper( $id, $request );
		header( 'Location: ' . Settings::page_url() . "/$token" );
		$this->plain( 303, '' );
	}

	private function send( $answer ): void {
		status_header( 200 );
		foreach ( $answer->ok->headers as $pair ) {
			header( "{$pair[0]}: {$pair[1]}" );
		}
		echo $answer->bytes; // phpcs:ignore WordPress.Security.EscapeOutput -- rendered and escaped by the core, under its own content policy.
	}

	private function plain( int $status, string $text ): void {
		$this->head( $status, 'text/plain; charset=utf-8' );
		echo esc_html( $text );
	}

	private function head( int $status, string $type ): void {
		status_header( $status );
		header( "Content-Type: $type" );
		header( 'Cache-Control: no-store' );
		header( 'X-Robots-Tag: noindex' );
		header( 'Referrer-Policy: no-referrer' );
	}

	/** The shopper's address with most of it hidden. */
	public static function masked( $person ): string {
		$email = isset( $person->email ) ? $person->email : '';
		$at    = strrpos( $email, '@' );
		return $at ? mb_substr( $email, 0, 1 ) . '•••' . substr( $email, $at ) : '';
	}

	private static function peer(): string {
		return isset( $_SERVER['REMOTE_ADDR'] ) ? (string) wp_unslash( $_SERVER['REMOTE_ADDR'] ) : ''; // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- a key only.
	}

	/** Counts within the minute that runs; says whether there were too many. */
	private static function crowded( string $name, int $most ): bool {
		$key   = 'efectivo_crowd_' . md5( $name . gmdate( 'YmdHi' ) );
		$count = (int) get_transient( $key ) + 1;
		set_transient( $key, $count, MINUTE_IN_SECONDS );
		return $count > $most;
	}
}
