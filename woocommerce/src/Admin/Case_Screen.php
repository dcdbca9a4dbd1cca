<?php /** One order's payment story: how it stands, what can be decided, questions with their steps, attempts, refunds, journal. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Host\Refusal;
use Efectivo\Woo\Parts;
use Efectivo\Woo\Shop\Orders;

defined( 'ABSPATH' ) || exit;

final class Case_Screen {
	public static function show( string $id ): void {
		$case = Parts::host()->load( $id );
		if ( ! $case ) {
			throw new Refusal( 'no_case', __( 'There is no such case.', 'efectivo' ) );
		}
		$view = Parts::host()->view( $case );
		self::head( $view );
		foreach ( $view->reviews as $review ) {
			self::review( $view->id, $review );
		}
		self::attempts( $view );
		self::refunds( $view );
		self::journal( $id );
		self::pack( $case );
	}

	/** What to send to a provider's support: references, times and digests, nobody's data. */
	private static function pack( $case ): void {
		$told = Parts::door()->call( 'support_pack', array( 'case' => $case, 'entries' => Parts::store()->journal( $case->id ), 'now' => Parts::clock()->now() ) )->ok;
		echo '<section class="efectivo-card"><details><summary>' . esc_html( Parts::door()->say( 'desk.pack.title', Parts::settings()->desk_locale() ) ) . '</summary><textarea readonly rows="14" class="large-text code">' . esc_textarea( $told->text ) . '</textarea></details></section>';
	}

	private static function head( $view ): void {
		$order = wc_get_order( (int) $view->order );
		echo '<section class="efectivo-card"><h2>#' . esc_html( $view->number ) . ' <span class="efectivo-state ' . esc_attr( $view->state ) . '">' . esc_html( $view->state_text ) . '</span></h2><dl>';
		self::pair( __( 'Amount', 'efectivo' ), $view->amount_text );
		self::pair( __( 'Code', 'efectivo' ), (string) $view->code, 'efectivo-digits' );
		self::pair( __( 'Can be paid until', 'efectivo' ), (string) $view->deadline_text );
		self::pair( __( 'Order in the shop', 'efectivo' ), $view->shop_text );
		self::pair( __( 'Next question to the provider', 'efectivo' ), (string) $view->next_question_text );
		self::pair( __( 'Under way', 'efectivo' ), $view->wish_text );
		echo '</dl>' . ( $order && '' !== Orders::unread( $order ) ? '<p class="efectivo-ask">' . esc_html( Orders::unread( $order ) ) . '</p>' : '' ) . '<div class="efectivo-buttons">';
		foreach ( $view->decisions as $one ) {
			if ( ! isset( $one->decision->refund ) ) { // money goes back by the order's own screen, where WooCommerce keeps its books
				self::button( $view->id, $one->label, array( 'decision' => Door::json( $one->decision ) ), 'cancel' === $one->decision );
			}
		}
		echo '<a class="button" href="' . esc_url( $view->page_url ) . '" target="_blank" rel="noopener">' . esc_html__( 'The shopper\'s page', 'efectivo' ) . '</a>';
		if ( $order ) {
			echo '<a class="button" href="' . esc_url( $order->get_edit_order_url() ) . '">' . esc_html__( 'The order', 'efectivo' ) . '</a>';
		}
		echo '</div></section>';
	}

	/** A question for a person: what happened, steps, the few right buttons, each with a reason. */
	private static function review( string $id, $review ): void {
		echo '<section class="efectivo-card efectivo-review' . ( $review->open ? '' : ' closed' ) . '"><h2>' . esc_html( $review->title ) . '</h2><p>' . esc_html( $review->text ) . ' ' . ( $review->amount_text ? '<b>' . esc_html( $review->amount_text ) . '</b>' : '' ) . '</p>';
		if ( ! $review->open ) {
			echo '<p>' . esc_html( "{$review->closed_text}: {$review->resolution_text}. {$review->reason}" ) . '</p></section>';
			return;
		}
		if ( isset( $review->explained ) ) {
			echo '<p><b>' . esc_html( $review->explained->cause ) . '</b> ' . esc_html( $review->explained->step ) . '</p>';
		}
		echo '<ol>';
		foreach ( $review->steps as $step ) {
			echo '<li>' . esc_html( $step ) . '</li>';
		}
		echo '</ol><p class="description">' . esc_html( $review->result ) . '</p><form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
		self::hidden( $id, array( 'review' => (string) $review->no ) );
		$field = "efectivo-reason-{$review->no}";
		echo '<p><label for="' . esc_attr( $field ) . '">' . esc_html__( 'Why (kept with the decision)', 'efectivo' ) . '</label><br><textarea id="' . esc_attr( $field ) . '" name="reason" maxlength="500" rows="2" required></textarea></p><p class="efectivo-buttons">';
		foreach ( $review->buttons as $one ) {
			echo '<button class="button button-primary" name="resolution" value="' . esc_attr( $one->resolution ) . '">' . esc_html( $one->label ) . '</button>';
		}
		echo '</p></form></section>';
	}

	private static function attempts( $view ): void {
		echo '<section class="efectivo-card"><h2>' . esc_html__( 'Codes that were asked for', 'efectivo' ) . '</h2><ul>';
		foreach ( $view->attempts as $attempt ) {
			echo '<li><b>' . esc_html( $attempt->reference ) . '</b> · ' . esc_html( "{$attempt->channel} · {$attempt->amount_text} · {$attempt->state_text}" ) . ( isset( $attempt->expires_text ) ? ' · ' . esc_html( $attempt->expires_text ) : '' );
			if ( isset( $attempt->error_text ) ) {
				echo '<br>' . esc_html( $attempt->error_text );
			}
			foreach ( $attempt->payments as $payment ) {
				echo '<br>' . esc_html( "{$payment->amount_text} · {$payment->at_text} · {$payment->standing_text} · {$payment->id}" );
			}
			echo '</li>';
		}
		echo '</ul></section>';
	}

	private static function refunds( $view ): void {
		if ( ! $view->refunds ) {
			return;
		}
		echo '<section class="efectivo-card"><h2>' . esc_html__( 'Money on its way back', 'efectivo' ) . '</h2><ul>';
		foreach ( $view->refunds as $refund ) {
			echo '<li><b>' . esc_html( $refund->amount_text ) . '</b> · ' . esc_html( "{$refund->state_text} · {$refund->requested_text}" ) . '</li>';
		}
		echo '</ul></section>';
	}

	private static function journal( string $id ): void {
		echo '<section class="efectivo-card"><h2>' . esc_html__( 'What happened', 'efectivo' ) . '</h2><ol class="efectivo-journal">';
		foreach ( Parts::host()->journal( $id ) as $row ) {
			echo '<li><time>' . esc_html( $row->at_text ) . '</time> ' . esc_html( $row->text ) . '</li>';
		}
		echo '</ol></section>';
	}

	/** A button that is a form of its own, so that it works without script. */
	private static function button( string $id, string $label, array $fields, bool $twice ): void {
		echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
		self::hidden( $id, $fields );
		echo self::pressed( '<button class="button">', $label, $twice ) . '</form>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped there.
	}

	/** A button; one that can not be taken back is opened first and then pressed. */
	public static function pressed( string $open, string $label, bool $twice ): string {
		$button = $open . esc_html( $twice ? __( 'Yes, do it', 'efectivo' ) : $label ) . '</button>';
		return $twice ? '<details class="efectivo-twice"><summary class="button">' . esc_html( $label ) . '</summary>' . $button . '</details>' : $button;
	}

	/** What a decision's form carries unseen. */
	public static function hidden( string $id, array $fields ): void {
		wp_nonce_field( Desk::DECIDE . $id, '_wpnonce', true );
		foreach ( array( 'action' => Desk::DECIDE, 'case' => $id ) + $fields as $name => $value ) { // phpcs:ignore
			echo '<input type="hidden" name="' . esc_attr( $name ) . '" value="' . esc_attr( $value ) . '">';
		}
	}

	private static function pair( string $label, string $value, string $class = '' ): void {
		if ( '' !== $value ) {
			echo '<div><dt>' . esc_html( $label ) . '</dt><dd class="' . esc_attr( $class ) . '">' . esc_html( $value ) . '</dd></div>';
		}
	}
}
