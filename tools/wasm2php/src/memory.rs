//! Loads and stores. Memory is an array of 32-bit words: an aligned word is one access, a byte is a shift and a mask.
//!
//! The fast build believes the alignment that the module promises, and that nothing useful lies within the first and the
//! last KiB, so that an address that is a small step from a valid one needs no mask. The checked build asks the runtime.

use crate::body::{Body, computed};
use crate::expr::{Binds, Expr, WORD, pair};
use wasmparser::{MemArg, Operator};

const LOW: i128 = i64::MIN as i128;
const HIGH: i128 = i64::MAX as i128;

/// How far an address may be outside of 0..2^32-1 before it is cut.
const SLACK: i128 = 1024;

/// What is loaded: bytes, whether signed, whether into an i64; a float is marked by `float`.
#[derive(Clone, Copy)]
struct Shape {
    bytes: u32,
    signed: bool,
    long: bool,
    float: bool,
}

impl<'a> Body<'_, 'a> {
    /// Writes a load or store; false if it is none.
    pub(crate) fn memory(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        let shape = |bytes, signed, long| Shape { bytes, signed, long, float: false };
        match operator {
            O::I32Load { memarg } | O::F32Load { memarg } => self.load(shape(4, false, false), memarg),
            O::I64Load { memarg } => self.load(shape(8, false, true), memarg),
            O::F64Load { memarg } => self.load(Shape { float: true, ..shape(8, false, true) }, memarg),
            O::I32Load8S { memarg } => self.load(shape(1, true, false), memarg),
            O::I32Load8U { memarg } => self.load(shape(1, false, false), memarg),
            O::I32Load16S { memarg } => self.load(shape(2, true, false), memarg),
            O::I32Load16U { memarg } => self.load(shape(2, false, false), memarg),
            O::I64Load8S { memarg } => self.load(shape(1, true, true), memarg),
            O::I64Load8U { memarg } => self.load(shape(1, false, true), memarg),
            O::I64Load16S { memarg } => self.load(shape(2, true, true), memarg),
            O::I64Load16U { memarg } => self.load(shape(2, false, true), memarg),
            O::I64Load32S { memarg } => self.load(shape(4, true, true), memarg),
            O::I64Load32U { memarg } => self.load(shape(4, false, true), memarg),
            O::I32Store { memarg } | O::F32Store { memarg } => self.store(shape(4, false, false), memarg),
            O::I64Store { memarg } => self.store(shape(8, false, true), memarg),
            O::F64Store { memarg } => self.store(Shape { float: true, ..shape(8, false, true) }, memarg),
            O::I32Store8 { memarg } => self.store(shape(1, false, false), memarg),
            O::I32Store16 { memarg } => self.store(shape(2, false, false), memarg),
            O::I64Store8 { memarg } => self.store(shape(1, false, true), memarg),
            O::I64Store16 { memarg } => self.store(shape(2, false, true), memarg),
            O::I64Store32 { memarg } => self.store(shape(4, false, true), memarg),
            _ => return false,
        }
        true
    }

    /// Eight bytes from one place to another; moves that follow each other become one.
    fn move_words(&mut self, effects: &Expr, to: &str, from: &str) {
        self.clear_for(&Expr { acts: true, ..effects.clone() }, None);
        let mut moved = Move { start: self.text.len(), end: 0, to: to.to_owned(), from: from.to_owned(), steps: 1 };
        if let Some(before) = self.last_move.take().filter(|before| before.end == moved.start)
            && let Some(steps) = before.steps_with(&moved)
        {
            self.text.truncate(before.start);
            moved = Move { steps, ..before };
        }
        let (to, from, count) = (&moved.to, &moved.from, moved.steps.abs());
        let line = match moved.steps {
            1 => format!("Memory::move($m, {to}, {from});"),
            2.. => format!("Memory::move_up($m, {to}, {from}, {count});"),
            _ => format!("Memory::move_down($m, {to}, {from}, {count});"),
        };
        self.line(&line);
        self.last_move = Some(Move { end: self.text.len(), ..moved });
    }

    fn is_checked(&self) -> bool {
        self.plan.options.checked
    }

    /// The address on top of the stack with its offset.
    fn address(&self, address: Expr, memarg: &MemArg) -> Expr {
        let address = address.number();
        let near = !self.is_checked() && address.low >= -SLACK && address.high <= WORD + SLACK;
        let address = if near { address } else { address.word() };
        match memarg.offset {
            0 => address,
            offset => add_plain(address, i128::from(offset)),
        }
    }

    fn load(&mut self, shape: Shape, memarg: &MemArg) {
        let popped = self.pop();
        let address = self.address(popped, memarg);
        let is_aligned = u32::from(memarg.align) >= shape.bytes.trailing_zeros().min(2);
        let raw = if !self.is_checked() && !is_aligned && shape.bytes == 4 {
            load_between(&address)
        } else if self.is_checked() || !is_aligned || shape.float {
            let kind = if shape.float { "float".into() } else { (shape.bytes * 8).to_string() };
            let checked = if self.is_checked() { "" } else { "any_" };
            let high = if shape.bytes == 8 { HIGH } else { (1 << (8 * shape.bytes)) - 1 };
            let name = format!("Memory::{checked}load{kind}");
            let loaded = computed(&name, &[&Expr::new("$m", Binds::Atom, 0, 0), &address], if shape.bytes == 8 { LOW } else { 0 }, high);
            if self.is_checked() { loaded.trapping() } else { loaded }
        } else {
            aligned_load(shape.bytes, &address)
        };
        self.push(extended(raw.looking(), shape));
    }

    fn store(&mut self, shape: Shape, memarg: &MemArg) {
        let is_aligned = u32::from(memarg.align) >= shape.bytes.trailing_zeros().min(2);
        let value = self.number();
        let value = if shape.long { value } else { value.word() };
        if value.acts && !self.is_checked() {
            // The old word must be read after what the value does.
            self.stack.push(value);
            self.spill(self.stack.len() - 1);
            let value = self.pop();
            return self.store_at(shape, memarg, is_aligned, &value);
        }
        self.store_at(shape, memarg, is_aligned, &value);
    }

    fn store_at(&mut self, shape: Shape, memarg: &MemArg, is_aligned: bool, value: &Expr) {
        let popped = self.pop();
        let address = self.address(popped, memarg);
        let effects = Expr::integer(0).with(&address).with(value);
        if self.is_checked() || !is_aligned || shape.float {
            let kind = if shape.float { "float".into() } else { (shape.bytes * 8).to_string() };
            let checked = if self.is_checked() { "" } else { "any_" };
            let line = format!("Memory::{checked}store{kind}($m, {}, {});", address.text, value.text);
            return self.act(&Expr { traps: true, ..effects }, &[line]);
        }
        let lines = match shape.bytes {
            1 | 2 => narrow_store(shape.bytes, &address, value),
            4 => {
                let word = if shape.long { value.clone().word() } else { value.clone() };
                vec![format!("$m[{}] = {};", index(&address).text, word.text)]
            }
            _ => match moved_from(value) {
                Some(from) => return self.move_words(&effects, &address.text, from),
                None => wide_store(&address, value),
            },
        };
        self.act(&effects, &lines);
    }
}

