<?php /** The plugin's log, in WooCommerce's own: names, numbers and codes only; no text from outside gets in. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Log {
	public static function write( string $event, array $facts = array() ): void {
		$line = $event;
		foreach ( $facts as $name => $value ) {
			$line .= " $name=" . self::plain( $value );
		}
		if ( function_exists( 'wc_get_logger' ) ) {
			wc_get_logger()->info( $line, array( 'source' => 'efectivo' ) );
		}
	}

	/** What may be said of an error: its code or kind, never its text. */
	public static function of( \Throwable $error ): array {
		return array( 'error' => $error instanceof Refusal ? $error->name : ( new \ReflectionClass( $error ) )->getShortName() );
	}

	private static function plain( $value ): string {
		if ( null === $value || is_bool( $value ) || is_int( $value ) ) {
			return (string) wp_json_encode( $value );
		}
		return is_string( $value ) && preg_match( '#^[\w.:/-]{0,120}$#', $value ) ? $value : '[hidden]';
	}
}
