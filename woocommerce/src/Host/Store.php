<?php /** The records of cases: one transaction for everything that one input changes, with an optimistic version. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Store {
	/** @var Database */
	private $db;
	/** @var Inbox_Store */
	public $inbox;
	/** @var Outbox_Store */
	public $outbox;

	public function __construct( Database $db ) {
		$this->db     = $db;
		$this->inbox  = new Inbox_Store( $db );
		$this->outbox = new Outbox_Store( $db );
	}

	/** @return object|null `{version, case}` */
	public function load( string $id ) {
		$row = $this->db->row( 'SELECT version, doc FROM {cases} WHERE id = ?', array( $id ) );
		return $row ? (object) array(
			'version' => (int) $row['version'],
			'case'    => json_decode( $row['doc'] ),
		) : null;
	}

	/** The case that a key belongs to; '' for none. */
	public function holder( string $key ): string {
		$row = $this->db->row( 'SELECT case_id FROM {case_keys} WHERE key_text = ?', array( $key ) );
		return $row ? $row['case_id'] : '';
	}

	/**
	 * Everything that one input changed, or nothing.
	 *
	 * @param Change $change What `handle` answered, and what it completes.
	 * @throws Conflict Where somebody else wrote first.
	 */
	public function commit( Change $change ): void {
		$this->db->whole(
			function () use ( $change ) {
				$id = $change->case->id;
				$this->save_case( $change->case, $change->version );
				foreach ( array_unique( $change->keys ) as $key ) {
					$this->save_key( $key, $id );
				}
				foreach ( $change->journal as $entry ) {
					$this->db->change( 'INSERT INTO {journal} (case_id, no, at, entry) VALUES (?, ?, ?, ?)', array( $id, $entry->no, $entry->at, Door::json( $entry ) ) );
				}
				$this->outbox->add( $id, $change->outputs, $change->now );
				$this->store_channels( $change->channels );
				foreach ( $change->evidence as $piece ) {
					$this->db->change( 'INSERT INTO {evidence} (case_id, kind, kept_at, purge_after, body) VALUES (?, ?, ?, ?, ?)', array( $id, $piece->kind, $change->now, $piece->purge_after, new Blob( $piece->body ) ) );
				}
				if ( $change->completes ) {
					$this->outbox->complete( $id, $change->completes, $change->now );
				}
				if ( $change->notice ) {
					$this->inbox->handled( $change->notice, $id, $change->now );
				}
			}
		);
	}

	private function save_case( $doc, int $version ): void {
		$open    = 0;
		foreach ( $doc->reviews as $review ) {
			$open += isset( $review->closed ) ? 0 : 1;
		}
		$columns = array( $doc->order, $doc->mode, $doc->schema, $doc->state, $doc->placed_at, $open, isset( $doc->wake_at ) ? $doc->wake_at : null, Door::json( $doc ) );
		if ( 0 === $version ) {
			$this->db->change( 'INSERT INTO {cases} (order_key, mode, schema_no, state, placed_at, open_reviews, wake_at, doc, version, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, ?)', array_merge( $columns, array( $doc->id ) ) );
			return;
		}
		$met = $this->db->change(
			'UPDATE {cases} SET order_key = ?, mode = ?, schema_no = ?, state = ?, placed_at = ?, open_reviews = ?, wake_at = ?, doc = ?, version = version + 1 WHERE id = ? AND version = ?',
			array_merge( $columns, array( $doc->id, $version ) )
		);
		if ( 1 !== $met ) {
			throw new Conflict( 'case' );
		}
	}

	/** A provider may use an id again years later: the newest case has it. An order's or a page's key is never taken over. */
	private function save_key( string $key, string $id ): void {
		$holds = $this->holder( $key );
		if ( $holds === $id ) {
			return;
		}
		if ( '' !== $holds && preg_match( '/^(order|page):/', $key ) ) {
			throw new Conflict( 'key', $holds );
		}
		if ( preg_match( '/^(order|page):/', $key ) ) {
			$this->db->change( 'INSERT INTO {case_keys} (key_text, case_id) VALUES (?, ?)', array( $key, $id ) );
			return;
		}
		$this->db->change( 'INSERT INTO {case_keys} (key_text, case_id) VALUES (?, ?) ON DUPLICATE KEY UPDATE case_id = VALUES(case_id)', array( $key, $id ) );
	}

	/** Channel rows as stored: `{id, version, token, doc}`. */
	public function channels(): array {
		return array_map(
			static function ( $row ) {
				return (object) array(
					'id'      => $row['id'],
					'version' => (int) $row['version'],
					'token'   => $row['token'],
					'doc'     => json_decode( $row['doc'] ),
				);
			},
			$this->db->rows( 'SELECT id, version, token, doc FROM {channels} ORDER BY id' )
		);
	}

	public function save_channels( array $rows ): void {
		$this->db->whole(
			function () use ( $rows ) {
				$this->store_channels( $rows );
			}
		);
	}

	/** Stores notices that arrived, and what they changed in their channel's row, together. */
	public function take_in( array $notices, array $channels ): void {
		$this->db->whole(
			function () use ( $notices, $channels ) {
				$this->store_channels( $channels );
				foreach ( $notices as $notice ) {
					$this->inbox->add( $notice );
				}
			}
		);
	}

	private function store_channels( array $rows ): void {
		foreach ( $rows as $row ) {
			$token = null === $row->token ? null : new Blob( $row->token );
			if ( 0 === $row->version ) {
				$met = $this->db->change( 'INSERT IGNORE INTO {channels} (version, token, doc, id) VALUES (1, ?, ?, ?)', array( $token, Door::json( $row->doc ), $row->id ) );
			} else {
				$met = $this->db->change( 'UPDATE {channels} SET version = version + 1, token = ?, doc = ? WHERE id = ? AND version = ?', array( $token, Door::json( $row->doc ), $row->id, $row->version ) );
			}
			if ( 1 !== $met ) {
				throw new Conflict( 'channel' );
			}
		}
	}

	/** The newest cases: `reviews` for those with open questions only, `order` for one order's. */
	public function cases( array $filter = array() ): array {
		$filter += array( 'state' => '', 'order' => '', 'reviews' => false, 'limit' => 50, 'before' => PHP_INT_MAX );
		$rows    = $this->db->rows(
			"SELECT doc FROM {cases} WHERE placed_at < ? AND (? = '' OR state = ?) AND (? = '' OR order_key = ?) AND open_reviews >= ? ORDER BY placed_at DESC, id LIMIT ?",
			array( $filter['before'], $filter['state'], $filter['state'], $filter['order'], $filter['order'], $filter['reviews'] ? 1 : 0, (int) $filter['limit'] )
		);
		return array_map(
			static function ( $row ) {
				return json_decode( $row['doc'] );
			},
			$rows
		);
	}

	/** A slice of cases as a JSON list, the newest first, with the place where the next slice begins; '' for none. */
	public function slice( string $after, int $limit ): array {
		list( $at, $id ) = array_pad( explode( ' ', $after, 2 ), 2, '' );
		$rows            = $this->db->rows(
			"SELECT id, placed_at, doc FROM {cases} WHERE (? = '' OR placed_at < ? OR (placed_at = ? AND id > ?)) ORDER BY placed_at DESC, id LIMIT ?",
			array( $after, (int) $at, (int) $at, $id, $limit )
		);
		$last = end( $rows );
		return array( '[' . implode( ',', array_column( $rows, 'doc' ) ) . ']', count( $rows ) === $limit ? "{$last['placed_at']} {$last['id']}" : '' );
	}

	/** How many cases there are in each state, and how many have open questions. */
	public function counts(): array {
		$states = array();
		foreach ( $this->db->rows( 'SELECT state, COUNT(*) AS n, SUM(open_reviews > 0) AS asked FROM {cases} GROUP BY state' ) as $row ) {
			$states[ $row['state'] ] = array( 'all' => (int) $row['n'], 'asked' => (int) $row['asked'] );
		}
		return $states;
	}

	public function journal( string $id ): array {
		return array_map(
			static function ( $row ) {
				return json_decode( $row['entry'] );
			},
			$this->db->rows( 'SELECT entry FROM {journal} WHERE case_id = ? ORDER BY no', array( $id ) )
		);
	}

	/** The payer, while the evidence is kept. */
	public function person( string $id ) {
		$row = $this->db->row( "SELECT body FROM {evidence} WHERE case_id = ? AND kind = 'person' ORDER BY no DESC LIMIT 1", array( $id ) );
		return $row ? json_decode( $row['body'] ) : null;
	}

	/** Erases a case's evidence that need not be kept any longer: how many pieces went, and how many must stay. */
	public function erase( string $id, int $now ): array {
		$erased = $this->db->change( 'DELETE FROM {evidence} WHERE case_id = ? AND purge_after <= ?', array( $id, $now ) );
		$kept   = $this->db->row( 'SELECT COUNT(*) AS n FROM {evidence} WHERE case_id = ?', array( $id ) );
		return array( 'erased' => $erased, 'kept' => (int) $kept['n'] );
	}

	/** Erases all evidence whose time is over, and notices received too long ago: of a case, or waiting for one. */
	public function purge( int $now, int $handled_before, int $waiting_before ): void {
		$this->db->change( 'DELETE FROM {evidence} WHERE purge_after <= ?', array( $now ) );
		$this->db->change( 'DELETE FROM {inbox} WHERE handled_at IS NOT NULL AND received_at < ?', array( $handled_before ) );
		$this->db->change( 'DELETE FROM {inbox} WHERE handled_at IS NULL AND received_at < ?', array( $waiting_before ) );
		$this->db->change( 'DELETE k FROM {inbox_keys} k LEFT JOIN {inbox} i ON i.no = k.inbox_no WHERE i.no IS NULL' );
	}

	/** Ids of cases whose time to wake has come, the longest waiting first. */
	public function due( int $now, int $limit ): array {
		return array_column( $this->db->rows( 'SELECT id FROM {cases} WHERE wake_at <= ? ORDER BY wake_at LIMIT ?', array( $now, $limit ) ), 'id' );
	}

	/** An order may have changed: it is read again soon. Hooks call only this. */
	public function nudge( string $order ): void {
		$mark = bin2hex( random_bytes( 8 ) );
		$this->db->change( 'INSERT INTO {nudges} (order_key, mark) VALUES (?, ?) ON DUPLICATE KEY UPDATE mark = VALUES(mark)', array( $order, $mark ) );
	}

	/** Whether any case was ever of this mode; where nobody can tell, none was. */
	public function has_mode( string $mode ): bool {
		try {
			return (bool) $this->db->row( 'SELECT id FROM {cases} WHERE mode = ? LIMIT 1', array( $mode ) );
		} catch ( \RuntimeException $error ) {
			return false;
		}
	}

	/** The orders that were touched, beyond the one given. */
	public function nudges( int $limit, string $beyond = '' ): array {
		return $this->db->rows( 'SELECT order_key, mark FROM {nudges} WHERE order_key > ? ORDER BY order_key LIMIT ?', array( $beyond, $limit ) );
	}

	/** Forgets a nudge, unless another one came meanwhile. */
	public function nudged( string $order, string $mark ): void {
		$this->db->change( 'DELETE FROM {nudges} WHERE order_key = ? AND mark = ?', array( $order, $mark ) );
	}

	public function database(): Database {
		return $this->db;
	}
}
