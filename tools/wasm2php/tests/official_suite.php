<?php /** Runs one file of the official suite: commands.json beside the translated modules. Prints what failed, what was refused, and the count. */

use Shared\Cell;
use Shared\Floats;
use Shared\Func;
use Shared\LinkFailure;
use Shared\MemoryBox;
use Shared\TableBox;
use Shared\Trap;

error_reporting(E_ALL);
set_error_handler(
	static function ($level, $message, $file, $line) {
		throw new ErrorException($message, 0, $level, $file, $line);
	}
);

$folder = $argv[1];
foreach (['Trap', 'Integers', 'Floats', 'Memory', 'Linking'] as $class) {
	if (is_file("$folder/$class.php")) {
		require "$folder/$class.php";
	}
}

/** What the suite imports from its host. */
function spectest() {
	$print = static function ($type) {
		return new Func(
			static function () {
			},
			$type
		);
	};
	$table = new TableBox(10, 20);
	return [
		'print' => $print('_'),
		'print_i32' => $print('i_'),
		'print_i64' => $print('l_'),
		'print_f32' => $print('f_'),
		'print_f64' => $print('d_'),
		'print_i32_f32' => $print('if_'),
		'print_f64_f64' => $print('dd_'),
		'global_i32' => new Cell(666, 'i', false),
		'global_i64' => new Cell(666, 'l', false),
		'global_f32' => new Cell(Floats::demote(666.6), 'f', false),
		'global_f64' => new Cell(666.6, 'd', false),
		'table' => $table,
		'memory' => new MemoryBox(1, 2),
	];
}

final class Refused extends RuntimeException {
}

$imports = class_exists('Shared\Func', false) ? ['spectest' => spectest()] : [];
$named = [];
$latest = null;
$passed = 0;

$instantiate = static function ($command) use (&$imports, $folder) {
	if (isset($command['refused'])) {
		throw new Refused($command['refused']);
	}
	require_once "$folder/{$command['space']}.php";
	return call_user_func(["{$command['space']}\\Module", 'instantiate'], $imports);
};

$instance = static function ($name) use (&$named, &$latest) {
	$found = $name === null ? $latest : $named[$name] ?? null;
	if (is_string($found)) {
		throw new Refused($found);
	}
	return $found;
};

$perform = static function ($call) use ($instantiate, $instance) {
	if (isset($call['space']) || isset($call['refused'])) {
		$instantiate($call);
		return [];
	}
	$w = $instance($call['name']);
	if (isset($call['global'])) {
		return [$w->exports[$call['global']]->value];
	}
	$function = $w->exports[$call['export']];
	$arguments = [];
	foreach ($call['arguments'] as $argument) {
		if (isset($argument['unknown'])) {
			throw new Refused('references as values');
		}
		$arguments[] = is_array($argument) ? Floats::from_bits((int) $argument['bits']) : (int) $argument;
	}
	$results = ($function->call)(...$arguments);
	if (substr($function->type, -1) === '_') {
		return [];
	}
	return is_array($results) ? $results : [$results];
};

/** Whether a value is the expected one, bit by bit. */
function is_expected($value, $expected) {
	if (isset($expected['integer'])) {
		return $value === (int) $expected['integer'];
	}
	if (isset($expected['bits'])) {
		return is_float($value) && Floats::bits($value) === (int) $expected['bits'];
	}
	if (isset($expected['f32'])) {
		$quiet = $value & 0x7fffffff;
		return $expected['f32'] === 'canonical' ? $quiet === 0x7fc00000 : $quiet >= 0x7fc00000;
	}
	if (isset($expected['f64'])) {
		$quiet = Floats::bits($value) & PHP_INT_MAX;
		return $expected['f64'] === 'canonical' ? $quiet === 0x7ff8000000000000 : $quiet >= 0x7ff8000000000000;
	}
	throw new Refused('references as values');
}

/** What a trap is called by PHP's own errors. */
function trap_name(Throwable $why) {
	if ($why instanceof DivisionByZeroError) {
		return 'integer divide by zero';
	}
	return $why instanceof ArithmeticError ? 'integer overflow' : $why->getMessage();
}

foreach (json_decode(file_get_contents("$folder/commands.json"), true) as $command) {
	$line = $command['line'];
	try {
		switch ($command['do']) {
			case 'module':
				$latest = null;
				try {
					$latest = $instantiate($command);
				} catch (Refused $why) {
					$latest = $why->getMessage();
					echo 'refused ', $latest, "\n";
				}
				if ($command['name'] !== null) {
					$named[$command['name']] = $latest;
				}
				break;
			case 'register':
				$imports[$command['as']] = $instance($command['name'])->exports;
				break;
			case 'invoke':
				$perform($command['call']);
				break;
			case 'return':
				$results = $perform($command['call']);
				$good = count($results) === count($command['results']);
				foreach ($command['results'] as $at => $expected) {
					$good = $good && is_expected($results[$at], $expected);
				}
				if ($good) {
					$passed++;
				} else {
					echo "line $line: ", var_export($results, true) === '' ? '' : str_replace("\n", ' ', var_export($results, true)), ' instead of ', json_encode($command['results']), "\n";
				}
				break;
			case 'trap':
			case 'unlinkable':
				try {
					$command['do'] === 'trap' ? $perform($command['call']) : $instantiate($command);
					echo "line $line: no end, but should be: {$command['message']}\n";
				} catch (Refused $why) {
					throw $why;
				} catch (Throwable $why) {
					$name = trap_name($why);
					if (strpos($command['message'], $name) === 0 || strpos($name, $command['message']) === 0) {
						$passed++;
					} else {
						echo "line $line: ended with ", get_class($why), " $name instead of {$command['message']}\n";
					}
				}
				break;
		}
	} catch (Refused $why) {
		echo 'refused ', $why->getMessage(), "\n";
	} catch (Throwable $why) {
		echo "line $line: ", get_class($why), ': ', str_replace("\n", ' ', $why->getMessage()), ' at ', basename($why->getFile()), ':', $why->getLine(), "\n";
	}
}
echo "pass $passed\nend\n";
