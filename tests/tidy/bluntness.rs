//! What the core must not hold: a clock, randomness, a way out to the world, a float, a word that traps.
//!
//! Clippy lints the same where it can (`cargo xtask test`); this reads the rest and works without clippy.

use crate::sources::{self, Source};

/// Time, randomness, storage and the network are arguments or outputs.
const WORLD: [&str; 17] = [
    "SystemTime",
    "Instant::now",
    "Date::now",
    "Date::new_0",
    "js_sys::Date",
    "performance",
    "std::time",
    "std::env",
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "rand",
    "getrandom",
    "thread_rng",
    "Math::random",
    "RandomState",
];

/// A float can't hold a céntimo.
const FLOATS: [&str; 4] = ["f32", "f64", "as_f64", "from_f64"];

/// A trap in the host's process; a needed invariant is an `expect` that says why.
const TRAPS: [&str; 7] = [".unwrap()", ".unwrap_err()", "panic!", "todo!", "unimplemented!", "unreachable!", "HashMap"];

/// (file, token, why): the only exceptions.
const ALLOWED: [(&str, &str, &str); 1] = [("src/wasm/raw.rs", "unsafe", "addresses come from the host; the one place, with its promise written down")];

/// The shortest `expect` that can be a reason.
const REASON: usize = 12;

fn allowed(path: &str, token: &str) -> bool {
    ALLOWED.iter().any(|(file, word, _)| *file == path && *word == token)
}

fn found(sources: &[Source], tokens: &[&str]) -> Vec<String> {
    sources::lines_with(sources, tokens, allowed)
}

/// `expect("…")` whose words are too few to be a reason.
fn expects_without_reason(sources: &[Source]) -> Vec<String> {
    let mut told = Vec::new();
    for source in sources {
        for (at, line) in source.text.lines().enumerate() {
            let reasons = line.split(".expect(\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default());
            told.extend(reasons.filter(|reason| reason.len() < REASON).map(|reason| format!("{}:{}: expect(\"{reason}\")", source.path, at + 1)));
        }
    }
    told
}

/// Float literals, such as `0.5`; a version or a range isn't one.
fn float_literals(sources: &[Source]) -> Vec<String> {
    let mut told = Vec::new();
    for source in sources {
        for (at, line) in source.text.lines().enumerate() {
            if has_float(&without_strings(line)) {
                told.push(format!("{}:{}: a float in `{}`", source.path, at + 1, line.trim()));
            }
        }
    }
    told
}

fn has_float(line: &str) -> bool {
    let letters: Vec<char> = line.chars().collect();
    letters.windows(3).enumerate().any(|(at, three)| {
        let digits = three[0].is_ascii_digit() && three[1] == '.' && three[2].is_ascii_digit();
        // `pair.0.1` reads a tuple: its first number follows a dot.
        let start = letters[..=at].iter().rposition(|letter| !letter.is_ascii_alphanumeric() && *letter != '_');
        digits && start.is_none_or(|start| letters[start] != '.') && start.map_or(letters[0], |start| letters[start + 1]).is_ascii_digit()
    })
}

fn without_strings(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

fn sample(text: &str) -> [Source; 1] {
    [Source { path: "src/sample.rs".into(), text: sources::code(text) }]
}

#[test]
fn the_core_reads_no_clock_and_no_world() {
    crate::none(&found(&sources::core(), &WORLD));
}

#[test]
fn the_core_has_no_float() {
    crate::none(&[found(&sources::core(), &FLOATS), float_literals(&sources::core())].concat());
}

#[test]
fn the_core_has_no_word_that_traps() {
    crate::none(&[found(&sources::core(), &TRAPS), expects_without_reason(&sources::core())].concat());
}

#[test]
fn unsafe_stands_in_one_place() {
    crate::none(&found(&sources::core(), &["unsafe"]));
}

#[test]
fn bad_samples_are_told() {
    for token in WORLD.iter().chain(&FLOATS).chain(&TRAPS).chain(&["unsafe"]) {
        assert_eq!(found(&sample(&format!("let a = {token} ;")), &[token]).len(), 1, "{token}");
    }
    assert_eq!(expects_without_reason(&sample("a.expect(\"some\")")).len(), 1);
    for float in ["let a = 0.5;", "f(1.25)", "a * 100.0"] {
        assert_eq!(float_literals(&sample(float)).len(), 1, "{float}");
    }
}

#[test]
fn what_only_looks_bad_is_not_told() {
    let fine = "let a = pair.0.1; // 0.5\nlet b = \"1.5\"; let c = 1..5; let d = x1.0; a.expect(\"a code has twelve digits\");\n#[cfg(test)]\nmod tests {\n a.unwrap() }";
    let fine = sample(fine);
    crate::none(&[float_literals(&fine), found(&fine, &TRAPS), expects_without_reason(&fine)].concat());
}

#[test]
fn every_exception_is_still_needed() {
    let core = sources::core();
    for (file, token, why) in ALLOWED {
        let source = core.iter().find(|source| source.path == file);
        assert!(source.is_some_and(|source| sources::has(&source.text, token)), "{file} no longer needs `{token}` ({why})");
    }
}
