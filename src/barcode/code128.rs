//! Code 128 (ISO/IEC 15417) in sets B and C, with the switches that make the fewest symbols for digits.

use super::BarcodeError;

/// The longest text: 48 characters already make a bar 17 cm wide at a readable size.
const LONGEST: usize = 48;
const CODE_B: u8 = 100;
const CODE_C: u8 = 99;
const START_B: u8 = 104;
const START_C: u8 = 105;
const STOP: u8 = 106;

/// Bar and space widths of each symbol value, bar first, as six decimal digits; ISO/IEC 15417, table 1. The stop symbol is [`STOP_WIDTHS`].
const WIDTHS: [u32; 106] = [
    212222, 222122, 222221, 121223, 121322, 131222, 122213, 122312, 132212, 221213, 221312, 231212, 112232, 122132, 122231, 113222, 123122, 123221, 223211,
    221132, 221231, 213212, 223112, 312131, 311222, 321122, 321221, 312212, 322112, 322211, 212123, 212321, 232121, 111323, 131123, 131321, 112313, 132113,
    132311, 211313, 231113, 231311, 112133, 112331, 132131, 113123, 113321, 133121, 313121, 211331, 231131, 213113, 213311, 213131, 311123, 311321, 331121,
    312113, 312311, 332111, 314111, 221411, 431111, 111224, 111422, 121124, 121421, 141122, 141221, 112214, 112412, 122114, 122411, 142112, 142211, 241211,
    221114, 413111, 241112, 134111, 111242, 121142, 121241, 114212, 124112, 124211, 411212, 421112, 421211, 212141, 214121, 412121, 111143, 111341, 131141,
    114113, 114311, 411113, 411311, 113141, 114131, 311141, 411131, 211412, 211214, 211232,
];
const STOP_WIDTHS: [u8; 7] = [2, 3, 3, 1, 1, 1, 2];

/// The widths of bars and spaces in modules, beginning and ending with a bar, without quiet zones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bars {
    /// Bar, space, bar, …
    pub widths: Vec<u8>,
    /// Their sum.
    pub modules: u32,
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
    Ok(bars(&symbols))
}

/// The symbol values from the start on, without check and stop.
fn symbols(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 4);
    let mut rest = bytes;
    let mut set = 0;
    while let Some((first, after)) = rest.split_first() {
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let ends = digits == rest.len();
        // Two digits in one symbol pay for a switch from four digits on at either end (two where they are all), six in between.
        let wanted = if set == CODE_C { digits >= 2 } else { digits >= 4 && (set == 0 || ends || digits >= 6) || (digits == 2 && ends && set == 0) };
        let odd_first = wanted && set != CODE_C && digits % 2 == 1 && (set != 0 || !ends || digits > 2) && set == CODE_B;
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

fn bars(symbols: &[u8]) -> Bars {
    let mut widths = Vec::with_capacity(symbols.len() * 6 + 7);
    for symbol in symbols.iter().filter(|symbol| **symbol != STOP) {
        let packed = WIDTHS.get(usize::from(*symbol)).copied().unwrap_or_default();
        widths.extend([100_000, 10_000, 1_000, 100, 10, 1].map(|place| (packed / place % 10) as u8));
    }
    widths.extend(STOP_WIDTHS);
    Bars { modules: widths.iter().map(|width| u32::from(*width)).sum(), widths }
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
            assert_eq!((0..6).map(|n| packed / 10_u32.pow(n) % 10).sum::<u32>(), 11, "{packed}");
            assert!(seen.insert(packed), "{packed}");
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
