<?php /** Sends the core's requests by WordPress's own HTTP: https to the provider's own hosts only, no redirects, bounded in time and size. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Sender {
	/** Failures before anything could leave, by cURL's numbers. Whatever is not here may have left. */
	const BY_CURL = array( 1 => 'not_allowed', 3 => 'not_allowed', 5 => 'dns', 6 => 'dns', 7 => 'connect', 35 => 'tls', 51 => 'tls', 53 => 'tls', 54 => 'tls', 58 => 'tls', 59 => 'tls', 60 => 'tls', 66 => 'tls', 77 => 'tls', 80 => 'tls', 83 => 'tls', 28 => 'timeout', 63 => 'too_large' );

	/** @var Door */
	private $door;
	/** @var Sandbox */
	private $sandbox;

	public function __construct( Door $door, Sandbox $sandbox ) {
		$this->door    = $door;
		$this->sandbox = $sandbox;
	}

	/**
	 * Sends one request and reads its answer; never throws.
	 *
	 * @return array `answer` as the core's input wants it, `bytes`, and `status` or `failure` for the log.
	 */
	public function send( $request, string $body, $channel ): array {
		if ( Sandbox::is_here( $request->url ) ) {
			return $this->told( $this->sandbox->request( $request, $body ) );
		}
		if ( ! $this->allows( $request->url, $channel ) ) {
			return $this->told( 'not_allowed' );
		}
		$headers = array();
		foreach ( $request->headers as $pair ) {
			$headers[ $pair[0] ] = $pair[1];
		}
		$got = wp_remote_request(
			$request->url,
			array(
				'method'              => $request->method,
				'headers'             => $headers,
				'body'                => '' === $body ? null : $body,
				'timeout'             => $request->timeout_ms / 1000,
				'redirection'         => 0,
				'httpversion'         => '1.1',
				'limit_response_size' => $request->answer_limit_bytes + 1,
				'cookies'             => array(),
				'user-agent'          => 'Efectivo/' . EFECTIVO_VERSION,
			)
		);
		return $this->told( is_wp_error( $got ) ? self::why( $got ) : self::read( $got, $request->answer_limit_bytes ) );
	}

	/** Only the provider's own hosts, by the list in the core, or a sandbox on this machine. */
	private function allows( string $address, $channel ): bool {
		$url = wp_parse_url( $address );
		if ( ! $url || ! empty( $url['user'] ) || ! empty( $url['pass'] ) || empty( $url['host'] ) ) {
			return false;
		}
		if ( ! empty( $channel->sandbox_url ) && 0 === strpos( $address, $channel->sandbox_url ) ) {
			return in_array( $url['host'], array( '127.0.0.1', '[::1]', 'localhost' ), true );
		}
		foreach ( $this->door->call( 'abilities' )->ok as $one ) {
			foreach ( $one->provider === $channel->provider ? $one->hosts : array() as $known ) {
				if ( $known[0] === $channel->mode && $known[1] === $url['host'] ) {
					return 'https' === $url['scheme'] && empty( $url['port'] );
				}
			}
		}
		return false;
	}

	/** @return array|string */
	private static function read( array $got, int $limit ) {
		$bytes = wp_remote_retrieve_body( $got );
		if ( strlen( $bytes ) > $limit ) {
			return 'too_large';
		}
		$headers = array();
		$known   = wp_remote_retrieve_headers( $got );
		foreach ( is_object( $known ) ? $known->getAll() : (array) $known as $name => $values ) {
			foreach ( (array) $values as $value ) {
				$headers[] = array( (string) $name, (string) $value );
			}
		}
		return array( 'status' => (int) wp_remote_retrieve_response_code( $got ), 'headers' => $headers, 'bytes' => $bytes );
	}

	private static function why( \WP_Error $error ): string {
		if ( in_array( $error->get_error_code(), array( 'http_request_not_executed', 'http_request_block' ), true ) ) {
			return 'not_allowed';
		}
		$text = $error->get_error_message();
		if ( ! preg_match( '/cURL error (\d+)/', $text, $found ) ) {
			return 'cut_off';
		}
		if ( '28' === $found[1] && preg_match( '/Resolving timed out|Connection timed out|Connection timeout|SSL connection timeout/i', $text ) ) {
			return 'connect';
		}
		return isset( self::BY_CURL[ (int) $found[1] ] ) ? self::BY_CURL[ (int) $found[1] ] : 'cut_off';
	}

	/** @param array|string $got */
	private function told( $got ): array {
		if ( is_string( $got ) ) {
			return array( 'answer' => array( 'failure' => $got ), 'bytes' => '', 'status' => null, 'failure' => $got );
		}
		$response = array( 'status' => $got['status'], 'headers' => $got['headers'] );
		return array( 'answer' => array( 'response' => $response ), 'bytes' => $got['bytes'], 'status' => $got['status'], 'failure' => null );
	}
}
