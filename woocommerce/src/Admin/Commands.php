<?php /** Shows and moves payment codes from the command line; every command ends with 0 where all is well and with 1 where it is not. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Core_Check;
use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;
use WP_CLI;
use WP_CLI\Utils;

defined( 'ABSPATH' ) || exit;

final class Commands {
	/** How long one call may go on. */
	const SECONDS = 120.0;
	/** Cases read in one go. */
	const SLICE = 100;
	/** What a journal does not tell again: an answer that changed nothing is counted only, and so is when somebody looked and looks next. */
	const UNTOLD = array( 'counters', 'last_seen', 'pending', 'ask_again', 'last_asked_at', 'next_poll_at', 'wake_at' );

	/**
	 * Shows how an order's code stands, or how many cases there are in each state.
	 *
	 * ## OPTIONS
	 *
	 * [<order>]
	 * : The order's id; none for all of them in numbers.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function status( $args, $named = array() ) {
		if ( $args ) {
			self::show( $named, array( self::row( $this->found( $args[0] ) ) ) );
			return;
		}
		$rows = array();
		foreach ( Parts::store()->counts() as $state => $count ) {
			$rows[] = array( 'state' => $state, 'cases' => $count['all'], 'reviews' => $count['asked'] ); // phpcs:ignore
		}
		self::show( $named, $rows, array( 'state', 'cases', 'reviews' ) );
	}

	/**
	 * Asks the provider about one order, or does whatever is due: notices, wakes, outputs.
	 *
	 * ## OPTIONS
	 *
	 * [<order>]
	 * : The order's id; none for everything that is due.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function poll( $args, $named = array() ) {
		self::may_act();
		if ( $args ) {
			$case = $this->found( $args[0] );
			self::or_die( static function () use ( $case ) { Parts::host()->merchant( $case->id, 'check_now' ); } ); // phpcs:ignore
			self::show( $named, array( self::row( Parts::host()->load( $case->id ) ) ) );
			return;
		}
		$steps = self::or_die( static function () { return Parts::pump()->run( self::SECONDS ); } ); // phpcs:ignore
		self::show( $named, array( array( 'steps' => $steps, 'overdue' => Parts::store()->outbox->overdue( Parts::clock()->now() ) ) ) ); // phpcs:ignore
	}

	/**
	 * Asks the provider about every code whose deadline is over, and lists those orders that still stand; an order lapses once the provider has confirmed that nothing was paid.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function expire( $args, $named = array() ) {
		self::may_act();
		self::or_die( static function () { Parts::pump()->run( self::SECONDS ); } ); // phpcs:ignore
		$rows = array_map( array( self::class, 'row' ), Parts::store()->cases( array( 'state' => 'checking', 'limit' => self::SLICE ) ) ); // phpcs:ignore
		self::show( $named, $rows, array( 'order', 'state', 'code', 'amount', 'until', 'next', 'reviews' ) );
	}

	/**
	 * Shows an order's journal.
	 *
	 * ## OPTIONS
	 *
	 * <order>
	 * : The order's id.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function journal( $args, $named = array() ) {
		$rows = array_map( 'get_object_vars', Parts::host()->journal( $this->found( $args[0] )->id ) );
		self::show( $named, $rows, array( 'no', 'at_text', 'text' ) );
	}

	/**
	 * Builds cases again from their journals and compares; ends with 1 where any differs.
	 *
	 * ## OPTIONS
	 *
	 * [<order>]
	 * : The order's id; none for every case.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function replay( $args, $named = array() ) {
		$rows = array();
		foreach ( $args ? array( $this->found( $args[0] ) ) : self::every() as $case ) {
			$rows[] = array( 'order' => $case->order, 'case' => $case->id, 'differs' => implode( ' ', self::differs( $case ) ) ); // phpcs:ignore
		}
		self::show( $named, $rows, array( 'order', 'case', 'differs' ) );
		if ( array_filter( array_column( $rows, 'differs' ) ) ) {
			WP_CLI::halt( 1 );
		}
	}

	/**
	 * Asks the core its known questions and looks at tables, sweep and settings; ends with 1 where something is not as it must be.
	 *
	 * ## OPTIONS
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function selftest( $args, $named = array() ) {
		delete_option( Core_Check::OPTION ); // asked anew, whatever was found before
		$rows = array();
		foreach ( Fit_Check::rows() as list( $ok, $what, $told ) ) {
			$rows[] = array( 'what' => $what, 'ok' => false === $ok ? 'no' : 'yes', 'told' => $told ); // phpcs:ignore
		}
		self::show( $named, $rows );
		if ( in_array( 'no', array_column( $rows, 'ok' ), true ) ) {
			WP_CLI::halt( 1 );
		}
	}

	private static function show( array $named, array $rows, array $fields = array() ): void {
		Utils\format_items( isset( $named['format'] ) ? $named['format'] : 'table', $rows, $fields ? $fields : array_keys( $rows[0] ) );
	}

	private static function row( $case ): array {
		$view = Parts::host()->view( $case );
		return array( 'order' => $view->order, 'state' => $view->state, 'code' => $view->code, 'amount' => $view->amount_text, 'until' => $view->deadline_text, 'next' => $view->next_question_text, 'reviews' => $view->open_reviews ); // phpcs:ignore
	}

	/** Every case, slice by slice. */
	private static function every(): \Generator {
		$after = '';
		do {
			list( $json, $after ) = Parts::store()->slice( $after, self::SLICE );
			foreach ( json_decode( $json ) as $case ) {
				yield $case;
			}
		} while ( '' !== $after );
	}

	/** @return string[] The fields of the case that its journal tells otherwise than they are stored. */
	private static function differs( $case ): array {
		$made = (array) Parts::door()->call( 'rebuild', array( 'entries' => Parts::store()->journal( $case->id ) ) )->ok->case;
		$all  = (array) $case + $made;
		return array_values(
			array_filter(
				array_diff( array_keys( $all ), self::UNTOLD ),
				static function ( $field ) use ( $case, $made ) {
					$stored = isset( $case->$field ) ? $case->$field : null;
					return Door::json( $stored ) !== Door::json( isset( $made[ $field ] ) ? $made[ $field ] : null );
				}
			)
		);
	}

	private static function may_act(): void {
		if ( ! Parts::settings()->may_act() ) {
			WP_CLI::error( __( 'This site is a copy that nobody has confirmed.', 'efectivo' ) );
		}
	}

	/** @return mixed What `$work` returned; a refusal ends the command. */
	private static function or_die( callable $work ) {
		try {
			return $work();
		} catch ( Refusal $refusal ) {
			WP_CLI::error( $refusal->told() );
		}
	}

	private function found( string $order ) {
		$case = Parts::host()->of_order( $order );
		if ( ! $case ) {
			/* translators: %s: an order's number */
			WP_CLI::error( sprintf( __( 'Order %s has no code.', 'efectivo' ), $order ) );
		}
		return $case;
	}
}
