//! The integer instructions: i32 modulo 2^32 with as few masks as its ranges allow, i64 as PHP's own integer.

use crate::body::{Body, computed};
use crate::carry::trapping;
use crate::expr::{Binds, Expr, WORD, clip, fits, pair};
use wasmparser::Operator;

const LOW: i128 = i64::MIN as i128;
const HIGH: i128 = i64::MAX as i128;

impl<'a> Body<'_, 'a> {
    /// Writes an integer instruction; false if it is none.
    pub(crate) fn integer(&mut self, operator: &Operator<'a>) -> bool {
        self.constant(operator) || self.comparison(operator) || self.word_arithmetic(operator) || self.long_arithmetic(operator)
    }

    fn constant(&mut self, operator: &Operator<'a>) -> bool {
        let value = match operator {
            Operator::I32Const { value } => i128::from(*value as u32),
            Operator::I64Const { value } => i128::from(*value),
            _ => return false,
        };
        self.push(Expr::integer(value));
        true
    }

    fn comparison(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        match operator {
            O::I32Eqz => {
                let value = self.pop();
                let (text, binds) = value.negated();
                let opposite = value.condition();
                self.push(Expr::truth(text, binds, opposite).with(&value));
            }
            O::I64Eqz => {
                let value = self.number();
                self.compare(&value, "===", "!==", &Expr::integer(0));
            }
            O::I32Eq | O::I32Ne => {
                let (right, left) = (self.word(), self.word());
                let (op, not) = if matches!(operator, O::I32Eq) { ("===", "!==") } else { ("!==", "===") };
                self.compare(&left, op, not, &right);
            }
            O::I64Eq | O::I64Ne => {
                let (right, left) = (self.number(), self.number());
                let (op, not) = if matches!(operator, O::I64Eq) { ("===", "!==") } else { ("!==", "===") };
                self.compare(&left, op, not, &right);
            }
            O::I32LtU | O::I32GtU | O::I32LeU | O::I32GeU => {
                let (right, left) = (self.word(), self.word());
                let (op, not) = order(operator);
                self.compare(&left, op, not, &right);
            }
            O::I32LtS | O::I32GtS | O::I32LeS | O::I32GeS => {
                let (right, left) = (self.number(), self.number());
                let (op, not) = order(operator);
                let signed = |e: &Expr| e.low >= -0x8000_0000 && e.high <= 0x7fff_ffff;
                let of_known = |e: &Expr| e.known().map_or_else(|| e.clone(), |value| Expr::integer(i128::from(value as i32)));
                let (l, r) = (of_known(&left), of_known(&right));
                if signed(&l) && signed(&r) {
                    self.compare(&l, op, not, &r);
                } else {
                    self.compare(&left.raised(), op, not, &right.raised());
                }
            }
            O::I64LtS | O::I64GtS | O::I64LeS | O::I64GeS => {
                let (right, left) = (self.number(), self.number());
                let (op, not) = order(operator);
                self.compare(&left, op, not, &right);
            }
            O::I64LtU | O::I64GtU | O::I64LeU | O::I64GeU => {
                let (right, left) = (self.number(), self.number());
                let (op, not) = order(operator);
                if left.low >= 0 && right.low >= 0 {
                    self.compare(&left, op, not, &right);
                } else {
                    self.compare(&flipped(&left), op, not, &flipped(&right));
                }
            }
            _ => return false,
        }
        true
    }

    fn compare(&mut self, left: &Expr, op: &str, not: &str, right: &Expr) {
        let binds = if op.contains("==") && !matches!(op, "<=" | ">=") { Binds::Equals } else { Binds::Compares };
        let text = |op: &str| format!("{} {op} {}", left.over(binds), right.over(binds));
        self.push(Expr::truth(text(op), binds, (text(not), binds)).with(left).with(right));
    }

    fn word_arithmetic(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        match operator {
            O::I32Add | O::I32Sub => {
                let (right, left) = (self.number(), self.number());
                let sum = add(left, right, matches!(operator, O::I32Sub));
                self.push(sum);
            }
            O::I32Mul => {
                let (right, left) = (self.number(), self.number());
                self.push(multiply(left, right));
            }
            O::I32And | O::I32Or | O::I32Xor => {
                let (right, left) = (self.number(), self.number());
                self.push(bits(operator, left, right));
            }
            O::I32Shl | O::I32ShrS | O::I32ShrU => {
                let (by, value) = (self.number(), self.number());
                self.push(shift(operator, value, &by));
            }
            O::I32Rotl | O::I32Rotr => self.rotate(matches!(operator, O::I32Rotl), 32),
            O::I32DivU | O::I32RemU => {
                let (right, left) = (self.word(), self.word());
                let is_safe = right.known().is_some_and(|by| by != 0);
                let result = if matches!(operator, O::I32RemU) {
                    pair(&left, "%", &right, Binds::Multiplies, 0, WORD)
                } else {
                    // Both fit a float's 53 bits, so that PHP's `/` is never wrong about the whole part.
                    let ratio = format!("(int) ({} / {})", left.at(Binds::Multiplies), right.over(Binds::Multiplies));
                    Expr::new(ratio, Binds::Casts, 0, left.high / right.low.max(1)).with(&left).with(&right)
                };
                self.push(if is_safe { result } else { result.trapping() });
            }
            O::I32DivS => {
                let (right, left) = (self.pop().signed(), self.pop().signed());
                let quotient = match right.known() {
                    Some(by) if by != 0 && by != -1 => computed("\\intdiv", &[&left, &right], -0x8000_0000, 0x7fff_ffff),
                    _ => trapping("Integers::div_s32", &[&left, &right], -0x8000_0000, 0x7fff_ffff),
                };
                self.push(quotient);
            }
            O::I32RemS => {
                let (right, left) = (self.pop().signed(), self.pop().signed());
                self.push(pair(&left, "%", &right, Binds::Multiplies, -0x8000_0000, 0x7fff_ffff).trapping());
            }
            O::I32Clz | O::I32Ctz | O::I32Popcnt => {
                let value = self.word();
                self.push(match operator {
                    O::I32Clz => computed("Integers::clz32", &[&value], 0, 32),
                    O::I32Ctz => computed("Integers::ctz32", &[&value], 0, 32),
                    _ => ones(&value, 32),
                });
            }
            O::I32Extend8S => self.extend(56),
            O::I32Extend16S => self.extend(48),
            O::I32WrapI64 => {
                // The same PHP integer, read modulo 2^32 from here on.
                let value = self.number();
                self.push(value);
            }
            _ => return false,
        }
        true
    }

    fn long_arithmetic(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        match operator {
            O::I64ExtendI32U => {
                let value = self.word();
                self.push(value);
            }
            O::I64ExtendI32S => {
                let value = self.pop().signed();
                self.push(value);
            }
            O::I64Extend8S => self.extend(56),
            O::I64Extend16S => self.extend(48),
            O::I64Extend32S => self.extend(32),
            O::I64Add | O::I64Sub | O::I64Mul => self.long_sum(operator),
            O::I64And | O::I64Or | O::I64Xor => {
                let (right, left) = (self.number(), self.number());
                self.push(long_bits(operator, &left, &right));
            }
            O::I64Shl | O::I64ShrS | O::I64ShrU => {
                if matches!(operator, O::I64ShrU) {
                    // The count is written twice where it isn't known.
                    self.settle_long(0);
                }
                let (by, value) = (self.number(), self.number());
                self.push(long_shift(operator, &value, &by));
            }
            O::I64Rotl | O::I64Rotr => self.rotate(matches!(operator, O::I64Rotl), 64),
            O::I64DivS | O::I64RemS => {
                let (right, left) = (self.number(), self.number());
                let is_safe = right.known().is_some_and(|by| by != 0 && by != -1);
                let result = if matches!(operator, O::I64DivS) {
                    computed("\\intdiv", &[&left, &right], LOW, HIGH)
                } else {
                    pair(&left, "%", &right, Binds::Multiplies, LOW, HIGH)
                };
                self.push(if is_safe { result } else { result.trapping() });
            }
            O::I64DivU | O::I64RemU => {
                let (right, left) = (self.number(), self.number());
                let is_safe = right.known().is_some_and(|by| by != 0);
                let small = left.low >= 0 && right.low >= 0;
                let result = match (operator, small) {
                    (O::I64DivU, true) => computed("\\intdiv", &[&left, &right], 0, left.high),
                    (O::I64RemU, true) => pair(&left, "%", &right, Binds::Multiplies, 0, right.high.min(left.high)),
                    (O::I64DivU, _) => computed("Integers::div_u64", &[&left, &right], LOW, HIGH),
                    _ => computed("Integers::rem_u64", &[&left, &right], LOW, HIGH),
                };
                self.push(if is_safe { result } else { result.trapping() });
            }
            O::I64Clz | O::I64Ctz | O::I64Popcnt => {
                let value = self.number();
                self.push(match operator {
                    O::I64Clz => computed("Integers::clz64", &[&value], 0, 64),
                    O::I64Ctz => computed("Integers::ctz64", &[&value], 0, 64),
                    _ => ones(&value, 64),
                });
            }
            _ => return false,
        }
        true
    }

    /// Takes the low bits as signed, by shifting them up and down again.
    fn extend(&mut self, by: u32) {
        let value = self.number();
        let high = (1_i128 << (63 - by)) - 1;
        if value.low >= -high - 1 && value.high <= high {
            return self.push(value);
        }
        self.push(Expr::new(format!("{} << {by} >> {by}", value.at(Binds::Shifts)), Binds::Shifts, -high - 1, high).with(&value));
    }

    /// PHP turns a sum that is too large into a float; then the runtime does it again, in halves.
    fn long_sum(&mut self, operator: &Operator<'a>) {
        let (op, name, binds) = match operator {
            Operator::I64Add => ("+", "Integers::add64", Binds::Adds),
            Operator::I64Sub => ("-", "Integers::sub64", Binds::Adds),
            _ => ("*", "Integers::mul64", Binds::Multiplies),
        };
        let (a, b) = (&self.stack[self.stack.len() - 2], &self.stack[self.stack.len() - 1]);
        let (low, high) = match op {
            "+" => (a.low + b.low, a.high + b.high),
            "-" => (a.low - b.high, a.high - b.low),
            _ => {
                let all = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
                (all.iter().copied().fold(i128::MAX, i128::min), all.iter().copied().fold(i128::MIN, i128::max))
            }
        };
        if fits(low, high) {
            let (right, left) = (self.number(), self.number());
            return self.push(pair(&left, op, &right, binds, low, high));
        }
        self.settle_long(1);
        self.settle_long(0);
        let (right, left) = (self.number(), self.number());
        let sum = pair(&left, op, &right, binds, LOW, HIGH);
        let text = format!("\\is_int($t = {}) ? $t : {name}({}, {})", sum.text, left.text, right.text);
        self.push(Expr { text, binds: Binds::Ternary, ..sum });
    }

    fn settle_long(&mut self, from_top: usize) {
        if self.stack[self.stack.len() - 1 - from_top].known().is_none() {
            self.settle(from_top);
        }
    }

    fn rotate(&mut self, left: bool, width: i128) {
        self.settle_long(1);
        let (by, value) = (self.number(), if width == 32 { self.pop().number() } else { self.number() });
        let value = if width == 32 { value.word() } else { value };
        let Some(by) = by.known() else {
            let name = format!("Integers::rot{}{width}", if left { "l" } else { "r" });
            let by = if width == 32 { by.word() } else { by };
            let (low, high) = if width == 32 { (0, WORD) } else { (LOW, HIGH) };
            return self.push(computed(&name, &[&value, &by], low, high));
        };
        let by = by.rem_euclid(width);
        let by = if left { by } else { (width - by) % width };
        if by == 0 {
            return self.push(value);
        }
        let rest = if width == 32 {
            format!("{} >> {}", value.at(Binds::Shifts), width - by)
        } else {
            format!("{} >> {} & {:#x}", value.at(Binds::Shifts), width - by, (1_u64 << by) - 1)
        };
        let (low, high) = if width == 32 { clip(0, WORD << by) } else { (LOW, HIGH) };
        let text = format!("{} << {by} | {rest}", value.at(Binds::Shifts));
        self.push(Expr::new(text, Binds::Or, low, high).with(&value));
    }
}

