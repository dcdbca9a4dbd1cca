<?php /** The core's door in the other translation: memory is one string, functions are closures. */

/** A function (json, bytes) → [json, bytes]; after a failure the next call gets a new instance. */
function wasm2lang_door($file) {
	// What it is written in is deprecated in newer versions of PHP here and there.
	error_reporting(E_ALL & ~E_DEPRECATED);
	ini_set('memory_limit', '1G');
	require $file;
	$start = str_pad($memory, $pages << 16, "\0");
	$buffer = $start;
	$exports = $core([], $buffer);
	$exchange = static function ($json, $bytes) use (&$buffer, &$exports) {
		$places = [];
		foreach ([$json, $bytes] as $part) {
			$places[] = $at = $exports['ef_alloc'](strlen($part)) & 0xffffffff;
			$buffer = substr_replace($buffer, $part, $at, strlen($part));
		}
		$answer = $exports['ef_call']($places[0], strlen($json), $places[1], strlen($bytes)) & 0xffffffff;
		list($json_at, $json_length, $bytes_at, $bytes_length) = array_values(unpack('V4', $buffer, $answer));
		$said = [substr($buffer, $json_at, $json_length), substr($buffer, $bytes_at, $bytes_length)];
		$exports['ef_free']($answer);
		return $said;
	};
	return static function ($json, $bytes) use (&$buffer, &$exports, $start, $core, $exchange) {
		try {
			return $exchange($json, $bytes);
		} catch (Throwable $why) {
			$buffer = $start;
			$exports = $core([], $buffer);
			throw $why;
		}
	};
}
