//! Runs wasm-bindgen's generator (`bindgen generate …`) or its test runner (`bindgen run …`), both pinned by Cargo.lock; and quiets a module.
//!
//! A generator of another version than the library writes glue that breaks in ways no test of ours would explain, so
//! nobody installs one by hand: `cargo xtask wasm` builds this member and calls it.

mod quiet;

use std::ffi::OsString;
use std::path::Path;

fn main() -> anyhow::Result<()> {
    let mut words = std::env::args_os();
    let program = words.next().unwrap_or_default();
    let task = words.next().unwrap_or_default();
    let rest: Vec<OsString> = std::iter::once(program).chain(words).collect();
    match task.to_str() {
        Some("generate") => wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(rest),
        Some("run") => wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(rest),
        Some("quiet") => rest.iter().skip(1).try_for_each(|module| quiet::quiet(Path::new(module))),
        _ => anyhow::bail!("say `bindgen generate …`, `bindgen run …` or `bindgen quiet FILE`; `cargo xtask wasm` does it for you"),
    }
}
