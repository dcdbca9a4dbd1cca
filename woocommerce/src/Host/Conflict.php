<?php /** Somebody else wrote the case, a channel, an output or a key first: load again and handle again. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Conflict extends \RuntimeException {
	/** @var string `case`, `channel`, `output` or `key` */
	public $what;
	/** @var string the case that holds a key */
	public $holder;

	public function __construct( string $what, string $holder = '' ) {
		parent::__construct( "the $what was written by somebody else in between" );
		$this->what   = $what;
		$this->holder = $holder;
	}
}
