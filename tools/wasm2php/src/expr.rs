//! A PHP expression on its way to a statement: its text, how tightly it binds, which values it can have, and what it reads.

use std::collections::BTreeSet;

/// All bits of an i32.
pub(crate) const WORD: i128 = 0xffff_ffff;

/// What a mask to an i32 looks like.
const MASK: &str = "0xffffffff";

/// How tightly PHP's operators bind, loosest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Binds {
    Ternary,
    Or,
    Xor,
    And,
    Equals,
    Compares,
    Shifts,
    Adds,
    Multiplies,
    Not,
    Casts,
    Atom,
}

/// A value that is not in a statement yet.
///
/// An i32 is held modulo 2^32: `low..=high` says which integers PHP may have there, and [`Expr::word`] cuts it to
/// 0..2^32-1 where a consumer needs that. An i64 is always PHP's own integer. Floats have no range.
#[derive(Debug, Clone)]
pub(crate) struct Expr {
    pub(crate) text: String,
    pub(crate) binds: Binds,
    pub(crate) low: i128,
    pub(crate) high: i128,
    /// The locals (and spill slots) that the text reads.
    pub(crate) reads: BTreeSet<u32>,
    /// Reads memory, a global or a table.
    pub(crate) looks: bool,
    /// Changes something, or calls.
    pub(crate) acts: bool,
    /// May trap.
    pub(crate) traps: bool,
    /// The text is a PHP boolean; here is the text of its opposite.
    pub(crate) opposite: Option<(String, Binds)>,
}

impl Expr {
    /// A variable of PHP's.
    pub(crate) fn variable(name: String, local: u32, low: i128, high: i128) -> Self {
        Self { reads: BTreeSet::from([local]), ..Self::new(name, Binds::Atom, low, high) }
    }

    pub(crate) fn new(text: impl Into<String>, binds: Binds, low: i128, high: i128) -> Self {
        let text = text.into();
        Self { text, binds, low, high, reads: BTreeSet::new(), looks: false, acts: false, traps: false, opposite: None }
    }

    /// An integer that is known now.
    pub(crate) fn integer(value: i128) -> Self {
        if value == i128::from(i64::MIN) {
            return Self::new("\\PHP_INT_MIN", Binds::Atom, value, value);
        }
        let text = if value > 0xffff && (value.count_ones() == 1 || (value + 1).count_ones() == 1) { format!("{value:#x}") } else { value.to_string() };
        let binds = if value < 0 { Binds::Casts } else { Binds::Atom };
        Self::new(text, binds, value, value)
    }

    /// A float, or anything else without a range.
    pub(crate) fn other(text: impl Into<String>, binds: Binds) -> Self {
        Self::new(text, binds, i128::from(i64::MIN), i128::from(i64::MAX))
    }

    /// A comparison and its opposite.
    pub(crate) fn truth(text: String, binds: Binds, opposite: (String, Binds)) -> Self {
        Self { opposite: Some(opposite), ..Self::new(text, binds, 0, 1) }
    }

    /// Takes over what another expression reads and does, because its text is inside this one now.
    pub(crate) fn with(mut self, inner: &Expr) -> Self {
        self.reads.extend(inner.reads.iter().copied());
        self.looks |= inner.looks;
        self.acts |= inner.acts;
        self.traps |= inner.traps;
        self
    }

    pub(crate) fn looking(self) -> Self {
        Self { looks: true, ..self }
    }

    pub(crate) fn acting(self) -> Self {
        Self { acts: true, ..self }
    }

    pub(crate) fn trapping(self) -> Self {
        Self { traps: true, ..self }
    }

    /// The value, where it is known now.
    pub(crate) fn known(&self) -> Option<i128> {
        (self.low == self.high && self.opposite.is_none() && !self.acts && !self.traps).then_some(self.low)
    }

    /// A variable or a number: cheap to write twice.
    pub(crate) fn is_atom(&self) -> bool {
        self.binds == Binds::Atom && !self.acts && !self.looks && !self.traps && self.opposite.is_none() && !self.text.contains('(')
    }

    /// Only a number, or a variable, or a mix of them: nothing that looks, acts or traps.
    pub(crate) fn is_still(&self) -> bool {
        !self.looks && !self.acts && !self.traps
    }

