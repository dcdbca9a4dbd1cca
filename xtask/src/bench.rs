//! Runs the benchmarks beside their pinned peers (benches/run.mjs), one line per row.

use crate::{Done, machine, php, wasm};
use std::path::Path;

/// Sets up the module and the peers, then prints rows; as JSON lines with `--json`. `--smoke` only sees that all of it runs.
pub(crate) fn run(options: &[String]) -> Done {
    crate::only(options, &["--json", "--smoke"])?;
    machine::show(command(options)?)?;
    if machine::find("php").is_none() {
        eprintln!("SKIPPED the rows php-*: PHP isn't installed (Debian: apt-get install php-cli)");
        return Ok(());
    }
    php::build()?;
    // Fetched for these rows only; without it they have no peer.
    if !options.iter().any(|option| option == "--smoke")
        && let Err(why) = machine::npm_packages(&machine::at("benches/wasm2lang"))
    {
        eprintln!("{why}");
    }
    let mut node = machine::node(&[&machine::at("benches/php.mjs").to_string_lossy()])?;
    node.args(options);
    machine::show(node)
}

/// The benchmarks as a program, with all that they need in place.
pub(crate) fn command(options: &[String]) -> Done<std::process::Command> {
    let folder = machine::at("benches");
    wasm::build()?;
    machine::npm_packages(&folder)?;
    let rust = rust_peer(&folder)?;
    let script = folder.join("run.mjs");
    let mut node = machine::node(&["--disable-warning=ExperimentalWarning", "--expose-gc", &script.to_string_lossy()])?;
    node.args(options).env("BARCODERS_WASM", rust);
    Ok(node)
}

/// The peer that is a Rust crate, as WebAssembly; a workspace and a lock of its own.
fn rust_peer(folder: &Path) -> Done<std::path::PathBuf> {
    let (manifest, made) = (folder.join("barcoders/Cargo.toml"), machine::target().join("barcoders"));
    wasm::add_target()?;
    let [manifest, into] = [&manifest, &made].map(|path| path.to_string_lossy());
    let words = ["build", "--quiet", "--locked", "--release", "--target", wasm::TARGET, "--manifest-path", &manifest, "--target-dir", &into];
    machine::show(machine::cargo(&words))?;
    Ok(made.join(wasm::TARGET).join("release/barcoders_peer.wasm"))
}
