<?php /** The inbox's records: notices are stored before they are answered, and wait for the case they speak of. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Inbox_Store {
	/** @var Database */
	private $db;

	public function __construct( Database $db ) {
		$this->db = $db;
	}

	/** Stores a notice, within a transaction; one that is known already is left as it is. */
	public function add( array $notice ): void {
		$met = $this->db->change(
			'INSERT IGNORE INTO {inbox} (dedupe_key, channel, verdict, facts, received_at, stray_at, raw) VALUES (?, ?, ?, ?, ?, ?, ?)',
			array( $notice['dedupe_key'], $notice['channel'], Door::json( $notice['verdict'] ), Door::json( $notice['facts'] ), $notice['received_at'], $notice['stray_at'], new Blob( $notice['raw'] ) )
		);
		if ( 1 !== $met ) {
			return;
		}
		$no = $this->db->last_no();
		foreach ( array_unique( $notice['keys'] ) as $key ) {
			$this->db->change( 'INSERT INTO {inbox_keys} (inbox_no, key_text) VALUES (?, ?)', array( $no, $key ) );
		}
	}

	/** Open notices whose case is known, the oldest first. */
	public function matched( int $limit, int $beyond ): array {
		$rows = $this->db->rows(
			'SELECT i.*, found.holder FROM {inbox} i JOIN (SELECT ik.inbox_no, MIN(k.case_id) AS holder FROM {inbox_keys} ik JOIN {case_keys} k ON k.key_text = ik.key_text GROUP BY ik.inbox_no) found ON found.inbox_no = i.no
			WHERE i.handled_at IS NULL AND i.no > ? ORDER BY i.no LIMIT ?',
			array( $beyond, $limit )
		);
		return array_map( array( $this, 'read' ), $rows );
	}

	/** Open notices of which no case became known in the time that the core gave them. */
	public function strays( int $now, int $limit ): array {
		return array_map( array( $this, 'read' ), $this->db->rows( 'SELECT *, NULL AS holder FROM {inbox} WHERE handled_at IS NULL AND stray_at <= ? ORDER BY stray_at LIMIT ?', array( $now, $limit ) ) );
	}

	/** Writes down that a notice without a case was offered to the core, which left it where it is. */
	public function passed( int $no ): void {
		$this->db->change( 'UPDATE {inbox} SET stray_at = NULL WHERE no = ?', array( $no ) );
	}

	/** Marks a notice as taken in by a case, within that case's transaction. @throws Conflict Where another worker has brought it. */
	public function handled( int $no, string $id, int $now ): void {
		$met = $this->db->change( 'UPDATE {inbox} SET case_id = ?, handled_at = ?, stray_at = NULL WHERE no = ? AND handled_at IS NULL', array( $id, $now, $no ) );
		if ( 1 !== $met ) {
			throw new Conflict( 'notice' );
		}
		$this->db->change( 'DELETE FROM {inbox_keys} WHERE inbox_no = ?', array( $no ) );
	}

	/** The newest notices, for a desk. */
	public function newest( int $limit ): array {
		return $this->db->rows( 'SELECT no, channel, verdict, received_at, case_id, handled_at FROM {inbox} ORDER BY no DESC LIMIT ?', array( $limit ) );
	}

	private function read( array $row ) {
		return (object) array(
			'no'         => (int) $row['no'],
			'dedupe_key' => $row['dedupe_key'],
			'channel'    => $row['channel'],
			'verdict'    => json_decode( $row['verdict'] ),
			'facts'      => json_decode( $row['facts'] ),
			'raw'        => (string) $row['raw'],
			'case_id'    => (string) $row['holder'],
		);
	}
}