/// The operator of an order and of its opposite.
fn order(operator: &Operator<'_>) -> (&'static str, &'static str) {
    use Operator as O;
    match operator {
        O::I32LtS | O::I32LtU | O::I64LtS | O::I64LtU => ("<", ">="),
        O::I32GtS | O::I32GtU | O::I64GtS | O::I64GtU => (">", "<="),
        O::I32LeS | O::I32LeU | O::I64LeS | O::I64LeU => ("<=", ">"),
        _ => (">=", "<"),
    }
}

/// An i64 with its order turned from unsigned to signed.
fn flipped(e: &Expr) -> Expr {
    match e.known() {
        Some(value) => Expr::integer(i128::from((value as i64) ^ i64::MIN)),
        None => pair(e, "^", &Expr::integer(LOW), Binds::Xor, LOW, HIGH),
    }
}

/// A sum or difference of i32, cut to words first only where PHP could leave its integers.
fn add(left: Expr, right: Expr, minus: bool) -> Expr {
    let range = |l: &Expr, r: &Expr| if minus { (l.low - r.high, l.high - r.low) } else { (l.low + r.low, l.high + r.high) };
    let (low, high) = range(&left, &right);
    let (left, right) = if fits(low, high) { (left, right) } else { (left.word(), right.word()) };
    let (low, high) = range(&left, &right);
    let (op, right) = match right.known() {
        Some(0) => return left,
        // A large constant is a negative one: subtracted, it keeps the sum small.
        Some(value) if !minus && value > 0x8000_0000 => return add(left, Expr::integer(WORD + 1 - value), true),
        _ => (if minus { "-" } else { "+" }, right),
    };
    if let (Some(l), Some(r)) = (left.known(), right.known()) {
        return Expr::integer(if minus { l - r } else { l + r } & WORD);
    }
    if let (Some(_), false) = (left.known(), minus) {
        return add(right, left, false);
    }
    pair(&left, op, &right, Binds::Adds, low, high)
}

