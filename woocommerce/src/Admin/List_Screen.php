<?php /** The list of codes, or of those that wait for a person, with a search by code or order. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class List_Screen {
	const MOST = 100;

	public static function show( bool $reviews, string $search ): void {
		self::search( $search );
		$cases = '' !== $search ? self::found( $search ) : Parts::store()->cases( array( 'reviews' => $reviews, 'limit' => self::MOST ) ); // phpcs:ignore
		if ( ! $cases ) {
			echo '<p class="efectivo-none">' . esc_html( $reviews ? __( 'Nothing waits for you.', 'efectivo' ) : __( 'No codes yet. Buy something in your shop and choose the cash code.', 'efectivo' ) ) . '</p>';
			return;
		}
		echo '<ul class="efectivo-list">';
		foreach ( $cases as $case ) {
			self::row( Parts::host()->view( $case ) );
		}
		echo '</ul>';
	}

	private static function row( $view ): void {
		$open = array();
		foreach ( $view->reviews as $review ) {
			if ( $review->open ) {
				$open[] = $review->title;
			}
		}
		echo '<li><a href="' . esc_url( Desk::url( array( 'case' => $view->id ) ) ) . '"><b>#' . esc_html( $view->number ) . '</b> <span class="efectivo-state ' . esc_attr( $view->state ) . '">' . esc_html( $view->state_text ) . '</span>';
		echo '<span class="efectivo-money">' . esc_html( $view->amount_text ) . '</span><span class="efectivo-digits">' . esc_html( (string) $view->code ) . '</span><span class="efectivo-when">' . esc_html( $view->placed_text ) . '</span>';
		if ( $open ) {
			echo '<strong class="efectivo-ask">' . esc_html( implode( ' · ', $open ) ) . '</strong>';
		}
		echo '</a></li>';
	}

	private static function search( string $search ): void {
		echo '<form method="get" class="efectivo-search"><input type="hidden" name="page" value="' . esc_attr( Desk::PAGE ) . '"><label for="efectivo-s">' . esc_html__( 'Code or order', 'efectivo' ) . '</label> <input type="search" id="efectivo-s" name="s" value="' . esc_attr( $search ) . '"> <button class="button">' . esc_html__( 'Search', 'efectivo' ) . '</button></form>';
	}

	/** By the code on any channel, or by the order. */
	private static function found( string $search ): array {
		$plain = preg_replace( '/[\s#]/', '', $search );
		$ids   = array( Parts::store()->holder( "order:$plain" ) );
		foreach ( Parts::settings()->core()->channels as $channel ) {
			$ids[] = Parts::store()->holder( "id:{$channel->id}:$plain" );
			$ids[] = Parts::store()->holder( "ref:{$channel->id}:$plain" );
		}
		return array_map( array( Parts::host(), 'load' ), array_values( array_unique( array_filter( $ids ) ) ) );
	}
}
