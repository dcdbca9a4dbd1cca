<?php /** Float arithmetic as WebAssembly wants it. An f64 is PHP's float; an f32 is the integer of its bits, so that no NaN changes on its way. */

namespace Wasm2php;

final class Floats {

	/** The bits of an f64 as an i64. */
	public static function bits($value) {
		return \unpack('q', \pack('d', $value))[1];
	}

	public static function from_bits($bits) {
		return \unpack('d', \pack('q', $bits))[1];
	}

	/** The number that an f32's bits mean; a NaN comes out quiet. */
	public static function promote($bits) {
		return \unpack('f', \pack('V', $bits))[1];
	}

	/** The bits of the f32 that is nearest. */
	public static function demote($value) {
		return \unpack('V', \pack('f', $value))[1];
	}

	/** PHP refuses to divide by zero; WebAssembly has infinities and NaN there. */
	public static function div($a, $b) {
		if ($b != 0.0) {
			return $a / $b;
		}
		if (\is_nan($a) || $a == 0.0) {
			return \is_nan($a) ? self::quiet($a) : \NAN;
		}
		return ($a < 0.0) === (self::bits($b) < 0) ? \INF : -\INF;
	}

	public static function neg($value) {
		return self::from_bits(self::bits($value) ^ \PHP_INT_MIN);
	}

	public static function copysign($value, $sign) {
		return self::from_bits(self::bits($value) & \PHP_INT_MAX | self::bits($sign) & \PHP_INT_MIN);
	}

	public static function trunc($value) {
		if ($value < 0.0) {
			return \ceil($value);
		}
		return $value > 0.0 ? \floor($value) : self::quiet($value);
	}

	/** To the nearest whole number, halves to the even one. */
	public static function nearest($value) {
		$size = \abs($value);
		if (!($size < 4503599627370496.0)) {
			return self::quiet($value);
		}
		return self::copysign($size + 4503599627370496.0 - 4503599627370496.0, $value);
	}

	/** The value itself; of a signalling NaN the quiet one. */
	private static function quiet($value) {
		return \is_nan($value) ? $value + 0.0 : $value;
	}

	public static function min($a, $b) {
		if (\is_nan($a) || \is_nan($b)) {
			return $a + $b;
		}
		if ($a == $b) {
			return self::bits($a) < 0 ? $a : $b;
		}
		return $a < $b ? $a : $b;
	}

	public static function max($a, $b) {
		if (\is_nan($a) || \is_nan($b)) {
			return $a + $b;
		}
		if ($a == $b) {
			return self::bits($a) < 0 ? $b : $a;
		}
		return $a > $b ? $a : $b;
	}

	public static function add32($a, $b) {
		return self::demote(self::promote($a) + self::promote($b));
	}

	public static function sub32($a, $b) {
		return self::demote(self::promote($a) - self::promote($b));
	}

	public static function mul32($a, $b) {
		return self::demote(self::promote($a) * self::promote($b));
	}

	public static function div32($a, $b) {
		return self::demote(self::div(self::promote($a), self::promote($b)));
	}

	public static function min32($a, $b) {
		return self::demote(self::min(self::promote($a), self::promote($b)));
	}

	public static function max32($a, $b) {
		return self::demote(self::max(self::promote($a), self::promote($b)));
	}

	public static function sqrt32($a) {
		return self::demote(\sqrt(self::promote($a)));
	}

	public static function ceil32($a) {
		return self::demote(\ceil(self::promote($a)));
	}

	public static function floor32($a) {
		return self::demote(\floor(self::promote($a)));
	}

	public static function trunc32($a) {
		return self::demote(self::trunc(self::promote($a)));
	}

	public static function nearest32($a) {
		return self::demote(self::nearest(self::promote($a)));
	}

	public static function abs32($a) {
		return $a & 0x7fffffff;
	}

	public static function neg32($a) {
		return $a ^ 0x80000000;
	}

	public static function copysign32($a, $sign) {
		return $a & 0x7fffffff | $sign & 0x80000000;
	}

	/** From an i64 read as unsigned; halves go to the even neighbour, once. */
	public static function from_u64($value) {
		if ($value >= 0) {
			return (float) $value;
		}
		return (float) ($value >> 1 & \PHP_INT_MAX | $value & 1) * 2.0;
	}

	/** From an i64 to the bits of an f32, rounded once: what the first rounding drops is kept as a last bit. */
	public static function s64_to_f32($value) {
		return $value >= 0 || $value === \PHP_INT_MIN ? self::demote(self::sticky($value)) : self::neg32(self::demote(self::sticky(-$value)));
	}

	public static function u64_to_f32($value) {
		if ($value >= 0) {
			return self::demote(self::sticky($value));
		}
		return self::demote(self::sticky($value >> 1 & \PHP_INT_MAX | $value & 1) * 2.0);
	}

	private static function sticky($value) {
		if ($value >= 0x20000000000000) {
			$dropped = ($value & 0x7ff) !== 0 ? 0x800 : 0;
			$value = $value & ~0x7ff | $dropped;
		}
		return (float) $value;
	}

	public static function to_s32($value) {
		return (int) self::within($value, -2147483649.0, 2147483648.0);
	}

	public static function to_u32($value) {
		return (int) self::within($value, -1.0, 4294967296.0);
	}

	public static function to_s64($value) {
		// No float lies between -2^63-1 and -2^63.
		return $value === -9223372036854775808.0 ? \PHP_INT_MIN : (int) self::within($value, -9223372036854775808.0, 9223372036854775808.0);
	}

	public static function to_u64($value) {
		return self::large(self::within($value, -1.0, 18446744073709551616.0));
	}

	/** The value, if it lies between the borders; its fraction is cut off by the cast that follows. */
	private static function within($value, $above, $below) {
		if (\is_nan($value)) {
			throw new Trap('invalid conversion to integer');
		}
		if ($value <= $above || $value >= $below) {
			throw new Trap('integer overflow');
		}
		return $value;
	}

	private static function large($value) {
		return $value < 9223372036854775808.0 ? (int) $value : (int) ($value - 9223372036854775808.0) ^ \PHP_INT_MIN;
	}

	public static function sat_s32($value) {
		return \is_nan($value) ? 0 : (int) \max(-2147483648.0, \min(2147483647.0, $value));
	}

	public static function sat_u32($value) {
		return \is_nan($value) ? 0 : (int) \max(0.0, \min(4294967295.0, $value));
	}

	public static function sat_s64($value) {
		if (\is_nan($value)) {
			return 0;
		}
		if ($value >= 9223372036854775808.0) {
			return \PHP_INT_MAX;
		}
		return $value <= -9223372036854775808.0 ? \PHP_INT_MIN : (int) $value;
	}

	public static function sat_u64($value) {
		if (\is_nan($value) || $value <= 0.0) {
			return 0;
		}
		return $value >= 18446744073709551616.0 ? -1 : self::large($value);
	}
}