fn multiply(left: Expr, right: Expr) -> Expr {
    let range = |l: &Expr, r: &Expr| {
        let all = [l.low * r.low, l.low * r.high, l.high * r.low, l.high * r.high];
        (all.iter().copied().fold(i128::MAX, i128::min), all.iter().copied().fold(i128::MIN, i128::max))
    };
    let (low, high) = range(&left, &right);
    if fits(low, high) {
        return pair(&left, "*", &right, Binds::Multiplies, low, high);
    }
    let (left, right) = (left.word(), right.word());
    let (low, high) = range(&left, &right);
    if fits(low, high) {
        return pair(&left, "*", &right, Binds::Multiplies, low, high);
    }
    // Below 2^32 times between -2^31 and 2^31 always fits.
    let right = right.signed();
    let (low, high) = range(&left, &right);
    pair(&left, "*", &right, Binds::Multiplies, low, high)
}

/// The largest number that has no more bits than this one.
fn filled(value: i128) -> i128 {
    let mut filled = 1_i128;
    while filled <= value {
        filled *= 2;
    }
    filled - 1
}

fn bits(operator: &Operator<'_>, left: Expr, right: Expr) -> Expr {
    let is_word = |e: &Expr| e.low >= 0 && e.high <= WORD;
    match operator {
        Operator::I32And => {
            let (left, right) = if is_word(&left) || is_word(&right) { (left, right) } else { (left.word(), right) };
            // A mask of all that the other side can have changes nothing.
            for (value, mask) in [(&left, &right), (&right, &left)] {
                if let Some(mask) = mask.known().map(|mask| mask & WORD)
                    && value.low >= 0
                    && (mask + 1).count_ones() == 1
                    && value.high <= mask
                {
                    return value.clone();
                }
            }
            let high = [&left, &right].into_iter().filter(|e| is_word(e)).map(|e| e.high).min().unwrap_or(WORD);
            pair(&left, "&", &right, Binds::And, 0, high)
        }
        other => {
            let (left, right) = (left.word(), right.word());
            let high = filled(left.high.max(right.high));
            let (op, binds) = if matches!(other, Operator::I32Or) { ("|", Binds::Or) } else { ("^", Binds::Xor) };
            pair(&left, op, &right, binds, 0, high)
        }
    }
}

