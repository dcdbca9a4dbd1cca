<?php /** The live preview: the core itself, as WebAssembly in the merchant's browser, writes page and mails anew with every choice. */
namespace Efectivo\Woo\Admin;

use Efectivo\Woo\Host\Door;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class Preview_Screen {
	const KINDS = array( 'page', 'new', 'reminder', 'last_call', 'lapsed', 'paid', 'late' );

	public static function show(): void {
		if ( ! self::has_core() ) {
			return;
		}
		$settings = Parts::settings();
		$words    = Parts::door()->call( 'words', array( 'locale' => $settings->desk_locale(), 'prefix' => 'demo.' ) )->ok; // phpcs:ignore
		$say      = static function ( $id ) use ( $words ) {
			$id = "demo.$id";
			return isset( $words->$id ) ? $words->$id : $id;
		};
		$kinds    = array();
		foreach ( self::KINDS as $kind ) {
			$kinds[ $kind ] = $say( "kind.$kind" );
		}
		echo '<p>' . esc_html( $say( 'preview.lead' ) ) . '</p><form id="efectivo-choices" class="efectivo-card efectivo-buttons" data-settings="' . esc_attr( Door::json( $settings->core() ) ) . '" data-now="' . esc_attr( (string) Parts::clock()->now() ) . '">';
		self::select( 'kind', $say( 'preview.kind' ), $kinds, '' );
		self::select( 'locale', $say( 'preview.locale' ), array( 'es-PE' => 'Español (Perú)', 'es' => 'Español', 'en' => 'English', 'zh-CN' => '简体中文' ), $settings->locale() ); // phpcs:ignore
		self::select( 'tone', $say( 'preview.tone' ), array( 'tu' => 'tú', 'usted' => 'usted' ), (string) $settings->get( 'tone' ) ); // phpcs:ignore
		echo '<label>' . esc_html( $say( 'preview.name' ) ) . '<br><input type="text" name="name" value="' . esc_attr( $settings->core()->shop['name'] ) . '"></label>';
		echo '<label>' . esc_html( $say( 'preview.hours' ) ) . '<br><input name="validity_hours" type="number" min="24" max="72" value="' . esc_attr( (string) $settings->get( 'validity_hours' ) ) . '"></label>';
		echo '</form><p id="efectivo-wrong" role="alert"></p><div id="efectivo-stage" tabindex="0" role="region" aria-label="' . esc_attr( $say( 'desk.preview' ) ) . '"></div>';
		echo '<script type="module" src="' . esc_url( plugins_url( 'assets/preview.js', EFECTIVO_FILE ) . '?ver=' . EFECTIVO_VERSION ) . '"></script>'; // phpcs:ignore WordPress.WP.EnqueuedResources -- a module, which older WordPress can't enqueue in wp-admin.
	}

	/** Whether the browser's files are there; says so where they are not. */
	public static function has_core(): bool {
		$is_there = is_readable( EFECTIVO_DIR . '/core/web/dist/efectivo_bg.wasm' );
		if ( ! $is_there ) {
			echo '<p>' . esc_html__( 'The files for the browser are missing. Install the plugin again.', 'efectivo' ) . '</p>';
		}
		return $is_there;
	}

	private static function select( string $name, string $label, array $options, string $chosen ): void {
		echo '<label>' . esc_html( $label ) . '<br><select name="' . esc_attr( $name ) . '">';
		foreach ( $options as $value => $text ) {
			echo '<option value="' . esc_attr( $value ) . '"' . selected( $value, $chosen, false ) . '>' . esc_html( $text ) . '</option>';
		}
		echo '</select></label>';
	}
}