    /// The text, in parentheses unless it binds at least so tightly.
    pub(crate) fn at(&self, binds: Binds) -> String {
        if self.binds >= binds { self.text.clone() } else { format!("({})", self.text) }
    }

    /// The text, in parentheses unless it binds more tightly.
    pub(crate) fn over(&self, binds: Binds) -> String {
        if self.binds > binds { self.text.clone() } else { format!("({})", self.text) }
    }

    /// A boolean as the number that WebAssembly has.
    pub(crate) fn number(self) -> Self {
        match self.opposite {
            None => self,
            Some(_) => {
                let text = format!("(int) {}", self.at(Binds::Casts));
                Self { opposite: None, binds: Binds::Casts, text, ..self }
            }
        }
    }

    /// An i32 as PHP integer in 0..2^32-1.
    pub(crate) fn word(self) -> Self {
        let e = self.number();
        if e.low >= 0 && e.high <= WORD {
            return e;
        }
        if let Some(value) = e.known() {
            return Self::integer(value & WORD);
        }
        let text = format!("{} & {MASK}", e.at(Binds::And));
        Self::new(text, Binds::And, 0, WORD).with(&e)
    }

    /// An i32 as PHP integer in -2^31..2^31-1.
    pub(crate) fn signed(self) -> Self {
        let e = self.number();
        if e.low >= -0x8000_0000 && e.high <= 0x7fff_ffff {
            return e;
        }
        if let Some(value) = e.known() {
            return Self::integer(i128::from(value as i32));
        }
        let text = format!("{} << 32 >> 32", e.at(Binds::Shifts));
        Self::new(text, Binds::Shifts, -0x8000_0000, 0x7fff_ffff).with(&e)
    }

    /// An i32 moved to the upper half of PHP's integer, where signed comparison is right: (text, whether it is plain).
    pub(crate) fn raised(&self) -> Self {
        if let Some(value) = self.known() {
            return Self::integer(i128::from((value as i32 as i64) << 32));
        }
        let e = self.clone().number();
        Self::new(format!("{} << 32", e.at(Binds::Shifts)), Binds::Shifts, i128::from(i64::MIN), i128::from(i64::MAX)).with(&e)
    }

    /// Whether an i32's signed and unsigned value are the same, and the text has it.
    pub(crate) fn is_small(&self) -> bool {
        self.low >= 0 && self.high <= 0x7fff_ffff
    }

    /// As a PHP condition.
    pub(crate) fn condition(&self) -> (String, Binds) {
        match self.opposite {
            Some(_) => (self.text.clone(), self.binds),
            None => {
                let e = self.tested();
                (e.text, e.binds)
            }
        }
    }

    /// As a PHP condition that is true where this is zero.
    pub(crate) fn negated(&self) -> (String, Binds) {
        match &self.opposite {
            Some(opposite) => opposite.clone(),
            None => (format!("!{}", self.tested().at(Binds::Not)), Binds::Not),
        }
    }

    /// The number with its zero where WebAssembly's is: between -2^32 and 2^32 no mask is needed for that.
    fn tested(&self) -> Self {
        if self.low > -WORD - 1 && self.high <= WORD { self.clone() } else { self.clone().word() }
    }
}

/// `left op right` for an operator that associates to the left.
pub(crate) fn pair(left: &Expr, op: &str, right: &Expr, binds: Binds, low: i128, high: i128) -> Expr {
    let (low, high) = clip(low, high);
    Expr::new(format!("{} {op} {}", left.at(binds), right.over(binds)), binds, low, high).with(left).with(right)
}

/// A range, or PHP's whole integer where it doesn't fit in.
pub(crate) fn clip(low: i128, high: i128) -> (i128, i128) {
    let whole = (i128::from(i64::MIN), i128::from(i64::MAX));
    if low < whole.0 || high > whole.1 { whole } else { (low, high) }
}

/// Whether sums and products in this range stay integers in PHP.
pub(crate) fn fits(low: i128, high: i128) -> bool {
    low >= i128::from(i64::MIN) && high <= i128::from(i64::MAX)
}
