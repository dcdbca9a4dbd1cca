<?php /** Whether the checkout can offer a cash code for what is in the basket, and if not, why, in a sentence for an administrator. */
namespace Efectivo\Woo\Shop;

use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Fit {
	/** @var Door */
	private $door;
	/** @var Settings */
	private $settings;
	/** @var array amount and currency => sentence */
	private $known = array();

	public function __construct( Door $door, Settings $settings ) {
		$this->door     = $door;
		$this->settings = $settings;
	}

	/** What stands in the way in general; '' for nothing. */
	public function why_not(): string {
		if ( 'yes' !== $this->settings->get( 'enabled' ) ) {
			return __( 'It is switched off.', 'efectivo' );
		}
		try {
			$problems = $this->settings->problems();
			return $problems ? $problems[0] : $this->why_not_amount( '100', get_woocommerce_currency() );
		} catch ( Refusal $refusal ) {
			return $refusal->told();
		}
	}

	/** What stands in the way of this amount with these categories: the core is asked as if the order were placed, and nothing is kept. */
	public function why_not_amount( string $amount, string $currency, array $categories = array() ): string {
		$about = "$amount $currency " . implode( ' ', $categories );
		if ( ! isset( $this->known[ $about ] ) ) {
			$this->known[ $about ] = $this->asked( $amount, $currency, $categories );
		}
		return $this->known[ $about ];
	}

	private function asked( string $amount, string $currency, array $categories ): string {
		try {
			if ( ! in_array( $currency, $this->currencies(), true ) ) {
				/* translators: 1: the store's currency, 2: currencies that providers take */
				return sprintf( __( 'The store sells in %1$s; cash codes are in %2$s.', 'efectivo' ), $currency, implode( ', ', $this->currencies() ) );
			}
			$lang  = $this->settings->lang();
			$money = $this->door->call( 'money', array( 'text' => wc_format_decimal( $amount, false, true ), 'currency' => $currency ), '', $lang )->ok->money;
			$fresh = $this->door->call( 'new_case', array( 'entropy' => bin2hex( random_bytes( 64 ) ) ) )->ok;
			$read  = array( 'status' => 'open', 'outstanding' => $money, 'total' => $money );
			$input = array( 'placed' => array( 'id' => $fresh->id, 'order' => '1', 'number' => '1', 'mode' => $this->settings->mode(), 'seed' => $fresh->seed, 'page_token' => $fresh->page_token, 'read' => $read, 'person' => new \stdClass(), 'categories' => $categories ) );
			$this->door->call( 'handle', array( 'settings' => $this->settings->core(), 'channels' => array(), 'case' => null, 'input' => $input, 'now' => (int) ( microtime( true ) * 1000 ) ), '', $lang );
			return '';
		} catch ( Refusal $refusal ) {
			return in_array( $refusal->name, array( 'missing_field', 'unfit_field' ), true ) ? '' : $refusal->told();
		}
	}

	/** What stands in the way of this very basket, its shopper's country included; '' for nothing. */
	public function why_not_basket(): string {
		$customer = WC()->customer;
		$total    = WC()->cart && ! WC()->cart->is_empty() ? (string) WC()->cart->get_total( 'edit' ) : '';
		return $this->why_not_sale( $customer ? $customer->get_billing_country() : '', $this->basket_categories(), $total, get_woocommerce_currency() );
	}

	/** The same of an order that is there already, on the pay-for-order page. */
	public function why_not_order( \WC_Order $order ): string {
		$items = array_map( static function ( $line ) { return $line->get_product_id(); }, $order->get_items() ); // phpcs:ignore
		return $this->why_not_sale( $order->get_billing_country(), Orders::categories_of( $items ), (string) $order->get_total(), $order->get_currency() );
	}

	private function why_not_sale( string $country, array $categories, string $total, string $currency ): string {
		if ( 'yes' === $this->settings->get( 'countries' ) && ! in_array( $country, array( '', 'PE' ), true ) ) {
			/* translators: %s: a country */
			return sprintf( __( 'The billing country is %s; codes are offered to Peru only (a setting).', 'efectivo' ), self::country( $country ) );
		}
		$kinds = array_intersect( array_map( 'strval', (array) $this->settings->get( 'excluded' ) ), $categories );
		if ( $kinds ) {
			/* translators: %s: a product category */
			return sprintf( __( 'The basket holds something of the category %s, which you left out.', 'efectivo' ), self::category( reset( $kinds ) ) );
		}
		return is_numeric( $total ) ? $this->why_not_amount( $total, $currency, $categories ) : '';
	}

	private static function country( string $code ): string {
		$all = WC()->countries->get_countries();
		return isset( $all[ $code ] ) ? $all[ $code ] : $code;
	}

	private static function category( string $id ): string {
		$term = get_term( (int) $id, 'product_cat' );
		return $term instanceof \WP_Term ? $term->name : $id;
	}

	/** @return string[] The categories of what is in the basket. */
	public function basket_categories(): array {
		return Orders::categories_of( WC()->cart ? array_column( WC()->cart->get_cart(), 'product_id' ) : array() );
	}

	/** Personal data that the channels in use can't do without: names of the core's own. */
	public function demands(): array {
		try {
			return array_unique( array_merge( array(), ...array_column( array_values( $this->open_providers() ), 'demands' ) ) );
		} catch ( Refusal $refusal ) {
			return array(); // nothing is offered then, and no page may break of it
		}
	}

	/** @return string[] Currencies that the channels in use take. */
	public function currencies(): array {
		$all = array();
		foreach ( $this->open_providers() as $able ) {
			$all = array_merge( $all, $able->currencies );
		}
		return array_values( array_unique( $all ) );
	}

	private function open_providers(): array {
		$open = array();
		foreach ( $this->settings->core()->channels as $channel ) {
			if ( $channel->enabled ) {
				$open[ $channel->provider ] = true;
			}
		}
		return array_intersect_key( $this->settings->abilities(), $open );
	}
}
