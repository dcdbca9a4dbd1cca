<?php /** The outbox's records: per case and lane in order, claimed by lease, completed only by the attempt that was sent. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Outbox_Store {
	/** @var Database */
	private $db;
	/** @var string names this request as a holder of leases */
	private $me;

	public function __construct( Database $db ) {
		$this->db = $db;
		$this->me = bin2hex( random_bytes( 12 ) );
	}

	/** Takes new outputs in, within the transaction of the input that made them. */
	public function add( string $id, array $outputs, int $now ): void {
		foreach ( $outputs as $output ) {
			$this->db->change(
				'INSERT INTO {outbox} (case_id, no, lane, repeatable, body, next_at) VALUES (?, ?, ?, ?, ?, ?)',
				array( $id, $output->no, $output->lane, $output->repeatable ? 1 : 0, Door::json( $output->body ), $now )
			);
		}
	}

	/** Marks an output as done or dead, within the transaction of its answer. @throws Conflict Where another attempt has it. */
	public function complete( string $id, array $done, int $now ): void {
		$met = $this->db->change(
			'UPDATE {outbox} SET done_at = ?, dead_at = ?, lease_by = NULL, lease_until = NULL WHERE case_id = ? AND no = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL',
			array( $done['dead'] ? null : $now, $done['dead'] ? $now : null, $id, $done['no'], $done['attempt'] )
		);
		if ( 1 !== $met ) {
			throw new Conflict( 'output' );
		}
	}

	/**
	 * Claims the one output that may leave next in this lane; null where there is none. `$lease_now` is the real time.
	 *
	 * @param string $id Of this case only; '' for any.
	 */
	public function claim( string $lane, int $now, int $lease_now, int $lease_ms, string $id = '' ): ?Item {
		$ready = $this->db->rows(
			"SELECT o.case_id, o.no FROM {outbox} o JOIN (SELECT case_id, MIN(no) AS no FROM {outbox} WHERE lane = ? AND done_at IS NULL AND dead_at IS NULL AND (? = '' OR case_id = ?) GROUP BY case_id) head
			ON head.case_id = o.case_id AND head.no = o.no WHERE o.next_at <= ? AND COALESCE(o.lease_until, 0) <= ? ORDER BY o.next_at LIMIT 10",
			array( $lane, $id, $id, $now, $lease_now )
		);
		foreach ( $ready as $row ) {
			$met = $this->db->change(
				'UPDATE {outbox} SET attempt = attempt + 1, lease_by = ?, lease_until = ? WHERE case_id = ? AND no = ? AND done_at IS NULL AND dead_at IS NULL AND next_at <= ? AND COALESCE(lease_until, 0) <= ?',
				array( $this->me, $lease_now + $lease_ms, $row['case_id'], (int) $row['no'], $now, $lease_now )
			);
			if ( 1 === $met ) {
				return Item::of( $this->db->row( 'SELECT * FROM {outbox} WHERE case_id = ? AND no = ?', array( $row['case_id'], (int) $row['no'] ) ) );
			}
		}
		return null;
	}

	/** Writes down that this attempt leaves now; false where another attempt has the output. */
	public function sent( Item $item, int $at ): bool {
		return 1 === $this->db->change(
			'UPDATE {outbox} SET sent_at = ? WHERE case_id = ? AND no = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL',
			array( $at, $item->case_id, $item->output->no, $item->attempt )
		);
	}

	/** Gives an output back, to be tried again at `$next_at`. */
	public function postpone( Item $item, int $next_at ): void {
		$this->db->change(
			'UPDATE {outbox} SET next_at = ?, lease_by = NULL, lease_until = NULL WHERE case_id = ? AND no = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL',
			array( $next_at, $item->case_id, $item->output->no, $item->attempt )
		);
	}

	/** A case's outputs with how far each has come. */
	public function of( string $id ): array {
		return $this->db->rows( 'SELECT * FROM {outbox} WHERE case_id = ? ORDER BY no', array( $id ) );
	}

	/** How many outputs have been open since before `$before`. */
	public function overdue( int $before ): int {
		$row = $this->db->row( 'SELECT COUNT(*) AS n FROM {outbox} WHERE done_at IS NULL AND dead_at IS NULL AND next_at < ?', array( $before ) );
		return (int) $row['n'];
	}
}
