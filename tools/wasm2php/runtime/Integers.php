<?php /** Integer arithmetic that PHP has no operator for. An i32 is 0..2^32-1 here, an i64 is PHP's own integer. */

namespace Wasm2php;

final class Integers {

	/** A sum modulo 2^64, where PHP's own became a float. */
	public static function add64($a, $b) {
		$low = ($a & 0xffffffff) + ($b & 0xffffffff);
		$high = ($a >> 32) + ($b >> 32) + ($low >> 32);
		return $high << 32 | $low & 0xffffffff;
	}

	public static function sub64($a, $b) {
		$low = ($a & 0xffffffff) - ($b & 0xffffffff);
		$high = ($a >> 32) - ($b >> 32) + ($low >> 32);
		return $high << 32 | $low & 0xffffffff;
	}

	/** A product modulo 2^64, from pieces of 32 and 16 bits so that none becomes a float. */
	public static function mul64($a, $b) {
		$a_low = $a & 0xffffffff;
		$b_low = $b & 0xffffffff;
		$first = ($a_low & 0xffff) * $b_low;
		$second = ($a_low >> 16) * $b_low;
		$low = $first + (($second & 0xffff) << 16);
		$high = ($low >> 32) + ($second >> 16) + self::mul32($a_low, $b >> 32 & 0xffffffff) + self::mul32($a >> 32 & 0xffffffff, $b_low);
		return $high << 32 | $low & 0xffffffff;
	}

	/** A product of two i32 modulo 2^32. */
	private static function mul32($a, $b) {
		return $a * ($b << 32 >> 32) & 0xffffffff;
	}

	/** Signed operands in -2^31..2^31-1. */
	public static function div_s32($a, $b) {
		if ($b === 0) {
			throw new Trap('integer divide by zero');
		}
		if ($b === -1 && $a === -0x80000000) {
			throw new Trap('integer overflow');
		}
		return \intdiv($a, $b);
	}

	/** Both read as unsigned. */
	public static function div_u64($a, $b) {
		if ($b < 0) {
			return ($a ^ \PHP_INT_MIN) >= ($b ^ \PHP_INT_MIN) ? 1 : 0;
		}
		if ($a >= 0 || $b === 0) {
			return \intdiv($a, $b);
		}
		// Half of it fits; the quotient of the half, doubled, is at most one too small.
		$half = \intdiv($a >> 1 & \PHP_INT_MAX, $b) << 1;
		$rest = self::sub64($a, self::mul64($half, $b));
		return ($rest ^ \PHP_INT_MIN) >= ($b ^ \PHP_INT_MIN) ? $half + 1 : $half;
	}

	public static function rem_u64($a, $b) {
		if ($a >= 0 && $b >= 0) {
			return $a % $b;
		}
		$quotient = self::div_u64($a, $b);
		return self::sub64($a, self::mul64($quotient, $b));
	}

	public static function shr_u64($a, $by) {
		return $by === 0 ? $a : $a >> $by & \PHP_INT_MAX >> $by - 1;
	}

	public static function rotl32($a, $by) {
		$by &= 31;
		return ($a << $by | $a >> 32 - $by) & 0xffffffff;
	}

	public static function rotr32($a, $by) {
		$by &= 31;
		return ($a >> $by | $a << 32 - $by) & 0xffffffff;
	}

	public static function rotl64($a, $by) {
		$by &= 63;
		return $by === 0 ? $a : $a << $by | self::shr_u64($a, 64 - $by);
	}

	public static function rotr64($a, $by) {
		$by &= 63;
		return $by === 0 ? $a : self::shr_u64($a, $by) | $a << 64 - $by;
	}

	/** How many zeros stand before the first one; PHP writes a number in base 2 faster than it halves one five times. */
	public static function clz32($a) {
		return $a === 0 ? 32 : 32 - \strlen(\decbin($a));
	}

	public static function clz64($a) {
		$high = $a >> 32 & 0xffffffff;
		return $high === 0 ? 32 + self::clz32($a & 0xffffffff) : self::clz32($high);
	}

	/** How many zeros stand behind the last one. */
	public static function ctz32($a) {
		return $a === 0 ? 32 : \strlen(\decbin($a & -$a)) - 1;
	}

	public static function ctz64($a) {
		$low = $a & 0xffffffff;
		return $low === 0 ? 32 + self::ctz32($a >> 32 & 0xffffffff) : \strlen(\decbin($low & -$low)) - 1;
	}
}
