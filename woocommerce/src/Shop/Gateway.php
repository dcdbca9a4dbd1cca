<?php /** The payment method as WooCommerce sees it: offered where it fits, asks for a code, passes refunds on. */
namespace Efectivo\Woo\Shop;

use Efectivo\Woo\Admin\Fields;
use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Gateway extends \WC_Payment_Gateway {
	public function __construct() {
		$this->id                 = Orders::GATEWAY;
		$this->has_fields         = true;
		$this->method_title       = __( 'Cash codes for Peru', 'efectivo' );
		$this->method_description = __( 'The shopper gets a code and pays it in cash at an agent, or in a bank\'s app. The order waits, and follows the money.', 'efectivo' );
		$this->supports           = array( 'products', 'refunds' );
		$this->init_form_fields();
		$this->init_settings();
		$settings          = Parts::settings();
		$this->enabled     = $settings->get( 'enabled' );
		$this->title       = '' !== $settings->get( 'title' ) ? $settings->get( 'title' ) : __( 'Cash or bank app (PagoEfectivo code)', 'efectivo' );
		$this->description = '' !== $settings->get( 'description' ) ? $settings->get( 'description' ) : __( 'You get a code. Pay it in cash at an agent or in your bank\'s app; no card needed.', 'efectivo' );
		add_action( "woocommerce_update_options_payment_gateways_{$this->id}", array( $this, 'process_admin_options' ) );
	}

	public function init_form_fields() {
		$this->form_fields = is_admin() ? Fields::all() : array();
	}

	/** Only what a merchant may choose reaches the options; keys go to their own, sealed place. */
	public function process_admin_options() {
		$saved = Fields::save( $this );
		Parts::settings()->forget();
		return $saved;
	}

	/** Own rows of the settings' form, which WooCommerce calls by the field's type. */
	public function generate_efectivo_keys_html( $name, $field ) {
		wp_enqueue_style( 'efectivo-desk' );
		return Fields::keys_row( $field );
	}

	public function generate_efectivo_told_html( $name, $field ) {
		return Fields::told_row( $field );
	}

	public function is_available() {
		return 'yes' === $this->enabled && '' === $this->why_not();
	}

	/** Why a code is not offered for the order or basket that the shopper has before them; '' where it is. */
	public function why_not(): string {
		if ( ! Parts::settings()->may_act() ) {
			return __( 'This site is a copy that nobody has confirmed.', 'efectivo' );
		}
		try {
			$fit     = Parts::fit();
			$general = $fit->why_not();
			if ( '' !== $general ) {
				return $general;
			}
			$order = $this->order_to_pay();
			return $order ? $fit->why_not_order( $order ) : $fit->why_not_basket();
		} catch ( Refusal $refusal ) {
			return $refusal->told();
		}
	}

	/** The order of the pay-for-order page, where that is where the shopper is. */
	private function order_to_pay(): ?\WC_Order {
		$id    = absint( get_query_var( 'order-pay' ) );
		$order = $id ? wc_get_order( $id ) : null;
		return $order instanceof \WC_Order ? $order : null;
	}

	public function payment_fields() {
		echo wp_kses_post( wpautop( wptexturize( $this->description ) ) );
		if ( ! in_array( 'document', Parts::fit()->demands(), true ) ) {
			return;
		}
		$options = '';
		foreach ( Person::DOCUMENTS as $type ) {
			$options .= '<option>' . esc_html( $type ) . '</option>';
		}
		echo '<p class="form-row form-row-wide"><label for="efectivo_document_type">' . esc_html__( 'Document', 'efectivo' ) . '</label><select id="efectivo_document_type" name="efectivo_document_type" class="input-text" style="width:100%">' . $options . '</select></p>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped above.
		echo '<p class="form-row form-row-wide"><label for="efectivo_document">' . esc_html__( 'Document number', 'efectivo' ) . ' <span class="required">*</span></label><input id="efectivo_document" name="efectivo_document" class="input-text" autocomplete="off" required></p><div class="clear"></div>';
	}

	public function validate_fields() {
		if ( in_array( 'document', Parts::fit()->demands(), true ) && '' === Person::posted( 'efectivo_document' ) ) {
			wc_add_notice( __( 'Please give your document number: the provider makes no code without it.', 'efectivo' ), 'error' );
			return false;
		}
		return true;
	}

	/**
	 * Asks for a code. The order keeps waiting without one where the provider gives no answer: its page, and a mail, show the code as soon as it is there.
	 *
	 * @param int $order_id The order.
	 */
	public function process_payment( $order_id ) {
		$order = wc_get_order( $order_id );
		try {
			$order->update_meta_data( Orders::CASE_ID, 'asked' ); // before anything leaves: the store's hold-stock cron keeps off
			$order->save();
			$case = Parts::host()->place( (string) $order->get_id(), $order->get_order_number(), Person::of( $order ) );
			if ( Parts::host()->is_payable( $case ) ) {
				Parts::orders()->hold_again( (string) $order->get_id() );
			}
		} catch ( \RuntimeException $error ) {
			return $this->refused( $error, $order );
		}
		$order = wc_get_order( $order_id );
		$order->update_meta_data( Orders::CASE_ID, $case->id );
		$order->save();
		if ( WC()->cart ) {
			WC()->cart->empty_cart();
		}
		return array(
			'result'   => 'success',
			'redirect' => $this->get_return_url( $order ),
		);
	}

	private function refused( \RuntimeException $error, \WC_Order $order ): array {
		$this->let_go( $order );
		$told = $error instanceof Refusal ? $error->getMessage() : __( 'The code could not be made just now. Nothing was charged; please try again.', 'efectivo' );
		wc_add_notice( $told, 'error' );
		return array(
			'result'  => 'failure',
			'message' => $told,
		);
	}

	/** An order that has no case is nobody's to keep: the store's hold-stock cron may have it again. */
	private function let_go( \WC_Order $order ): void {
		try {
			if ( ! Parts::host()->of_order( (string) $order->get_id() ) ) {
				$order->delete_meta_data( Orders::CASE_ID );
				$order->save();
			}
		} catch ( \RuntimeException $error ) {
			Log::write( 'order_kept', array( 'order' => $order->get_id() ) + Log::of( $error ) ); // there may be one
		}
	}

	public function can_refund_order( $order ) {
		return $order instanceof \WC_Order && (bool) $order->get_date_paid() && null !== Refunds::offer( $order );
	}

	/** @return true|\WP_Error */
	public function process_refund( $order_id, $amount = null, $reason = '' ) {
		return Refunds::ask( wc_get_order( $order_id ), (string) $amount );
	}

	// What WooCommerce's payments screen asks of a gateway.

	public function is_test_mode() {
		return 'test' === Parts::settings()->mode();
	}

	public function needs_setup() {
		try {
			return (bool) Parts::settings()->problems();
		} catch ( Refusal $refusal ) {
			return true;
		}
	}

	public function is_account_connected() {
		return ! $this->needs_setup();
	}

	public function get_settings_url() {
		return admin_url( 'admin.php?page=wc-settings&tab=checkout&section=efectivo' );
	}
}
