<?php /** The test agent: anybody with the shop's rights pays a sandbox code here, in time or late, twice or wrong, and lets notices go astray. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Agent_Screen {
	/** What the next notice can be told to do; the core's own names. */
	const RULES = array( 'normal', 'lost', 'doubled', 'reordered', 'forged' );

	public static function show(): void {
		$words = Parts::door()->call( 'words', array( 'locale' => Parts::settings()->desk_locale(), 'prefix' => 'agent.' ) )->ok;
		$say   = static function ( $id ) use ( $words ) {
			$id = "agent.$id";
			return isset( $words->$id ) ? $words->$id : $id;
		};
		echo '<p>' . esc_html( $say( 'lead' ) ) . '</p>';
		echo '<section class="efectivo-card"><h2>' . esc_html( $say( 'ledger' ) ) . '</h2>';
		$rows = Parts::sandbox()->ledger();
		if ( ! $rows ) {
			echo '<p>' . esc_html( $say( 'empty' ) ) . '</p>';
		}
		foreach ( array_slice( $rows, 0, 50 ) as $row ) {
			self::code( $row, $say );
		}
		echo '</section><section class="efectivo-card"><h2>' . esc_html( $say( 'notices.title' ) ) . '</h2><p>' . esc_html( $say( 'notices.hint' ) ) . '</p>';
		self::open();
		echo '<label for="efectivo-rule">' . esc_html( $say( 'notices.next' ) ) . '</label> <select id="efectivo-rule" name="rule">';
		foreach ( self::RULES as $rule ) {
			echo '<option value="' . esc_attr( $rule ) . '">' . esc_html( $say( "rule.$rule" ) ) . '</option>';
		}
		echo '</select> <button class="button" name="do" value="notices">' . esc_html( $say( 'set' ) ) . '</button></form></section>';
	}

	private static function code( $row, callable $say ): void {
		self::open();
		echo '<input type="hidden" name="code" value="' . esc_attr( $row->digits ) . '"><p class="efectivo-agent"><b class="efectivo-digits">' . esc_html( $row->digits ) . '</b> <span>' . esc_html( $row->amount_text ) . '</span> <small>' . esc_html( Parts::door()->say( 'provider.' . ( 'own' === $row->protocol ? 'sandbox' : $row->protocol ), Parts::settings()->desk_locale() ) . " · $row->reference" ) . '</small> ';
		$label = $say( 'amount' ) . ' ' . $row->digits;
		echo '<input type="text" name="amount" size="14" inputmode="decimal" aria-label="' . esc_attr( $label ) . '" placeholder="' . esc_attr( $say( 'amount.same' ) ) . '"> ';
		echo '<button class="button button-primary" name="do" value="pay">' . esc_html( $say( 'do.pay' ) ) . '</button> ';
		foreach ( array( 'twice', 'reverse', 'form' ) as $do ) {
			echo '<button class="button" name="do" value="' . esc_attr( $do ) . '">' . esc_html( $say( "do.$do" ) ) . '</button> ';
		}
		echo '</p></form>';
	}

	private static function open(): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '"><input type="hidden" name="action" value="' . esc_attr( Desk::AGENT ) . '">';
		wp_nonce_field( Desk::AGENT, '_wpnonce', true );
	}

	/** The acts that a pressed button stands for. */
	public static function act( string $do, string $code, string $amount, string $rule ): void {
		if ( 'test' !== Parts::settings()->mode() ) {
			throw new Refusal( 'live', __( 'The test agent is there in test mode only.', 'efectivo' ) );
		}
		$money = '' === $amount ? null : Parts::door()->call( 'money', array( 'text' => $amount, 'currency' => get_woocommerce_currency() ), '', Parts::settings()->desk_locale() )->ok->money;
		$pay   = array( 'pay' => array( 'code' => $code, 'amount' => $money ) ); // phpcs:ignore
		$acts  = array(
			'pay'     => array( $pay ),
			'twice'   => array( $pay, $pay ),
			'reverse' => array( array( 'reverse' => array( 'code' => $code ) ) ), // phpcs:ignore
			'form'    => array( array( 'fill_form' => array( 'code' => $code ) ) ), // phpcs:ignore
			'notices' => array( array( 'notices' => array( 'rule' => in_array( $rule, self::RULES, true ) ? $rule : 'normal', 'count' => 1 ) ) ), // phpcs:ignore
		);
		foreach ( isset( $acts[ $do ] ) ? $acts[ $do ] : array() as $one ) {
			Parts::sandbox()->act( $one );
		}
	}
}
