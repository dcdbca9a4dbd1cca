<?php /** Keeps secrets unreadable in the database: sealed under a key from wp-config.php, each box named after its key. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Seal {
	/** @return string A box that holds `$text`; `$place` is bound into it. */
	public static function close( string $text, string $place ): string {
		$nonce = random_bytes( SODIUM_CRYPTO_SECRETBOX_NONCEBYTES );
		return self::name() . ':' . base64_encode( $nonce . sodium_crypto_secretbox( $place . "\0" . $text, $nonce, self::key() ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- text for an option.
	}

	/** What a box holds; '' where the key is gone, the box was touched, or it belongs elsewhere. */
	public static function open( string $box, string $place ): string {
		list( $name, $rest ) = array_pad( explode( ':', $box, 2 ), 2, '' );
		$bytes               = (string) base64_decode( $rest, true ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- text of an option.
		if ( self::name() !== $name || strlen( $bytes ) <= SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ) {
			return '';
		}
		$text = sodium_crypto_secretbox_open( substr( $bytes, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), substr( $bytes, 0, SODIUM_CRYPTO_SECRETBOX_NONCEBYTES ), self::key() );
		if ( false === $text || 0 !== strpos( $text, $place . "\0" ) ) {
			return '';
		}
		return substr( $text, strlen( $place ) + 1 );
	}

	private static function name(): string {
		return substr( bin2hex( sodium_crypto_generichash( self::key() . 'name' ) ), 0, 8 );
	}

	/** `EFECTIVO_KEY` in wp-config.php where there is one, else the site's own salts. */
	private static function key(): string {
		$from = defined( 'EFECTIVO_KEY' ) ? (string) EFECTIVO_KEY : wp_salt( 'secure_auth' );
		return sodium_crypto_generichash( 'efectivo' . $from, '', SODIUM_CRYPTO_SECRETBOX_KEYBYTES );
	}
}