/// A line that moves eight bytes or more: where it stands in the text, its first addresses, and how many steps of
/// eight bytes it does (below zero: downwards).
pub(crate) struct Move {
    start: usize,
    end: usize,
    to: String,
    from: String,
    steps: i64,
}

impl Move {
    /// The steps of this move and one more, if that one continues it in its direction.
    fn steps_with(&self, next: &Self) -> Option<i64> {
        let (here, there) = ((split(&self.to), split(&self.from)), (split(&next.to), split(&next.from)));
        let by = there.0.1 - here.0.1;
        let is_same = here.0.0 == there.0.0 && here.1.0 == there.1.0 && there.1.1 - here.1.1 == by;
        let count = self.steps.abs();
        match by {
            _ if !is_same => None,
            up if self.steps > 0 && up == 8 * count => Some(count + 1),
            down if (self.steps == 1 || self.steps < 0) && down == -8 * count => Some(-count - 1),
            _ => None,
        }
    }
}

/// The address that an i64 was just loaded from, if the value is nothing else.
fn moved_from(value: &Expr) -> Option<&str> {
    let from = value.text.strip_prefix("$m[$i = ")?.strip_suffix(" >> 2] | $m[$i + 1] << 32")?;
    let is_one = !from.contains("$i") && from.matches('[').count() == from.matches(']').count() && !from.contains(" | ");
    is_one.then_some(from)
}

/// An address as a variable and a constant beside it.
fn split(address: &str) -> (&str, i64) {
    let parts = [(" + ", 1), (" - ", -1)].into_iter().find_map(|(sign, by)| {
        let (base, offset) = address.rsplit_once(sign)?;
        Some((base, by * offset.parse::<i64>().ok()?))
    });
    parts.filter(|(base, _)| base.starts_with('$') && !base.contains([' ', '['])).unwrap_or((address, 0))
}

/// An offset is added without wrapping around.
fn add_plain(address: Expr, offset: i128) -> Expr {
    match address.known() {
        Some(known) => Expr::integer(known + offset),
        None => pair(&address, "+", &Expr::integer(offset), Binds::Adds, address.low + offset, address.high + offset),
    }
}

/// The number of the word that an address is in.
fn index(address: &Expr) -> Expr {
    match address.known() {
        Some(known) => Expr::integer(known >> 2),
        None => Expr::new(format!("{} >> 2", address.at(Binds::Shifts)), Binds::Shifts, address.low >> 2, address.high >> 2).with(address),
    }
}

