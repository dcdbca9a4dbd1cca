//! Code 128 (ISO/IEC 15417) in sets B and C, with the switches that make the fewest symbols for digits.

use super::BarcodeError;

/// The longest text: 48 characters already make a bar 17 cm wide at a readable size.
const LONGEST: usize = 48;
const CODE_B: u8 = 100;
const CODE_C: u8 = 99;
const START_B: u8 = 104;
const START_C: u8 = 105;

/// Bar and space widths of each symbol value, bar first, as six octal digits; ISO/IEC 15417, table 1. The stop symbol is [`STOP_WIDTHS`].
const WIDTHS: [u32; 106] = [
    0o212222, 0o222122, 0o222221, 0o121223, 0o121322, 0o131222, 0o122213, 0o122312, 0o132212, 0o221213, 0o221312, 0o231212, 0o112232, 0o122132, 0o122231,
    0o113222, 0o123122, 0o123221, 0o223211, 0o221132, 0o221231, 0o213212, 0o223112, 0o312131, 0o311222, 0o321122, 0o321221, 0o312212, 0o322112, 0o322211,
    0o212123, 0o212321, 0o232121, 0o111323, 0o131123, 0o131321, 0o112313, 0o132113, 0o132311, 0o211313, 0o231113, 0o231311, 0o112133, 0o112331, 0o132131,
    0o113123, 0o113321, 0o133121, 0o313121, 0o211331, 0o231131, 0o213113, 0o213311, 0o213131, 0o311123, 0o311321, 0o331121, 0o312113, 0o312311, 0o332111,
    0o314111, 0o221411, 0o431111, 0o111224, 0o111422, 0o121124, 0o121421, 0o141122, 0o141221, 0o112214, 0o112412, 0o122114, 0o122411, 0o142112, 0o142211,
    0o241211, 0o221114, 0o413111, 0o241112, 0o134111, 0o111242, 0o121142, 0o121241, 0o114212, 0o124112, 0o124211, 0o411212, 0o421112, 0o421211, 0o212141,
    0o214121, 0o412121, 0o111143, 0o111341, 0o131141, 0o114113, 0o114311, 0o411113, 0o411311, 0o113141, 0o114131, 0o311141, 0o411131, 0o211412, 0o211214,
    0o211232,
];
const STOP_WIDTHS: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];

/// Modules of every symbol, and of the stop symbol.
const SYMBOL_MODULES: u32 = 11;
const STOP_MODULES: u32 = 13;

/// The symbols from the start to the check, without the stop symbol and quiet zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars(Vec<u8>);

impl Bars {
    /// The widths of bars and spaces in modules: bar, space, bar, …, beginning and ending with a bar.
    pub fn widths(&self) -> impl Iterator<Item = u8> {
        self.packed().flat_map(|packed| [15, 12, 9, 6, 3, 0].map(|place| (packed >> place & 7) as u8)).chain(STOP_WIDTHS)
    }

    /// Their sum.
    pub fn modules(&self) -> u32 {
        self.0.len() as u32 * SYMBOL_MODULES + STOP_MODULES
    }

    /// Six widths, bar first, as octal digits of one number for each symbol but the stop.
    pub(super) fn packed(&self) -> impl ExactSizeIterator<Item = u32> {
        self.0.iter().map(|symbol| WIDTHS.get(usize::from(*symbol)).copied().unwrap_or_default())
    }
}

/// Encodes 1 to 48 printable ASCII characters.
///
/// # Errors
/// [`BarcodeError`], naming what does not fit.
pub fn encode(text: &str) -> Result<Bars, BarcodeError> {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Err(BarcodeError::Empty);
    }
    if bytes.len() > LONGEST {
        return Err(BarcodeError::TooLong);
    }
    if !bytes.iter().all(|b| (32..127).contains(b)) {
        return Err(BarcodeError::Unsupported);
    }
    let mut symbols = symbols(bytes);
    let weighted = symbols.iter().zip(0u32..).map(|(symbol, place)| u32::from(*symbol) * place.max(1));
    symbols.push((weighted.sum::<u32>() % 103) as u8);
    Ok(Bars(symbols))
}

/// The symbol values from the start on, without check and stop.
fn symbols(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 4);
    let mut rest = bytes;
    let mut set = 0;
    while let Some((first, after)) = rest.split_first() {
        let pair_follows = rest.iter().take(2).filter(|sign| sign.is_ascii_digit()).count() == 2;
        let (mut wanted, mut odd_first) = (pair_follows, false);
        if set != CODE_C && pair_follows {
            let digits = rest.iter().take_while(|sign| sign.is_ascii_digit()).count();
            let ends = digits == rest.len();
            // Two digits in one symbol pay for a switch from four digits on at either end (two where they are all), six in between.
            wanted = digits >= 4 && (set == 0 || ends || digits >= 6) || digits == 2 && ends && set == 0;
            odd_first = set == CODE_B && digits % 2 == 1;
        }
        if wanted && !odd_first {
            if set != CODE_C {
                out.push(if set == 0 { START_C } else { CODE_C });
                set = CODE_C;
            }
            let pair = rest.iter().take(2).fold(0, |value, digit| value * 10 + (digit - b'0'));
            out.push(pair);
            rest = after.split_first().map_or(&[], |(_, after)| after);
        } else {
            if set != CODE_B {
                out.push(if set == 0 { START_B } else { CODE_B });
                set = CODE_B;
            }
            out.push(first - 32);
            rest = after;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_go_two_in_a_symbol() {
        assert_eq!(symbols(b"12345678"), [START_C, 12, 34, 56, 78]);
        assert_eq!(symbols(b"112399769"), [START_C, 11, 23, 99, 76, CODE_B, 25]);
        assert_eq!(symbols(b"AB123456"), [START_B, 33, 34, CODE_C, 12, 34, 56]);
        assert_eq!(symbols(b"AB12345"), [START_B, 33, 34, 17, CODE_C, 23, 45]);
        assert_eq!(symbols(b"12"), [START_C, 12]);
        assert_eq!(symbols(b"1a"), [START_B, 17, 65]);
    }

    #[test]
    fn every_symbol_is_eleven_modules_wide_and_no_two_are_alike() {
        let mut seen = std::collections::BTreeSet::new();
        for packed in WIDTHS {
            assert_eq!((0..6).map(|n| packed >> (3 * n) & 7).sum::<u32>(), 11, "{packed:o}");
            assert!(seen.insert(packed), "{packed:o}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(encode(""), Err(BarcodeError::Empty));
        assert_eq!(encode("ñ"), Err(BarcodeError::Unsupported));
        assert_eq!(encode("a\n"), Err(BarcodeError::Unsupported));
        assert_eq!(encode(&"1".repeat(49)), Err(BarcodeError::TooLong));
    }
}
