<?php /** Asks the test shop something, as a worker of its own or over the test shop's server: prints one line of JSON. */
use Efectivo\Woo\Parts;

if ( ! defined( 'ABSPATH' ) ) {
	$_SERVER['HTTP_HOST'] = '127.0.0.1';
	require $argv[1] . '/wp-load.php';
}

function order_of( int $id ): array {
	$order = wc_get_order( $id );
	if ( ! $order ) {
		return array( 'status' => 'gone' );
	}
	$notes = array_map( function ( $note ) { return $note->content; }, wc_get_order_notes( array( 'order_id' => $id ) ) );
	return array( 'id' => $id, 'status' => $order->get_status(), 'paid' => (bool) $order->get_date_paid(), 'total' => $order->get_total(), 'code' => $order->get_meta( '_efectivo_code' ), 'case' => $order->get_meta( '_efectivo_case' ), 'notes' => $notes, 'transaction' => $order->get_transaction_id() );
}

function new_order( string $email, int $quantity = 1 ): WC_Order {
	$order = wc_create_order( array( 'created_via' => 'checkout' ) );
	$order->add_product( wc_get_product( wc_get_products( array( 'limit' => 1, 'return' => 'ids' ) )[0] ), $quantity );
	$order->set_address( array( 'first_name' => 'Ana', 'last_name' => 'Quispe', 'email' => $email, 'phone' => '987654321', 'country' => 'PE', 'address_1' => 'Av. 1', 'city' => 'Lima', 'state' => 'PE-LMA' ), 'billing' );
	$order->set_payment_method( 'efectivo' );
	$order->calculate_totals();
	$order->save();
	return $order;
}

function case_of( int $id ) {
	$case = Parts::host()->of_order( (string) $id );
	if ( ! $case ) {
		return null;
	}
	$view = Parts::host()->view( $case, 'es' );
	return array( 'id' => $case->id, 'state' => $case->state, 'token' => $case->page_token, 'code' => $view->code, 'page_url' => $view->page_url, 'reviews' => array_map( function ( $review ) { return array( 'no' => $review->no, 'kind' => $review->kind, 'open' => $review->open ); }, $view->reviews ), 'outputs' => Parts::store()->outbox->of( $case->id ), 'wake_at' => isset( $case->wake_at ) ? $case->wake_at : null, 'attempts' => count( $case->attempts ), 'doc' => $case, 'rebuilt' => Parts::door()->call( 'rebuild', array( 'entries' => Parts::store()->journal( $case->id ) ) )->ok->case );
}

/** What the host does in one step of a conformance script. */
function script( $step ) {
	$ids = wc_get_orders( array( 'limit' => 1, 'return' => 'ids' ) );
	if ( isset( $step->place ) ) {
		if ( ! $ids ) {
			$order = wc_create_order( array( 'created_via' => 'checkout' ) );
			$fee   = new WC_Order_Item_Fee();
			$fee->set_props( array( 'name' => 'Pedido', 'total' => '123.50', 'tax_status' => 'none' ) );
			$order->add_item( $fee );
			$order->set_address( array( 'first_name' => 'Ana', 'last_name' => 'Quispe', 'email' => 'ana@example.pe', 'phone' => '987654321', 'country' => 'PE' ), 'billing' );
			$order->set_payment_method( 'efectivo' );
			$order->calculate_totals();
			$order->save();
			$ids = array( $order->get_id() );
		}
		$_POST['efectivo_document_type'] = 'DNI';
		$_POST['efectivo_document']      = '45678912';
		( new Efectivo\Woo\Shop\Gateway() )->process_payment( $ids[0] );
	}
	if ( isset( $step->shop_cancels ) && ! wc_get_order( $ids[0] )->has_status( 'cancelled' ) ) {
		wc_get_order( $ids[0] )->update_status( 'cancelled' );
	}
	if ( isset( $step->untold ) ) {
		remove_all_actions( 'woocommerce_update_order' );
	}
	if ( isset( $step->shop_edits ) && (float) wc_get_order( $ids[0] )->get_total() !== $step->shop_edits / 100 ) {
		$order = wc_get_order( $ids[0] );
		foreach ( $order->get_fees() as $fee ) {
			$fee->set_total( wc_format_decimal( $step->shop_edits / 100, 2 ) );
		}
		$order->calculate_totals();
		$order->save();
	}
	if ( isset( $step->paid_otherwise ) && ! wc_get_order( $ids[0] )->is_paid() ) {
		wc_get_order( $ids[0] )->payment_complete( 'by hand' );
	}
	if ( isset( $step->merchant ) ) {
		$case = Parts::host()->of_order( (string) $ids[0] );
		if ( ! in_array( 'cancel', array( $case->wish ), true ) && ! in_array( $case->state, array( 'cancelled' ), true ) ) {
			Parts::host()->merchant( $case->id, $step->merchant );
		}
	}
	return Parts::pump()->run( 60 );
}

