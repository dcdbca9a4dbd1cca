//! The float instructions: f64 is PHP's float; f32 is carried as the integer of its bits and computed by the runtime.

use crate::body::{Body, computed};
use crate::carry::trapping;
use crate::expr::{Binds, Expr, WORD, pair};
use wasmparser::Operator;

const LOW: i128 = i64::MIN as i128;
const HIGH: i128 = i64::MAX as i128;

impl<'a> Body<'_, 'a> {
    /// Writes a float instruction; false if it is none.
    pub(crate) fn float(&mut self, operator: &Operator<'a>) -> bool {
        self.float_constant(operator) || self.float_comparison(operator) || self.plain_float(operator) || self.runtime_float(operator)
    }

    fn float_constant(&mut self, operator: &Operator<'a>) -> bool {
        match operator {
            Operator::F32Const { value } => self.push(Expr::integer(i128::from(value.bits()))),
            Operator::F64Const { value } => self.push(Expr::other(literal(value.bits()), Binds::Casts)),
            _ => return false,
        }
        true
    }

    fn float_comparison(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        let (op, single) = match operator {
            O::F64Eq => ("==", false),
            O::F64Ne => ("!=", false),
            O::F64Lt => ("<", false),
            O::F64Gt => (">", false),
            O::F64Le => ("<=", false),
            O::F64Ge => (">=", false),
            O::F32Eq => ("==", true),
            O::F32Ne => ("!=", true),
            O::F32Lt => ("<", true),
            O::F32Gt => (">", true),
            O::F32Le => ("<=", true),
            O::F32Ge => (">=", true),
            _ => return false,
        };
        let (right, left) = (self.number(), self.number());
        let (l, r) = if single { (promoted(&left), promoted(&right)) } else { (left, right) };
        let binds = if op.contains('=') && op.len() == 2 && !op.starts_with(['<', '>']) { Binds::Equals } else { Binds::Compares };
        let text = format!("{} {op} {}", l.over(binds), r.over(binds));
        // Not the opposite operator: with a NaN neither holds.
        let not = (format!("!({text})"), Binds::Not);
        self.push(Expr::truth(text, binds, not).with(&l).with(&r));
        true
    }

    /// What PHP's own operators and functions do as WebAssembly wants it.
    fn plain_float(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        match operator {
            O::F64Add | O::F64Sub | O::F64Mul => {
                let (right, left) = (self.number(), self.number());
                let (op, binds) = match operator {
                    O::F64Add => ("+", Binds::Adds),
                    O::F64Sub => ("-", Binds::Adds),
                    _ => ("*", Binds::Multiplies),
                };
                self.push(pair(&left, op, &right, binds, LOW, HIGH));
            }
            O::F64Abs | O::F64Sqrt | O::F64Ceil | O::F64Floor => {
                let value = self.number();
                let name = match operator {
                    O::F64Abs => "\\abs",
                    O::F64Sqrt => "\\sqrt",
                    O::F64Ceil => "\\ceil",
                    _ => "\\floor",
                };
                let result = computed(name, &[&value], LOW, HIGH);
                // The product makes a signalling NaN quiet and changes nothing else.
                let is_rounded = matches!(operator, O::F64Ceil | O::F64Floor);
                self.push(if is_rounded { pair(&result, "*", &Expr::other("1.0", Binds::Atom), Binds::Multiplies, LOW, HIGH) } else { result });
            }
            O::F64ConvertI32S => {
                let value = self.pop().signed();
                self.push(Expr::other(format!("(float) {}", value.at(Binds::Casts)), Binds::Casts).with(&value));
            }
            O::F64ConvertI32U => {
                let value = self.word();
                self.push(Expr::other(format!("(float) {}", value.at(Binds::Casts)), Binds::Casts).with(&value));
            }
            O::F64ConvertI64S => {
                let value = self.number();
                self.push(Expr::other(format!("(float) {}", value.at(Binds::Casts)), Binds::Casts).with(&value));
            }
            O::F64PromoteF32 => {
                let value = self.number();
                self.push(promoted(&value));
            }
            O::I32ReinterpretF32 | O::F32ReinterpretI32 => {
                // The same bits, and bits is what an f32 is carried as.
                let value = self.word();
                self.push(value);
            }
            _ => return false,
        }
        true
    }

    /// What the runtime computes: (its name, how many operands, whether the operands and the result are words, whether it may trap).
    fn runtime_float(&mut self, operator: &Operator<'a>) -> bool {
        use Operator as O;
        let (name, operands, takes_words, gives_words, traps) = match operator {
            O::F64Div => ("div", 2, false, false, false),
            O::F64Neg => ("neg", 1, false, false, false),
            O::F64Trunc => ("trunc", 1, false, false, false),
            O::F64Nearest => ("nearest", 1, false, false, false),
            O::F64Min => ("min", 2, false, false, false),
            O::F64Max => ("max", 2, false, false, false),
            O::F64Copysign => ("copysign", 2, false, false, false),
            O::F64ConvertI64U => ("from_u64", 1, false, false, false),
            O::F64ReinterpretI64 => ("from_bits", 1, false, false, false),
            O::I64ReinterpretF64 => ("bits", 1, false, false, false),
            O::F32DemoteF64 => ("demote", 1, false, true, false),
            O::F32Add => ("add32", 2, true, true, false),
            O::F32Sub => ("sub32", 2, true, true, false),
            O::F32Mul => ("mul32", 2, true, true, false),
            O::F32Div => ("div32", 2, true, true, false),
            O::F32Min => ("min32", 2, true, true, false),
            O::F32Max => ("max32", 2, true, true, false),
            O::F32Sqrt => ("sqrt32", 1, true, true, false),
            O::F32Ceil => ("ceil32", 1, true, true, false),
            O::F32Floor => ("floor32", 1, true, true, false),
            O::F32Trunc => ("trunc32", 1, true, true, false),
            O::F32Nearest => ("nearest32", 1, true, true, false),
            O::F32Abs => ("abs32", 1, true, true, false),
            O::F32Neg => ("neg32", 1, true, true, false),
            O::F32Copysign => ("copysign32", 2, true, true, false),
            O::F32ConvertI32S => return self.single_of_word(true),
            O::F32ConvertI32U => return self.single_of_word(false),
            O::F32ConvertI64S => ("s64_to_f32", 1, false, true, false),
            O::F32ConvertI64U => ("u64_to_f32", 1, false, true, false),
            _ => match truncation(operator) {
                Some(found) => return self.truncate(found),
                None => return false,
            },
        };
        let mut values: Vec<Expr> = (0..operands).map(|_| if takes_words { self.word() } else { self.number() }).collect();
        values.reverse();
        let values: Vec<&Expr> = values.iter().collect();
        let (low, high) = if gives_words { (0, WORD) } else { (LOW, HIGH) };
        let name = format!("Floats::{name}");
        self.push(if traps { trapping(&name, &values, low, high) } else { computed(&name, &values, low, high) });
        true
    }

    fn single_of_word(&mut self, signed: bool) -> bool {
        let value = if signed { self.pop().signed() } else { self.word() };
        let float = Expr::other(format!("(float) {}", value.at(Binds::Casts)), Binds::Casts).with(&value);
        self.push(computed("Floats::demote", &[&float], 0, WORD));
        true
    }

    fn truncate(&mut self, (single, long, signed, saturates): (bool, bool, bool, bool)) -> bool {
        let value = self.number();
        let value = if single { promoted(&value) } else { value };
        let name = format!("Floats::{}_{}{}", if saturates { "sat" } else { "to" }, if signed { "s" } else { "u" }, if long { 64 } else { 32 });
        let (low, high) = match (long, signed) {
            (true, _) => (LOW, HIGH),
            (false, true) => (-0x8000_0000, 0x7fff_ffff),
            (false, false) => (0, WORD),
        };
        self.push(if saturates { computed(&name, &[&value], low, high) } else { trapping(&name, &[&value], low, high) });
        true
    }
}

