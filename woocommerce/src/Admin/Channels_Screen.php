<?php /** How each provider's channel fares: last good notice, last refused and why, last answer; and the newest notices. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Channels_Screen {
	/** The option that holds what became of each channel's last test: `ok`, `at`, `told`. */
	const TESTED = 'efectivo_notice_tests';

	public static function show(): void {
		foreach ( Parts::channels()->read() as $one ) {
			$channel = Parts::settings()->channel( $one->row->id );
			if ( $channel->enabled || ! Settings::is_simulated( $channel->id ) || isset( $one->row->health ) ) {
				self::told( $one->row, 'channels' );
			}
		}
		self::notices();
		self::able();
	}

	/** What each provider can do, how sure that is and from where; and the systems that can't be built on: the core's own words. */
	private static function able(): void {
		$told = Parts::door()->call( 'providers', array( 'locale' => Parts::settings()->desk_locale() ) )->ok;
		echo '<section class="efectivo-card" id="efectivo-able"><h2>' . esc_html( $told->count ) . '</h2>';
		foreach ( $told->providers as $one ) {
			echo '<details><summary><strong>' . esc_html( $one->name ) . '</strong> ' . esc_html( $one->note ) . '</summary><dl>';
			foreach ( $told->rows as $at => $row ) {
				$cell = $one->cells[ $at ];
				echo '<div><dt>' . esc_html( $row->label ) . '</dt><dd>' . esc_html( $cell->text . ( '' !== $cell->sure ? " ($cell->sure)" : '' ) ) . '</dd></div>';
			}
			echo '</dl></details>';
		}
		echo '<h3>' . esc_html( Parts::door()->say( 'desk.able.absent', Parts::settings()->desk_locale() ) ) . '</h3><ul>';
		foreach ( $told->absent as $one ) {
			echo '<li><strong>' . esc_html( $one->name ) . '</strong> (' . esc_html( $one->checked ) . ') ' . esc_html( $one->reason ) . '</li>';
		}
		echo '</ul></section>';
	}

	/** One channel: its address, its notices, its answers, and the button that tests it; `$from` is the screen to come back to. */
	public static function told( $row, string $from ): void {
		$health  = isset( $row->health ) ? $row->health : new \stdClass();
		$channel = Parts::settings()->channel( $row->id );
		$heading = 'guide' === $from ? 'h3' : 'h2';
		echo '<section class="efectivo-card"><' . $heading . '>' . esc_html( self::name( $row->id ) ) . '</' . $heading . '>';
		if ( Settings::is_simulated( $row->id ) ) {
			echo '<p>' . esc_html__( 'Played inside this site: no provider is asked, and no provider needs this address.', 'efectivo' ) . '</p>';
		}
		echo '<p><code>' . esc_html( $channel->notice_url ) . '</code></p><dl>';
		self::at( __( 'Last good notice', 'efectivo' ), $health, 'last_notice_at' );
		self::at( __( 'Last refused notice', 'efectivo' ), $health, 'last_refused_at', isset( $health->last_refusal ) ? Parts::door()->say( "refusal.{$health->last_refusal}", Parts::settings()->desk_locale() ) : '' );
		self::at( __( 'Last answer', 'efectivo' ), $health, 'last_answer_at' );
		self::at( __( 'Last question without an answer', 'efectivo' ), $health, 'last_failure_at' );
		$tested = (array) get_option( self::TESTED, array() );
		if ( isset( $tested[ $row->id ] ) ) {
			$last = $tested[ $row->id ];
			echo '<div><dt>' . esc_html__( 'Last test', 'efectivo' ) . '</dt><dd class="efectivo-tested ' . ( $last['ok'] ? 'yes' : 'no' ) . '">' . esc_html( self::moment( (int) $last['at'] ) ) . '<br>' . esc_html( $last['told'] ) . '</dd></div>';
		}
		echo '</dl>';
		self::noted( $row );
		self::button( $row->id, Desk::TEST, 'a.test', $from );
		if ( ! Settings::is_simulated( $row->id ) ) {
			self::button( $row->id, Desk::KEYS, 'desk.keys.title', $from );
		}
		echo '</section>';
	}

	/** A channel as people call it: its provider, and which of its accounts. */
	public static function name( string $id ): string {
		list( $provider, $account ) = Settings::parted( $id );
		$name                       = Parts::door()->say( "provider.$provider", Parts::settings()->desk_locale() );
		if ( 'sandbox' === $id ) {
			return $name;
		}
		$accounts = array( 'test' => __( 'Test', 'efectivo' ), 'live' => __( 'Live', 'efectivo' ), 'sandbox' => __( 'in the sandbox', 'efectivo' ) ); // phpcs:ignore
		return "$name · " . ( isset( $accounts[ $account ] ) ? $accounts[ $account ] : $account );
	}

	private static function button( string $id, string $action, string $word, string $from ): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="' . esc_attr( $action ) . '"><input type="hidden" name="channel" value="' . esc_attr( $id ) . '"><input type="hidden" name="from" value="' . esc_attr( $from ) . '">';
		wp_nonce_field( $action, '_wpnonce', true );
		echo '<p><button class="button">' . esc_html( Parts::door()->say( $word, Parts::settings()->desk_locale() ) ) . '</button></p></form>';
	}

	/** What its answers said of its interface: a retirement, a word or a field that this version does not know. */
	private static function noted( $row ): void {
		$told = Parts::door()->call( 'channel_notes', array( 'settings' => Parts::settings()->core(), 'channel' => $row ), '', Parts::settings()->desk_locale() )->ok;
		foreach ( $told->notes as $note ) {
			echo '<div class="notice notice-warning inline"><p>' . esc_html( $note->text ) . ' <small>' . esc_html( $note->at_text ) . '</small></p></div>';
		}
	}

	private static function notices(): void {
		echo '<section class="efectivo-card"><h2>' . esc_html__( 'Newest notices', 'efectivo' ) . '</h2><ul>';
		foreach ( Parts::store()->inbox->newest( 30 ) as $row ) {
			$verdict = json_decode( $row['verdict'] );
			$name    = is_string( $verdict ) ? $verdict : key( (array) $verdict );
			$told    = Parts::door()->say( "verdict.$name", Parts::settings()->desk_locale() );
			echo '<li>' . esc_html( self::moment( (int) $row['received_at'] ) . " · {$row['channel']} · $told" );
			if ( $row['case_id'] ) {
				echo ' · <a href="' . esc_url( Desk::url( array( 'case' => $row['case_id'] ) ) ) . '">' . esc_html__( 'its code', 'efectivo' ) . '</a>';
			}
			echo '</li>';
		}
		echo '</ul></section>';
	}

	private static function at( string $label, $health, string $field, string $more = '' ): void {
		$at = isset( $health->$field ) ? self::moment( $health->$field ) : '–';
		echo '<div><dt>' . esc_html( $label ) . '</dt><dd>' . esc_html( $at ) . ( '' !== $more ? '<br>' . esc_html( $more ) : '' ) . '</dd></div>';
	}

	public static function moment( int $at ): string {
		return Parts::door()->call( 'moment', array( 'at' => $at, 'locale' => Parts::settings()->desk_locale() ) )->ok->text;
	}
}
