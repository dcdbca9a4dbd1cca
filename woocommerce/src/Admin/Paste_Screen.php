<?php /** "Paste a notice": whether it is genuine and why, by the very call that judges real ones; nothing is kept. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Paste_Screen {
	public static function show( string $told ): void {
		echo '<section class="efectivo-card"><h2>' . esc_html__( 'Paste a notice', 'efectivo' ) . '</h2><p>' . esc_html__( 'Is it genuine, and why? Nothing is stored and nothing moves.', 'efectivo' ) . '</p>';
		if ( 'off' !== Parts::settings()->get( 'allow_rule' ) ) {
			echo '<p>' . esc_html__( 'Where it came from is not judged here: the list of allowed addresses is left out.', 'efectivo' ) . '</p>';
		}
		if ( '' !== $told ) {
			echo '<p role="status"><strong>' . esc_html( $told ) . '</strong></p>';
		}
		echo '<form method="post" action="' . esc_url( Desk::url( array( 'tab' => 'channels' ) ) ) . '">'; // phpcs:ignore
		wp_nonce_field( Desk::PASTE, '_wpnonce', true );
		echo '<p><label>' . esc_html__( 'Provider', 'efectivo' ) . '<br><select name="channel">';
		foreach ( Parts::settings()->core()->channels as $channel ) {
			echo '<option>' . esc_html( $channel->id ) . '</option>';
		}
		echo '</select></label></p><p><label>' . esc_html__( 'The address that it was sent to, with all that follows the "?"', 'efectivo' ) . '<br><input type="text" name="address" class="large-text code" autocomplete="off"></label></p><p><label>' . esc_html__( 'Header lines, one each', 'efectivo' ) . '<br><textarea name="headers" rows="4" class="large-text code"></textarea></label></p><p><label>' . esc_html__( 'The body, exactly as it came', 'efectivo' ) . '<br><textarea name="body" rows="6" class="large-text code"></textarea></label></p><p><button class="button" name="efectivo_paste" value="1">' . esc_html__( 'Judge it', 'efectivo' ) . '</button></p></form></section>';
	}

	/** What the core says of the notice, in a sentence; a textarea's line ends are taken back. */
	public static function judged( string $id, string $address, string $lines, string $body ): string {
		$before      = Parts::channels()->read();
		$credentials = Parts::settings()->credentials( $id );
		if ( ! isset( $before[ $id ] ) || null === $credentials ) {
			return __( 'This channel is not there, or one of its keys is missing: its notices can not be judged.', 'efectivo' );
		}
		$headers = array();
		foreach ( array_filter( preg_split( '/\r?\n/', $lines ) ) as $line ) {
			list( $name, $value ) = array_pad( explode( ':', $line, 2 ), 2, '' );
			$headers[]            = array( trim( $name ), trim( $value ) );
		}
		$query  = preg_match( '/\?([^\s#]*)/', $address, $found ) ? $found[1] : trim( $address );
		$notice = array( 'headers' => $headers, 'query' => $query, 'peer' => '' ); // phpcs:ignore
		$locale = Parts::settings()->desk_locale();
		$ok     = Parts::door()->call( 'route', array( 'settings' => self::from_anywhere(), 'channel' => $before[ $id ]->row, 'credentials' => $credentials, 'notice' => $notice, 'now' => Parts::clock()->now() ), str_replace( "\r\n", "\n", $body ), $locale )->ok; // phpcs:ignore
		$name   = is_string( $ok->verdict ) ? $ok->verdict : key( (array) $ok->verdict );
		$reason = isset( $ok->reason ) ? ': ' . Parts::door()->say( $ok->reason, $locale ) : '';
		return Parts::door()->say( "verdict.$name", $locale ) . $reason;
	}

	/** The settings without lists of addresses: nobody knows where a pasted notice came from. */
	private static function from_anywhere() {
		$settings           = clone Parts::settings()->core();
		$settings->channels = array_map( static function ( $one ) { return (object) ( array( 'allowlist' => array( 'rule' => 'off' ) ) + (array) $one ); }, $settings->channels ); // phpcs:ignore
		return $settings;
	}
}
