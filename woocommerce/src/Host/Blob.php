<?php /** Raw bytes on their way into a query, so that they are never taken for text. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Blob {
	/** @var string */
	public $bytes;

	public function __construct( string $bytes ) {
		$this->bytes = $bytes;
	}
}
