<?php /** The records as InnoDB tables: the same shape as in every host, one set per site, whose prefix tells shops apart. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Tables {
	/** The number of this shape, kept in the option `efectivo_tables`. */
	const SHAPE = 1;

	const NAMES = array( 'cases', 'case_keys', 'inbox', 'inbox_keys', 'journal', 'outbox', 'channels', 'evidence', 'nudges', 'locks', 'sandbox' );

	const COLUMNS = array(
		'cases'      => "id varchar(64) NOT NULL,
order_key varchar(64) NOT NULL,
mode varchar(8) NOT NULL,
schema_no int NOT NULL,
version int NOT NULL,
state varchar(20) NOT NULL,
placed_at bigint NOT NULL,
open_reviews int NOT NULL,
wake_at bigint DEFAULT NULL,
doc longtext NOT NULL,
PRIMARY KEY  (id),
KEY wake_at (wake_at),
KEY placed_at (placed_at),
KEY order_key (order_key)",
		'case_keys'  => "key_text varchar(190) NOT NULL,
case_id varchar(64) NOT NULL,
PRIMARY KEY  (key_text),
KEY case_id (case_id)",
		'inbox'      => "no bigint NOT NULL AUTO_INCREMENT,
dedupe_key varchar(190) NOT NULL,
channel varchar(40) NOT NULL,
verdict longtext NOT NULL,
facts longtext NOT NULL,
received_at bigint NOT NULL,
raw longblob,
case_id varchar(64) DEFAULT NULL,
handled_at bigint DEFAULT NULL,
stray_at bigint DEFAULT NULL,
PRIMARY KEY  (no),
UNIQUE KEY dedupe_key (dedupe_key),
KEY handled_at (handled_at),
KEY stray_at (stray_at),
KEY received_at (received_at)",
		'inbox_keys' => "inbox_no bigint NOT NULL,
key_text varchar(190) NOT NULL,
PRIMARY KEY  (inbox_no,key_text),
KEY key_text (key_text)",
		'journal'    => "case_id varchar(64) NOT NULL,
no int NOT NULL,
at bigint NOT NULL,
entry longtext NOT NULL,
PRIMARY KEY  (case_id,no)",
		'outbox'     => "case_id varchar(64) NOT NULL,
no int NOT NULL,
lane varchar(10) NOT NULL,
repeatable tinyint NOT NULL,
body longtext NOT NULL,
attempt int NOT NULL DEFAULT 0,
lease_by varchar(40) DEFAULT NULL,
lease_until bigint DEFAULT NULL,
next_at bigint NOT NULL,
sent_at bigint DEFAULT NULL,
done_at bigint DEFAULT NULL,
dead_at bigint DEFAULT NULL,
PRIMARY KEY  (case_id,no),
KEY open_outputs (done_at,dead_at,lane,next_at)",
		'channels'   => "id varchar(40) NOT NULL,
version int NOT NULL,
token longblob,
doc longtext NOT NULL,
PRIMARY KEY  (id)",
		'evidence'   => "no bigint NOT NULL AUTO_INCREMENT,
case_id varchar(64) NOT NULL,
kind varchar(10) NOT NULL,
kept_at bigint NOT NULL,
purge_after bigint NOT NULL,
body longblob NOT NULL,
PRIMARY KEY  (no),
KEY case_id (case_id,kind),
KEY purge_after (purge_after)",
		'nudges'     => "order_key varchar(64) NOT NULL,
mark varchar(40) NOT NULL,
PRIMARY KEY  (order_key)",
		'locks'      => "name varchar(100) NOT NULL,
taken_until bigint NOT NULL,
PRIMARY KEY  (name)",
		'sandbox'    => "one int NOT NULL,
doc longtext NOT NULL,
PRIMARY KEY  (one)",
	);

	/** Makes or brings up every table; sentences about what is not as it must be. */
	public static function make(): array {
		global $wpdb;
		if ( ! class_exists( 'mysqli' ) || ! ( $wpdb->dbh instanceof \mysqli ) ) {
			return array( __( 'This plugin keeps its records in MySQL or MariaDB; this site uses another database.', 'efectivo' ) );
		}
		if ( (int) get_option( 'efectivo_tables' ) > self::SHAPE ) {
			return array( __( 'The tables were written by a newer version of this plugin. Nothing was changed: install that version, or a newer one.', 'efectivo' ) );
		}
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		foreach ( self::COLUMNS as $name => $columns ) {
			dbDelta( "CREATE TABLE {$wpdb->prefix}efectivo_$name (\n$columns\n) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;" );
		}
		$wrong = self::problems();
		if ( ! $wrong ) {
			update_option( 'efectivo_tables', self::SHAPE, true );
		}
		return $wrong;
	}

	/** Missing tables, and tables whose engine knows no transactions, in sentences. */
	public static function problems(): array {
		global $wpdb;
		$found = array();
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- the engine is asked of the database itself.
		foreach ( (array) $wpdb->get_results( $wpdb->prepare( 'SHOW TABLE STATUS LIKE %s', $wpdb->esc_like( $wpdb->prefix . 'efectivo_' ) . '%' ) ) as $row ) {
			$found[ $row->Name ] = $row->Engine; // phpcs:ignore WordPress.NamingConventions.ValidVariableName
		}
		$wrong = array();
		foreach ( self::NAMES as $name ) {
			$table = "{$wpdb->prefix}efectivo_$name";
			if ( ! isset( $found[ $table ] ) ) {
				/* translators: %s: a table's name */
				$wrong[] = sprintf( __( 'The table %s is missing. Deactivate the plugin and activate it again.', 'efectivo' ), $table );
			} elseif ( 'InnoDB' !== $found[ $table ] ) {
				/* translators: 1: a table's name, 2: a database engine */
				$wrong[] = sprintf( __( 'The table %1$s uses the engine %2$s, which knows no transactions. Ask your host to turn it into InnoDB.', 'efectivo' ), $table, $found[ $table ] );
			}
		}
		return $wrong;
	}

	/** Takes everything away; only after an administrator said so. */
	public static function drop(): void {
		global $wpdb;
		foreach ( self::NAMES as $name ) {
			$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}efectivo_$name" ); // phpcs:ignore WordPress.DB
		}
		delete_option( 'efectivo_tables' );
	}
}
