<?php /** The core behind one door: JSON and bytes in and out. Loaded when it is first asked, and nothing is decided where it can't be. */
namespace Efectivo\Woo\Host;

use Efectivo\Core\Core;

defined( 'ABSPATH' ) || exit;

final class Door {
	const FILE = EFECTIVO_DIR . '/core/Core.php';

	/** @var Core|null */
	private $core = null;

	/**
	 * One call of the core. `$ask` is anything that json_encode takes; objects stay objects.
	 *
	 * @param string       $name  The call.
	 * @param array|object $ask   What it is asked.
	 * @param string       $bytes A raw body beside it.
	 * @param string       $lang  The language of errors.
	 * @return Answer
	 * @throws Refusal Where the core says no, or can't be asked.
	 */
	public function call( string $name, $ask = array(), string $bytes = '', string $lang = '' ): Answer {
		$whole = array( $name => $ask ? $ask : new \stdClass() );
		if ( '' !== $lang ) {
			$whole['lang'] = $lang;
		}
		list( $json, $out ) = $this->through( self::json( $whole ), $bytes );
		$answer             = json_decode( $json );
		if ( isset( $answer->error ) ) {
			throw new Refusal( $answer->error->code, $answer->error->message, $answer->error->help, $answer->error->retry );
		}
		return new Answer( $answer->ok, $out );
	}

	/** A sentence of the words catalogue. */
	public function say( string $id, string $locale ): string {
		$found = $this->call( 'words', array( 'locale' => $locale, 'prefix' => $id ) )->ok;
		return isset( $found->$id ) ? $found->$id : $id;
	}

	/** JSON as the core wants it: text as it is, no float ever. */
	public static function json( $value ): string {
		return (string) wp_json_encode( $value, JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE );
	}

	private function through( string $json, string $bytes ): array {
		try {
			if ( null === $this->core ) {
				if ( '' !== Core_Check::why_not() || ! is_readable( self::FILE ) ) {
					throw new \RuntimeException( 'the core is not as it was made' );
				}
				require_once self::FILE;
				$this->core = Core::load();
			}
			return $this->core->call( $json, $bytes );
		} catch ( \Throwable $failure ) {
			$this->core = null;
			Core_Check::why_not( true ); // a file may have changed since the last look
			Log::write( 'core_failed', array( 'why' => get_class( $failure ) ) );
			throw new Refusal(
				'core_failed',
				__( 'The part of this plugin that decides could not run.', 'efectivo' ),
				__( 'Nothing was changed. Install the plugin again; if that does not help, look at Site Health.', 'efectivo' ),
				'later'
			);
		}
	}
}
