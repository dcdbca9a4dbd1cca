<?php /** Site Health: tables, the core's self-test, the sweep's last run, whether notices and their Authorization header come through, clocks. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Host\Tables;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;
use Efectivo\Woo\Setup;
use Efectivo\Woo\Web\Notice_Test;
use Efectivo\Woo\Web\Sweep;

defined( 'ABSPATH' ) || exit;

final class Health {
	/** A sweep this late means that neither visitors nor a cron job drive WP-Cron. */
	const LATE_SECONDS = 900;
	/** Clocks this far apart break signatures and deadlines. */
	const MOST_SKEW_MS = 300000;

	public function hook(): void {
		add_filter( 'site_status_tests', array( $this, 'tests' ) );
		add_action( 'rest_api_init', array( $this, 'register' ) );
	}

	/** Where Site Health asks for what takes longer than a page may. */
	public function register(): void {
		register_rest_route(
			'efectivo/v1',
			'/health',
			array(
				'methods'             => 'GET',
				'callback'            => array( $this, 'notices' ),
				'permission_callback' => static function () {
					return current_user_can( 'view_site_health_checks' );
				},
			)
		);
	}

	public function tests( $tests ) {
		$tests['direct']['efectivo'] = array(
			'label' => 'Efectivo',
			'test'  => array( $this, 'look' ),
		);
		$tests['async']['efectivo_notices'] = array(
			'label'             => __( 'Notices of cash codes', 'efectivo' ),
			'test'              => rest_url( 'efectivo/v1/health' ),
			'has_rest'          => true,
			'async_direct_test' => array( $this, 'notices' ),
		);
		return $tests;
	}

	/** Calls a notice address as a provider would: whether it is reached, and whether `Authorization` comes through. */
	public function notices(): array {
		try {
			$on = array_filter( Parts::settings()->core()->channels, static function ( $channel ) { return $channel->enabled; } ); // phpcs:ignore
			list( $ok, $told, $reached ) = $on ? Notice_Test::run( reset( $on )->notice_url, Parts::door(), Parts::settings()->desk_locale() ) : array( true, __( 'No provider is in use yet.', 'efectivo' ), true );
		} catch ( Refusal $refusal ) {
			list( $ok, $told, $reached ) = array( false, $refusal->told(), false );
		}
		return array(
			'label'       => $ok ? __( 'Notices of cash codes arrive', 'efectivo' ) : __( 'Notices of cash codes do not arrive as they are sent', 'efectivo' ),
			'status'      => $ok ? 'good' : ( $reached ? 'recommended' : 'critical' ),
			'badge'       => array( 'label' => 'WooCommerce', 'color' => 'blue' ), // phpcs:ignore
			'description' => '<p>' . esc_html( $told ) . '</p>',
			'actions'     => '<a href="' . esc_url( Desk::url( array( 'tab' => 'guide' ) ) ) . '">' . esc_html__( 'The guide', 'efectivo' ) . '</a>', // phpcs:ignore
			'test'        => 'efectivo_notices',
		);
	}

	public function look(): array {
		$wrong = self::wrong();
		return array(
			'label'       => $wrong ? __( 'Cash codes need your attention', 'efectivo' ) : __( 'Cash codes work', 'efectivo' ),
			'status'      => $wrong ? 'critical' : 'good',
			'badge'       => array( 'label' => 'WooCommerce', 'color' => 'blue' ), // phpcs:ignore
			'description' => '<p>' . implode( '</p><p>', array_map( 'esc_html', $wrong ? $wrong : array( __( 'Tables, the core, the sweep and the clocks are as they should be.', 'efectivo' ) ) ) ) . '</p>',
			'actions'     => '',
			'test'        => 'efectivo',
		);
	}

	/** @return string[] A sentence where keys are kept that can not be opened. */
	public static function unopened(): array {
		$shut = Settings::unopened();
		/* translators: %s: accounts at providers */
		return $shut ? array( sprintf( __( 'The keys of %s can not be opened any more: the salts (or EFECTIVO_KEY) in wp-config.php are not those that they were saved under. Put the old ones back, or enter the keys again; until then nothing is asked of that provider, and its notices are told to come again.', 'efectivo' ), implode( ', ', $shut ) ) ) : array();
	}

	/** What is wrong, each in a sentence. */
	public static function wrong(): array {
		$wrong = array_merge( Tables::problems(), Setup::is_tested() ? array() : Setup::unfit() );
		if ( $wrong ) {
			return $wrong;
		}
		if ( time() - (int) get_option( Sweep::LAST, 0 ) > self::LATE_SECONDS ) {
			$wrong[] = __( 'The sweep has not run for more than 15 minutes. Set up a system cron job that calls wp-cron.php every minute; readme.txt says how.', 'efectivo' );
		}
		$wrong = array_merge( $wrong, self::unopened() );
		if ( Parts::settings()->is_held_back() ) {
			$wrong[] = __( 'The mode stays "test" until a test sale has gone all the way. Still missing:', 'efectivo' ) . ' ' . implode( ', ', Proofs::missing() );
		}
		foreach ( Parts::channels()->read() as $one ) {
			$health = isset( $one->row->health ) ? $one->row->health : null;
			if ( $health && isset( $health->skew_ms ) && abs( $health->skew_ms ) > self::MOST_SKEW_MS ) {
				/* translators: %s: a channel's name */
				$wrong[] = sprintf( __( 'This server\'s clock and the provider\'s (%s) differ by more than five minutes. Ask your host to set the clock.', 'efectivo' ), $one->row->id );
			}
		}
		return $wrong;
	}
}
