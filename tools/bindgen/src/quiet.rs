//! Takes out of a module what is only said while it traps: this target has nobody to tell, so that a panic's sentence is put together for no one.
//!
//! The standard library comes compiled with its panics in it, and rustc's own switches for this aren't stable. A trap stays a trap, with the stack that
//! leads to it. Functions go by their names: one that a later compiler calls otherwise stays, and `cargo xtask sizes` shows it.

use std::path::Path;
use walrus::{FunctionKind, InstrSeqBuilder, LocalFunction, Module};

/// Rewrites the module: last words become a trap, and what a value looks like to a programmer becomes nothing.
pub fn quiet(path: &Path) -> anyhow::Result<()> {
    let mut module = Module::from_file(path)?;
    for function in module.funcs.iter_mut() {
        let FunctionKind::Local(code) = &mut function.kind else { continue };
        let name = plain(function.name.as_deref().unwrap_or_default());
        if is_last_word(&name) {
            emptied(code).unreachable();
        } else if name.ends_with(" as core::fmt::Debug>::fmt") {
            // Zero is `Ok(())`.
            emptied(code).i32_const(0);
        }
    }
    module.emit_wasm_file(path)
}

/// Whether it is a function of the standard library that says why, and never returns.
fn is_last_word(name: &str) -> bool {
    let path = name.trim_start_matches('<');
    let last = name.rsplit("::").next().unwrap_or_default();
    let never_returns = ["panic", "rust_begin_unwind", "handle_error", "handle_alloc_error"].contains(&last)
        || last.starts_with("panic_")
        || ["_fail", "_failed", "_fail_rt"].iter().any(|end| last.ends_with(end));
    never_returns && ["core::", "alloc::", "std::", "__rustc::"].iter().any(|library| path.starts_with(library))
}

/// A name without what tells crates and copies apart: `core[c5930c85a12de822]::option::unwrap_failed`, `core::fmt::write::hd2020bea11b9ae0d`.
fn plain(name: &str) -> String {
    let mut parts = name.split('[');
    let mut bare: String = parts.next().unwrap_or_default().into();
    parts.for_each(|part| bare.push_str(part.split_once(']').map_or(part, |(_, after)| after)));
    match bare.rsplit_once("::h") {
        Some((before, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => before.into(),
        _ => bare,
    }
}

fn emptied(code: &mut LocalFunction) -> InstrSeqBuilder<'_> {
    let mut body = code.builder_mut().func_body();
    body.instrs_mut().clear();
    body
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_never_returns_is_a_last_word() {
        for name in [
            "core[c5930c85a12de822]::panicking::panic_fmt",
            "<alloc[3ca501edff3f0c7c]::vec::Vec<_, _>>::remove::assert_failed",
            "core::option::unwrap_failed::hd2020bea11b9ae0d",
        ] {
            assert!(is_last_word(&plain(name)), "{name}");
        }
        for name in ["std[a543996e6e7dbf1e]::panicking::panicking", "efectivo::engine::pay_failed::hd2020bea11b9ae0d", "core[c5930c85a12de822]::fmt::write"] {
            assert!(!is_last_word(&plain(name)), "{name}");
        }
    }

    #[test]
    fn a_name_is_told_without_its_hashes() {
        assert_eq!(plain("<&T as core::fmt::Debug>::fmt::hb04e4ac9696dc0fa"), "<&T as core::fmt::Debug>::fmt");
        assert_eq!(plain("<core[c5930c85a12de822]::fmt::Error as core[c5930c85a12de822]::fmt::Debug>::fmt[2]"), "<core::fmt::Error as core::fmt::Debug>::fmt");
    }
}
