//! Builds the one core twice: for JavaScript with its glue and types, in js/dist, and for the translation to PHP.
//!
//! cargo → the pinned binding generator, which also takes out what is only said while trapping → wasm-opt from npm's binaryen. JavaScript compiles its module
//! once and runs it often: that one is built for speed, with SIMD. PHP reads its part anew in each request, and has no SIMD: that one is built for size. The
//! tests ask both the same questions. Names of functions are stripped from what ships and kept in `target/wasm/efectivo.names.wasm`, for reading a trap's stack.

use crate::{Done, fresh, machine};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How wasm-opt is asked to make PHP's part small, by measure (693 KB raw, 241.3 KB brotli by -Os alone → 684 and 236.0): a large function of one caller stays apart,
/// so that what looks alike stays alike for brotli, and what is used most gets the short numbers. What is optimised once is taken apart and optimised
/// again, which finds shorter ways through its branches. The lowest kilobyte of memory is the end of [`STACK`], so that small offsets may be folded
/// into loads and stores.
pub(crate) const OPTIMISE: &[&str] = &[
    "-Oz",
    "--flatten",
    "--rereloop",
    "-Oz",
    "--converge",
    "--low-memory-unused",
    "--one-caller-inline-max-function-size",
    "20",
    "--reorder-functions",
    "--reorder-locals",
];

/// What ships has no names. The levels let the writing take out again what reading the optimised module put in.
const STRIP: &[&str] = &["--strip-debug", "--strip-producers", "--strip-target-features", "--optimize-level", "2", "--shrink-level", "2"];

/// The same for speed.
const FAST: &[&str] = &["-O4", "--low-memory-unused", "--one-caller-inline-max-function-size", "20", "--reorder-functions", "--reorder-locals"];

