<?php /** What the first call of a request costs, for a server (`?core=&rows=&name=`) and for a process (`php php-load.php CORE ROWS NAME`): a line of JSON, in ms of the processor. */

/** Time of the processor so far: other work on the machine disturbs it less than a clock. */
function spent() {
	$used = getrusage();
	return ($used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec']) * 1e3 + ($used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec']) / 1e3;
}

list($folder, $rows, $name) = PHP_SAPI === 'cli' ? array_slice($argv, 1) : [$_GET['core'], $_GET['rows'], $_GET['name']];
$row = array_column(json_decode(file_get_contents($rows), true), null, 'name')[$name];
list($json, $bytes) = [base64_decode($row['json']), base64_decode($row['bytes'])];
$start = spent();
require "$folder/Core.php";
$core = Efectivo\Core\Core::load();
list($said, $with) = $core->call($json, $bytes);
$first = spent();
$core->call($json, $bytes);
$second = spent();
if (hash('sha256', $said . "\n" . $with) !== $row['said']) {
	exit("$name: PHP's answer isn't the module's");
}
$status = function_exists('opcache_get_status') ? opcache_get_status(false) : false;
echo json_encode(['first' => $first - $start, 'second' => $second - $first, 'cached' => $status !== false && $status['opcache_statistics']['num_cached_scripts'] > 20]), "\n";
