<?php /** Stands in for WP-CLI: commands run as they would there, and what they print and end with is kept. */
namespace {
	class WP_CLI {
		/** @var int */
		public static $code = 0;

		public static function error( $text ) {
			self::$code = 1;
			throw new RuntimeException( "Error: $text" );
		}

		public static function halt( $code ) {
			self::$code = $code;
			throw new RuntimeException( "halted with $code" );
		}
	}
}
namespace WP_CLI\Utils {
	function format_items( $format, $items, $fields ) {
		$GLOBALS['efectivo_said'] = array( 'format' => $format, 'rows' => array_map( function ( $item ) use ( $fields ) { return array_intersect_key( (array) $item, array_flip( (array) $fields ) ); }, (array) $items ) );
	}
}
