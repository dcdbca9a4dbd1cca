<?php /** Times calls of the translated core, in turns with the other translation where there is one: `php php-time.php CORE ROWS ROUNDS [PEER]`; one JSON line per row, in ms. */

error_reporting(E_ALL);
list(, $folder, $rows, $rounds) = $argv;
require "$folder/Core.php";
require __DIR__ . '/wasm2lang/door.php';
$core = Efectivo\Core\Core::load();
$ours = static function ($json, $bytes) use ($core) {
	return $core->call($json, $bytes);
};
// A request makes an instance of its own, and what the core keeps for later calls is not there yet.
$fresh = static function ($json, $bytes) {
	return Efectivo\Core\Core::load()->call($json, $bytes);
};
$peer = isset($argv[4]) ? wasm2lang_door($argv[4]) : null;

/** How long a call takes, in ms. */
function timed($door, $row) {
	$start = hrtime(true);
	$door($row['json'], $row['bytes']);
	return (hrtime(true) - $start) / 1e6;
}

/** Why a side's answer can't be compared; null where it is right. */
function wrong($door, $row) {
	try {
		list($said, $with) = $door($row['json'], $row['bytes']);
	} catch (Throwable $why) {
		return 'it stops: ' . $why->getMessage();
	}
	return hash('sha256', $said . "\n" . $with) === $row['said'] ? null : 'its answer is not the module\'s';
}

foreach (json_decode(file_get_contents($rows), true) as $row) {
	$row['json'] = base64_decode($row['json']);
	$row['bytes'] = base64_decode($row['bytes']);
	$why = wrong($ours, $row);
	if ($why !== null) {
		fwrite(STDERR, "{$row['name']}: PHP's answer isn't the module's ($why)\n");
		exit(1);
	}
	$peer_wrong = $peer === null ? null : wrong($peer, $row);
	$compares = $peer !== null && $peer_wrong === null;
	$times = ['ours' => [], 'fresh' => [], 'peer' => [], 'ratio' => []];
	for ($round = 0; $round < $rounds; $round++) {
		$times['ours'][] = $own = timed($ours, $row);
		// These are slow: every sixth round is enough for them.
		if ($round % 6 === 0) {
			$times['fresh'][] = timed($fresh, $row);
		}
		if ($compares && $round % 6 === 0) {
			$times['peer'][] = $theirs = timed($peer, $row);
			$times['ratio'][] = $theirs / $own;
		}
	}
	$said = ['name' => $row['name'], 'least' => min($times['ours']), 'peer_wrong' => $peer_wrong];
	foreach ($times as $side => $all) {
		sort($all);
		$said[$side] = $all === [] ? null : $all[intdiv(count($all), 2)];
	}
	echo json_encode($said), "\n";
}
