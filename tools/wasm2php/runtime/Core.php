<?php /** The translated core as one door: call(json, bytes) gives [json, bytes], or throws CoreFailure and nothing was decided. */

namespace Wasm2php;

/** Why the core can't answer, as a sentence for the administrator; holds no data of a call. */
final class CoreFailure extends \RuntimeException {
}

\spl_autoload_register(
	static function ($class) {
		$own = __NAMESPACE__ . '\\';
		if (\strncmp($class, $own, \strlen($own)) !== 0 || \strpos($class, '\\', \strlen($own)) !== false) {
			return;
		}
		include __DIR__ . '/' . \substr($class, \strlen($own)) . '.php'; // a file that is missing is a warning, and a call throws those; nobody looks for it first, since a request loads a hundred
	}
);

/** One instance of the core; a request needs one. */
final class Core {

	/** Memory as a list of words; null before the first call and after a failure. */
	private $memory = null;

	private function __construct() {
	}

	/** The core, ready for calls. */
	public static function load() {
		if (\PHP_INT_SIZE !== 8) {
			throw new CoreFailure('This server runs 32-bit PHP. Payment codes need 64-bit PHP: ask the hosting company to switch.');
		}
		return new self();
	}

	/** One call: the question as JSON and the bytes beside it; the answer likewise. */
	public function call($json, $bytes = '') {
		$json = (string) $json;
		$bytes = (string) $bytes;
		return $this->guarded(
			function () use ($json, $bytes) {
				if ($this->memory === null) {
					$this->memory = Module::memory();
				}
				return $this->ask($json, $bytes);
			}
		);
	}

	/** Asks what the answers are known to; throws CoreFailure unless they are right. At activation and after a PHP upgrade. */
	public static function selftest() {
		$core = self::load();
		foreach (KnownAnswers::all() as $name => $known) {
			list($json, $bytes) = $core->call($known['json'], $known['bytes']);
			if (\hash('sha256', $json) !== $known['answer'] || \hash('sha256', $bytes) !== $known['answer_bytes']) {
				throw new CoreFailure("The payment core gives a wrong answer on this server (self-test \"$name\"). Install the plugin again; if that doesn't help, this PHP can't run it.");
			}
		}
	}

	/** How many bytes of memory the instance has; for the test that it doesn't grow. */
	public function memory_bytes() {
		return $this->memory === null ? 0 : \count($this->memory) << 2;
	}

	/** The exchange by addresses, as the core's raw door describes it: 0 means that the simulated providers are asked, whose classes load only then. */
	private function ask($json, $bytes) {
		$m = &$this->memory;
		list($json_at, $bytes_at) = $this->put($json, $bytes);
		$answer = Module::ef_call($m, $json_at, \strlen($json), $bytes_at, \strlen($bytes));
		if ($answer === 0) {
			list($json_at, $bytes_at) = $this->put($json, $bytes);
			$answer = Module::ef_sandbox($m, $json_at, \strlen($json), $bytes_at, \strlen($bytes));
		}
		$at = $answer >> 2;
		$said = Memory::read($m, $m[$at], $m[$at + 1]);
		$with = Memory::read($m, $m[$at + 2], $m[$at + 3]);
		Module::ef_free($m, $answer);
		return [$said, $with];
	}

	/** Writes a question into the memory; where its two parts are. */
	private function put($json, $bytes) {
		$places = [];
		foreach ([$json, $bytes] as $part) {
			$at = Module::ef_alloc($this->memory, \strlen($part));
			Memory::write($this->memory, $at, $part);
			$places[] = $at;
		}
		return $places;
	}

	/**
	 * Runs with the JIT off (PHP 8.2's tracing JIT miscompiles such code) and with every warning thrown; puts both back.
	 * Whatever goes wrong ends as CoreFailure, and the instance is thrown away.
	 */
	private function guarded($work) {
		$jit = \ini_get('opcache.jit');
		// Without a buffer there is no JIT, whatever the setting says; a host may have locked it then.
		$has_jit = (int) \ini_get('opcache.jit_buffer_size') !== 0 && $jit !== false && $jit !== '' && $jit !== '0' && $jit !== 'off' && $jit !== 'disable';
		if ($has_jit && @\ini_set('opcache.jit', 'off') === false) {
			throw new CoreFailure('PHP\'s JIT is on and can\'t be switched off for the payment core. Set opcache.jit=off in php.ini.');
		}
		\set_error_handler(
			static function ($level, $message, $file, $line) {
				throw new \ErrorException($message, 0, $level, $file, $line);
			}
		);
		try {
			return $work();
		} catch (\Throwable $why) {
			$this->memory = null;
			$place = \basename($why->getFile(), '.php') . ':' . $why->getLine();
			throw new CoreFailure('The payment core stopped (' . \get_class($why) . ': ' . $why->getMessage() . " at $place). Nothing was decided.", 0);
		} finally {
			\restore_error_handler();
			if ($has_jit) {
				@\ini_set('opcache.jit', $jit);
			}
		}
	}
}
