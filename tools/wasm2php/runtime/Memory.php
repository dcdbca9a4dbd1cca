<?php /** Memory: a list of 32-bit words. Here is what takes more than one word, any alignment, or a check of bounds. */

namespace Wasm2php;

final class Memory {

	/** No module gets more pages than this (64 MiB), because PHP needs four times the room. */
	const MOST_PAGES = 1024;
	/** What opcache has to have left for a list of numbers to be given to it, in bytes. */
	const ROOM = 16777216;

	/** Memory of so many words, with data (strings) at their addresses; addresses are in order and none overlap. */
	public static function of($words, array $data) {
		$m = $words > 0 ? \array_fill(0, $words, 0) : [];
		$next = 0;
		foreach ($data as $address => $bytes) {
			$index = $address >> 2;
			if ($index < $next) {
				throw new Trap('two data segments share a word');
			}
			$bytes = \str_repeat("\0", $address & 3) . $bytes . \str_repeat("\0", -\strlen($bytes) - $address & 3);
			self::put($m, $index, $bytes);
			$next = $index + (\strlen($bytes) >> 2);
		}
		return $m;
	}

	/** Whether opcache keeps what a file holds, which is compiled once where there is room for it; a process of its own keeps nothing for the next. */
	public static function is_kept($file) {
		if (\PHP_SAPI === 'cli' || !\function_exists('opcache_is_script_cached') || !\function_exists('opcache_get_status') || !\function_exists('opcache_compile_file') || (string) \ini_get('opcache.restrict_api') !== '') {
			return false;
		}
		if (\opcache_is_script_cached($file)) {
			return true;
		}
		$status = \opcache_get_status(false);
		if (!$status || !$status['opcache_enabled'] || $status['cache_full'] || $status['restart_pending'] || $status['restart_in_progress'] || $status['memory_usage']['free_memory'] < self::ROOM
			|| $status['opcache_statistics']['num_cached_keys'] >= $status['opcache_statistics']['max_cached_keys'] || !self::has_room(2 * self::ROOM)) {
			return false;
		}
		try {
			return \opcache_compile_file($file) && \opcache_is_script_cached($file);
		} catch (\Throwable $why) {
			return false; // the strings are as good
		}
	}

	/** Whether PHP lets this request have so many bytes more; compiling a list takes 16 MB for a moment. */
	private static function has_room($bytes) {
		$most = \strtolower(\trim((string) \ini_get('memory_limit')));
		$units = ['k' => 10, 'm' => 20, 'g' => 30];
		$unit = \substr($most, -1);
		$limit = (int) $most << (isset($units[$unit]) ? $units[$unit] : 0);
		return $limit < 0 || $limit - \memory_get_usage(true) >= $bytes;
	}

	/** More pages; the old number of pages, or -1 as an i32 where there is no room. */
	public static function grow(array &$m, $by, $most) {
		$pages = \count($m) >> 14;
		if ($pages + $by > $most || $pages + $by > self::MOST_PAGES) {
			return 0xffffffff;
		}
		for ($count = $by << 14; $count > 0; $count--) {
			$m[] = 0;
		}
		return $pages;
	}

	/** The bytes of memory from an address on, as a string. */
	public static function read(array &$m, $at, $length) {
		self::within($m, $at, $length);
		if ($length === 0) {
			return '';
		}
		$text = '';
		$first = $at >> 2;
		$count = ($at + $length + 3 >> 2) - $first;
		for ($done = 0; $done < $count; $done += 4096) {
			$text .= \pack('V*', ...\array_slice($m, $first + $done, \min(4096, $count - $done)));
		}
		return \substr($text, $at & 3, $length);
	}

