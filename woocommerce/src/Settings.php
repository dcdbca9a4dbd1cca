<?php /** The merchant's settings as stored by WooCommerce, read as the core wants them; credentials are apart, sealed or in wp-config.php. */
namespace Efectivo\Woo;

use Efectivo\Woo\Admin\Proofs;
use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Host\Sandbox;
use Efectivo\Woo\Host\Sandbox_Accounts;
use Efectivo\Woo\Host\Seal;

defined( 'ABSPATH' ) || exit;

final class Settings {
	const OPTION  = 'woocommerce_efectivo_settings';
	const SECRETS = 'efectivo_credentials';
	const ADDRESS = 'efectivo_address';

	const DEFAULTS = array(
		'enabled' => 'no', 'title' => '', 'description' => '', 'mode' => 'test', 'providers' => array( 'sandbox' ), 'shop_name' => '', 'tag' => '', 'contact' => '', 'complaints_url' => '', // phpcs:ignore
		'issues_receipts' => 'no', 'locale' => '', 'tone' => 'tu', 'validity_hours' => '48', 'cancel_grace_hours' => '24', 'show_own_barcode' => 'no', 'countries' => 'yes', 'excluded' => array(), // phpcs:ignore
		'first' => '', 'lost_create' => 'next_channel', 'played' => array(), 'allow_rule' => 'off', 'allow_addresses' => '', 'allow_proxies' => '', // phpcs:ignore
	);

	/** @var Door */
	private $door;
	/** @var Sandbox_Accounts */
	private $simulated;
	/** @var array|null what each provider can do, by its name */
	private $abilities = null;
	/** @var object|null */
	private $core = null;
	/** @var array|null */
	private $options = null;
	/** @var bool|null */
	private $held_back = null;

	public function __construct( Door $door, Sandbox_Accounts $simulated ) {
		$this->door      = $door;
		$this->simulated = $simulated;
		foreach ( array( self::OPTION, self::SECRETS, Proofs::OPTION, 'blogname', 'home' ) as $option ) {
			add_action( "update_option_$option", array( $this, 'forget' ) );
			add_action( "add_option_$option", array( $this, 'forget' ) );
		}
	}

	/** Settings are read again after they were saved. */
	public function forget(): void {
		$this->core      = null;
		$this->options   = null;
		$this->held_back = null;
	}

	/** @return mixed One setting as stored, or its default. */
	public function get( string $name ) {
		if ( null === $this->options ) {
			$this->options = array_filter( (array) get_option( self::OPTION, array() ), static function ( $value ) { return '' !== $value; } ) + self::DEFAULTS; // phpcs:ignore
		}
		return isset( $this->options[ $name ] ) ? $this->options[ $name ] : '';
	}

	public function mode(): string {
		return 'live' === $this->get( 'mode' ) && ! $this->is_held_back() ? 'live' : 'test';
	}

	/** Whether live mode is set, by whatever way, before a test sale has gone all the way; a shop that has sold in it once stays in it. */
	public function is_held_back(): bool {
		if ( null === $this->held_back ) {
			$this->held_back = 'live' === $this->get( 'mode' ) && ! Proofs::are_complete() && ! Parts::store()->has_mode( 'live' );
		}
		return $this->held_back;
	}

	public function uses_sandbox(): bool {
		return null !== $this->channel( 'sandbox' );
	}

	/** The settings as every call of the core takes them. */
	public function core() {
		if ( null === $this->core ) {
			$this->core = (object) array(
				'shop'               => $this->shop(),
				'locale'             => $this->locale(),
				'tone'               => 'usted' === $this->get( 'tone' ) ? 'usted' : 'tu',
				'validity_hours'     => (int) $this->get( 'validity_hours' ),
				'cancel_grace_hours' => (int) $this->get( 'cancel_grace_hours' ),
				'show_own_barcode'   => 'yes' === $this->get( 'show_own_barcode' ),
				'mails_off'          => Mail\Kinds::switched_off(),
				'lost_create'        => 'wait' === $this->get( 'lost_create' ) ? 'wait' : 'next_channel',
				'channels'           => $this->channels(),
			);
			/** Filters the settings as the core takes them. */
			$this->core = apply_filters( 'efectivo_core_settings', $this->core );
		}
		return $this->core;
	}

	private function shop(): array {
		$name    = (string) $this->get( 'shop_name' );
		$contact = (string) $this->get( 'contact' );
		$from    = (string) get_option( 'woocommerce_email_from_address', get_option( 'admin_email' ) );
		return array(
			'name'            => '' !== $name ? $name : wp_specialchars_decode( get_option( 'blogname' ), ENT_QUOTES ),
			'tag'             => $this->tag(),
			'page_url'        => self::page_url(),
			'contact'         => '' !== $contact ? $contact : $from,
			'privacy_contact' => '',
			'privacy_url'     => (string) get_privacy_policy_url(),
			'complaints_url'  => (string) $this->get( 'complaints_url' ),
			'issues_receipts' => 'yes' === $this->get( 'issues_receipts' ),
			'mail_from'       => $from,
		);
	}

