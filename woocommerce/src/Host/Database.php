<?php /** A connection of our own to the site's database, so that no other plugin's transaction can catch our records, nor ours theirs. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

// phpcs:disable WordPress.DB.RestrictedFunctions, WordPress.DB.RestrictedClasses -- $wpdb shares its connection and transaction with every other plugin.

final class Database {
	/** Another worker got there first, or holds a lock: the whole work is done again. */
	const LOST_RACES = array( 1205, 1213 );
	const DUPLICATE  = 1062;
	const GONE       = array( 2006, 2013 );

	/** @var \mysqli|null */
	private $link = null;
	/** @var bool */
	private $inside = false;
	/** @var string[] names of locks that the fallback table holds for us */
	private $rows = array();

	/** The full name of one of our tables. */
	public function table( string $name ): string {
		global $wpdb;
		return '`' . $wpdb->prefix . 'efectivo_' . $name . '`';
	}

	/**
	 * Runs one statement; `{name}` is one of our tables, `?` a value.
	 *
	 * @return array[] Rows of a SELECT.
	 */
	public function rows( string $sql, array $values = array() ): array {
		$result = $this->run( $sql, $values );
		$rows   = array();
		while ( $result instanceof \mysqli_result && ( $row = $result->fetch_assoc() ) ) { // phpcs:ignore
			$rows[] = $row;
		}
		return $rows;
	}

	/** The first row, or null. */
	public function row( string $sql, array $values = array() ): ?array {
		$rows = $this->rows( $sql, $values );
		return isset( $rows[0] ) ? $rows[0] : null;
	}

	/** Runs a change; how many rows it met. */
	public function change( string $sql, array $values = array() ): int {
		$this->run( $sql, $values );
		return (int) $this->link->affected_rows;
	}

	/** The number that the last INSERT gave. */
	public function last_no(): int {
		return (int) $this->link->insert_id;
	}

	/**
	 * Runs `$work` in one transaction: all of it is on disk afterwards, or none.
	 *
	 * @return mixed What `$work` returned.
	 */
	public function whole( callable $work ) {
		$this->run( 'START TRANSACTION', array() );
		$this->inside = true;
		try {
			$made = $work();
			$this->run( 'COMMIT', array() );
			return $made;
		} catch ( \Throwable $error ) {
			$this->roll_back();
			throw $error;
		} finally {
			$this->inside = false;
		}
	}

	private function roll_back(): void {
		try {
			if ( $this->link ) {
				$this->link->query( 'ROLLBACK' );
			}
		} catch ( \Throwable $gone ) {
			$this->link = null; // a lost connection has rolled back by itself
		}
	}

	/** Runs `$work` while nobody else holds the lock of this name; false where somebody held it too long. */
	public function locked( string $name, int $seconds, callable $work ) {
		$name = substr( md5( DB_NAME . $this->table( '' ) ), 0, 12 ) . "_$name";
		if ( ! $this->lock( $name, $seconds ) ) {
			throw new Refusal( 'order_locked', 'the order is held by another request', '', 'later' );
		}
		try {
			return $work();
		} finally {
			$this->unlock( $name );
		}
	}

	private function lock( string $name, int $seconds ): bool {
		$got = null;
		try {
			/** Filters whether this server has named locks; a test says no. */
			$row = apply_filters( 'efectivo_has_get_lock', true ) ? $this->row( 'SELECT GET_LOCK(?, ?) AS got', array( $name, $seconds ) ) : array( 'got' => null );
			$got = $row['got'];
		} catch ( Refusal $without ) { // a proxy or a cluster that has no GET_LOCK
			$got = null;
		}
		return null === $got ? $this->lock_by_row( $name, $seconds ) : '1' === (string) $got;
	}

	/** Where the server has no named locks: a unique row, taken over once its holder must be dead. */
	private function lock_by_row( string $name, int $seconds ): bool {
		$until = microtime( true ) + $seconds;
		do {
			$now = (int) ( microtime( true ) * 1000 );
			$this->change( 'DELETE FROM {locks} WHERE name = ? AND taken_until < ?', array( $name, $now ) );
			$got = $this->change( 'INSERT IGNORE INTO {locks} (name, taken_until) VALUES (?, ?)', array( $name, $now + 60000 ) );
			if ( 1 === $got ) {
				$this->rows[] = $name;
				return true;
			}
			usleep( 100000 );
		} while ( microtime( true ) < $until );
		return false;
	}

	private function unlock( string $name ): void {
		if ( in_array( $name, $this->rows, true ) ) {
			$this->rows = array_diff( $this->rows, array( $name ) );
			$this->change( 'DELETE FROM {locks} WHERE name = ?', array( $name ) );
			return;
		}
		$this->rows( 'SELECT RELEASE_LOCK(?) AS freed', array( $name ) );
	}

	private function run( string $sql, array $values ) {
		$text = $this->written( $sql, $values );
		for ( $tries = 1; ; $tries++ ) {
			$error  = 0;
			$result = false;
			try {
				$result = $this->link()->query( $text );
				$error  = false === $result ? $this->link->errno : 0;
			} catch ( \mysqli_sql_exception $thrown ) {
				$error = (int) $thrown->getCode();
			}
			if ( 0 === $error && false !== $result ) {
				return $result;
			}
			if ( in_array( $error, self::GONE, true ) && ! $this->inside && 1 === $tries ) {
				$this->link = null;
				continue;
			}
			throw $this->failure( $error );
		}
	}

	private function failure( int $error ): \RuntimeException {
		if ( in_array( $error, self::LOST_RACES, true ) ) {
			return new Conflict( 'case' );
		}
		if ( self::DUPLICATE === $error ) {
			return new Conflict( 'key' );
		}
		if ( 1146 === $error ) {
			return new Refusal( 'store_missing', __( 'The tables of this plugin are missing from the database.', 'efectivo' ), __( 'Nothing was changed. Deactivate the plugin and activate it again; it makes them anew.', 'efectivo' ), 'later' );
		}
		/* translators: %d: the database's error number */
		return new Refusal( "store_$error", sprintf( __( 'The database refused (error %d).', 'efectivo' ), $error ), __( 'Nothing was changed. It is tried again by itself.', 'efectivo' ), 'later' );
	}

	private function written( string $sql, array $values ): string {
		$sql = preg_replace_callback(
			'/\{(\w+)\}/',
			function ( $found ) {
				return $this->table( $found[1] );
			},
			$sql
		);
		$parts = explode( '?', $sql );
		if ( count( $parts ) !== count( $values ) + 1 ) {
			throw new \LogicException( 'a query and its values do not fit' );
		}
		$text = array_shift( $parts );
		foreach ( $parts as $at => $part ) {
			$text .= $this->literal( $values[ $at ] ) . $part;
		}
		return $text;
	}

	private function literal( $value ): string {
		if ( null === $value ) {
			return 'NULL';
		}
		if ( is_int( $value ) ) {
			return (string) $value;
		}
		if ( $value instanceof Blob ) {
			return '' === $value->bytes ? "''" : "x'" . bin2hex( $value->bytes ) . "'";
		}
		return "'" . $this->link()->real_escape_string( (string) $value ) . "'";
	}

	private function link(): \mysqli {
		if ( null === $this->link ) {
			$this->link = $this->connect();
		}
		return $this->link;
	}

	private function connect(): \mysqli {
		global $wpdb;
		$place = $wpdb->parse_db_host( DB_HOST );
		list( $host, $port, $socket, $v6 ) = $place ? $place : array( DB_HOST, null, null, false );
		$host  = $v6 && extension_loaded( 'mysqlnd' ) ? "[$host]" : $host;
		$flags = ( defined( 'MYSQL_CLIENT_FLAGS' ) ? (int) MYSQL_CLIENT_FLAGS : 0 ) | MYSQLI_CLIENT_FOUND_ROWS;
		$link  = mysqli_init();
		try {
			// phpcs:ignore WordPress.PHP.NoSilencedErrors -- its warning would show the database's user.
			$open = @$link->real_connect( (string) $host, DB_USER, DB_PASSWORD, DB_NAME, (int) $port, $socket, $flags );
		} catch ( \mysqli_sql_exception $thrown ) {
			$open = false;
		}
		if ( ! $open ) {
			throw new Refusal( 'store_unopened', __( 'The database gave this plugin no connection.', 'efectivo' ), __( 'Nothing was changed. It is tried again by itself; a host may need to allow one connection more.', 'efectivo' ), 'later' );
		}
		$link->set_charset( 'utf8mb4' );
		$link->query( "SET SESSION sql_mode = 'STRICT_ALL_TABLES'" );
		$link->query( 'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED' );
		return $link;
	}
}
