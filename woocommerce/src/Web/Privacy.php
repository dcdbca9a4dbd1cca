<?php /** WordPress's privacy tools: exports what is kept of a person and erases what may go; the law keeps the rest for its time. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Privacy {
	public function hook(): void {
		add_filter( 'wp_privacy_personal_data_exporters', array( $this, 'exporters' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( $this, 'erasers' ) );
		add_action( 'admin_init', array( $this, 'policy' ) );
	}

	public function exporters( $all ) {
		$all['efectivo'] = array( 'exporter_friendly_name' => __( 'Payment codes', 'efectivo' ), 'callback' => array( $this, 'export' ) ); // phpcs:ignore
		return $all;
	}

	public function erasers( $all ) {
		$all['efectivo'] = array( 'eraser_friendly_name' => __( 'Payment codes', 'efectivo' ), 'callback' => array( $this, 'erase' ) ); // phpcs:ignore
		return $all;
	}

	/** Suggests a paragraph for the shop's policy. */
	public function policy(): void {
		wp_add_privacy_policy_content( 'Efectivo', wp_kses_post( wpautop( __( 'When you pay with a cash code, your name, e-mail and, where the provider asks for it, your document are given to the payment provider to make the code. They are kept for at least 180 days for disputes; amounts and the order\'s history are kept as long as tax law asks.', 'efectivo' ) ) ) );
	}

	/** @return array|\WP_Error As WordPress's tools want it. */
	public function export( $email, $page = 1 ) {
		return self::whole( function () use ( $email, $page ) { return $this->exported( $email, $page ); } ); // phpcs:ignore
	}

	/** @return array|\WP_Error As WordPress's tools want it. */
	public function erase( $email, $page = 1 ) {
		return self::whole( function () use ( $email, $page ) { return $this->erased( $email, $page ); } ); // phpcs:ignore
	}

	/** An answer that lacks something is none: where the records can't be read the tool says so. */
	private static function whole( callable $work ) {
		try {
			return $work();
		} catch ( \RuntimeException $error ) {
			Log::write( 'privacy_failed', Log::of( $error ) );
			return new \WP_Error( 'efectivo_privacy', __( 'The records of payment codes can not be read just now. Please try again once Site Health finds nothing wrong with them.', 'efectivo' ) );
		}
	}

	private function exported( $email, $page ): array {
		$items = array();
		foreach ( self::orders( $email, (int) $page ) as $order ) {
			$case   = Parts::host()->of_order( (string) $order->get_id() );
			$person = $case ? Parts::store()->person( $case->id ) : null;
			$rows   = array();
			foreach ( $person ? (array) $person : array() as $name => $value ) {
				$rows[] = array( 'name' => $name, 'value' => $value ); // phpcs:ignore
			}
			if ( $rows ) {
				$items[] = array( 'group_id' => 'efectivo', 'group_label' => __( 'Payment codes', 'efectivo' ), 'item_id' => "efectivo-{$order->get_id()}", 'data' => $rows ); // phpcs:ignore
			}
		}
		return array( 'data' => $items, 'done' => count( self::orders( $email, (int) $page ) ) < 20 ); // phpcs:ignore
	}

	private function erased( $email, $page ): array {
		$removed  = false;
		$retained = false;
		foreach ( self::orders( $email, (int) $page ) as $order ) {
			$case     = Parts::host()->of_order( (string) $order->get_id() );
			$went     = $case ? Parts::store()->erase( $case->id, Parts::clock()->now() ) : array( 'erased' => 0, 'kept' => 0 ); // phpcs:ignore
			$removed  = $removed || $went['erased'] > 0;
			$retained = $retained || $went['kept'] > 0;
		}
		$told = $retained ? array( __( 'Evidence of payments is kept for 180 days for disputes and then erased by itself.', 'efectivo' ) ) : array();
		return array( 'items_removed' => $removed, 'items_retained' => $retained, 'messages' => $told, 'done' => count( self::orders( $email, (int) $page ) ) < 20 ); // phpcs:ignore
	}

	private static function orders( string $email, int $page ): array {
		return wc_get_orders( array( 'billing_email' => $email, 'limit' => 20, 'page' => $page, 'orderby' => 'ID' ) ); // phpcs:ignore
	}
}