fn promoted(value: &Expr) -> Expr {
    computed("Floats::promote", &[value], LOW, HIGH)
}

/// For a truncation: whether from f32, to i64, signed, saturating.
fn truncation(operator: &Operator<'_>) -> Option<(bool, bool, bool, bool)> {
    use Operator as O;
    Some(match operator {
        O::I32TruncF32S => (true, false, true, false),
        O::I32TruncF32U => (true, false, false, false),
        O::I32TruncF64S => (false, false, true, false),
        O::I32TruncF64U => (false, false, false, false),
        O::I64TruncF32S => (true, true, true, false),
        O::I64TruncF32U => (true, true, false, false),
        O::I64TruncF64S => (false, true, true, false),
        O::I64TruncF64U => (false, true, false, false),
        O::I32TruncSatF32S => (true, false, true, true),
        O::I32TruncSatF32U => (true, false, false, true),
        O::I32TruncSatF64S => (false, false, true, true),
        O::I32TruncSatF64U => (false, false, false, true),
        O::I64TruncSatF32S => (true, true, true, true),
        O::I64TruncSatF32U => (true, true, false, true),
        O::I64TruncSatF64S => (false, true, true, true),
        O::I64TruncSatF64U => (false, true, false, true),
        _ => return None,
    })
}

/// A float as PHP reads it; what PHP can't write (a NaN's own bits) is made from the bits.
pub(crate) fn literal(bits: u64) -> String {
    let value = f64::from_bits(bits);
    if value.is_nan() {
        return format!("Floats::from_bits({})", Expr::integer(i128::from(bits as i64)).text);
    }
    if value.is_infinite() {
        return if value > 0.0 { "\\INF".into() } else { "-\\INF".into() };
    }
    format!("{value:?}")
}
