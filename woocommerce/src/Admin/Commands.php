<?php /** Shows and moves payment codes from the command line. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Parts;
use Efectivo\Woo\Setup;
use WP_CLI;
use WP_CLI\Utils;

defined( 'ABSPATH' ) || exit;

final class Commands {
	/**
	 * Shows how an order's code stands.
	 *
	 * ## OPTIONS
	 *
	 * <order>
	 * : The order's id.
	 *
	 * [--format=<format>]
	 * : table, json, csv or yaml.
	 */
	public function status( $args, $named ) {
		$view = Parts::host()->view( $this->found( $args[0] ) );
		$row  = array( 'order' => $view->order, 'state' => $view->state, 'code' => $view->code, 'amount' => $view->amount_text, 'until' => $view->deadline_text, 'reviews' => $view->open_reviews ); // phpcs:ignore
		Utils\format_items( isset( $named['format'] ) ? $named['format'] : 'table', array( $row ), array_keys( $row ) );
	}

	/** Runs what is due: notices, wakes, outputs. */
	public function poll() {
		WP_CLI::success( (string) Parts::pump()->run( 120.0 ) );
	}

	/** The same as poll: a code lapses once the provider has confirmed that it was not paid. */
	public function expire() {
		$this->poll();
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
	public function journal( $args, $named ) {
		$rows = array_map( 'get_object_vars', Parts::host()->journal( $this->found( $args[0] )->id ) );
		Utils\format_items( isset( $named['format'] ) ? $named['format'] : 'table', $rows, array( 'no', 'at_text', 'text' ) );
	}

	/**
	 * Builds a case again from its journal and compares; ends with 1 where they differ.
	 *
	 * ## OPTIONS
	 *
	 * <order>
	 * : The order's id.
	 */
	public function replay( $args ) {
		$case = $this->found( $args[0] );
		$made = Parts::door()->call( 'rebuild', array( 'entries' => Parts::store()->journal( $case->id ) ) )->ok->case;
		unset( $case->counters, $made->counters, $case->last_seen, $made->last_seen );
		if ( $made->state !== $case->state || count( $made->attempts ) !== count( $case->attempts ) || count( $made->reviews ) !== count( $case->reviews ) ) {
			WP_CLI::error( 'the journal tells another story' );
		}
		WP_CLI::success( 'the journal tells the same story' );
	}

	/** Asks the core its known questions. */
	public function selftest() {
		$wrong = Setup::unfit();
		if ( $wrong ) {
			WP_CLI::error( implode( ' ', $wrong ) );
		}
		WP_CLI::success( 'the core answers as it should' );
	}

	private function found( string $order ) {
		$case = Parts::host()->of_order( $order );
		if ( ! $case ) {
			WP_CLI::error( "order $order has no code" );
		}
		return $case;
	}
}
