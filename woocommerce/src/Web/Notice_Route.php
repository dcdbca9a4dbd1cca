<?php /** The address that providers call: raw bytes go to the core and into the inbox before anybody is answered. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Notice_Route {
	/** The longest body that is read; the core refuses one of this length by itself. */
	const MOST_BYTES = 65537;

	public function hook(): void {
		add_action( 'rest_api_init', array( $this, 'register' ) );
		add_filter( 'rest_pre_dispatch', array( $this, 'before_parsing' ), 10, 3 );
		add_filter( 'rest_authentication_errors', array( $this, 'no_login' ), 200 );
		add_filter( 'rest_pre_serve_request', array( $this, 'raw' ), 10, 3 );
	}

	/** Makes the address known; `before_parsing` answers it. */
	public function register(): void {
		register_rest_route(
			'efectivo/v1',
			'/notices/(?P<channel>[A-Za-z0-9_-]{1,40})',
			array(
				'methods'             => 'POST',
				'callback'            => array( $this, 'take' ),
				'permission_callback' => '__return_true', // a provider has no account here: the core judges the signature
			)
		);
	}

	/** Takes a notice before WordPress reads its JSON, so that a broken one is judged and noted as well. */
	public function before_parsing( $result, $server, $request ) {
		return 'POST' === $request->get_method() && self::channel( $request->get_route() ) ? $this->take( $request ) : $result;
	}

	/** A provider's Basic credentials are its own and no application password of WordPress's. */
	public function no_login( $result ) {
		return self::channel( self::asked_route() ) ? true : $result;
	}

	public function take( $request ) {
		$channel = self::channel( $request->get_route() );
		$test    = Notice_Test::answer( $request );
		if ( null !== $test ) {
			return new \WP_REST_Response( array( 'efectivo' => $test ), 200 );
		}
		$notice  = array(
			'headers' => self::headers(),
			'query'   => isset( $_SERVER['QUERY_STRING'] ) ? (string) wp_unslash( $_SERVER['QUERY_STRING'] ) : '', // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- signed as it came.
			'peer'    => isset( $_SERVER['REMOTE_ADDR'] ) ? (string) wp_unslash( $_SERVER['REMOTE_ADDR'] ) : '', // phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- the core reads it as an address.
		);
		try {
			list( $status, $body ) = Parts::inbox()->receive( $channel, $notice, substr( $request->get_body(), 0, self::MOST_BYTES ) );
		} catch ( \RuntimeException $error ) {
			Log::write( 'notice_failed', array( 'channel' => $channel ) + Log::of( $error ) );
			list( $status, $body ) = array( 503, '' ); // not stored: the provider sends it again
		}
		if ( $status < 300 ) {
			Parts::after()->soon();
		}
		return new \WP_REST_Response( array( 'efectivo' => $body ), $status );
	}

	/** What the provider is answered are the core's bytes, not WordPress's JSON around them. */
	public function raw( $served, $response, $request ) {
		if ( $served || 'POST' !== $request->get_method() || ! self::channel( $request->get_route() ) ) {
			return $served;
		}
		$data = $response->get_data();
		echo isset( $data['efectivo'] ) ? $data['efectivo'] : ''; // phpcs:ignore WordPress.Security.EscapeOutput -- the core's own bytes, as JSON or text.
		return true;
	}

	private static function channel( string $route ): string {
		return preg_match( '#^/efectivo/v1/notices/([A-Za-z0-9_-]{1,40})/?$#', $route, $found ) ? $found[1] : '';
	}

	/** The route that is asked for, by a pretty address or by `rest_route`. */
	private static function asked_route(): string {
		return isset( $GLOBALS['wp']->query_vars['rest_route'] ) ? (string) $GLOBALS['wp']->query_vars['rest_route'] : '';
	}

	/** Header lines as they came, `Authorization` also where the server hides it. */
	public static function headers(): array {
		$found = function_exists( 'getallheaders' ) ? (array) getallheaders() : array();
		// phpcs:disable WordPress.Security.ValidatedSanitizedInput -- signed as they came.
		foreach ( $_SERVER as $name => $value ) {
			if ( 0 === strpos( $name, 'HTTP_' ) && is_string( $value ) ) {
				$found += array( str_replace( '_', '-', substr( $name, 5 ) ) => wp_unslash( $value ) );
			}
		}
		if ( isset( $_SERVER['REDIRECT_HTTP_AUTHORIZATION'] ) ) {
			$found += array( 'Authorization' => wp_unslash( $_SERVER['REDIRECT_HTTP_AUTHORIZATION'] ) );
		} elseif ( isset( $_SERVER['PHP_AUTH_USER'] ) ) {
			$found += array( 'Authorization' => 'Basic ' . base64_encode( wp_unslash( $_SERVER['PHP_AUTH_USER'] . ':' . ( isset( $_SERVER['PHP_AUTH_PW'] ) ? $_SERVER['PHP_AUTH_PW'] : '' ) ) ) ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		}
		// phpcs:enable
		$pairs = array();
		$seen  = array();
		foreach ( $found as $name => $value ) {
			if ( ! isset( $seen[ strtolower( $name ) ] ) ) {
				$seen[ strtolower( $name ) ] = true;
				$pairs[]                     = array( (string) $name, (string) $value );
			}
		}
		return $pairs;
	}
}
