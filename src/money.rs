//! Money as whole minor units of one currency, and decimals read from their raw text, never through a float.
//!
//! ```
//! use efectivo::money::{Currency, Money};
//! let price = Money::parse("1234.5", Currency::Pen)?;
//! assert_eq!(price.minor, 123_450);
//! assert_eq!(price.to_string(), "S/\u{a0}1,234.50"); // as ICU prints es-PE
//! assert_eq!(price.plain(), "1234.50");
//! # Ok::<(), efectivo::money::MoneyError>(())
//! ```

use crate::json::{Mismatch, Read, Tree, Write};
use core::fmt;

/// The currencies that a cash code can be issued in; both have two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
pub enum Currency {
    /// Peruvian sol.
    #[json(rename = "PEN")]
    Pen,
    /// United States dollar.
    #[json(rename = "USD")]
    Usd,
}

impl Currency {
    /// Reads the ISO 4217 code, in capitals.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            "PEN" => Some(Self::Pen),
            "USD" => Some(Self::Usd),
            _ => None,
        }
    }

    /// The ISO 4217 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pen => "PEN",
            Self::Usd => "USD",
        }
    }

    /// What is printed before the number: `S/` (never `S/.`) or `US$`.
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Pen => "S/",
            Self::Usd => "US$",
        }
    }
}

/// An amount in minor units (céntimos, cents) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Money {
    /// Whole céntimos or cents.
    pub minor: i64,
    /// The currency they are of.
    pub currency: Currency,
}

/// Why a text is not an amount, or a sum could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyError {
    /// Not digits with at most one point.
    NotANumber,
    /// More than two decimals that are not zero.
    TooPrecise,
    /// More than an `i64` of minor units.
    TooLarge,
    /// The two amounts are of different currencies.
    CurrencyMismatch,
}

impl fmt::Display for MoneyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "not an amount",
            Self::TooPrecise => "more than two decimals",
            Self::TooLarge => "amount too large",
            Self::CurrencyMismatch => "different currencies",
        })
    }
}

impl core::error::Error for MoneyError {}

