//! `cargo xtask php`: the core as PHP for the WooCommerce plugin, in `woocommerce/core/`; generated like js/dist and never committed.
//!
//! The shipped module with its function names → binaryen cuts it to the raw door → `tools/wasm2php` → PHP, with the
//! known answers that the self-test compares, asked of the same module in Node.

use crate::{Done, fresh, machine, sizes, wasm};
use std::path::{Path, PathBuf};

/// The namespace of everything generated.
const NAMESPACE: &str = "Efectivo\\Core";

/// The crate whose modules get a class each, so that a request loads only those that it needs.
const CRATE: &str = "efectivo";

/// Brings `woocommerce/core/` up to date and returns it; does nothing when nothing it is made from changed.
pub(crate) fn build() -> Done<PathBuf> {
    let folder = machine::at("woocommerce/core");
    wasm::build()?;
    let names = machine::target().join("wasm/efectivo.names.wasm");
    let inputs = [
        names.clone(),
        machine::at("tools/wasm2php/src"),
        machine::at("tools/wasm2php/runtime"),
        machine::at("xtask/src/php.rs"),
        machine::at("xtask/src/known_answers.mjs"),
    ];
    let stamp = fresh::Stamp::new(folder.join(".stamp"), &inputs, "")?;
    if stamp.holds() && folder.join("Core.php").is_file() {
        return Ok(folder);
    }
    eprintln!("translating the core to PHP …");
    let part = part(&names)?;
    translate(&part, &folder, &[])?;
    let answers = known_answers(&part)?;
    fresh::write(&folder.join("KnownAnswers.php"), &answers)?;
    stamp.keep()?;
    Ok(folder)
}

/// What the raw door reaches, with names.
fn part(names: &Path) -> Done<PathBuf> {
    let made = machine::target().join("wasm");
    let (graph, cut, part) = (sizes::php_roots()?, made.join("php-named-cut.wasm"), made.join("php-named.wasm"));
    let [graph, names, cut, out] = [&graph, names, &cut, &part].map(|path| path.to_string_lossy().into_owned());
    wasm::binaryen("wasm-metadce", &["--debuginfo", &names, "--graph-file", &graph, "-o", &cut])?;
    wasm::binaryen("wasm-opt", &["-Os", "--debuginfo", &cut, "-o", &out])?;
    Ok(part)
}

/// Translates into a fresh folder, so that no class of an older core stays behind.
fn translate(part: &Path, folder: &Path, more: &[&str]) -> Done {
    let _ = std::fs::remove_dir_all(folder);
    let [part, folder] = [part, folder].map(|path| path.to_string_lossy().into_owned());
    let words = [
        "run",
        "--quiet",
        "--locked",
        "--package",
        "wasm2php",
        "--profile",
        "tool",
        "--",
        &part,
        &folder,
        "--namespace",
        NAMESPACE,
        "--split",
        CRATE,
        "--throw-missing",
        "--core",
    ];
    machine::quiet(machine::cargo(&[&words, more].concat()))
}

fn known_answers(part: &Path) -> Done<Vec<u8>> {
    let script = machine::at("xtask/src/known_answers.mjs");
    machine::output(machine::node(&[&script.to_string_lossy(), &part.to_string_lossy(), NAMESPACE])?)
}
