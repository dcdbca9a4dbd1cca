<?php /** Instances linked with each other: functions, globals, memories and tables that are shared. Tests need it; the core doesn't. */

namespace Wasm2php;

/** A function and its type as a word. */
final class Func {
	public $call;
	public $type;

	public function __construct($call, $type) {
		$this->call = $call;
		$this->type = $type;
	}
}

/** A global. */
final class Cell {
	public $value;
	public $type;
	public $mutable;

	public function __construct($value, $type, $mutable) {
		$this->value = $value;
		$this->type = $type;
		$this->mutable = $mutable;
	}
}

/** A memory. */
final class MemoryBox {
	public $words;
	public $most;

	public function __construct($pages, $most) {
		$this->words = $pages === 0 ? [] : \array_fill(0, $pages << 14, 0);
		$this->most = $most;
	}
}

/** A table. */
final class TableBox {
	public $items;
	public $most;

	public function __construct($count, $most) {
		$this->items = $count === 0 ? [] : \array_fill(0, $count, null);
		$this->most = $most;
	}
}

/** A module with its state. */
final class Instance {
	public $functions = [];
	public $globals = [];
	public $tables = [];
	public $memory;
	public $most_pages = 65536;
	public $elements = [];
	public $data = [];
	public $exports = [];

	public function __construct() {
		$this->memory = new MemoryBox(0, 0);
	}
}

/** An import that isn't there or doesn't fit. */
final class LinkFailure extends \RuntimeException {
}

final class Linking {

	public static function func($imports, $module, $name, $type) {
		$found = self::found($imports, $module, $name, Func::class);
		if ($found->type !== $type) {
			throw new LinkFailure('incompatible import type');
		}
		return $found;
	}

	public static function cell($imports, $module, $name, $type, $mutable) {
		$found = self::found($imports, $module, $name, Cell::class);
		if ($found->type !== $type || $found->mutable !== $mutable) {
			throw new LinkFailure('incompatible import type');
		}
		return $found;
	}

	public static function memory($imports, $module, $name, $least, $most) {
		$found = self::found($imports, $module, $name, MemoryBox::class);
		self::limits(\count($found->words) >> 14, $found->most, $least, $most);
		return $found;
	}

	public static function table($imports, $module, $name, $least, $most) {
		$found = self::found($imports, $module, $name, TableBox::class);
		self::limits(\count($found->items), $found->most, $least, $most);
		return $found;
	}

	private static function found($imports, $module, $name, $class) {
		if (!isset($imports[$module][$name])) {
			throw new LinkFailure('unknown import');
		}
		if (!($imports[$module][$name] instanceof $class)) {
			throw new LinkFailure('incompatible import type');
		}
		return $imports[$module][$name];
	}

	private static function limits($has, $most_has, $least, $most) {
		if ($has < $least || $most !== null && ($most_has === null || $most_has > $most)) {
			throw new LinkFailure('incompatible import type');
		}
	}

	/** The function that a table holds under a number, if it has the wanted type. */
	public static function callee($w, $table, $index, $type) {
		$items = $w->tables[$table]->items;
		if ($index >= \count($items)) {
			throw new Trap('undefined element');
		}
		if ($items[$index] === null) {
			throw new Trap('uninitialized element');
		}
		if ($items[$index]->type !== $type) {
			throw new Trap('indirect call type mismatch');
		}
		return $items[$index];
	}

	public static function table_init($w, $table, $segment, $to, $from, $count) {
		if ($from + $count > \count($w->elements[$segment]) || $to + $count > \count($w->tables[$table]->items)) {
			throw new Trap('out of bounds table access');
		}
		for ($i = 0; $i < $count; $i++) {
			$w->tables[$table]->items[$to + $i] = $w->elements[$segment][$from + $i];
		}
	}

	public static function table_copy($w, $to_table, $from_table, $to, $from, $count) {
		$source = $w->tables[$from_table]->items;
		if ($from + $count > \count($source) || $to + $count > \count($w->tables[$to_table]->items)) {
			throw new Trap('out of bounds table access');
		}
		for ($i = 0; $i < $count; $i++) {
			$w->tables[$to_table]->items[$to + $i] = $source[$from + $i];
		}
	}

	public static function elem_drop($w, $segment) {
		$w->elements[$segment] = [];
	}

	public static function memory_init($w, array &$m, $segment, $to, $from, $count) {
		if ($from + $count > \strlen($w->data[$segment])) {
			throw new Trap('out of bounds memory access');
		}
		Memory::write($m, $to, (string) \substr($w->data[$segment], $from, $count));
	}

	public static function data_drop($w, $segment) {
		$w->data[$segment] = '';
	}
}
