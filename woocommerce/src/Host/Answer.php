<?php /** What the core answered: its JSON, and the bytes beside it. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Answer {
	/** @var mixed */
	public $ok;
	/** @var string */
	public $bytes;

	public function __construct( $ok, string $bytes ) {
		$this->ok    = $ok;
		$this->bytes = $bytes;
	}
}
