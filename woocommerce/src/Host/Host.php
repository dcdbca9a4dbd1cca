<?php /** What the shop's screens and checkouts call: place an order, take a decision, show a case. It decides nothing; the core does. */
namespace Efectivo\Woo\Host;

use Efectivo\Woo\Settings;
use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Host {
	/** How long a checkout may carry out its own case; longer than one request to a provider. */
	const CHECKOUT_SECONDS = 16.0;

	/** The core's screens on which a shopper may pay with what is shown. */
	const PAYABLE = array( 'waiting', 'replaced' );

	/** @var Door */
	public $door;
	/** @var Store */
	public $store;
	/** @var Pump */
	public $pump;
	/** @var Loop */
	private $loop;
	/** @var Orders */
	private $orders;
	/** @var Settings */
	private $settings;
	/** @var Clock */
	private $clock;

	public function __construct( Door $door, Store $store, Loop $loop, Pump $pump, Orders $orders, Settings $settings, Clock $clock ) {
		$this->door     = $door;
		$this->store    = $store;
		$this->loop     = $loop;
		$this->pump     = $pump;
		$this->orders   = $orders;
		$this->settings = $settings;
		$this->clock    = $clock;
	}

	/**
	 * Asks for a code for an order; the same order again keeps its code, or gets a new one once the old one is dead.
	 *
	 * @param string $order  The order's key.
	 * @param string $number The number that people say.
	 * @param array  $person The payer.
	 * @return object The case.
	 */
	public function place( string $order, string $number, array $person ) {
		$id = $this->store->holder( "order:$order" );
		$id = '' === $id ? $this->begin( $order, $number, $person ) : $this->again( $id, $order );
		$this->pump->run_case( $id, self::CHECKOUT_SECONDS );
		return $this->store->load( $id )->case;
	}

	private function begin( string $order, string $number, array $person ): string {
		$read   = $this->orders->read( $order );
		$person = array_filter( $person, 'strlen' );
		$mode   = $this->settings->mode();
		$kinds  = $this->orders->categories( $order );
		$placed = static function ( $fresh ) use ( $order, $number, $mode, $read, $person, $kinds ) {
			return array( 'placed' => array( 'id' => $fresh->id, 'order' => $order, 'number' => $number, 'mode' => $mode, 'seed' => $fresh->seed, 'page_token' => $fresh->page_token, 'read' => $read, 'person' => $person ? $person : new \stdClass(), 'categories' => $kinds ) );
		};
		try {
			return $this->loop->born( $placed, array( 'person' => $person ? $person : new \stdClass() ) )->id;
		} catch ( Conflict $conflict ) {
			if ( 'key' === $conflict->what && '' !== $conflict->holder ) {
				return $conflict->holder; // placed by another request in this very moment
			}
			throw $conflict;
		}
	}

	/** The shopper comes back to pay: the order is read again, and a new code is asked for where the core offers one. */
	private function again( string $id, string $order ): string {
		$this->pump->order_changed( $order );
		$this->pump->run_case( $id, self::CHECKOUT_SECONDS );
		try {
			$this->loop->take( $id, array( 'shopper' => 'new_code' ) );
		} catch ( Refusal $refusal ) {
			if ( 'not_possible' !== $refusal->name ) {
				throw $refusal;
			}
		}
		return $id;
	}

	/** Whether a shopper can pay with what the case's page shows now, as the core says. */
	public function is_payable( $case ): bool {
		$status = $this->door->call( 'page_status', array( 'settings' => $this->settings->core(), 'case' => $case, 'now' => $this->clock->now() ) )->ok;
		return in_array( $status->state, self::PAYABLE, true );
	}

	/** The case of an order; null for none. */
	public function of_order( string $order ) {
		$id = $this->store->holder( "order:$order" );
		return '' === $id ? null : $this->load( $id );
	}

	public function load( string $id ) {
		$loaded = $this->store->load( $id );
		return $loaded ? $loaded->case : null;
	}

	/** Everything that a desk shows of a case, in words. */
	public function view( $case, string $locale = '' ) {
		return $this->door->call( 'case_view', array( 'settings' => $this->settings->core(), 'case' => $case, 'locale' => '' === $locale ? $this->settings->desk_locale() : $locale, 'now' => $this->clock->now() ) )->ok;
	}

	public function journal( string $id, string $locale = '' ): array {
		return $this->door->call( 'journal_view', array( 'entries' => $this->store->journal( $id ), 'locale' => '' === $locale ? $this->settings->desk_locale() : $locale ) )->ok;
	}

	/** A merchant's decision; what it asks for is carried out at once. @throws Refusal Where it is no longer possible. */
	public function merchant( string $id, $decision ): void {
		if ( ! $this->loop->take( $id, array( 'merchant' => $decision ) ) ) {
			throw new Refusal( 'no_case', __( 'There is no such case.', 'efectivo' ) );
		}
		$this->pump->run_case( $id, self::CHECKOUT_SECONDS );
	}

	/** What a shopper pressed on the page. */
	public function shopper( string $id, string $request ): void {
		$this->loop->take( $id, array( 'shopper' => $request ) );
		$this->pump->run_case( $id, self::CHECKOUT_SECONDS );
	}

	/** A shopper who looks at the page brings a due wake forward, at most once a minute. */
	public function visit( $case ): void {
		$now = $this->clock->now();
		if ( ! isset( $case->wake_at ) || $case->wake_at > $now || get_transient( "efectivo_visit_{$case->id}" ) ) {
			return;
		}
		set_transient( "efectivo_visit_{$case->id}", 1, MINUTE_IN_SECONDS );
		$this->loop->take( $case->id, 'wake' );
		$this->pump->run_case( $case->id, self::CHECKOUT_SECONDS );
	}

	public function now(): int {
		return $this->clock->now();
	}
}
