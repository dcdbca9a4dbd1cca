<?php /** Every provider's own side, simulated by the core inside this process, so that a test sale works on any host before there is any key. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Sandbox {
	/** The address that stands for it; nothing listens there, and nothing is sent. */
	const ADDRESS = 'http://127.0.0.1:1/sandbox';
	/** Notices under way are kept above this number, beside the world. */
	const PARCELS = 1000;

	/** @var Door */
	private $door;
	/** @var Database */
	private $db;
	/** @var Clock */
	private $clock;
	/** @var \Efectivo\Woo\Settings */
	private $settings;

	public function __construct( Door $door, Database $db, Clock $clock, \Efectivo\Woo\Settings $settings ) {
		$this->door     = $door;
		$this->db       = $db;
		$this->clock    = $clock;
		$this->settings = $settings;
	}

	/** Where a provider's side is played. */
	public static function address( string $provider ): string {
		return self::ADDRESS . '/' . ( 'sandbox' === $provider ? 'own' : $provider );
	}

	public static function is_here( string $address ): bool {
		return 0 === strpos( $address, self::ADDRESS . '/' );
	}

	/** Answers a request as the provider would. @return array|string What came back, or how it failed. */
	public function request( $request, string $body ) {
		$url  = wp_parse_url( substr( $request->url, strlen( self::ADDRESS ) ) );
		$http = array( 'method' => $request->method, 'path' => $url['path'], 'query' => isset( $url['query'] ) ? $url['query'] : '', 'headers' => $request->headers );
		try {
			$answer = $this->act( array( 'http' => $http ), $body );
		} catch ( \RuntimeException $error ) {
			return 'connect';
		}
		if ( 'cut' === $answer->ok->transport || null === $answer->ok->response ) {
			return 'cut_off';
		}
		if ( isset( $answer->ok->transport->slow ) ) {
			if ( $answer->ok->transport->slow >= $request->timeout_ms ) {
				return 'timeout';
			}
			usleep( $answer->ok->transport->slow * 1000 );
		}
		return array( 'status' => $answer->ok->response->status, 'headers' => $answer->ok->response->headers, 'bytes' => $answer->bytes );
	}

	/** One act in the world, which is stored before anybody learns of it. @throws Refusal Where it can't be done. */
	public function act( $what, string $body = '' ): Answer {
		for ( $tries = 1; ; $tries++ ) {
			try {
				return $this->acted( $what, $body );
			} catch ( Conflict $conflict ) {
				if ( $tries >= 10 ) {
					throw $conflict;
				}
			}
		}
	}

	private function acted( $what, string $body ): Answer {
		return $this->db->whole(
			function () use ( $what, $body ) {
				$this->db->change( "INSERT IGNORE INTO {sandbox} (one, doc) VALUES (1, '')" );
				$row  = $this->db->row( 'SELECT doc FROM {sandbox} WHERE one = 1 FOR UPDATE' );
				$made = $this->door->call( 'sandbox', $this->world( $row['doc'] ) + array( 'act' => $what, 'now' => $this->clock->now() ), $body ); // phpcs:ignore
				$made->ok->world->accounts = new \stdClass(); // they are kept sealed, elsewhere
				$this->db->change( 'UPDATE {sandbox} SET doc = ? WHERE one = 1', array( Door::json( $made->ok->world ) ) );
				foreach ( $made->ok->parcels as $parcel ) {
					$this->db->change( 'INSERT INTO {sandbox} (one, doc) VALUES (?, ?) ON DUPLICATE KEY UPDATE doc = VALUES(doc)', array( $parcel->no + self::PARCELS, Door::json( $parcel ) ) );
				}
				if ( is_array( $what ) && isset( $what['delivered'] ) ) {
					$this->db->change( 'DELETE FROM {sandbox} WHERE one = ?', array( $what['delivered']['no'] + self::PARCELS ) );
				}
				return $made;
			}
		);
	}

	/** Hands the notices that are due to the inbox, as the web server would; how many there were. */
	public function deliver( Inbox $inbox ): int {
		$delivered = 0;
		$row       = $this->db->row( 'SELECT doc FROM {sandbox} WHERE one = 1' );
		if ( ! $row || '' === $row['doc'] ) {
			return 0;
		}
		$this->act( 'tick' );
		foreach ( $this->db->rows( 'SELECT doc FROM {sandbox} WHERE one > ? ORDER BY one', array( self::PARCELS ) ) as $under_way ) {
			$parcel = json_decode( $under_way['doc'] );
			$status = 0;
			try {
				$to             = wp_parse_url( $parcel->url );
				list( $status ) = $inbox->receive( self::channel_in( $to ), array( 'headers' => $parcel->headers, 'query' => isset( $to['query'] ) ? $to['query'] : '', 'peer' => '127.0.0.1' ), $parcel->body );
			} catch ( \RuntimeException $error ) {
				Log::write( 'sandbox_notice_failed', Log::of( $error ) );
			}
			$this->act( array( 'delivered' => array( 'no' => $parcel->no, 'status' => $status ) ) );
			++$delivered;
		}
		return $delivered;
	}

	/** The channel that a notice's address ends with; without pretty links the route stands in the query. */
	private static function channel_in( array $address ): string {
		wp_parse_str( isset( $address['query'] ) ? $address['query'] : '', $asked );
		return basename( isset( $asked['rest_route'] ) ? (string) $asked['rest_route'] : $address['path'] );
	}

	/** Every code that was ever made here. */
	public function ledger(): array {
		return $this->act( 'ledger' )->ok->ledger;
	}

	/** The world as stored, with today's accounts in it; a new one where there is none. */
	private function world( string $doc ): array {
		$accounts = array();
		foreach ( $this->settings->simulated() as $one ) {
			$accounts += (array) $one->accounts;
		}
		if ( '' === $doc ) {
			return array( 'begin' => array( 'seed' => (int) ( $this->clock->real() / 1000 ), 'accounts' => (object) $accounts ) ); // phpcs:ignore
		}
		$world = json_decode( $doc );
		if ( ! is_object( $world ) ) {
			throw new \RuntimeException( 'the sandbox as stored can not be read' );
		}
		$world->accounts = (object) $accounts;
		return array( 'world' => $world );
	}
}
