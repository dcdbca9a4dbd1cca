//! Notices, answers and settings under random changes: short from a seed in the tests, long by `cargo xtask fuzz`. What breaks prints its seed.

mod targets;

use serde_json::json;
use std::time::{Duration, Instant};
use targets::Known;

/// Small and repeatable: SplitMix64 (Steele, Lea, Flood 2014).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.next() as u8
    }

    /// Some bytes changed, left out, put in, doubled or cut off.
    fn changed(&mut self, text: &[u8]) -> Vec<u8> {
        let mut bytes = text.to_vec();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len() + 1);
            match self.below(6) {
                0 if at < bytes.len() => bytes[at] = self.byte(),
                1 if at < bytes.len() => drop(bytes.remove(at)),
                2 => bytes.insert(at, self.byte()),
                3 => bytes.truncate(at),
                4 => {
                    let piece = bytes[at..].to_vec();
                    bytes.extend(piece.iter().take(64));
                }
                _ => bytes.splice(at..at, WORDS[self.below(WORDS.len())].bytes()).for_each(drop),
            }
            bytes.truncate(4096);
        }
        bytes
    }
}

/// What JSON, numbers and forms trip over.
const WORDS: [&str; 16] = ["null", "-0", "1e999", "9223372036854775808", "\\u0000", "\"", "{", "}", "[", "]", "&a=b", "%zz", "~", "\u{feff}", "0x", "true"];

fn one_notice(known: &[Known], dice: &mut Dice) {
    let byte = dice.byte();
    let one = targets::picked(known, byte);
    let sample = one.notices[dice.below(one.notices.len())].clone();
    let (mut headers, mut query, mut body) = (sample.headers, sample.query.into_bytes(), sample.body.into_bytes());
    match dice.below(3) {
        0 => body = dice.changed(&body),
        1 if !headers.is_empty() => {
            let at = dice.below(headers.len());
            headers[at].1 = String::from_utf8_lossy(&dice.changed(headers[at].1.as_bytes())).into_owned();
        }
        _ => query = dice.changed(&query),
    }
    targets::notice(one, &String::from_utf8_lossy(&query), &headers, &body);
}

fn one_answer(known: &[Known], dice: &mut Dice) {
    let byte = dice.byte();
    let one = targets::picked(known, byte);
    let place = dice.below(one.answers.len());
    let body = dice.changed(one.answers[place].as_bytes());
    let status = [200, 201, 400, 401, 404, 409, 429, 500][dice.below(8)];
    targets::answer(one, status, dice.byte(), &body);
}

fn one_setting(known: &[Known], dice: &mut Dice) {
    let byte = dice.byte();
    let name = targets::picked(known, byte).provider.name();
    let channel = json!({"id": name, "provider": name, "mode": "test", "allowlist": {"rule": "enforce", "addresses": ["203.0.113.0/24"]}});
    let ask = json!({"check_settings": {"settings": {"shop": {"name": "Quipu", "tag": "QP"}, "validity_hours": 48, "channels": [channel]}}});
    targets::settings(&dice.changed(ask.to_string().as_bytes()));
}

type Target = fn(&[Known], &mut Dice);

/// Runs a target from a seed on, `times` times or until the time is over; a panic names the seed.
fn run(name: &str, target: Target, start: u64, times: u64, until: Option<Instant>) -> u64 {
    let known = targets::known();
    for seed in start..start.saturating_add(times) {
        if until.is_some_and(|at| Instant::now() > at) {
            return seed - start;
        }
        let outcome = std::panic::catch_unwind(|| target(&known, &mut Dice(seed)));
        assert!(outcome.is_ok(), "{name} broke at seed {seed}");
    }
    times
}

const SEED: u64 = 20_261_125;

#[test]
fn changed_notices_are_refused_or_say_nothing_new() {
    run("notices", one_notice, SEED, 20_000, None);
}

#[test]
fn changed_answers_break_nothing() {
    run("answers", one_answer, SEED, 20_000, None);
}

#[test]
fn changed_settings_break_nothing() {
    run("settings", one_setting, SEED, 10_000, None);
}

fn long(name: &str, target: Target) {
    let minutes = std::env::var("EFECTIVO_FUZZ_MINUTES").ok().and_then(|text| text.parse().ok()).unwrap_or(30);
    let start = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(1, |now| now.as_nanos() as u64);
    let count = run(name, target, start, u64::MAX / 2, Some(Instant::now() + Duration::from_secs(60 * minutes)));
    println!("{name}: {count} tries from seed {start}, {minutes} minutes");
}

#[test]
#[ignore = "long: cargo xtask fuzz"]
fn long_notices() {
    long("notices", one_notice);
}

#[test]
#[ignore = "long: cargo xtask fuzz"]
fn long_answers() {
    long("answers", one_answer);
}

#[test]
#[ignore = "long: cargo xtask fuzz"]
fn long_settings() {
    long("settings", one_setting);
}