/// What rustc's wasm32-unknown-unknown may use.
const FEATURES: &[&str] = &[
    "--mvp-features",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Where JavaScript runs: Node 22, and browsers from 2021 on (Safari from 16.4).
const SIMD: [&str; 2] = ["target.wasm32-unknown-unknown.rustflags=[\"-C\", \"target-feature=+simd128\"]", "--enable-simd"];

/// 128 KiB of shadow stack in place of 1 MiB: PHP makes all of the memory at each start. An order's whole life needs 12 KiB; the translation to PHP
/// believes that the lowest 64 KiB stay unused. It lies below everything else, so that what would overflow it traps.
const STACK: &str = "link-arg=-zstack-size=131072";

/// Where the core runs in every host.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// Brings js/dist up to date and returns the module's path; does nothing when nothing it is made from changed.
pub(crate) fn build() -> Done<PathBuf> {
    let shipped = machine::at("js/dist/efectivo_bg.wasm");
    let stamp = stamp(&machine::at("js/dist/.stamp"))?;
    if stamp.holds() && shipped.is_file() && machine::at("js/dist/efectivo.js").is_file() {
        return Ok(shipped);
    }
    eprintln!("building the core for JavaScript …");
    let [rust, binary] = SIMD;
    let made = machine::target().join("wasm");
    link("wasm-fast", &["--config", rust], &made)?;
    ship(&made, binary)?;
    stamp.keep()?;
    Ok(shipped)
}

/// Brings the module that PHP's part is cut from up to date and returns its path; it has names, and isn't optimised yet.
pub(crate) fn build_for_php() -> Done<PathBuf> {
    let made = machine::target().join("wasm/php");
    let linked = made.join("efectivo_bg.wasm");
    let stamp = stamp(&made.join(".stamp"))?;
    if !stamp.holds() || !linked.is_file() {
        eprintln!("building the core for PHP …");
        link("wasm", &[], &made)?;
        stamp.keep()?;
    }
    Ok(linked)
}

/// The pinned binding generator (and test runner), built if it isn't there yet.
pub(crate) fn bindgen() -> Done<PathBuf> {
    let tool = machine::target().join("tool").join(format!("bindgen{}", std::env::consts::EXE_SUFFIX));
    if !tool.is_file() {
        eprintln!("building the binding generator (once, about a minute) …");
    }
    machine::show(machine::cargo(&["build", "--quiet", "--locked", "--package", "bindgen", "--profile", "tool"]))?;
    Ok(tool)
}

/// Adds the wasm target to the toolchain in use, where rustup lacks it.
pub(crate) fn add_target() -> Done {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(machine::root()).args(["--print", "target-libdir", "--target", TARGET]);
    let folder = machine::output(rustc)?;
    if Path::new(String::from_utf8_lossy(&folder).trim()).is_dir() {
        return Ok(());
    }
    eprintln!("adding the target {TARGET} …");
    let mut rustup = Command::new("rustup");
    rustup.current_dir(machine::root()).args(["target", "add", TARGET]);
    machine::show(rustup)
}

/// Runs a tool of npm's binaryen, such as `wasm-opt`, with the features that our module uses.
pub(crate) fn binaryen(tool: &str, words: &[&str]) -> Done {
    let folder = machine::at("tools/binaryen");
    machine::npm_packages(&folder)?;
    let path = folder.join("node_modules/binaryen/bin").join(tool);
    let mut node = machine::node(&[&path.to_string_lossy()])?;
    node.args(FEATURES).args(words);
    machine::quiet(node)
}

fn stamp(file: &Path) -> Done<fresh::Stamp> {
    let mut rustc = Command::new("rustc");
    rustc.current_dir(machine::root()).arg("-vV");
    let compiler = machine::output(rustc)?;
    let inputs = ["src", "Cargo.toml", "Cargo.lock", "tools/bindgen", "tools/derive", "tools/binaryen/package-lock.json", "xtask/src/wasm.rs"];
    let inputs: Vec<PathBuf> = inputs.iter().map(|path| machine::at(path)).collect();
    fresh::Stamp::new(file.to_path_buf(), &inputs, &String::from_utf8_lossy(&compiler))
}

/// Module and glue, with names and without last words, into `made`.
fn link(profile: &str, config: &[&str], made: &Path) -> Done {
    add_target()?;
    let words = ["rustc", "--quiet", "--locked", "--lib", "--profile", profile, "--target", TARGET];
    machine::show(machine::cargo(&[&words, config, &["--", "-C", STACK]].concat()))?;
    let built = machine::target().join(TARGET).join(profile).join("efectivo.wasm");
    let bindgen = bindgen()?;
    let mut generate = Command::new(&bindgen);
    generate.current_dir(machine::root()).args(["generate", "--target", "web", "--remove-producers-section", "--out-dir"]);
    generate.arg(made).arg(built);
    machine::quiet(generate)?;
    let mut quiet = Command::new(bindgen);
    quiet.arg("quiet").arg(made.join("efectivo_bg.wasm"));
    machine::quiet(quiet)
}

/// Optimises what [`link`] made and puts it into js/dist, the module last.
fn ship(made: &Path, feature: &str) -> Done {
    eprintln!("optimising …");
    let [bound, names, small] = ["efectivo_bg.wasm", "efectivo.names.wasm", "efectivo.small.wasm"].map(|name| made.join(name));
    let [bound, names, small] = [&bound, &names, &small].map(|path| path.to_string_lossy());
    binaryen("wasm-opt", &[&[feature], FAST, &["--debuginfo", &bound, "-o", &names]].concat())?;
    binaryen("wasm-opt", &[&[feature], STRIP, &[&names, "-o", &small]].concat())?;
    for (from, to) in [
        ("efectivo.js", "efectivo.js"),
        ("efectivo.d.ts", "efectivo.d.ts"),
        ("efectivo_bg.wasm.d.ts", "efectivo_bg.wasm.d.ts"),
        ("efectivo.small.wasm", "efectivo_bg.wasm"),
    ] {
        fresh::write(&machine::at("js/dist").join(to), &fresh::read(&made.join(from))?)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The version that Cargo.lock pins for a package.
    fn locked(lock: &str, package: &str) -> String {
        let entry = format!("name = \"{package}\"\nversion = \"");
        let rest = lock.split_once(&entry).unwrap_or_else(|| panic!("{package} isn't in Cargo.lock")).1;
        rest.split('"').next().unwrap().into()
    }

    #[test]
    fn the_generator_is_of_the_librarys_version() {
        let lock = String::from_utf8(fresh::read(&machine::at("Cargo.lock")).unwrap()).unwrap();
        let library = locked(&lock, "wasm-bindgen");
        for tool in ["wasm-bindgen-cli", "wasm-bindgen-cli-support"] {
            assert_eq!(locked(&lock, tool), library, "pin {tool} to ={library} in tools/bindgen/Cargo.toml");
        }
    }
}