	/** Puts a string's bytes into memory. */
	public static function write(array &$m, $at, $bytes) {
		$length = \strlen($bytes);
		self::within($m, $at, $length);
		$head = \min($length, -$at & 3);
		for ($i = 0; $i < $head; $i++) {
			self::store8($m, $at + $i, \ord($bytes[$i]));
		}
		$words = $length - $head >> 2;
		if ($words > 0) {
			self::put($m, $at + $head >> 2, \substr($bytes, $head, $words << 2));
		}
		for ($i = $head + ($words << 2); $i < $length; $i++) {
			self::store8($m, $at + $i, \ord($bytes[$i]));
		}
	}

	/** Eight bytes, both places aligned to four. */
	public static function move(&$m, $to, $from) {
		$to >>= 2;
		$from >>= 2;
		$second = $m[$from + 1];
		$m[$to] = $m[$from];
		$m[$to + 1] = $second;
	}

	/** Eight bytes several times, upwards; each eight are read before they are written. */
	public static function move_up(&$m, $to, $from, $count) {
		$to >>= 2;
		$from >>= 2;
		for ($end = $to + 2 * $count; $to < $end; $to += 2) {
			$second = $m[$from + 1];
			$m[$to] = $m[$from];
			$m[$to + 1] = $second;
			$from += 2;
		}
	}

	/** The same downwards; the addresses are those of the last eight bytes, which go first. */
	public static function move_down(&$m, $to, $from, $count) {
		$to >>= 2;
		$from >>= 2;
		for ($end = $to - 2 * $count; $to > $end; $to -= 2) {
			$second = $m[$from + 1];
			$m[$to] = $m[$from];
			$m[$to + 1] = $second;
			$from -= 2;
		}
	}

	/** Whole words from a word's number on; unpack is slow per number, so two words are read as one. */
	private static function put(array &$m, $index, $bytes) {
		$length = \strlen($bytes);
		if (($length & 4) !== 0) {
			$m[$index + ($length >> 2) - 1] = \unpack('V', $bytes, $length - 4)[1];
			$bytes = \substr($bytes, 0, $length - 4);
		}
		if ($length < 8) {
			return;
		}
		foreach (\unpack('P*', $bytes) as $pair) {
			$m[$index] = $pair & 0xffffffff;
			$m[$index + 1] = $pair >> 32 & 0xffffffff;
			$index += 2;
		}
	}

	/**
	 * memory.copy; the two places may overlap. From the start on, at any alignment: what is left of the first word, whole words put together, the start
	 * of the last one. Most copies are a few bytes long, so this is one method.
	 */
	public static function copy(&$m, $to, $from, $length) {
		$size = \count($m) << 2;
		if ($from + $length > $size || $to + $length > $size) {
			throw new Trap('out of bounds memory access');
		}
		if ($to > $from && $to < $from + $length) {
			self::copy_from_end($m, $to, $from, $length);
			return;
		}
		$t = $to >> 2;
		$by = ($to & 3) << 3;
		if ($by !== 0 && $length > 0) {
			$bits = 32 - $by;
			if ($length << 3 < $bits) {
				$bits = $length << 3;
			}
			$f = $from >> 2;
			$shift = ($from & 3) << 3;
			$mask = (1 << $bits) - 1 << $by;
			$m[$t] = $m[$t] & ~$mask | ($shift + $bits > 32 ? $m[$f] >> $shift | $m[$f + 1] << 32 - $shift : $m[$f] >> $shift) << $by & $mask;
			$t++;
			$from += $bits >> 3;
			$length -= $bits >> 3;
		}
		$f = $from >> 2;
		$shift = ($from & 3) << 3;
		if ($shift === 0) {
			for ($end = $t + ($length >> 2); $t < $end;) {
				$m[$t++] = $m[$f++];
			}
		} elseif ($length > 3) {
			$rest = 32 - $shift;
			$word = $m[$f];
			for ($end = $t + ($length >> 2); $t < $end;) {
				$next = $m[++$f];
				$m[$t++] = $word >> $shift | $next << $rest & 0xffffffff;
				$word = $next;
			}
		}
		$bits = ($length & 3) << 3;
		if ($bits !== 0) {
			$mask = (1 << $bits) - 1;
			$m[$t] = $m[$t] & ~$mask | ($shift + $bits > 32 ? $m[$f] >> $shift | $m[$f + 1] << 32 - $shift : $m[$f] >> $shift) & $mask;
		}
	}

