<?php /** Copies and comparisons of bytes at every alignment, overlapping and at memory's end, seeded: the runtime's words give what PHP's strings give. */

error_reporting(E_ALL);
set_error_handler(
	static function ($level, $message, $file, $line) {
		throw new ErrorException($message, 0, $level, $file, $line);
	}
);
require "{$argv[1]}/Core.php";

use Efectivo\Core\Memory;

const SIZE = 96;
const ROUNDS = 60000;

mt_srand(20261126);

/** A place for so many bytes, often one of the last. */
function place($length) {
	return mt_rand(0, 7) === 0 ? SIZE - $length : mt_rand(0, SIZE - $length);
}

function fail($what) {
	fwrite(STDERR, "wrong: $what\n");
	exit(1);
}

for ($round = 0; $round < ROUNDS; $round++) {
	$bytes = '';
	for ($i = 0; $i < SIZE; $i++) {
		$bytes .= chr(mt_rand(0, 255));
	}
	$length = mt_rand(0, mt_rand(0, 40));
	$from = place($length);
	$to = mt_rand(0, 2) === 0 ? max(0, min(SIZE - $length, $from + mt_rand(-6, 6))) : place($length);
	$m = array_values(unpack('V*', $bytes));
	Memory::copy($m, $to, $from, $length);
	$copied = substr_replace($bytes, substr($bytes, $from, $length), $to, $length);
	if (pack('V*', ...$m) !== $copied) {
		fail("a copy of $length bytes from $from to $to");
	}
	if ($length > 0 && mt_rand(0, 1) === 0) {
		$copied[$to + mt_rand(0, $length - 1)] = chr(mt_rand(0, 255));
		$m = array_values(unpack('V*', $copied));
	}
	$found = Memory::compare($m, $to, $from, $length) << 32 >> 32;
	$expected = strcmp(substr($copied, $to, $length), substr($copied, $from, $length));
	if (($found <=> 0) !== ($expected <=> 0)) {
		fail("a comparison of $length bytes at $to with those at $from");
	}
}
echo 'the same for ', ROUNDS, " copies and comparisons\n";