$words = isset( $argv ) ? array_slice( $argv, 2 ) : json_decode( file_get_contents( 'php://input' ) );
$words = array_map( function ( $word ) { $read = json_decode( $word ); return null === $read && 'null' !== $word ? $word : $read; }, $words );
$what  = array_shift( $words );
$acts  = array(
	'sweep'    => function () { return Parts::pump()->run( 60 ); },
	'order'    => function ( $id ) { return order_of( $id ); },
	'case'     => function ( $id ) { return case_of( $id ); },
	'place'    => function ( $email, $document = '' ) { list( $_POST['efectivo_document_type'], $_POST['efectivo_document'] ) = array( 'DNI', (string) $document ); $order = new_order( $email ); $made = ( new Efectivo\Woo\Shop\Gateway() )->process_payment( $order->get_id() ); return array( 'order' => $order->get_id(), 'result' => $made ); },
	'again'    => function ( $id ) { return ( new Efectivo\Woo\Shop\Gateway() )->process_payment( $id ); },
	'orders'   => function () { return wc_get_orders( array( 'limit' => -1, 'return' => 'ids' ) ); },
	'act'      => function ( $act ) { $ledger = Parts::sandbox()->act( $act )->ok->ledger; Parts::pump()->run( 60 ); return $ledger; },
	'merchant' => function ( $id, $decision ) { Parts::host()->merchant( case_of( $id )['id'], $decision ); Parts::pump()->run( 30 ); return case_of( $id )['state']; },
	'status'   => function ( $id, $status ) { wc_get_order( $id )->update_status( $status ); return order_of( $id ); },
	'stock'    => function () { return wc_get_product( wc_get_products( array( 'limit' => 1, 'return' => 'ids' ) )[0] )->get_stock_quantity(); },
	'setting'  => function ( $name, $value ) { $all = (array) get_option( 'woocommerce_efectivo_settings' ); $all[ $name ] = $value; return update_option( 'woocommerce_efectivo_settings', $all ); },
	'kinds'    => function ( $id ) { return Parts::orders()->categories( (string) $id ); },
	'option'   => function ( $name, $value ) { update_option( $name, json_decode( json_encode( $value ), true ) ); return get_option( $name ); },
	'refund'   => function ( $id, $amount ) { $made = wc_create_refund( array( 'order_id' => $id, 'amount' => $amount, 'refund_payment' => true ) ); return is_wp_error( $made ) ? $made->get_error_message() : $made->get_id(); },
	'keep'     => function ( $provider, $name, $value ) { Efectivo\Woo\Settings::keep_secret( $provider, 'test', $name, $value ); return true; },
	'simulated' => function () { $keys = array(); foreach ( array( 'dlocal', 'ebanx' ) as $provider ) { $keys[ $provider ] = Parts::settings()->credentials( "$provider-sandbox" )[ $provider ]; } return array( 'keys' => $keys, 'pair' => Parts::settings()->held_keys( 'ebanx-sandbox' )['signing_key'] ); },
	'stored'   => function () { return array_map( 'get_option', array( 'efectivo_sandbox_seed', 'efectivo_sandbox_pair', 'efectivo_credentials', 'woocommerce_efectivo_settings' ) ); },
	'fit'      => function () { return Efectivo\Woo\Admin\Fit_Check::rows(); },
	'save'     => function ( $posted ) { require_once WC_ABSPATH . 'includes/admin/class-wc-admin-settings.php'; $gateway = new Efectivo\Woo\Shop\Gateway(); $gateway->set_post_data( (array) $posted ); $gateway->process_admin_options(); ob_start(); WC_Admin_Settings::show_messages(); return array( wp_strip_all_tags( ob_get_clean() ) ); },
	'older'    => function ( $seconds ) { $known = (array) get_option( 'efectivo_core' ); foreach ( array( 'at', 'whole_at' ) as $name ) { $known[ $name ] -= $seconds; } return update_option( 'efectivo_core', $known ); },
	'give_back' => function ( $id, $amount ) { $made = ( new Efectivo\Woo\Shop\Gateway() )->process_refund( $id, $amount ); return is_wp_error( $made ) ? $made->get_error_message() : $made; },
	'refunds'  => function ( $id ) { return array_map( function ( $refund ) { return wc_format_decimal( $refund->get_amount(), 2 ); }, wc_get_order( $id )->get_refunds() ); },
	'box'      => function ( $id ) { wp_set_current_user( 1 ); ob_start(); ( new Efectivo\Woo\Admin\Order_Box() )->show( wc_get_order( $id ) ); return wp_strip_all_tags( str_replace( '</', ' </', ob_get_clean() ) ); },
	'proofs'   => function () { return (object) array_filter( array_combine( array_keys( Efectivo\Woo\Admin\Proofs::names() ), array_map( array( Efectivo\Woo\Admin\Proofs::class, 'seen' ), array_keys( Efectivo\Woo\Admin\Proofs::names() ) ) ) ); },
	'health'   => function () { return Efectivo\Woo\Admin\Health::wrong(); },
	'why_not'  => function () { return Parts::fit()->why_not(); },
	'unpaid'   => function () { wc_cancel_unpaid_orders(); return true; },
	'test'     => function () { return Efectivo\Woo\Web\Notice_Test::run( rest_url( 'efectivo/v1/notices/sandbox' ), Parts::door(), 'es' ); },
	'planned'  => function () { return as_next_scheduled_action( 'efectivo_sweep' ) ? true : false; },
	'preview_ask' => function () { return array( 'settings' => Parts::settings()->core(), 'case' => null, 'now' => 1795474848229 ); },
	'core'     => function ( $call, $ask ) { $answer = Parts::door()->call( $call, $ask ); return Efectivo\Woo\Host\Door::json( $answer->ok ) . $answer->bytes; },
	'title'    => function () { return ( new Efectivo\Woo\Shop\Gateway() )->title; },
	'keys'     => function ( $provider, $other = array() ) { foreach ( (array) $other + (array) Parts::settings()->credentials( "$provider-sandbox" )[ $provider ] as $name => $value ) { Efectivo\Woo\Settings::keep_secret( $provider, 'test', $name, (string) $value ); } return true; },
	'reset'    => function () { foreach ( array_diff( Efectivo\Woo\Host\Tables::NAMES, array( 'locks' ) ) as $table ) { Parts::database()->change( 'DELETE FROM {' . $table . '}' ); } foreach ( wc_get_orders( array( 'limit' => -1 ) ) as $order ) { $order->delete( true ); } Parts::database()->change( 'DELETE FROM {nudges}' ); return true; },
	'script'   => function ( $step ) { return script( $step ); },
	'ledger'   => function () { return Parts::sandbox()->ledger(); },
	'parcels'  => function () { return array_map( function ( $row ) { return json_decode( $row['doc'] ); }, Parts::database()->rows( 'SELECT doc FROM {sandbox} WHERE one > 1000' ) ); },
	'age'      => function ( $id ) { global $wpdb; foreach ( array( 'wc_orders SET date_created_gmt = UTC_TIMESTAMP() - INTERVAL 3 HOUR, date_updated_gmt', 'posts SET post_date = UTC_TIMESTAMP() - INTERVAL 3 HOUR, post_date_gmt = post_date, post_modified = post_date, post_modified_gmt' ) as $aged ) { $wpdb->query( $wpdb->prepare( "UPDATE {$wpdb->prefix}$aged = UTC_TIMESTAMP() - INTERVAL 3 HOUR WHERE id = %d", $id ) ); } WC_Cache_Helper::invalidate_cache_group( 'orders' ); wp_cache_flush(); return wc_get_order( $id )->get_date_modified()->getTimestamp() < time() - 7200; },
	'other'    => function () { $order = new_order( 'otro@example.pe' ); $order->set_payment_method( 'bacs' ); $order->save(); return $order->get_id(); },
	'urls'     => function ( $id ) { $order = wc_get_order( $id ); return array( 'thanks' => $order->get_checkout_order_received_url(), 'pay' => $order->get_checkout_payment_url() ); },
	'edit'     => function ( $id, $price ) { $order = wc_get_order( $id ); foreach ( $order->get_items() as $item ) { $item->set_subtotal( $price ); $item->set_total( $price ); $item->save(); } $order->calculate_totals(); $order->save(); return $order->get_total(); },
	'cli'      => function ( $name, $args = array(), $named = array() ) {
		require_once realpath( __DIR__ ) . '/cli.php';
		WP_CLI::$code             = 0;
		$GLOBALS['efectivo_said'] = null;
		try {
			( new Efectivo\Woo\Admin\Commands() )->$name( array_map( 'strval', $args ), (array) $named );
		} catch ( RuntimeException $ended ) {
			$told = $ended->getMessage();
		}
		return array( 'code' => WP_CLI::$code, 'said' => $GLOBALS['efectivo_said'], 'told' => isset( $told ) ? $told : '' );
	},
	'export'   => function ( $email ) { return apply_filters( 'wp_privacy_personal_data_exporters', array() )['efectivo']['callback']( $email, 1 ); },
	'erase'    => function ( $email ) { return apply_filters( 'wp_privacy_personal_data_erasers', array() )['efectivo']['callback']( $email, 1 ); },
	'purge'    => function () { Parts::pump()->purge(); return true; },
	'uninstall' => function () { define( 'WP_UNINSTALL_PLUGIN', 'efectivo/efectivo.php' ); require WP_PLUGIN_DIR . '/efectivo/uninstall.php'; global $wpdb; return $wpdb->get_col( "SHOW TABLES LIKE '%efectivo%'" ); },
	'activate' => function () { return Efectivo\Woo\Host\Tables::make(); },
	'tables'   => function () { return Efectivo\Woo\Host\Tables::problems(); },
	'query'    => function ( $sql ) { global $wpdb; return $wpdb->query( str_replace( '{', $wpdb->prefix . 'efectivo_', str_replace( '}', '', $sql ) ) ); },
	'notices'  => function () { return ( new Efectivo\Woo\Admin\Health() )->notices(); },
	'locked'   => function ( $name, $ms ) { return Parts::database()->locked( $name, 5, function () use ( $ms ) { usleep( $ms * 1000 ); return round( microtime( true ) * 1000 ); } ); },
	'basket'   => function ( $quantity, $country = 'PE' ) { wc_load_cart(); WC()->cart->empty_cart(); WC()->cart->add_to_cart( wc_get_products( array( 'limit' => 1, 'return' => 'ids' ) )[0], $quantity ); WC()->customer->set_billing_country( $country ); WC()->cart->calculate_totals(); $gateway = new Efectivo\Woo\Shop\Gateway(); return array( $gateway->is_available(), $gateway->why_not() ); },
	'price'    => function ( $price ) { $product = wc_get_product( wc_get_products( array( 'limit' => 1, 'return' => 'ids' ) )[0] ); $product->set_regular_price( $price ); $product->save(); return $product->get_price(); },
	'links'    => function ( $id ) { return array_keys( apply_filters( 'woocommerce_my_account_my_orders_actions', array( 'view' => array() ), wc_get_order( $id ) ) ); },
	'order_pay' => function ( $id, $country = 'PE' ) { $order = wc_get_order( $id ); $order->set_billing_country( $country ); $order->save(); set_query_var( 'order-pay', $id ); return ( new Efectivo\Woo\Shop\Gateway() )->why_not(); },
	'child_of' => function ( $id ) { $made = wp_insert_term( 'Vinos', 'product_cat', array( 'parent' => (int) $id ) ); foreach ( wc_get_products( array( 'limit' => 1 ) ) as $product ) { $product->set_category_ids( array( $made['term_id'] ) ); $product->save(); } return $made['term_id']; },
	'kind_of'  => function ( $id ) { foreach ( wc_get_products( array( 'limit' => 1 ) ) as $product ) { $product->set_category_ids( array( (int) $id ) ); $product->save(); } return true; },
	'code_less' => function ( $id ) { $order = wc_get_order( $id ); $order->delete_meta_data( '_efectivo_code' ); $order->save(); return WC()->mailer()->get_emails()['WC_Email_Customer_On_Hold_Order']->trigger( $id ); },
	'twice'    => function ( $id ) { $order = wc_get_order( $id ); $order->set_customer_note( 'uno' ); $order->save(); Parts::pump()->order_changed( (string) $id ); Parts::database()->change( 'DELETE FROM {nudges}' ); wc_get_order( $id )->update_status( 'cancelled' ); return true; },
	'post'     => function ( $how, $id ) { return (bool) $how( $id ); },
	'paste'    => function ( $id, $address, $lines, $body ) { return Efectivo\Woo\Admin\Paste_Screen::judged( $id, $address, is_string( $lines ) ? $lines : '', is_string( $body ) ? $body : json_encode( $body ) ); },
	'check'    => function ( $id ) { return Parts::keys_check()->run( $id ); },
	'modes'    => function () { return array( Parts::settings()->mode(), count( Efectivo\Woo\Admin\Proofs::missing() ) ); },
	'method'   => function ( $id, $method ) { $order = wc_get_order( $id ); $order->set_payment_method( $method ); $order->save(); return true; },
	'currency' => function ( $id, $currency ) { $order = wc_get_order( $id ); $order->set_currency( $currency ); $order->save(); return true; },
	'delete'   => function ( $id ) { wc_get_order( $id )->delete( true ); return true; },
	'unfit'    => function () { return Efectivo\Woo\Setup::unfit(); },
	'letter'   => function ( $kind, $type ) { update_option( "woocommerce_efectivo_{$kind}_settings", array( 'enabled' => 'no' === $type ? 'no' : 'yes', 'email_type' => 'no' === $type ? 'multipart' : $type ) ); return true; },
	'search'   => function ( $term ) { ( new Efectivo\Woo\Admin\Order_Box() )->hook(); return array_values( array_filter( array_map( 'intval', wc_order_search( $term ) ), 'wc_get_order' ) ); }, // As in wp-admin; where orders are posts, WooCommerce names the term itself, too.
	'page'     => function ( $id ) { return case_of( $id )['page_url']; },
	'switch_on' => function ( $slug ) { require_once ABSPATH . 'wp-admin/includes/plugin.php'; wp_set_current_user( 1 ); $done = activate_plugin( "$slug/$slug.php" ); return is_wp_error( $done ) ? wp_json_encode( array( $done->get_error_message(), $done->get_error_data() ) ) : true; },
	'options'  => function () { return array( 'efectivo_address' => get_option( 'efectivo_address' ), 'efectivo_core' => get_option( 'efectivo_core' ) ); },
	'hook'     => function ( $name ) { do_action( $name ); return true; },
	'network'  => function ( $host ) { global $wpdb; require_once ABSPATH . 'wp-admin/includes/upgrade.php'; foreach ( $wpdb->tables( 'ms_global' ) as $table => $prefixed ) { $wpdb->$table = $prefixed; } dbDelta( wp_get_db_schema( 'ms_global' ) ); return true === populate_network( 1, $host, 'hola@quipu.example', 'Quipu', '/', false ); },
	'second_site' => function ( $host ) {
		global $wpdb;
		$id = wpmu_create_blog( $host, '/dos/', 'Dos', 1 );
		if ( is_wp_error( $id ) ) {
			return array( 'wrong' => array( $id->get_error_message() ), 'tables' => array() );
		}
		switch_to_blog( $id );
		( new Efectivo\Woo\Admin\Told() )->look();
		$wrong = Efectivo\Woo\Host\Tables::problems();
		restore_current_blog();
		return array( 'wrong' => $wrong, 'tables' => $wpdb->get_col( "SHOW TABLES LIKE '%efectivo%'" ) );
	},
	'samples'  => function () {
		foreach ( array( 'Café de Villa Rica, 250 g' => '32.90', 'Chullo tejido a mano' => '58.00', 'Toro de Pucará' => '249.00' ) as $name => $price ) {
			if ( ! wc_get_products( array( 'limit' => 1, 'return' => 'ids', 'sku' => sanitize_title( $name ) ) ) ) {
				$product = new WC_Product_Simple();
				$product->set_props( array( 'name' => $name, 'sku' => sanitize_title( $name ), 'regular_price' => $price, 'manage_stock' => true, 'stock_quantity' => 20, 'status' => 'publish' ) );
				$product->save();
			}
		}
		return true;
	},
	'outside'  => function ( $act ) { Parts::sandbox()->act( json_decode( json_encode( $act ), true ) ); return true; },
	'report'   => function () { $id = wc_get_orders( array( 'limit' => 1, 'return' => 'ids' ) )[0]; $done = explode( ' ', wc_get_order( $id )->get_meta( '_efectivo_done' ) ); return array( 'case' => case_of( $id ), 'order' => order_of( $id ), 'codes' => Parts::sandbox()->ledger(), 'paid' => count( preg_grep( '/^mark_paid:/', $done ) ), 'cancelled' => count( preg_grep( '/^cancel:/', $done ) ) ); },
	'sql'      => function ( $sql ) { return Parts::database()->rows( $sql ); },
);
if ( ! isset( $acts[ $what ] ) ) {
	exit( "there is no $what" );
}
try {
	$said = $acts[ $what ]( ...$words );
} catch ( Throwable $error ) {
	$said = array( 'error' => $error->getMessage(), 'name' => isset( $error->name ) ? $error->name : get_class( $error ), 'at' => $error->getFile() . ':' . $error->getLine() );
}
echo "\n" . json_encode( $said ) . "\n";
