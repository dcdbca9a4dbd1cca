<?php /** Ten thousand calls on one instance, good ones and refused ones: memory stays what it was after the first thousand. And the list of numbers that opcache keeps is the memory that the strings make. */

error_reporting(E_ALL);
list(, $folder, $calls) = $argv;
require "$folder/Core.php";

use Efectivo\Core\Core;
use Efectivo\Core\Image;
use Efectivo\Core\Module;

if (Image::WORDS !== Module::memory()) {
	echo "Image.php holds another memory than Module.php\n";
	exit(1);
}
$core = Core::load();
$asks = [];
foreach (new SplFileObject($calls) as $line) {
	$call = trim($line) === '' ? null : json_decode($line, true);
	// Traps start a new instance, and large work would only make the test slow.
	$json = $call === null ? '' : base64_decode($call['json']);
	if ($json !== '' && $call['said'] !== 'trap' && strlen($json) < 200 && !preg_match('/words|qr|abilities/', $json)) {
		$asks[] = [$json, base64_decode($call['bytes'])];
	}
	if (count($asks) === 40) {
		break;
	}
}
$settled = null;
for ($done = 0; $done < 10000; $done++) {
	list($json, $bytes) = $asks[$done % count($asks)];
	$core->call($json, $bytes);
	if ($done === 1000) {
		$settled = [$core->memory_bytes(), memory_get_usage()];
	}
}
$grown = [$core->memory_bytes() - $settled[0], memory_get_usage() - $settled[1]];
printf("10,000 calls of %d kinds: the core grew by %d bytes, PHP by %d\n", count($asks), $grown[0], $grown[1]);
exit($grown[0] === 0 && $grown[1] < 65536 ? 0 : 1);