fn shift(operator: &Operator<'_>, value: Expr, by: &Expr) -> Expr {
    let known = by.known().map(|by| by & 31);
    let count = known.map_or_else(|| bits(&Operator::I32And, by.clone(), Expr::integer(31)), Expr::integer);
    if known == Some(0) {
        return value;
    }
    match operator {
        Operator::I32Shl => {
            let (low, high) = match known {
                Some(by) => clip(value.low << by, value.high << by),
                None => clip(value.low.min(0) << 31, value.high.max(0) << 31),
            };
            pair(&value, "<<", &count, Binds::Shifts, low, high)
        }
        Operator::I32ShrU => {
            let value = value.word();
            let high = known.map_or(value.high, |by| value.high >> by);
            pair(&value, ">>", &count, Binds::Shifts, 0, high)
        }
        _ if value.is_small() => {
            let high = value.high;
            pair(&value, ">>", &count, Binds::Shifts, 0, high)
        }
        _ => match known {
            Some(by) if value.low < -0x8000_0000 || value.high > 0x7fff_ffff => {
                let (low, high) = (-(0x8000_0000 >> by), 0x7fff_ffff >> by);
                Expr::new(format!("{} << 32 >> {}", value.at(Binds::Shifts), 32 + by), Binds::Shifts, low, high).with(&value)
            }
            _ => {
                let value = value.signed();
                pair(&value, ">>", &count, Binds::Shifts, -0x8000_0000, 0x7fff_ffff)
            }
        },
    }
}

