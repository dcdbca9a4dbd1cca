<?php /** The mails that a shopper gets, by the core's names, with what WooCommerce's mail settings show of each. */
namespace Efectivo\Woo\Mail;

defined( 'ABSPATH' ) || exit;

final class Kinds {
	/** Off until switched on: WooCommerce's own "processing order" mail already says that the order is paid. */
	const OFF_AT_FIRST = array( 'paid' );

	const ALL = array( 'new', 'reminder', 'last_call', 'lapsed', 'paid', 'late' );

	public static function title( string $kind ): string {
		$titles = array(
			'new'       => __( 'Payment code: on hold, with the code', 'efectivo' ),
			'reminder'  => __( 'Payment code: a day before it ends', 'efectivo' ),
			'last_call' => __( 'Payment code: three hours before it ends', 'efectivo' ),
			'lapsed'    => __( 'Payment code: lapsed', 'efectivo' ),
			'paid'      => __( 'Payment code: paid', 'efectivo' ),
			'late'      => __( 'Payment code: paid late', 'efectivo' ),
		);
		return $titles[ $kind ];
	}

	public static function description( string $kind ): string {
		$told = array(
			'new'       => __( 'Takes the place of WooCommerce\'s "order on-hold" mail, which says nothing of the code. Where you switch it off, that mail goes out and has the code on top.', 'efectivo' ),
			'reminder'  => __( 'For codes that live longer than 30 hours.', 'efectivo' ),
			'last_call' => __( 'The last word before the code ends.', 'efectivo' ),
			'lapsed'    => __( 'Nothing was paid in time and the order was cancelled.', 'efectivo' ),
			'paid'      => __( 'Off at first: WooCommerce\'s own "processing order" mail says the same.', 'efectivo' ),
			'late'      => __( 'Money came after the order had been closed; you are deciding what becomes of it.', 'efectivo' ),
		);
		return $told[ $kind ];
	}

	/** The kinds that the merchant switched off in WooCommerce's mail settings. @return string[] */
	public static function switched_off(): array {
		$off = array();
		foreach ( self::ALL as $kind ) {
			if ( ! self::is_on( $kind ) ) {
				$off[] = $kind;
			}
		}
		return $off;
	}

	public static function is_on( string $kind ): bool {
		$stored = (array) get_option( "woocommerce_efectivo_{$kind}_settings", array() );
		$first  = in_array( $kind, self::OFF_AT_FIRST, true ) ? 'no' : 'yes';
		return 'yes' === ( isset( $stored['enabled'] ) ? $stored['enabled'] : $first );
	}
}
