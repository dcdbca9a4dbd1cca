<?php /** Times calls of the translated core: `php php-time.php CORE ROWS ROUNDS`; one JSON line per row, in ms, after comparing the answer's digest. */

error_reporting(E_ALL);
list(, $folder, $rows, $rounds) = $argv;
$begin = hrtime(true);
require "$folder/Core.php";
$core = Efectivo\Core\Core::load();

foreach (json_decode(file_get_contents($rows), true) as $row) {
	$json = base64_decode($row['json']);
	$bytes = base64_decode($row['bytes']);
	list($said, $with) = $core->call($json, $bytes);
	$first = (hrtime(true) - $begin) / 1e6;
	if (hash('sha256', $said . "\n" . $with) !== $row['said']) {
		fwrite(STDERR, "{$row['name']}: PHP's answer isn't the module's\n");
		exit(1);
	}
	$times = [];
	for ($round = 0; $round < $rounds; $round++) {
		$start = hrtime(true);
		$core->call($json, $bytes);
		$times[] = (hrtime(true) - $start) / 1e6;
	}
	sort($times);
	echo json_encode(['name' => $row['name'], 'median' => $times[intdiv(count($times), 2)], 'least' => $times[0], 'first' => $first]), "\n";
	$begin = hrtime(true);
}