	/** A copy to a place that starts within the other one. */
	private static function copy_from_end(array &$m, $to, $from, $length) {
		if ($length < 8) {
			self::copy_few($m, $to, $from, $length);
		} elseif ((($to ^ $from) & 3) === 0) {
			self::copy_down($m, $to, $from, $length);
		} else {
			self::write($m, $to, self::read($m, $from, $length));
		}
	}

	/** memcmp: below zero (as an i32), zero or above it, by the first bytes that differ; words that are the same are skipped whole. */
	public static function compare(&$m, $one, $other, $length) {
		if ($length >= 4) {
			$a = $one >> 2;
			$b = $other >> 2;
			$a_by = ($one & 3) << 3;
			$b_by = ($other & 3) << 3;
			for ($last = $a + ($length >> 2); $a < $last; $a++, $b++) {
				$left = $a_by === 0 ? $m[$a] : ($m[$a] >> $a_by | $m[$a + 1] << 32 - $a_by) & 0xffffffff;
				$right = $b_by === 0 ? $m[$b] : ($m[$b] >> $b_by | $m[$b + 1] << 32 - $b_by) & 0xffffffff;
				if ($left !== $right) {
					break;
				}
			}
			$done = $a - ($one >> 2) << 2;
			$one += $done;
			$other += $done;
			$length -= $done;
		}
		for (; $length > 0; $length--) {
			$left = $m[$one >> 2] >> (($one & 3) << 3) & 255;
			$right = $m[$other >> 2] >> (($other & 3) << 3) & 255;
			if ($left !== $right) {
				return $left - $right & 0xffffffff;
			}
			$one++;
			$other++;
		}
		return 0;
	}

	/** At most seven bytes, read before any is written. */
	private static function copy_few(array &$m, $to, $from, $length) {
		$bytes = [];
		for ($i = 0; $i < $length; $i++) {
			$at = $from + $i;
			$bytes[] = $m[$at >> 2] >> (($at & 3) << 3) & 255;
		}
		foreach ($bytes as $i => $byte) {
			$at = $to + $i;
			$by = ($at & 3) << 3;
			$m[$at >> 2] = $m[$at >> 2] & ~(255 << $by) | $byte << $by;
		}
	}

	/** From the end on, for places that overlap and have the same alignment. */
	private static function copy_down(array &$m, $to, $from, $length) {
		$tail = $to + $length & 3;
		$length -= $tail;
		self::copy_few($m, $to + $length, $from + $length, $tail);
		$head = -$to & 3;
		$t = $to + $length >> 2;
		$f = $from + $length >> 2;
		$end = $to + $head >> 2;
		while ($t > $end) {
			$m[--$t] = $m[--$f];
		}
		self::copy_few($m, $to, $from, $head);
	}

	/** memory.fill. */
	public static function fill(array &$m, $at, $byte, $length) {
		self::within($m, $at, $length);
		$byte &= 255;
		$end = $at + $length;
		while ($at < $end && ($at & 3) !== 0) {
			self::store8($m, $at++, $byte);
		}
		$word = $byte * 0x01010101;
		for ($index = $at >> 2, $last = $end >> 2; $index < $last; $index++) {
			$m[$index] = $word;
		}
		for ($at = \max($at, $end & ~3); $at < $end; $at++) {
			self::store8($m, $at, $byte);
		}
	}

	/** Traps unless all these bytes are in memory. */
	public static function within(array &$m, $at, $length) {
		if ($at + $length > \count($m) << 2) {
			throw new Trap('out of bounds memory access');
		}
	}

	public static function load8(array &$m, $at) {
		self::within($m, $at, 1);
		return $m[$at >> 2] >> (($at & 3) << 3) & 255;
	}

