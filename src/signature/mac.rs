//! HMAC-SHA256, SHA-256 and (for PayU and BoaCompra, which sign by nothing better) MD5 over parts, so that nothing is joined just to be hashed; compared in constant time.

use hmac::digest::CtOutput;
use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha2::{Digest, Sha256};

/// The HMAC-SHA256 of the parts in order (RFC 2104, FIPS 198-1). PHP has its own: the translation calls that in place of this, by its name.
#[inline(never)]
pub fn hmac_sha256(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes a key of any length");
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().into()
}

/// Whether `claimed` is the whole HMAC-SHA256 of the parts; the time taken tells nothing of where they differ.
pub fn hmac_fits(key: &[u8], parts: &[&[u8]], claimed: &[u8]) -> bool {
    let ours = CtOutput::<Hmac<Sha256>>::new(hmac_sha256(key, parts).into());
    <[u8; 32]>::try_from(claimed).is_ok_and(|claimed| ours == CtOutput::new(claimed.into()))
}

/// A key that many signatures are judged by: what HMAC makes of it is made once.
#[derive(Clone, Debug)]
pub struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// Takes a key of any length.
    pub fn new(key: &[u8]) -> Self {
        Self(Hmac::new_from_slice(key).expect("HMAC takes a key of any length"))
    }

    /// The same as [`hmac_fits`] under this key.
    pub fn fits(&self, bytes: &[u8], claimed: &[u8]) -> bool {
        self.0.clone().chain_update(bytes).verify_slice(claimed).is_ok()
    }
}

/// The SHA-256 of the parts in order; PHP has its own, as above.
#[inline(never)]
pub fn sha256(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// The MD5 of the parts in order: broken as a hash, so that whatever it signs is confirmed by a question.
pub fn md5(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Md5::new();
    parts.iter().for_each(|part| hash.update(part));
    hash.finalize().into()
}

/// Whether two texts of a secret kind are the same; the time taken tells nothing of where they differ.
pub fn same(ours: &[u8], theirs: &[u8]) -> bool {
    ours.len() == theirs.len() && ours.iter().zip(theirs).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
}
