<?php /** What the core hashes, by PHP's own functions: the same bytes in a hundredth of the time. */

namespace Wasm2php;

/** Parts are pairs of words in memory, an address and a length; what comes out is 32 bytes at an address. */
final class Hashes {

	/** SHA-256 of the parts in order. */
	public static function sha256(&$m, $out, $parts, $count) {
		Memory::write($m, $out, \hash('sha256', self::joined($m, $parts, $count), true));
	}

	/** HMAC-SHA256 of the parts in order. */
	public static function hmac_sha256(&$m, $out, $key, $key_length, $parts, $count) {
		Memory::write($m, $out, \hash_hmac('sha256', self::joined($m, $parts, $count), Memory::read($m, $key, $key_length), true));
	}

	private static function joined(&$m, $parts, $count) {
		$text = '';
		for ($word = $parts >> 2, $end = $word + 2 * $count; $word < $end; $word += 2) {
			$text .= Memory::read($m, $m[$word], $m[$word + 1]);
		}
		return $text;
	}
}
