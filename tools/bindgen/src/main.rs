//! Runs wasm-bindgen's generator (`bindgen generate …`) or its test runner (`bindgen run …`), both pinned by Cargo.lock.
//!
//! A generator of another version than the library writes glue that breaks in ways no test of ours would explain, so
//! nobody installs one by hand: `cargo xtask wasm` builds this member and calls it.

use std::ffi::OsString;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args_os();
    let program = words.next().unwrap_or_default();
    let task = words.next().unwrap_or_default();
    let rest: Vec<OsString> = std::iter::once(program).chain(words).collect();
    match task.to_str() {
        Some("generate") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(rest),
        Some("run") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(rest),
        _ => anyhow::bail!("say `bindgen generate …` or `bindgen run …`; `cargo xtask wasm` does it for you"),
    }
}
