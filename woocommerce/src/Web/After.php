<?php /** Work that a request leaves behind: done once the visitor has been answered where the server can do that, else by the next sweep. */
namespace Efectivo\Woo\Web;

use Efectivo\Woo\Host\Log;
use Efectivo\Woo\Parts;

defined( 'ABSPATH' ) || exit;

final class After {
	/** Short, since a worker of the web server waits for it. */
	const SECONDS = 10.0;

	/** @var bool */
	private $asked = false;

	public function hook(): void {
		add_action( 'shutdown', array( $this, 'run' ), 5 );
	}

	/** Something may be due now. */
	public function soon(): void {
		$this->asked = true;
	}

	public function run(): void {
		if ( ! $this->asked && ! Parts::watch()->noted() ) {
			return;
		}
		$this->asked = false;
		try {
			if ( $this->let_go() ) {
				Parts::pump()->run( self::SECONDS );
				return;
			}
			if ( function_exists( 'as_enqueue_async_action' ) ) {
				as_enqueue_async_action( Sweep::HOOK_NOW, array(), Sweep::GROUP, true );
			}
		} catch ( \Throwable $error ) {
			Log::write( 'after_failed', Log::of( $error ) );
		}
	}

	/** Lets the visitor go; false where this server keeps visitors waiting until the script ends. */
	private function let_go(): bool {
		foreach ( array( 'fastcgi_finish_request', 'litespeed_finish_request' ) as $way ) {
			if ( function_exists( $way ) ) {
				$way();
				return true;
			}
		}
		return 'cli' === PHP_SAPI;
	}
}