fn long_bits(operator: &Operator<'_>, left: &Expr, right: &Expr) -> Expr {
    let (op, binds) = match operator {
        Operator::I64And => ("&", Binds::And),
        Operator::I64Or => ("|", Binds::Or),
        _ => ("^", Binds::Xor),
    };
    let (low, high) = match op {
        "&" if left.low >= 0 && right.low >= 0 => (0, left.high.min(right.high)),
        "&" if left.low >= 0 => (0, left.high),
        "&" if right.low >= 0 => (0, right.high),
        "&" => (LOW, HIGH),
        _ if left.low >= 0 && right.low >= 0 => (0, filled(left.high.max(right.high))),
        _ => (LOW, HIGH),
    };
    pair(left, op, right, binds, low, high)
}

fn long_shift(operator: &Operator<'_>, value: &Expr, by: &Expr) -> Expr {
    let known = by.known().map(|by| by & 63);
    let count = known.map_or_else(|| pair(by, "&", &Expr::integer(63), Binds::And, 0, 63), Expr::integer);
    if known == Some(0) {
        return value.clone();
    }
    match operator {
        Operator::I64Shl => {
            let (low, high) = match known {
                Some(by) if by < 62 => clip(value.low << by, value.high << by),
                _ => (LOW, HIGH),
            };
            pair(value, "<<", &count, Binds::Shifts, low, high)
        }
        Operator::I64ShrS => {
            let (low, high) = known.map_or((value.low.min(0), value.high.max(0)), |by| (value.low >> by, value.high >> by));
            pair(value, ">>", &count, Binds::Shifts, low, high)
        }
        _ if value.low >= 0 => pair(value, ">>", &count, Binds::Shifts, 0, known.map_or(value.high, |by| value.high >> by)),
        _ => match known {
            Some(by) => {
                let mask = (1_i128 << (64 - by)) - 1;
                Expr::new(format!("{} >> {by} & {mask:#x}", value.at(Binds::Shifts)), Binds::And, 0, mask).with(value)
            }
            None => {
                // What the sign moves in from above is cut off again.
                let text = format!("{} >> {count} & ~(\\PHP_INT_MIN >> {count} << 1)", value.at(Binds::Shifts), count = count.over(Binds::Shifts));
                Expr::new(text, Binds::And, LOW, HIGH).with(value).with(by)
            }
        },
    }
}

/// How many ones a number has in base 2: two of PHP's own functions are faster than a method of ours.
fn ones(value: &Expr, most: i128) -> Expr {
    Expr::new(format!("\\substr_count(\\decbin({}), '1')", value.text), Binds::Atom, 0, most).with(value)
}
