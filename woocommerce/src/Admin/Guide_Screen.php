<?php /** The guide: does this site fit, do notices arrive, has a test sale gone all the way, and then the live keys; each step with the way to it. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Parts;
use Efectivo\Woo\Settings;

defined( 'ABSPATH' ) || exit;

final class Guide_Screen {
	public static function show(): void {
		$unfit   = array_filter( Fit_Check::rows(), static function ( $row ) { return false === $row[0]; } ); // phpcs:ignore
		$missing = Proofs::missing();
		echo '<ol class="efectivo-guide">';
		self::step( __( 'Does it fit?', 'efectivo' ), ! $unfit, array( self::class, 'fit' ) );
		self::step( __( 'Do notices arrive?', 'efectivo' ), self::heard(), array( self::class, 'notices' ) );
		self::step( __( 'A test sale, all the way', 'efectivo' ), ! $missing, array( self::class, 'sale' ) );
		self::step( __( 'Live keys', 'efectivo' ), 'live' === Parts::settings()->mode(), array( self::class, 'live' ) );
		echo '</ol>';
	}

	private static function step( string $title, bool $done, callable $inside ): void {
		echo '<li class="efectivo-card' . ( $done ? ' done' : '' ) . '"><h2>' . esc_html( $title ) . ' ' . self::mark( $done ) . '</h2>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped in mark().
		$inside();
		echo '</li>';
	}

	private static function mark( ?bool $done ): string {
		$told = $done ? __( 'done', 'efectivo' ) : ( null === $done ? __( 'before going live', 'efectivo' ) : __( 'to do', 'efectivo' ) );
		return '<span class="efectivo-mark ' . ( $done ? 'yes' : 'no' ) . '">' . esc_html( $told ) . '</span>';
	}

	public static function fit(): void {
		echo '<ul class="efectivo-checks">';
		foreach ( Fit_Check::rows() as list( $ok, $name, $told, $way ) ) {
			echo '<li class="' . ( $ok ? 'yes' : 'no' ) . '"><b>' . esc_html( $name ) . '</b> ' . self::mark( $ok ) . ( '' !== $told ? '<br>' . esc_html( $told ) : '' ); // phpcs:ignore WordPress.Security.EscapeOutput -- escaped in mark().
			if ( ! $ok && '' !== $way ) {
				echo ' <a href="' . esc_url( $way ) . '">' . esc_html__( 'Go there', 'efectivo' ) . '</a>';
			}
			echo '</li>';
		}
		echo '</ul>';
	}

	public static function notices(): void {
		echo '<p>' . esc_html__( 'Providers tell your shop of payments at these addresses. The test calls them from outside of this page, as a provider would.', 'efectivo' ) . '</p>';
		foreach ( Parts::channels()->read() as $one ) {
			$channel = Parts::settings()->channel( $one->row->id );
			if ( $channel->enabled ) {
				Channels_Screen::told( $one->row, 'guide' );
			}
		}
	}

	/** Whether a good notice has come on a channel in use, or the test of one was passed. */
	private static function heard(): bool {
		$tested = (array) get_option( Channels_Screen::TESTED, array() );
		foreach ( Parts::channels()->read() as $one ) {
			$channel = Parts::settings()->channel( $one->row->id );
			if ( $channel->enabled && ( isset( $one->row->health->last_notice_at ) || ! empty( $tested[ $one->row->id ]['ok'] ) ) ) {
				return true;
			}
		}
		return false;
	}

	public static function sale(): void {
		echo '<p>' . esc_html__( 'Buy something in your shop, then pay its code at the test agent. Four things are noted as they happen; live mode opens with the fourth.', 'efectivo' ) . '</p>';
		self::played();
		echo '<ul class="efectivo-checks">';
		foreach ( Proofs::names() as $name => $told ) {
			$seen = Proofs::seen( $name );
			echo '<li class="' . ( $seen ? 'yes' : 'no' ) . '"><b>' . esc_html( $told ) . '</b> ' . self::mark( null !== $seen ) . ( $seen ? '<br>' . esc_html( Channels_Screen::moment( $seen['at'] ) . ' · ' . Channels_Screen::name( $seen['channel'] ) ) : '' ) . '</li>'; // phpcs:ignore WordPress.Security.EscapeOutput -- escaped in mark().
		}
		echo '</ul><p class="efectivo-buttons"><a class="button" href="' . esc_url( wc_get_page_permalink( 'shop' ) ) . '" target="_blank" rel="noopener">' . esc_html__( 'Open the shop', 'efectivo' ) . '</a>';
		if ( 'test' === Parts::settings()->mode() ) {
			echo ' <a class="button" href="' . esc_url( Desk::url( array( 'tab' => 'agent' ) ) ) . '">' . esc_html__( 'Test agent', 'efectivo' ) . '</a>';
		}
		echo '</p>';
	}

	/** Which providers are played here, as long as they have no test keys. */
	private static function played(): void {
		$names = array();
		foreach ( Parts::settings()->core()->channels as $channel ) {
			if ( $channel->enabled && Settings::is_simulated( $channel->id ) && 'sandbox' !== $channel->id ) {
				$names[] = Parts::door()->say( "provider.{$channel->provider}", Parts::settings()->desk_locale() );
			}
		}
		if ( $names ) {
			/* translators: %s: names of providers */
			echo '<p>' . esc_html( sprintf( __( 'Simulated inside this site, by each one\'s own rules, as long as no test keys are entered: %s.', 'efectivo' ), implode( ', ', $names ) ) ) . '</p>';
		}
	}

	public static function live(): void {
		$missing = Proofs::missing();
		if ( 'live' === Parts::settings()->mode() ) {
			echo '<p>' . esc_html__( 'The shop sells live.', 'efectivo' ) . '</p>';
		} elseif ( $missing ) {
			echo '<p>' . esc_html( __( 'Live keys do nothing yet. Still missing:', 'efectivo' ) . ' ' . implode( ', ', $missing ) ) . '</p>';
		} else {
			echo '<p>' . esc_html__( 'Enter your provider\'s live keys, give the provider the address for notices, and choose live mode.', 'efectivo' ) . '</p>';
		}
		if ( ! $missing && Proofs::of_sandbox() ) {
			echo '<div class="notice notice-info inline"><p>' . esc_html__( 'So far it was the sandbox inside this site that showed this: your shop is ready, but the provider itself has never been asked. Where it gives you test keys, enter them and make one more test sale; else let the first live order be one of your own.', 'efectivo' ) . '</p></div>';
		}
		echo '<p><a class="button' . ( $missing ? '' : ' button-primary' ) . '" href="' . esc_url( Fit_Check::settings() ) . '">' . esc_html__( 'Settings', 'efectivo' ) . '</a></p>';
	}
}