	public static function load16(array &$m, $at) {
		self::within($m, $at, 2);
		return self::any_load16($m, $at);
	}

	public static function load32(array &$m, $at) {
		self::within($m, $at, 4);
		return self::any_load32($m, $at);
	}

	public static function load64(array &$m, $at) {
		self::within($m, $at, 8);
		return self::any_load64($m, $at);
	}

	public static function loadfloat(array &$m, $at) {
		return Floats::from_bits(self::load64($m, $at));
	}

	/** At any alignment, without a check of bounds, as all that follow. */
	public static function any_load16(&$m, $at) {
		$by = ($at & 3) << 3;
		$word = $m[$at >> 2] >> $by;
		return ($by < 24 ? $word : $word | $m[($at >> 2) + 1] << 8) & 0xffff;
	}

	public static function any_load32(&$m, $at) {
		$by = ($at & 3) << 3;
		$index = $at >> 2;
		return $by === 0 ? $m[$index] : ($m[$index] >> $by | $m[$index + 1] << 32 - $by) & 0xffffffff;
	}

	public static function any_load64(&$m, $at) {
		$by = ($at & 3) << 3;
		$index = $at >> 2;
		if ($by === 0) {
			return $m[$index] | $m[$index + 1] << 32;
		}
		return $m[$index] >> $by | $m[$index + 1] << 32 - $by | $m[$index + 2] << 64 - $by;
	}

	public static function any_loadfloat(array &$m, $at) {
		return Floats::from_bits(self::any_load64($m, $at));
	}

	public static function store8(array &$m, $at, $value) {
		self::within($m, $at, 1);
		$by = ($at & 3) << 3;
		$m[$at >> 2] = $m[$at >> 2] & ~(255 << $by) | ($value & 255) << $by;
	}

	public static function store16(array &$m, $at, $value) {
		self::within($m, $at, 2);
		self::any_store16($m, $at, $value);
	}

	public static function store32(array &$m, $at, $value) {
		self::within($m, $at, 4);
		self::any_store32($m, $at, $value);
	}

	public static function store64(array &$m, $at, $value) {
		self::within($m, $at, 8);
		self::any_store64($m, $at, $value);
	}

	public static function storefloat(array &$m, $at, $value) {
		self::store64($m, $at, Floats::bits($value));
	}

	public static function any_store16(&$m, $at, $value) {
		$by = ($at & 3) << 3;
		$index = $at >> 2;
		$value &= 0xffff;
		$m[$index] = $m[$index] & ~(0xffff << $by) | $value << $by & 0xffffffff;
		if ($by === 24) {
			$m[$index + 1] = $m[$index + 1] & 0xffffff00 | $value >> 8;
		}
	}

	public static function any_store32(&$m, $at, $value) {
		$by = ($at & 3) << 3;
		$index = $at >> 2;
		$value &= 0xffffffff;
		if ($by === 0) {
			$m[$index] = $value;
			return;
		}
		$m[$index] = $m[$index] & (1 << $by) - 1 | $value << $by & 0xffffffff;
		$m[$index + 1] = $m[$index + 1] & ~((1 << $by) - 1) | $value >> 32 - $by;
	}

	public static function any_store64(&$m, $at, $value) {
		$by = ($at & 3) << 3;
		$index = $at >> 2;
		if ($by === 0) {
			$m[$index] = $value & 0xffffffff;
			$m[$index + 1] = $value >> 32 & 0xffffffff;
			return;
		}
		$low = (1 << $by) - 1;
		$m[$index] = $m[$index] & $low | $value << $by & 0xffffffff;
		$m[$index + 1] = $value >> 32 - $by & 0xffffffff;
		$m[$index + 2] = $m[$index + 2] & ~$low | $value >> 64 - $by & $low;
	}

	public static function any_storefloat(array &$m, $at, $value) {
		self::any_store64($m, $at, Floats::bits($value));
	}
}