	/** Begins every reference; made from the shop's name until a merchant chooses one. */
	public function tag(): string {
		$tag = (string) $this->get( 'tag' );
		if ( '' !== $tag ) {
			return $tag;
		}
		$letters = preg_replace( '/[^A-Za-z0-9]/', '', remove_accents( wp_specialchars_decode( get_option( 'blogname' ), ENT_QUOTES ) ) );
		return '' !== $letters ? strtoupper( substr( $letters, 0, 8 ) ) : 'TIENDA';
	}

	/** Where shoppers' pages live; without pretty links the address goes through index.php. */
	public static function page_url(): string {
		$through = get_option( 'permalink_structure' ) ? '' : 'index.php/';
		return home_url( "/{$through}efectivo" );
	}

	/** The channels in the order in which they are asked: the merchant's first choice, then the others. */
	private function channels(): array {
		$first  = (string) $this->get( 'first' );
		$all    = $this->every_channel();
		$chosen = array_filter( $all, static function ( $channel ) use ( $first ) { return $channel->provider === $first; } ); // phpcs:ignore
		return array_merge( array_values( $chosen ), array_values( array_diff_key( $all, $chosen ) ) );
	}

	private function every_channel(): array {
		$all     = array();
		$chosen  = (array) $this->get( 'providers' );
		$allowed = array( 'rule' => $this->get( 'allow_rule' ), 'addresses' => self::lines( $this->get( 'allow_addresses' ) ), 'trusted_proxies' => self::lines( $this->get( 'allow_proxies' ) ) ); // phpcs:ignore
		foreach ( $this->abilities() as $able ) {
			$ticked = 'yes' === $this->get( "confirmed_{$able->provider}" );
			$taken  = in_array( $able->provider, $chosen, true ) && ( $ticked || ! $able->unconfirmed );
			$ids    = $this->ids( $able );
			foreach ( $ids as $id => $mode ) {
				$simulated = self::is_simulated( $id );
				$aside     = $simulated && isset( $ids[ "{$able->provider}-test" ] );
				$all[]     = (object) array(
					'id'                  => $id,
					'provider'            => $able->provider,
					'mode'                => $mode,
					'enabled'             => $taken && ! $aside && $mode === $this->mode(),
					'confirmed'           => $ticked,
					'notice_url'          => self::notice_url( $id ),
					'sandbox_url'         => $simulated ? Sandbox::address( $able->provider ) : '',
					'currencies'          => $able->currencies,
					'excluded_categories' => array_values( array_map( 'strval', array_filter( (array) $this->get( "excluded_{$able->provider}" ) ) ) ),
					'allowlist'           => $allowed,
				);
			}
		}
		return $all;
	}

	/** A provider's channels, id => mode: its accounts that have keys here, and the simulated one, which stands in for a test account as long as that has none. */
	private function ids( $able ): array {
		if ( 'sandbox' === $able->provider ) {
			return array( 'sandbox' => 'test' );
		}
		$ids = array();
		foreach ( array( 'test', 'live' ) as $mode ) {
			$ids += null !== $this->credentials( "{$able->provider}-$mode" ) ? array( "{$able->provider}-$mode" => $mode ) : array();
		}
		$ever = array_merge( (array) $this->get( 'providers' ), (array) $this->get( 'played' ) );
		$play = $able->create && in_array( $able->provider, $ever, true ) && Sandbox_Accounts::can( $able );
		return $ids + ( $play ? array( "{$able->provider}-sandbox" => 'test' ) : array() );
	}

	/** Whether a channel is played inside this site. */
	public static function is_simulated( string $id ): bool {
		return 'sandbox' === $id || '-sandbox' === substr( $id, -8 );
	}

	/** Where a channel's notices go. */
	public static function notice_url( string $id ): string {
		return rest_url( "efectivo/v1/notices/$id" );
	}

	/** The simulated channels' accounts by provider: what the sandbox's world knows of each. */
	public function simulated(): array {
		$all = array();
		foreach ( $this->core()->channels as $channel ) {
			try {
				$all += self::is_simulated( $channel->id ) ? array( $channel->provider => $this->simulated->at( $this->able( $channel->provider ), $channel->notice_url ) ) : array();
			} catch ( Refusal $without_openssl ) {
				continue; // the others are played all the same
			}
		}
		return $all;
	}

	/** What a provider can do; null for one that the core doesn't know. */
	public function able( string $provider ) {
		$all = $this->abilities();
		return isset( $all[ $provider ] ) ? $all[ $provider ] : null;
	}

	/** @return object[] What every provider can do, by its name. @throws Refusal Where the core can't run. */
	public function abilities(): array {
		if ( null === $this->abilities ) {
			$this->abilities = array_column( $this->door->call( 'abilities' )->ok, null, 'provider' );
		}
		return $this->abilities;
	}

	/** A channel's settings; null for one that is not there (any more). */
	public function channel( string $id ) {
		foreach ( $this->core()->channels as $channel ) {
			if ( $channel->id === $id ) {
				return $channel;
			}
		}
		return null;
	}

