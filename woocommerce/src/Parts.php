<?php /** The table of contents: every part of the plugin, made when it is first asked for, and what is hooked where. */
namespace Efectivo\Woo;

use Automattic\WooCommerce\Utilities\FeaturesUtil;

defined( 'ABSPATH' ) || exit;

final class Parts {
	/** @var array parts by name */
	private static $made = array();

	/** Called once, when the plugin's file is read. */
	public static function boot(): void {
		add_action( 'before_woocommerce_init', array( self::class, 'declare_compatibility' ) );
		add_action( 'plugins_loaded', array( self::class, 'hook' ), 20 );
		add_action( 'init', array( self::class, 'languages' ), 1 );
	}

	public static function declare_compatibility(): void {
		if ( class_exists( FeaturesUtil::class ) ) {
			FeaturesUtil::declare_compatibility( 'custom_order_tables', EFECTIVO_FILE, true );
			FeaturesUtil::declare_compatibility( 'cart_checkout_blocks', EFECTIVO_FILE, true );
		}
	}

	/** One Spanish for every Spanish-speaking site: what shoppers read comes from the core, which tells Peru's apart. */
	public static function languages(): void {
		$locale = determine_locale();
		foreach ( array( 'es' => 'es_ES', 'zh' => 'zh_CN' ) as $start => $ours ) { // phpcs:ignore
			if ( 0 === strpos( $locale, $start ) ) {
				load_textdomain( 'efectivo', EFECTIVO_DIR . "/languages/efectivo-$ours.mo", $locale );
			}
		}
	}

	/** What is hooked where; without WooCommerce, only a sentence for the administrator. */
	public static function hook(): void {
		( new Admin\Told() )->hook();
		if ( ! class_exists( 'WooCommerce' ) ) {
			return;
		}
		add_filter( 'woocommerce_payment_gateways', array( self::class, 'gateway' ) );
		add_action( 'woocommerce_blocks_payment_method_type_registration', array( self::class, 'block' ) );
		self::watch()->hook();
		self::mailer()->hook();
		self::after()->hook();
		( new Web\Notice_Route() )->hook();
		( new Web\Voucher_Page() )->hook();
		( new Web\Order_Pages() )->hook();
		( new Web\Sweep() )->hook();
		( new Web\Privacy() )->hook();
		( new Shop\Why_Not() )->hook();
		( new Admin\Health() )->hook();
		( new Admin\Proofs() )->hook();
		if ( is_admin() ) {
			( new Admin\Desk() )->hook();
			( new Admin\Order_Box() )->hook();
		}
		if ( defined( 'WP_CLI' ) && WP_CLI ) {
			\WP_CLI::add_command( 'efectivo', new Admin\Commands() );
		}
	}

	public static function gateway( $all ) {
		$all[] = Shop\Gateway::class;
		return $all;
	}

	public static function block( $registry ): void {
		$registry->register( new Shop\Block_Method() );
	}

	public static function door(): Host\Door {
		return self::once( 'door', static function () { return new Host\Door(); } );
	}

	public static function settings(): Settings {
		return self::once( 'settings', static function () { return new Settings( self::door(), new Host\Sandbox_Accounts( self::door() ) ); } );
	}

	public static function fit(): Shop\Fit {
		return self::once( 'fit', static function () { return new Shop\Fit( self::door(), self::settings() ); } );
	}

	public static function database(): Host\Database {
		return self::once( 'database', static function () { return new Host\Database(); } );
	}

	public static function store(): Host\Store {
		return self::once( 'store', static function () { return new Host\Store( self::database() ); } );
	}

	public static function clock(): Host\Clock {
		return self::once( 'clock', static function () { return new Host\Clock(); } );
	}

	public static function channels(): Host\Channels {
		return self::once( 'channels', static function () { return new Host\Channels( self::store(), self::settings() ); } );
	}

	public static function loop(): Host\Loop {
		return self::once( 'loop', static function () { return new Host\Loop( self::door(), self::store(), self::channels(), self::settings(), self::clock() ); } );
	}

	public static function inbox(): Host\Inbox {
		return self::once( 'inbox', static function () { return new Host\Inbox( self::door(), self::store(), self::channels(), self::settings(), self::loop(), self::clock() ); } );
	}

	public static function sandbox(): Host\Sandbox {
		return self::once( 'sandbox', static function () { return new Host\Sandbox( self::door(), self::database(), self::clock(), self::settings() ); } );
	}

	public static function orders(): Shop\Orders {
		return self::once( 'orders', static function () { return new Shop\Orders( self::door(), self::database(), self::settings() ); } );
	}

	public static function watch(): Shop\Watch {
		return self::once( 'watch', static function () { return new Shop\Watch( self::store(), self::orders() ); } );
	}

	public static function mailer(): Mail\Mailer {
		return self::once( 'mailer', static function () { return new Mail\Mailer(); } );
	}

	public static function after(): Web\After {
		return self::once( 'after', static function () { return new Web\After(); } );
	}

	public static function sender(): Host\Sender {
		return self::once( 'sender', static function () { return new Host\Sender( self::door(), self::sandbox() ); } );
	}

	public static function keys_check(): Host\Keys_Check {
		return self::once( 'keys_check', static function () { return new Host\Keys_Check( self::door(), self::settings(), self::sender(), self::clock() ); } );
	}

	public static function carrier(): Host\Carrier {
		return self::once(
			'carrier',
			static function () {
				return new Host\Carrier( self::door(), self::store(), self::channels(), self::settings(), self::loop(), self::clock(), self::sender(), self::orders(), self::mailer() );
			}
		);
	}

	public static function pump(): Host\Pump {
		return self::once( 'pump', static function () { return new Host\Pump( self::store(), self::loop(), self::inbox(), self::carrier(), self::orders(), self::sandbox(), self::clock(), self::settings() ); } );
	}

	public static function host(): Host\Host {
		return self::once( 'host', static function () { return new Host\Host( self::door(), self::store(), self::loop(), self::pump(), self::orders(), self::settings(), self::clock() ); } );
	}

	/** @return mixed The part of this name, made the first time. */
	private static function once( string $name, callable $make ) {
		if ( ! isset( self::$made[ $name ] ) ) {
			self::$made[ $name ] = $make();
		}
		return self::$made[ $name ];
	}
}