impl Money {
    /// An amount of `minor` céntimos or cents.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads `1234.5`, `1,234.50`, `S/ 1,234.50` or `US$ 12`; a sign before the number is allowed, a third decimal only if it is zero.
    ///
    /// # Errors
    /// [`MoneyError`], naming what is wrong; a grouping comma must stand before exactly three digits.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let bare = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
        let bare = bare.strip_prefix(currency.symbol()).unwrap_or(bare);
        let bare = bare.trim_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
        Ok(Self::new(minor_units(bare)?, currency))
    }

    /// The sum, or why there is none.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::TooLarge`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The difference, or why there is none.
    ///
    /// # Errors
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::TooLarge`].
    pub fn minus(self, other: Self) -> Result<Self, MoneyError> {
        let minor = other.minor.checked_neg().ok_or(MoneyError::TooLarge)?;
        self.plus(Self::new(minor, other.currency))
    }

    /// The amount taken `count` times, or why there is none.
    ///
    /// # Errors
    /// [`MoneyError::TooLarge`].
    pub fn times(self, count: u32) -> Result<Self, MoneyError> {
        let minor = self.minor.checked_mul(i64::from(count)).ok_or(MoneyError::TooLarge)?;
        Ok(Self::new(minor, self.currency))
    }

    /// The bare decimal that providers take: `1234.50`, always two decimals, no grouping.
    pub fn plain(self) -> String {
        let (sign, whole, cents) = self.parts();
        format!("{sign}{whole}.{cents:02}")
    }

    /// As it is printed.
    pub fn text(self) -> String {
        let (sign, whole, cents) = self.parts();
        let digits = whole.to_string();
        let mut text = [sign, self.currency.symbol(), "\u{a0}"].concat();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text.push('.');
        text.extend([cents / 10, cents % 10].map(|digit| char::from(b'0' + digit as u8)));
        text
    }

    fn parts(self) -> (&'static str, u64, u64) {
        let size = self.minor.unsigned_abs();
        (if self.minor < 0 { "-" } else { "" }, size / 100, size % 100)
    }
}

/// Prints as ICU does for es-PE: symbol, no-break space, comma groups, two decimals (ICU's `USD` is printed `US$`).
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// A decimal as a provider wrote it (`22.10`, `"22.1"`, `100`), kept as text until a currency is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal(String);

impl Decimal {
    /// Takes the text as it is; it is judged when it becomes money.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text as it was written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// The amount, if the text is one.
    ///
    /// # Errors
    /// [`MoneyError`], naming what is wrong.
    pub fn money(&self, currency: Currency) -> Result<Money, MoneyError> {
        Ok(Money::new(minor_units(&self.0)?, currency))
    }
}

/// Reads a JSON number's own digits, or a text.
impl Read for Decimal {
    fn blank() -> Self {
        Self(String::new())
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        let (Tree::Number(text) | Tree::Text(text)) = tree else { return Err(Mismatch::expected("a decimal")) };
        self.0 = text.as_ref().into();
        Ok(())
    }
}

/// Written as a bare JSON number.
impl Write for Decimal {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

fn minor_units(text: &str) -> Result<i64, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
    if whole.is_empty() || decimals.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return Err(MoneyError::NotANumber);
    }
    if decimals.bytes().skip(2).any(|b| b != b'0') {
        return Err(MoneyError::TooPrecise);
    }
    let mut decimals = decimals.bytes().chain([b'0', b'0']);
    let cents = [decimals.next(), decimals.next()];
    let mut minor: i64 = 0;
    for digit in ungrouped(whole)?.bytes().chain(cents.into_iter().flatten()) {
        minor = minor.checked_mul(10).and_then(|m| m.checked_add(i64::from(digit - b'0'))).ok_or(MoneyError::TooLarge)?;
    }
    Ok(if negative { -minor } else { minor })
}

fn ungrouped(whole: &str) -> Result<String, MoneyError> {
    let mut groups = whole.split(',');
    let first = groups.next().unwrap_or("");
    let grouped = whole.contains(',');
    let first_fits = !first.is_empty() && (!grouped || first.len() <= 3);
    if !first_fits || groups.any(|group| group.len() != 3) {
        return Err(MoneyError::NotANumber);
    }
    let bare: String = whole.chars().filter(|c| *c != ',').collect();
    if bare.bytes().all(|b| b.is_ascii_digit()) { Ok(bare) } else { Err(MoneyError::NotANumber) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_read_and_printed_as_peru_writes_it() {
        for (text, minor, shown) in [
            ("0", 0, "S/\u{a0}0.00"),
            ("12", 1200, "S/\u{a0}12.00"),
            ("S/ 1,234.50", 123_450, "S/\u{a0}1,234.50"),
            ("S/\u{a0}1234567.8", 123_456_780, "S/\u{a0}1,234,567.80"),
            ("-3.05", -305, "-S/\u{a0}3.05"),
            ("7.100", 710, "S/\u{a0}7.10"),
        ] {
            let money = Money::parse(text, Currency::Pen).unwrap();
            assert_eq!((money.minor, money.to_string().as_str()), (minor, shown), "{text}");
        }
        assert_eq!(Money::parse("US$ 12.5", Currency::Usd).unwrap().to_string(), "US$\u{a0}12.50");
    }

    #[test]
    fn a_text_that_is_no_amount_is_refused() {
        for bad in ["", ".", "1.", ".5", "1.2.3", "1,23", "1234,567", ",123", "12a", "1e3", "+1", "--1", "S/. 5", "1.005", "92233720368547758.08"] {
            assert!(Money::parse(bad, Currency::Pen).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_decimal_keeps_its_text_and_never_becomes_a_float() {
        #[derive(Read, Write)]
        struct Wire {
            amount: Decimal,
        }
        for (json, minor) in [
            (r#"{"amount":22.10}"#, 2210),
            (r#"{"amount":"22.1"}"#, 2210),
            (r#"{"amount":0.29}"#, 29),
            (r#"{"amount":4503599627370497.01}"#, 450_359_962_737_049_701),
        ] {
            let wire: Wire = crate::json::parse(json.as_bytes()).unwrap();
            assert_eq!(wire.amount.money(Currency::Pen).unwrap().minor, minor, "{json}");
        }
        let wire: Wire = crate::json::parse(br#"{"amount":22.10}"#).unwrap();
        assert_eq!(crate::json::text(&wire), r#"{"amount":22.10}"#);
    }

    #[test]
    fn sums_are_checked() {
        let one = Money::new(1, Currency::Pen);
        assert_eq!(Money::new(i64::MAX, Currency::Pen).plus(one), Err(MoneyError::TooLarge));
        assert_eq!(one.plus(Money::new(1, Currency::Usd)), Err(MoneyError::CurrencyMismatch));
        assert_eq!(one.times(3).unwrap().minor, 3);
        assert_eq!(one.minus(Money::new(3, Currency::Pen)).unwrap().minor, -2);
    }
}