	/** A channel's credentials as the core wants them; null where any is missing. */
	public function credentials( string $id ) {
		list( $provider, $mode ) = self::parted( $id );
		$able                    = $this->able( $provider );
		if ( $able && self::is_simulated( $id ) ) {
			return Sandbox_Accounts::can( $able ) ? array( $provider => $this->simulated->at( $able, self::notice_url( $id ) )->keys ) : null;
		}
		$keys = array();
		foreach ( $able ? $able->keys : array() as $name ) {
			$keys[ $name ] = self::secret( $provider, $mode, $name );
			if ( '' === $keys[ $name ] ) {
				return null;
			}
		}
		return $keys && ! in_array( '', $this->held_keys( $id ), true ) ? array( $provider => $keys ) : null;
	}

	/** @return string[] A channel's keys that never enter the core, by name: what a request asks to be signed is signed with them here. */
	public function held_keys( string $id ): array {
		list( $provider, $mode ) = self::parted( $id );
		$able                    = $this->able( $provider );
		if ( $able && self::is_simulated( $id ) ) {
			return $this->simulated->held( $able );
		}
		$held = array();
		foreach ( $able ? $able->host_keys : array() as $name ) {
			$held[ $name ] = self::secret( $provider, $mode, $name );
		}
		return $held;
	}

	/** @return string[] A channel's provider and account. */
	public static function parted( string $id ): array {
		return array_pad( explode( '-', $id, 2 ), 2, '' );
	}

	/** One credential: a constant of wp-config.php where there is one, else the sealed option. */
	public static function secret( string $provider, string $mode, string $name ): string {
		$constant = self::constant_name( $provider, $mode, $name );
		if ( defined( $constant ) ) {
			return (string) constant( $constant );
		}
		$boxes = (array) get_option( self::SECRETS, array() );
		return isset( $boxes[ "$provider-$mode-$name" ] ) ? Seal::open( $boxes[ "$provider-$mode-$name" ], "$provider-$mode-$name" ) : '';
	}

	/** Whether a credential is kept here and can not be opened. */
	public static function is_shut( string $provider, string $mode, string $name ): bool {
		$boxes = (array) get_option( self::SECRETS, array() );
		return isset( $boxes[ "$provider-$mode-$name" ] ) && '' === self::secret( $provider, $mode, $name );
	}

	/** @return string[] Accounts whose keys are kept here and can not be opened: wp-config.php is not the one that they were saved under. */
	public static function unopened(): array {
		$shut = array();
		foreach ( array_keys( (array) get_option( self::SECRETS, array() ) ) as $place ) {
			list( $provider, $mode, $name ) = array_pad( explode( '-', $place, 3 ), 3, '' );
			if ( self::is_shut( $provider, $mode, $name ) ) {
				$shut[] = "$provider-$mode";
			}
		}
		return array_values( array_unique( $shut ) );
	}

	public static function keep_secret( string $provider, string $mode, string $name, string $value ): void {
		$boxes                            = (array) get_option( self::SECRETS, array() );
		$boxes[ "$provider-$mode-$name" ] = '' === $value ? '' : Seal::close( $value, "$provider-$mode-$name" );
		update_option( self::SECRETS, array_filter( $boxes ), false );
	}

	public static function constant_name( string $provider, string $mode, string $name ): string {
		return strtoupper( "EFECTIVO_{$provider}_{$mode}_$name" );
	}

	/** The shopper's language, chosen or the site's. */
	public function locale(): string {
		$chosen = (string) $this->get( 'locale' );
		return in_array( $chosen, array( 'es-PE', 'es', 'en', 'zh-CN' ), true ) ? $chosen : self::nearest( get_locale() );
	}

	/** The language of the person at the desk. */
	public function desk_locale(): string {
		$nearest = self::nearest( get_user_locale() );
		return 'es-PE' === $nearest ? 'es' : $nearest;
	}

	/** The language of sentences for a shopper at the checkout. */
	public function lang(): string {
		return is_admin() ? $this->desk_locale() : $this->locale();
	}

	private static function nearest( string $locale ): string {
		$by = array( 'es_PE' => 'es-PE', 'zh_CN' => 'zh-CN' );
		if ( isset( $by[ $locale ] ) ) {
			return $by[ $locale ];
		}
		return 0 === strpos( $locale, 'es' ) ? 'es' : 'en';
	}

	/** Whether this is the site that an administrator confirmed; a copy carries nothing out. */
	public function may_act(): bool {
		return get_option( self::ADDRESS ) === self::address();
	}

	/** The site's address as it is set, whatever language a page is asked for in, and without its scheme, which a proxy may change. */
	public static function address(): string {
		return (string) preg_replace( '#^https?://#', '', (string) get_option( 'home' ) );
	}

	/** What is wrong with the settings, in the core's sentences. */
	public function problems(): array {
		$told = array();
		foreach ( $this->door->call( 'check_settings', array( 'settings' => $this->core(), 'locale' => $this->desk_locale() ) )->ok->problems as $problem ) {
			$told[] = "{$problem->message} {$problem->help}";
		}
		return $told;
	}

	private static function lines( string $text ): array {
		return array_values( array_filter( array_map( 'trim', preg_split( '/[\s,]+/', $text ) ) ) );
	}
}
