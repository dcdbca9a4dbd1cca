<?php /** "Test notifications": calls a notice address from outside of the request, as a provider would, and says what came through. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Door;

defined( 'ABSPATH' ) || exit;

final class Notice_Test {
	const HEADER = 'X-Efectivo-Test';
	/** How long a test may be on its way. */
	const SECONDS = 20;

	/** @return array Whether all came through, a sentence, and whether the address was reached at all. */
	public static function run( string $url, Door $door, string $locale ): array {
		$mark  = bin2hex( random_bytes( 16 ) );
		$body  = '{"mark":"' . $mark . '","text":"códigos  ✓"}';
		$start = microtime( true );
		set_transient( "efectivo_test_$mark", $body, MINUTE_IN_SECONDS );
		$got = wp_remote_post(
			$url,
			array(
				'timeout'     => self::SECONDS,
				'redirection' => 0,
				'headers'     => array( 'Content-Type' => 'application/json', self::HEADER => $mark, 'Authorization' => 'Basic dGVzdDp0ZXN0' ), // phpcs:ignore
				'body'        => $body,
				'sslverify'   => apply_filters( 'https_local_ssl_verify', false ), // phpcs:ignore WordPress.NamingConventions -- WordPress's own filter for calls to itself.
			)
		);
		$took = (int) ( ( microtime( true ) - $start ) * 1000 );
		$code = is_wp_error( $got ) ? $got->get_error_code() : (string) wp_remote_retrieve_response_code( $got );
		$told = is_wp_error( $got ) ? null : json_decode( wp_remote_retrieve_body( $got ) );
		if ( ! isset( $told->reached ) || ! $told->reached ) {
			return array( false, str_replace( '{code}', $code, $door->say( 'a.test.waf', $locale ) ), false );
		}
		if ( ! $told->authorization ) {
			return array( false, __( 'The address is reached, but this server takes the Authorization header away. Providers that sign with it would be refused; ask your host to pass it on (Apache: CGIPassAuth On).', 'efectivo' ), true );
		}
		return array( true, str_replace( '{ms}', (string) $took, $door->say( 'a.test.ok', $locale ) ), true );
	}

	/** Answers a test of ours; null for anything else. */
	public static function answer( $request ): ?string {
		$mark = (string) $request->get_header( self::HEADER );
		if ( ! preg_match( '/^[0-9a-f]{32}$/', $mark ) ) {
			return null;
		}
		$body = get_transient( "efectivo_test_$mark" );
		if ( false === $body ) {
			return null;
		}
		delete_transient( "efectivo_test_$mark" );
		$names = array_map( 'strtolower', array_column( Notice_Route::headers(), 0 ) );
		return (string) wp_json_encode( array( 'reached' => $request->get_body() === $body, 'authorization' => in_array( 'authorization', $names, true ) ) ); // phpcs:ignore
	}
}
