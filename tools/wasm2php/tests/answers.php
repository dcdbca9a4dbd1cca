<?php /** Asks PHP the calls of answers.mjs and compares: `php answers.php CORE_FOLDER CALLS`. Prints what differs, then `same N of M`. */

error_reporting(E_ALL);
ini_set('display_errors', '1');
list(, $folder, $calls) = $argv;
require "$folder/Core.php";

use Efectivo\Core\Core;
use Efectivo\Core\CoreFailure;

Core::selftest();
$core = Core::load();
$same = 0;
$all = 0;
$started = microtime(true);
foreach (new SplFileObject($calls) as $line) {
	if (trim($line) === '') {
		continue;
	}
	$call = json_decode($line, true);
	$json = base64_decode($call['json']);
	$bytes = base64_decode($call['bytes']);
	try {
		$answer = $core->call($json, $bytes);
		$said = hash('sha256', $answer[0] . "\n" . $answer[1]);
	} catch (CoreFailure $why) {
		$answer = [$why->getMessage(), ''];
		$said = 'trap';
	}
	if ($said === $call['said']) {
		$same++;
	} else {
		echo "call $all differs: ", substr($json, 0, 160), ' => ', substr($answer[0], 0, 300), "\n";
	}
	$all++;
}
printf("same %d of %d on PHP %s in %.1f s\n", $same, $all, PHP_VERSION, microtime(true) - $started);
exit($same === $all && $all > 0 ? 0 : 1);
