<?php /** What a site must have before it can sell with codes, each as it is found now: the guide's first step, and the command line's self-test. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Host\Sandbox_Accounts;
use Efectivo\Woo\Host\Tables;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Setup;
use Efectivo\Woo\Web\Sweep;

defined( 'ABSPATH' ) || exit;

final class Fit_Check {
	/** @return array[] Each `[fits, what, sentence, where it is mended]`; null is for what may wait until the shop sells live. */
	public static function rows(): array {
		$unfit  = Setup::is_tested() ? array() : Setup::unfit();
		$tables = Tables::problems();
		$rows = array(
			/* translators: %s: PHP's version */
			array( ! $unfit, sprintf( __( 'The core runs on PHP %s', 'efectivo' ), PHP_VERSION ), implode( ' ', $unfit ), '' ),
			array( ! $tables, __( 'Tables with transactions', 'efectivo' ), implode( ' ', $tables ), admin_url( 'plugins.php' ) ),
			array( Parts::settings()->may_act(), __( 'This is the shop itself, no copy', 'efectivo' ), '', admin_url() ),
			self::openssl(),
			self::currency(),
			array( array_key_exists( 'PE', WC()->countries->get_allowed_countries() ), __( 'The shop sells to Peru', 'efectivo' ), '', admin_url( 'admin.php?page=wc-settings' ) ),
			self::switched_on(),
			self::sweep(),
			self::encrypted(),
		);
		return array_values( array_filter( $rows ) );
	}

	/** A provider whose requests only openssl can sign, on a PHP without it; null where that concerns nobody. */
	private static function openssl(): ?array {
		foreach ( (array) Parts::settings()->get( 'providers' ) as $provider ) {
			try {
				$able = Parts::settings()->able( (string) $provider );
				$name = $able ? Parts::door()->say( "provider.$provider", Parts::settings()->desk_locale() ) : '';
			} catch ( Refusal $refusal ) {
				return null; // told above
			}
			if ( $able && ! Sandbox_Accounts::can( $able ) ) {
				/* translators: %s: a provider's name */
				return array( false, sprintf( __( 'What %s needs', 'efectivo' ), $name ), sprintf( __( '%s\'s requests are signed with PHP\'s openssl extension, which is not here, so that it makes no codes, nor can it be tried. Ask your host to switch openssl on.', 'efectivo' ), $name ), '' );
			}
		}
		return null;
	}

	private static function currency(): array {
		$mine = get_woocommerce_currency();
		try {
			$taken = Parts::fit()->currencies();
		} catch ( Refusal $refusal ) {
			return array( false, __( 'Currency', 'efectivo' ), $refusal->told(), '' );
		}
		/* translators: 1: the store's currency, 2: currencies that providers take */
		$told = sprintf( __( 'The store sells in %1$s; cash codes are in %2$s.', 'efectivo' ), $mine, implode( ', ', $taken ) );
		return array( in_array( $mine, $taken, true ), __( 'Currency', 'efectivo' ), $told, admin_url( 'admin.php?page=wc-settings' ) );
	}

	private static function switched_on(): array {
		$why = Parts::fit()->why_not();
		return array( '' === $why, __( 'Shoppers can choose it', 'efectivo' ), $why, self::settings() );
	}

	private static function sweep(): array {
		$late = time() - (int) get_option( Sweep::LAST, 0 ) > Health::LATE_SECONDS;
		return array( ! $late, __( 'The sweep runs', 'efectivo' ), $late ? __( 'The sweep has not run for more than 15 minutes. Set up a system cron job that calls wp-cron.php every minute; readme.txt says how.', 'efectivo' ) : '', '' );
	}

	/** In test mode nothing secret travels, so that a shop on a desk may go without. */
	private static function encrypted(): array {
		$https = 0 === strpos( home_url(), 'https://' );
		$told  = $https ? '' : __( 'Your shop\'s address begins with http://. Providers send notices to https:// only, and shoppers\' pages need it: set it up before you go live.', 'efectivo' );
		$later = 'test' === Parts::settings()->mode() ? null : false;
		return array( $https ? true : $later, __( 'An encrypted address (https)', 'efectivo' ), $told, admin_url( 'options-general.php' ) );
	}

	public static function settings(): string {
		return admin_url( 'admin.php?page=wc-settings&tab=checkout&section=efectivo' );
	}
}