/// A load that lies within words.
fn aligned_load(bytes: u32, address: &Expr) -> Expr {
    let at = index(address);
    if bytes == 4 {
        return Expr::new(format!("$m[{}]", at.text), Binds::Atom, 0, WORD).with(address);
    }
    if bytes == 8 {
        let text = match at.known() {
            Some(known) => format!("$m[{known}] | $m[{}] << 32", known + 1),
            None => format!("$m[$i = {}] | $m[$i + 1] << 32", at.text),
        };
        return Expr::new(text, Binds::Or, LOW, HIGH).with(address);
    }
    let mask = (1_i128 << (8 * bytes)) - 1;
    let lane = if bytes == 1 { 3 } else { 2 };
    let text = match address.known() {
        Some(known) => match (known & lane) * 8 {
            0 => format!("$m[{}] & {mask}", at.text),
            by => format!("$m[{}] >> {by} & {mask}", at.text),
        },
        None if address.is_atom() => format!("$m[{}] >> (({} & {lane}) << 3) & {mask}", at.text, address.text),
        None => format!("$m[($i = {}) >> 2] >> (($i & {lane}) << 3) & {mask}", address.text),
    };
    Expr::new(text, Binds::And, 0, mask).with(address)
}

/// Four bytes at any alignment: a word, or the end of one and the beginning of the next; a call would cost more. The variables are of these loads
/// alone, since one may stand inside a store that uses others.
fn load_between(address: &Expr) -> Expr {
    let text = format!("($h = (($i = {}) & 3) << 3) ? ($m[$w = $i >> 2] >> $h | $m[$w + 1] << 32 - $h) & 0xffffffff : $m[$i >> 2]", address.text);
    Expr::new(text, Binds::Ternary, 0, WORD).with(address)
}

fn extended(loaded: Expr, shape: Shape) -> Expr {
    if !shape.signed {
        return loaded;
    }
    let by = 64 - 8 * shape.bytes;
    let high = (1_i128 << (8 * shape.bytes - 1)) - 1;
    Expr::new(format!("{} << {by} >> {by}", loaded.at(Binds::Shifts)), Binds::Shifts, -high - 1, high).with(&loaded)
}

/// One byte or two inside a word.
fn narrow_store(bytes: u32, address: &Expr, value: &Expr) -> Vec<String> {
    let mask = (1_i128 << (8 * bytes)) - 1;
    let lane = if bytes == 1 { 3 } else { 2 };
    let masked = match value.known() {
        Some(known) => Expr::integer(known & mask),
        None if value.low >= 0 && value.high <= mask => value.clone(),
        None => Expr::new(format!("{} & {mask}", value.at(Binds::And)), Binds::And, 0, mask),
    };
    if let Some(known) = address.known() {
        let (at, by) = (known >> 2, (known & lane) * 8);
        let moved = if by == 0 { masked.at(Binds::And) } else { format!("{} << {by}", masked.at(Binds::Shifts)) };
        return vec![format!("$m[{at}] = $m[{at}] & {:#x} | {moved};", WORD & !(mask << by))];
    }
    let mut lines = Vec::new();
    let name = if address.is_atom() {
        address.text.clone()
    } else {
        lines.push(format!("$j = {};", address.text));
        "$j".into()
    };
    lines.push(format!("$k = ({name} & {lane}) << 3;"));
    let moved = match masked.known() {
        Some(0) => String::new(),
        _ => format!(" | {} << $k", masked.at(Binds::Shifts)),
    };
    lines.push(format!("$m[{name} >> 2] = $m[{name} >> 2] & ~({mask} << $k){moved};"));
    lines
}

/// Two words at once.
fn wide_store(address: &Expr, value: &Expr) -> Vec<String> {
    let at = index(address);
    let mut lines = Vec::new();
    let (first, second) = match at.known() {
        Some(known) => (known.to_string(), (known + 1).to_string()),
        None => {
            lines.push(format!("$j = {};", at.text));
            ("$j".to_owned(), "$j + 1".to_owned())
        }
    };
    if let Some(known) = value.known() {
        lines.push(format!("$m[{first}] = {};", Expr::integer(known & WORD).text));
        lines.push(format!("$m[{second}] = {};", Expr::integer(known >> 32 & WORD).text));
        return lines;
    }
    if value.low >= 0 && value.high <= WORD {
        lines.push(format!("$m[{first}] = {};", value.text));
        lines.push(format!("$m[{second}] = 0;"));
        return lines;
    }
    let name = if value.is_atom() {
        value.text.clone()
    } else {
        lines.push(format!("$t = {};", value.text));
        "$t".into()
    };
    lines.push(format!("$m[{first}] = {name} & 0xffffffff;"));
    lines.push(format!("$m[{second}] = {name} >> 32 & 0xffffffff;"));
    lines
}
