<?php /** What only the test shop has: mails go into a file, the clock can be wound, a worker can be killed at a named point. */
add_filter(
	'pre_wp_mail',
	function ( $sent, $mail ) {
		if ( is_file( EFECTIVO_TEST_ROOT . '/mails-fail' ) ) {
			return false;
		}
		file_put_contents( EFECTIVO_TEST_ROOT . '/mails.jsonl', json_encode( array( 'to' => $mail['to'], 'subject' => $mail['subject'], 'text' => wp_strip_all_tags( $mail['message'] ), 'html' => $mail['message'] ) ) . "\n", FILE_APPEND | LOCK_EX );
		return true;
	},
	10,
	2
);
add_filter(
	'efectivo_now_ms',
	function ( $now ) {
		$file = EFECTIVO_TEST_ROOT . '/ahead';
		return $now + ( is_file( $file ) ? (int) file_get_contents( $file ) : 0 );
	}
);
add_filter(
	'efectivo_lease_ms',
	function ( $ms ) {
		return is_file( EFECTIVO_TEST_ROOT . '/lease' ) ? (int) file_get_contents( EFECTIVO_TEST_ROOT . '/lease' ) : $ms;
	}
);
add_action(
	'woocommerce_product_set_stock',
	function () {
		do_action( 'efectivo_crash_point', 'stock moved' ); // WooCommerce's own: the order's line has no note of it yet
	}
);
add_action(
	'pre_post_update',
	function ( $id ) {
		if ( 'shop_order' === get_post_type( $id ) ) {
			do_action( 'efectivo_crash_point', 'order half saved' ); // WooCommerce's own, where orders are posts: what is noted on the order is there, its status is not
		}
	}
);
add_filter(
	'efectivo_has_get_lock',
	function ( $has ) {
		return $has && ! is_file( EFECTIVO_TEST_ROOT . '/no-get-lock' );
	}
);
add_action(
	'efectivo_crash_point',
	function ( $point ) {
		$file = EFECTIVO_TEST_ROOT . '/crash';
		if ( ! is_file( $file ) ) {
			return;
		}
		list( $wanted, $nth ) = explode( "\n", file_get_contents( $file ) );
		if ( $wanted !== $point ) {
			return;
		}
		if ( (int) $nth > 1 ) {
			file_put_contents( $file, $wanted . "\n" . ( $nth - 1 ) );
			return;
		}
		unlink( $file );
		posix_kill( getmypid(), 9 );
	}
);
add_action(
	'efectivo_crash_point',
	function ( $point ) {
		$file = EFECTIVO_TEST_ROOT . '/throw';
		if ( is_file( $file ) && file_get_contents( $file ) === $point ) {
			throw new RuntimeException( 'as the test asked' );
		}
	}
);
// What other plugins do: a status of their own that WooCommerce's payments know nothing of, totals shown in another currency.
add_filter( 'wc_order_statuses', function ( $all ) { return $all + array( 'wc-bodega' => 'En bodega' ); } );
add_action( 'init', function () { register_post_status( 'wc-bodega', array( 'label' => 'En bodega', 'public' => true ) ); } );
add_filter( 'woocommerce_order_get_total', function ( $total ) { return is_file( EFECTIVO_TEST_ROOT . '/dollars-shown' ) ? $total / 4 : $total; } );
add_filter( 'pre_option_woocommerce_custom_orders_table_enabled', function ( $said ) { return is_file( EFECTIVO_TEST_ROOT . '/orders-are-posts' ) ? 'no' : $said; } ); // WooCommerce lets nobody go back while orders wait to be copied
add_filter(
	'locale',
	function ( $locale ) {
		return is_file( EFECTIVO_TEST_ROOT . '/locale' ) ? file_get_contents( EFECTIVO_TEST_ROOT . '/locale' ) : $locale;
	}
);
// Only these channels are asked, and a provider's test account is the sandbox's, as if its own sandbox were there.
add_filter(
	'efectivo_core_settings',
	function ( $settings ) {
		$file = EFECTIVO_TEST_ROOT . '/asked';
		$only = is_file( $file ) ? explode( ' ', file_get_contents( $file ) ) : null;
		$at   = EFECTIVO_TEST_ROOT . '/provider-at';
		$base = is_file( $at ) ? file_get_contents( $at ) : 'http://127.0.0.1:1';
		foreach ( $settings->channels as $channel ) {
			if ( null !== $only ) {
				$channel->enabled = in_array( $channel->id, $only, true );
			}
			if ( "{$channel->provider}-test" === $channel->id ) {
				$channel->sandbox_url = "$base/sandbox/{$channel->provider}";
			}
		}
		return $settings;
	}
);
add_filter(
	'efectivo_has_openssl',
	function ( $has ) {
		return $has && ! is_file( EFECTIVO_TEST_ROOT . '/no-openssl' );
	}
);
// Every warning of ours is an error in the tests.
set_error_handler(
	function ( $no, $text, $file, $line ) {
		if ( false !== strpos( $file, '/woocommerce/src/' ) || false !== strpos( $file, '/plugins/efectivo/' ) ) {
			error_log( "EFECTIVO WARNING: $text in $file:$line" );
		}
		return false;
	}
);
// What the tests ask, on the server that is warm already.
add_action(
	'wp_loaded',
	function () {
		if ( isset( $_SERVER['HTTP_X_EFECTIVO_TELL'] ) && in_array( PHP_SAPI, array( 'cli-server', 'fpm-fcgi' ), true ) ) {
			require dirname( realpath( __FILE__ ) ) . '/tell.php';
			exit;
		}
	},
	99
);
