<?php /** Why something was refused, in sentences for people: the core's own error, or the host's in the same shape. */
namespace Efectivo\Woo\Host;

defined( 'ABSPATH' ) || exit;

final class Refusal extends \RuntimeException {
	/** @var string for programs */
	public $name;
	/** @var string what a person can do */
	public $help;
	/** @var string `no`, `later` or `now` */
	public $retry;

	public function __construct( string $name, string $message, string $help = '', string $retry = 'no' ) {
		parent::__construct( $message );
		$this->name  = $name;
		$this->help  = $help;
		$this->retry = $retry;
	}

	/** Both sentences, for a screen. */
	public function told(): string {
		return trim( $this->getMessage() . ' ' . $this->help );
	}
}
