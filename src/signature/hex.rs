//! Hexadecimal: written in lower case, read in either.
//!
//! ```
//! use efectivo::signature::hex;
//! assert_eq!(hex::encode(&[0, 0xaf]), "00af");
//! assert_eq!(hex::decode("00AF"), Some(vec![0, 0xaf]));
//! assert_eq!(hex::decode("00a"), None);
//! ```

/// Two lower-case digits a byte.
pub fn encode(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).expect("a nibble is below 16");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// The bytes, or `None` for an odd length or anything but hexadecimal digits.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let whole = rest.is_empty();
    whole.then(|| pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()).flatten()
}
