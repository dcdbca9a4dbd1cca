<?php /** Signatures that only the host can make: private keys never enter the core, so a request names what is to be signed with which of them. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Signer {
	/**
	 * The request with the header that it asks to be signed; as it is where it asks for none.
	 *
	 * @param object   $request As the core built it.
	 * @param string   $body    Its bytes.
	 * @param string[] $held    The channel's private keys by name, in PEM.
	 * @return object
	 * @throws Refusal Where the key is missing or no private RSA key; it is never repeated.
	 */
	public static function signed( $request, string $body, array $held ) {
		if ( ! isset( $request->sign ) ) {
			return $request;
		}
		$sign = $request->sign;
		$key  = self::private_key( isset( $held[ $sign->key ] ) ? $held[ $sign->key ] : '' );
		if ( ! $key || ! openssl_sign( $sign->message_prefix . $body, $signature, $key, OPENSSL_ALGO_SHA256 ) ) {
			throw new Refusal( 'credential', $sign->key );
		}
		$request->headers[] = array( $sign->header, $sign->value_prefix . rtrim( strtr( base64_encode( $signature ), '+/', '-_' ), '=' ) ); // phpcs:ignore
		return $request;
	}

	/** @return mixed A private RSA key from PEM, also where a form has joined its lines; false for anything else. */
	private static function private_key( string $text ) {
		if ( ! function_exists( 'openssl_pkey_get_private' ) || ! preg_match( '/-----BEGIN ([A-Z ]*PRIVATE KEY)-----(.*?)-----END/s', $text, $found ) ) {
			return false;
		}
		$inner = chunk_split( preg_replace( '/\s+/', '', $found[2] ), 64, "\n" );
		$key   = openssl_pkey_get_private( "-----BEGIN {$found[1]}-----\n$inner-----END {$found[1]}-----\n" );
		$about = $key ? openssl_pkey_get_details( $key ) : array();
		return isset( $about['type'] ) && OPENSSL_KEYTYPE_RSA === $about['type'] ? $key : false;
	}
}
