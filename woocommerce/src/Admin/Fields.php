<?php /** The settings' form: its fields, its own rows, and how it is saved. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;
use Efectivo\Woo\Setup;

defined( 'ABSPATH' ) || exit;

final class Fields {
	public static function all(): array {
		return self::about_shop() + self::about_codes() + self::about_providers() + self::about_notices();
	}

	private static function about_shop(): array {
		return array(
			'now'            => array( 'type' => 'efectivo_told' ),
			'enabled'        => self::check( __( 'Offer cash codes', 'efectivo' ), __( 'At the checkout', 'efectivo' ) ),
			'mode'           => self::choice( __( 'Mode', 'efectivo' ), array( 'test' => __( 'Test: no real money', 'efectivo' ), 'live' => __( 'Live', 'efectivo' ) ), __( 'Live works once a test sale has gone all the way: code made, payment simulated, notice verified, order paid.', 'efectivo' ) ), // phpcs:ignore
			'about_shop'     => self::heading( __( 'What shoppers see', 'efectivo' ) ),
			'title'          => self::text( __( 'Name at the checkout', 'efectivo' ), __( 'Cash or bank app (PagoEfectivo code)', 'efectivo' ) ),
			'description'    => self::text( __( 'Sentence at the checkout', 'efectivo' ), '' ),
			'shop_name'      => self::text( __( 'Shop\'s name', 'efectivo' ), wp_specialchars_decode( get_option( 'blogname' ), ENT_QUOTES ) ),
			'tag'            => self::text( __( 'Shop\'s tag', 'efectivo' ), Parts::settings()->tag(), __( 'Up to 8 letters or digits that begin every reference, so that two shops on one account can not be mixed up.', 'efectivo' ) ),
			'contact'        => self::text( __( 'How shoppers reach you', 'efectivo' ), (string) get_option( 'woocommerce_email_from_address' ) ),
			'complaints_url' => self::text( __( 'Libro de Reclamaciones', 'efectivo' ), 'https://' ),
			'issues_receipts' => self::check( __( 'Boleta or factura', 'efectivo' ), __( 'The shop issues it after the payment; the page says so', 'efectivo' ) ),
		);
	}

	private static function about_codes(): array {
		return array(
			'about_codes'        => self::heading( __( 'Codes', 'efectivo' ) ),
			'locale'             => self::choice( __( 'Shoppers\' language', 'efectivo' ), array( '' => __( 'The site\'s', 'efectivo' ), 'es-PE' => 'Español (Perú)', 'es' => 'Español', 'en' => 'English', 'zh-CN' => '简体中文' ) ), // phpcs:ignore
			'tone'               => self::choice( __( 'Spanish says', 'efectivo' ), array( 'tu' => 'tú', 'usted' => 'usted' ) ), // phpcs:ignore
			'validity_hours'     => self::number( __( 'A code lives', 'efectivo' ), 24, 72 ),
			'cancel_grace_hours' => self::number( __( 'Then the order waits another', 'efectivo' ), 0, 96 ),
			'show_own_barcode'   => self::check( __( 'Barcode', 'efectivo' ), __( 'Show one for the shop\'s own use where the provider gives none', 'efectivo' ) ),
			'countries'          => self::check( __( 'Only to Peru', 'efectivo' ), __( 'Offer codes only where the billing country is Peru', 'efectivo' ), 'yes' ),
			'excluded'           => self::without( __( 'Not for these categories', 'efectivo' ), __( 'No cash code is offered with one of them in the basket.', 'efectivo' ) ),
		);
	}

	private static function about_providers(): array {
		$fields = array(
			'about_providers' => self::heading( __( 'Providers', 'efectivo' ) ),
			'providers'       => array(
				'title'   => __( 'Providers', 'efectivo' ),
				'type'    => 'multiselect',
				'class'   => 'wc-enhanced-select',
				'options' => self::providers(),
				'default' => array( 'sandbox' ),
				'description' => __( 'Choose and save: the fields of each one chosen then stand below.', 'efectivo' ), // phpcs:ignore
			),
			'first'           => self::choice( __( 'Ask first', 'efectivo' ), array( '' => __( 'Whichever comes first here', 'efectivo' ) ) + self::providers(), __( 'The others are asked in turn where it fails, refuses, or does not take the amount or a category.', 'efectivo' ) ), // phpcs:ignore
			'lost_create'     => self::choice( __( 'No answer, and nobody can tell whether a code was made', 'efectivo' ), array( 'next_channel' => __( 'Ask the next provider, and ask you about the two codes', 'efectivo' ), 'wait' => __( 'Keep the order waiting until you decide', 'efectivo' ) ) ), // phpcs:ignore
		);
		foreach ( self::chosen() as $provider => $able ) {
			$name = self::providers()[ $provider ];
			if ( $able->unconfirmed ) {
				$fields[ "confirmed_$provider" ] = self::check( $name, __( 'The provider told me that PagoEfectivo is enabled on my account. It makes no codes without this tick.', 'efectivo' ) );
			}
			$fields[ "keys_$provider" ] = array( 'type' => 'efectivo_keys', 'title' => $name, 'provider' => $provider, 'keys' => array_merge( $able->keys, $able->host_keys ) ); // phpcs:ignore
			/* translators: %s: a provider's name */
			$fields[ "excluded_$provider" ] = self::without( sprintf( __( 'Not through %s', 'efectivo' ), $name ), __( 'What its contract forbids; the other providers may take it.', 'efectivo' ) );
		}
		return $fields;
	}

	private static function about_notices(): array {
		return array(
			'about_notices'   => self::heading( __( 'Notices and records', 'efectivo' ) ),
			'allow_rule'      => self::choice( __( 'Addresses of notices', 'efectivo' ), array( 'off' => __( 'Not looked at', 'efectivo' ), 'signal' => __( 'Only noted', 'efectivo' ), 'enforce' => __( 'Needed beside the signature', 'efectivo' ) ) ), // phpcs:ignore
			'allow_addresses' => self::text( __( 'Allowed addresses', 'efectivo' ), '203.0.113.0/24' ),
			'allow_proxies'   => self::text( __( 'Proxies in front of this site', 'efectivo' ), '' ),
			'uninstall'       => self::check( __( 'When the plugin is deleted', 'efectivo' ), __( 'Erase every record as well. Tax law may ask for them for years: export first.', 'efectivo' ) ),
		);
	}

	/** Saves what was posted; keys apart, sealed; live mode only after the four proofs. WooCommerce has checked nonce and rights. */
	public static function save( $gateway ): bool {
		if ( ! Setup::is_tested() ) { // half of the fields are missing then
			\WC_Admin_Settings::add_error( __( 'Nothing was saved.', 'efectivo' ) . ' ' . implode( ' ', Setup::unfit() ) );
			return false;
		}
		$posted = $gateway->get_post_data();
		$kept   = array();
		foreach ( $gateway->get_form_fields() as $name => $field ) {
			$key = $gateway->get_field_key( $name );
			if ( 'efectivo_keys' === $field['type'] ) {
				self::save_keys( $field, $posted );
			} elseif ( ! in_array( $field['type'], array( 'efectivo_told', 'title' ), true ) ) {
				$kept[ $name ] = $gateway->get_field_value( $name, $field, $posted );
			}
		}
		if ( 'live' === $kept['mode'] && Proofs::missing() ) {
			$kept['mode'] = 'test';
			\WC_Admin_Settings::add_error( __( 'The mode stays "test" until a test sale has gone all the way. Still missing:', 'efectivo' ) . ' ' . implode( ', ', Proofs::missing() ) );
		}
		// The sandbox goes on playing a provider that is not chosen any more, for the orders that it still has.
		$kept['played'] = array_values( array_unique( array_merge( (array) Parts::settings()->get( 'played' ), array_filter( (array) $kept['providers'] ) ) ) );
		// What belongs to a provider that is not chosen now stands in no form, and is kept.
		update_option( Settings::OPTION, $kept + (array) get_option( Settings::OPTION, array() ), true );
		$gateway->init_form_fields();
		$gateway->init_settings();
		return true;
	}

	private static function save_keys( array $field, array $posted ): void {
		foreach ( self::inputs( $field ) as $input => list( $mode, $key ) ) {
			$value = isset( $posted[ $input ] ) ? trim( wp_unslash( $posted[ $input ] ) ) : '';
			if ( '' !== $value ) {
				Settings::keep_secret( $field['provider'], $mode, $key, '-' === $value ? '' : $value );
			}
		}
	}

	/** @return array[] Mode and key by the input's name. */
	private static function inputs( array $field ): array {
		$all = array();
		foreach ( array( 'test', 'live' ) as $mode ) {
			foreach ( $field['keys'] as $key ) {
				$all[ "woocommerce_efectivo_key_{$field['provider']}_{$mode}_$key" ] = array( $mode, $key );
			}
		}
		return $all;
	}

	/** A provider's keys, by the names that its panel calls them; open where the provider is in use. A key is never shown again: only whether there is one. */
	public static function keys_row( array $field ): string {
		$in_use = in_array( $field['provider'], (array) Parts::settings()->get( 'providers' ), true );
		$row    = '<tr valign="top"><th scope="row" class="titledesc">' . esc_html( $field['title'] ) . '</th><td class="forminp"><details class="efectivo-keys"' . ( $in_use ? ' open' : '' ) . '><summary>' . esc_html__( 'Keys', 'efectivo' ) . '</summary>';
		foreach ( self::inputs( $field ) as $input => list( $mode, $key ) ) {
			$constant = Settings::constant_name( $field['provider'], $mode, $key );
			$known    = '' !== Settings::secret( $field['provider'], $mode, $key ) ? __( 'Kept. Leave empty to keep it, "-" to forget it.', 'efectivo' ) : __( 'None yet.', 'efectivo' );
			$known    = Settings::is_shut( $field['provider'], $mode, $key ) ? __( 'Kept, but it can not be opened: the salts (or EFECTIVO_KEY) in wp-config.php are not those that it was saved under. Put the old ones back, or enter the key again.', 'efectivo' ) : $known; // phpcs:ignore
			/* translators: %s: a constant's name */
			$told = defined( $constant ) ? sprintf( __( 'Set by %s in wp-config.php.', 'efectivo' ), $constant ) : $known;
			$row .= '<p><label for="' . esc_attr( $input ) . '">' . esc_html( ( 'live' === $mode ? __( 'Live', 'efectivo' ) : __( 'Test', 'efectivo' ) ) . " · $key" ) . '</label>';
			$row .= defined( $constant ) ? '' : '<input type="password" autocomplete="new-password" class="regular-text" id="' . esc_attr( $input ) . '" name="' . esc_attr( $input ) . '" value=""> ';
			$row .= '<span class="description">' . esc_html( $told ) . '</span></p>';
		}
		return $row . '<p class="description">' . esc_html__( 'As long as a test key is missing, the sandbox inside this site plays this provider in test mode, by its own rules: a test sale needs no key and no network.', 'efectivo' ) . '</p></details></td></tr>';
	}

	/** How it stands now, on top of the form. */
	public static function told_row(): string {
		$why  = Parts::fit()->why_not();
		$told = '' === $why ? __( 'Shoppers can choose it.', 'efectivo' ) : __( 'Shoppers can not choose it:', 'efectivo' ) . ' ' . $why;
		$rows = '<tr valign="top"><th scope="row">' . esc_html__( 'Now', 'efectivo' ) . '</th><td><p><strong>' . esc_html( $told ) . '</strong></p>';
		$rows .= '<p><a href="' . esc_url( Desk::url() ) . '">' . esc_html__( 'Payment codes, reviews and the test agent', 'efectivo' ) . '</a></p></td></tr>';
		return $rows . self::addresses();
	}

	/** What to give each chosen provider, before and after there are keys; the sandbox needs none. */
	private static function addresses(): string {
		$rows = '';
		foreach ( array_keys( self::chosen() ) as $provider ) {
			foreach ( array( "$provider-test", "$provider-live" ) as $id ) {
				$rows .= '<p>' . esc_html( Channels_Screen::name( $id ) ) . '<br><code>' . esc_html( Settings::notice_url( $id ) ) . '</code></p>';
			}
		}
		return '' === $rows ? '' : '<tr valign="top"><th scope="row">' . esc_html__( 'Addresses for notices', 'efectivo' ) . '</th><td>' . $rows . '</td></tr>';
	}

	/** @return string[] Every provider's name by its id, as the core lists them; what is not confirmed says so. */
	private static function providers(): array {
		$names = array();
		foreach ( self::able() as $able ) {
			if ( ! $able->create ) {
				continue;
			}
			$name = Parts::door()->say( "provider.{$able->provider}", Parts::settings()->desk_locale() );
			/* translators: %s: a provider's name */
			$names[ $able->provider ] = $able->unconfirmed ? sprintf( __( '%s (unconfirmed for PagoEfectivo)', 'efectivo' ), $name ) : $name;
		}
		return array( 'sandbox' => __( 'Sandbox (test mode only)', 'efectivo' ) ) + $names;
	}

	/** @return object[] What each provider that the merchant has chosen can do, by its id; the sandbox has no account. */
	private static function chosen(): array {
		$chosen = array_diff( (array) Parts::settings()->get( 'providers' ), array( 'sandbox' ) );
		return array_filter( array_intersect_key( self::able(), array_flip( $chosen ) ), static function ( $one ) { return $one->create; } ); // phpcs:ignore
	}

	/** What every provider can do, by its name; none where the core can't run: WordPress makes these fields on pages that have nothing to do with them. */
	private static function able(): array {
		try {
			return Parts::settings()->abilities();
		} catch ( Refusal $refusal ) {
			return array();
		}
	}

	private static function heading( string $title ): array {
		return array( 'title' => $title, 'type' => 'title' ); // phpcs:ignore
	}

	/** A choice of product categories. */
	private static function without( string $title, string $told ): array {
		$found = get_terms( array( 'taxonomy' => 'product_cat', 'hide_empty' => false ) ); // phpcs:ignore
		return array( 'title' => $title, 'type' => 'multiselect', 'class' => 'wc-enhanced-select', 'options' => is_array( $found ) ? wp_list_pluck( $found, 'name', 'term_id' ) : array(), 'description' => $told, 'default' => array() ); // phpcs:ignore
	}

	private static function text( string $title, string $placeholder, string $told = '' ): array {
		return array( 'title' => $title, 'type' => 'text', 'placeholder' => $placeholder, 'description' => $told, 'default' => '' ); // phpcs:ignore
	}

	private static function number( string $title, int $least, int $most ): array {
		/* translators: 1: least, 2: most hours */
		return array( 'title' => $title, 'type' => 'number', 'custom_attributes' => array( 'min' => $least, 'max' => $most ), 'default' => (string) Settings::DEFAULTS[ 0 === $least ? 'cancel_grace_hours' : 'validity_hours' ], 'description' => sprintf( __( '%1$d to %2$d hours', 'efectivo' ), $least, $most ) ); // phpcs:ignore
	}

	private static function choice( string $title, array $options, string $told = '' ): array {
		return array( 'title' => $title, 'type' => 'select', 'options' => $options, 'default' => (string) key( $options ), 'description' => $told ); // phpcs:ignore
	}

	private static function check( string $title, string $label, string $first = 'no' ): array {
		return array( 'title' => $title, 'type' => 'checkbox', 'label' => $label, 'default' => $first ); // phpcs:ignore
	}
}
