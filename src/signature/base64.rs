//! Base64 in both alphabets (RFC 4648): the standard one with padding, the one for addresses without; read strictly, one text per value.
//!
//! ```
//! use efectivo::signature::base64::{Alphabet::*, decode, encode};
//! assert_eq!(encode(Standard, b"\xfb\xff"), "+/8=");
//! assert_eq!(encode(Url, b"\xfb\xff"), "-_8");
//! assert_eq!(decode(Standard, "+/8="), Some(b"\xfb\xff".to_vec()));
//! assert_eq!(decode(Standard, "+/9="), None); // bits that say nothing must be zero
//! ```

/// Which 64 characters, and whether `=` fills the last group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alphabet {
    /// `+` and `/`, padded.
    Standard,
    /// `-` and `_`, unpadded.
    Url,
}

impl Alphabet {
    fn last(self) -> [u8; 2] {
        match self {
            Self::Standard => *b"+/",
            Self::Url => *b"-_",
        }
    }

    fn character(self, value: u32) -> char {
        let [sixty_two, sixty_three] = self.last();
        let low = (value & 63) as u8;
        char::from(match low {
            0..=25 => b'A' + low,
            26..=51 => b'a' + low - 26,
            52..=61 => b'0' + low - 52,
            62 => sixty_two,
            _ => sixty_three,
        })
    }

    fn value(self, byte: u8) -> Option<u32> {
        let [sixty_two, sixty_three] = self.last();
        Some(u32::from(match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            _ if byte == sixty_two => 62,
            _ if byte == sixty_three => 63,
            _ => return None,
        }))
    }
}

/// The text of some bytes.
pub fn encode(alphabet: Alphabet, bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let bits = group.iter().chain([&0, &0]).take(3).fold(0, |bits, byte| bits << 8 | u32::from(*byte));
        text.extend([18, 12, 6, 0].iter().take(group.len() + 1).map(|shift| alphabet.character(bits >> shift)));
        if alphabet == Alphabet::Standard {
            text.extend(core::iter::repeat_n('=', 3 - group.len()));
        }
    }
    text
}

/// The bytes of a text, or `None` for a foreign character, wrong or missing padding, or a text that [`encode`] would not write.
pub fn decode(alphabet: Alphabet, text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for group in text.trim_end_matches('=').as_bytes().chunks(4) {
        let mut bits = 0;
        for byte in group {
            bits = bits << 6 | alphabet.value(*byte)?;
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend([16, 8, 0].iter().take(group.len() - 1).map(|shift| (bits >> shift) as u8));
    }
    (encode(alphabet, &bytes) == text).then_some(bytes)
}
