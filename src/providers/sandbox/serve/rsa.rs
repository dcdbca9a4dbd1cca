//! Whether an RSA signature holds (PKCS#1 v1.5, SHA-256, exponent 65537), for EBANX's simulated side only: public numbers, so neither speed nor time matter.

use crate::signature::sha256;

/// What stands before the digest (RFC 8017, 9.2): SHA-256's name in DER.
const PREFIX: [u8; 19] = [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

/// Whether `signature` is of `parts` by the owner of `modulus` (big-endian bytes, 1,024 to 4,096 bits).
pub(super) fn holds(modulus: &[u8], parts: &[&[u8]], signature: &[u8]) -> bool {
    if !(128..=512).contains(&modulus.len()) || signature.len() != modulus.len() {
        return false;
    }
    let (n, s) = (limbs(modulus), limbs(signature));
    let power = (0..16).fold(s.clone(), |power, _| times(&power, &power, &n));
    let padding = vec![0xff; modulus.len() - PREFIX.len() - 32 - 3];
    let expected = [&[0, 1], padding.as_slice(), &[0], &PREFIX, &sha256(parts)].concat();
    times(&power, &s, &n) == limbs(&expected)
}

/// 32 bits each, the smallest first, and one more for a carry.
fn limbs(bytes: &[u8]) -> Vec<u32> {
    bytes.rchunks(4).map(|chunk| chunk.iter().fold(0, |limb, byte| limb << 8 | u32::from(*byte))).chain([0]).collect()
}

/// `a × b` modulo `n`, by doubling and adding.
fn times(a: &[u32], b: &[u32], n: &[u32]) -> Vec<u32> {
    let mut sum = vec![0; n.len()];
    for limb in a.iter().rev() {
        for bit in (0..32).rev() {
            let twice = sum.clone();
            add(&mut sum, &twice, n);
            if limb >> bit & 1 == 1 {
                add(&mut sum, b, n);
            }
        }
    }
    sum
}

fn add(sum: &mut [u32], other: &[u32], n: &[u32]) {
    let mut carry = 0;
    for (limb, other) in sum.iter_mut().zip(other) {
        carry += u64::from(*limb) + u64::from(*other);
        *limb = carry as u32;
        carry >>= 32;
    }
    if sum.iter().rev().ge(n.iter().rev()) {
        let mut borrow = 0;
        for (limb, other) in sum.iter_mut().zip(n) {
            borrow += i64::from(*limb) - i64::from(*other);
            *limb = borrow as u32;
            borrow >>= 32;
        }
    }
}
