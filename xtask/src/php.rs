//! `cargo xtask php`: the core as PHP for the WooCommerce plugin, in `woocommerce/core/`; generated like js/dist and never committed.
//!
//! The core as it was linked for PHP, with its function names → binaryen cuts it to the raw door → warmed in Node → `tools/wasm2php` → PHP, with the known
//! answers that the self-test compares, asked of the shipped module in Node.

use crate::report::Report;
use crate::{Done, fresh, machine, sizes, wasm};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The namespace of everything generated.
const NAMESPACE: &str = "Efectivo\\Core";

/// The crate whose modules get a class each, so that a request loads only those that it needs.
const CRATE: &str = "efectivo";

/// What suits PHP: a large function of one caller stays apart (PHP would load one huge method for every call, nested past
/// reading), and small ones are put into their callers (a call costs PHP as much as five instructions).
const FOR_PHP: &[&str] =
    &["-O3", "--one-caller-inline-max-function-size", "60", "--always-inline-max-function-size", "20", "--flexible-inline-max-function-size", "40"];

/// The part as it is translated, beside the other files in target/wasm.
const WARM: &str = "php-warm.wasm";

/// Builds, and with `--test` runs the stage of the tests.
pub(crate) fn run(options: &[String]) -> Done {
    crate::only(options, &["--test"])?;
    if options.is_empty() {
        return build().map(drop);
    }
    let mut report = Report::new(true);
    report.stage("php", stage);
    report.end()
}

/// Brings `woocommerce/core/` up to date and returns it; does nothing when nothing it is made from changed.
pub(crate) fn build() -> Done<PathBuf> {
    let folder = machine::at("woocommerce/core");
    wasm::build()?;
    let linked = wasm::build_for_php()?;
    let inputs = [
        linked.clone(),
        machine::at("js/dist/efectivo_bg.wasm"),
        machine::at("tools/wasm2php/src"),
        machine::at("tools/wasm2php/runtime"),
        machine::at("xtask/src/php.rs"),
        machine::at("xtask/src/known_answers.mjs"),
        machine::at("xtask/src/groups.mjs"),
        machine::at("xtask/src/warm.mjs"),
        machine::at("tools/wasm2php/tests/door.mjs"),
        machine::at("tools/wasm2php/tests/asks.mjs"),
        machine::at("tests/vectors"),
    ];
    let stamp = fresh::Stamp::new(folder.join(".stamp"), &inputs, "")?;
    if stamp.holds() && folder.join("Core.php").is_file() {
        return Ok(folder);
    }
    eprintln!("translating the core to PHP …");
    let part = warm(&part(&linked)?)?;
    translate(&part, &folder, &[])?;
    let answers = known_answers()?;
    fresh::write(&folder.join("KnownAnswers.php"), &answers)?;
    fresh::write(&folder.join("files.json"), &digests(&folder)?)?;
    stamp.keep()?;
    Ok(folder)
}

/// Every file's SHA-256 by its name: the plugin asks nothing of a core that is not, file by file, as it was made here.
fn digests(folder: &Path) -> Done<Vec<u8>> {
    let told = |why: std::io::Error| format!("{} can't be read: {why}", folder.display());
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.extension().is_some_and(|extension| extension == "php") {
            let digest: String = Sha256::digest(fresh::read(&path)?).iter().map(|byte| format!("{byte:02x}")).collect();
            files.insert(path.file_name().unwrap_or_default().to_string_lossy().into_owned(), digest);
        }
    }
    serde_json::to_vec_pretty(&files).map_err(|why| why.to_string())
}

/// What the raw door reaches, with names.
fn part(linked: &Path) -> Done<PathBuf> {
    let made = machine::target().join("wasm");
    let (graph, cut, part) = (sizes::php_roots()?, made.join("php-named-cut.wasm"), made.join("php-named.wasm"));
    let [graph, linked, cut, out] = [&graph, linked, &cut, &part].map(|path| path.to_string_lossy().into_owned());
    wasm::binaryen("wasm-metadce", &["--debuginfo", &linked, "--graph-file", &graph, "-o", &cut])?;
    wasm::binaryen("wasm-opt", &[&["--debuginfo", &cut, "-o", &out], FOR_PHP].concat())?;
    Ok(part)
}

/// The part with what it makes once made: a request of PHP's finds it in the memory that it starts with.
fn warm(part: &Path) -> Done<PathBuf> {
    let out = part.with_file_name(WARM);
    let [script, part, made] = [&machine::at("xtask/src/warm.mjs"), part, &out].map(|path| path.to_string_lossy().into_owned());
    machine::quiet(machine::node(&[&script, &part, &made])?)?;
    Ok(out)
}

/// Which functions of the part are used together, in a file for the translator.
fn groups(part: &Path) -> Done<PathBuf> {
    let out = part.with_extension("groups");
    let [script, vectors, part] = [&machine::at("xtask/src/groups.mjs"), &machine::at("tests/vectors"), part].map(|path| path.to_string_lossy().into_owned());
    fresh::write(&out, &machine::output(machine::node(&[&script, &part, &vectors])?)?)?;
    Ok(out)
}

/// Translates into a fresh folder, so that no class of an older core stays behind.
fn translate(part: &Path, folder: &Path, more: &[&str]) -> Done {
    let _ = std::fs::remove_dir_all(folder);
    let groups = groups(part)?;
    let [part, folder, groups] = [part, folder, &groups].map(|path| path.to_string_lossy().into_owned());
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
        "--groups",
        &groups,
        "--throw-missing",
        "--core",
    ];
    machine::quiet(machine::cargo(&[&words, more].concat()))
}

fn known_answers() -> Done<Vec<u8>> {
    let [script, shipped] = ["xtask/src/known_answers.mjs", "js/dist/efectivo_bg.wasm"].map(|path| machine::at(path).to_string_lossy().into_owned());
    machine::output(machine::node(&[&script, &shipped, NAMESPACE])?)
}

/// The checked build of the same module, for tests: every access asks for its bounds, and any alignment is right.
fn checked(fast: &Path) -> Done<PathBuf> {
    let folder = machine::target().join("php/checked");
    let stamp = fresh::Stamp::new(folder.join(".stamp"), &[fast.join(".stamp")], "")?;
    if !stamp.holds() {
        translate(&machine::target().join("wasm").join(WARM), &folder, &["--checked"])?;
        fresh::write(&folder.join("KnownAnswers.php"), &fresh::read(&fast.join("KnownAnswers.php"))?)?;
        stamp.keep()?;
    }
    Ok(folder)
}

/// The stage: the official suite, then the core's own answers in PHP beside those of the shipped module in Node.
pub(crate) fn stage(report: &mut Report) {
    let Some(php) = machine::find("php") else {
        return report.skip("php", "PHP isn't installed (Debian: apt-get install php-cli)");
    };
    let Some(core) = report.found("translation", build()) else { return };
    let inputs = [
        core.join(".stamp"),
        machine::at("js/dist/.stamp"),
        machine::at("tools/wasm2php"),
        machine::at("tools/php/package-lock.json"),
        machine::at("tools/php/versions.mjs"),
        machine::at("tools/php/plugin.php"),
        machine::at("woocommerce/src"),
        machine::at("tests/vectors"),
    ];
    let stamp = report.found("inputs", fresh::Stamp::new(machine::target().join("php/.stamp"), &inputs, ""));
    if stamp.as_ref().is_some_and(fresh::Stamp::holds) {
        println!("nothing changed since the last run in which all of this passed");
        return;
    }
    let before = report.troubles();
    report.tests("official suite", Ok(machine::cargo(&["test", "--quiet", "--locked", "--package", "wasm2php"])));
    let Some([many, few]) = report.found("calls", calls()) else { return };
    let compare = |script: &str, folder: &Path, calls: &Path| {
        let mut command = Command::new(&php);
        command.current_dir(machine::root()).args(["-d", "memory_limit=256M"]);
        command.arg(machine::at("tools/wasm2php/tests").join(script)).args([folder, calls]);
        Ok(command)
    };
    report.check("5,000 calls", compare("answers.php", &core, &many));
    if let Some(checked) = report.found("checked build", checked(&core)) {
        report.check("checked", compare("answers.php", &checked, &few));
    }
    report.check("memory", compare("memory.php", &core, &few));
    report.check("bytes", compare("bytes.php", &core, &few));
    versions(report, &core, &few);
    if let (Some(stamp), true) = (stamp, report.troubles() == before) {
        report.found("stamp", stamp.keep());
    }
}

/// Shared vectors, whole lives and seeded damage, with the shipped module's answers: many for native PHP, few for each other version.
fn calls() -> Done<[PathBuf; 2]> {
    let [script, shipped, vectors] =
        ["tools/wasm2php/tests/answers.mjs", "js/dist/efectivo_bg.wasm", "tests/vectors"].map(|path| machine::at(path).to_string_lossy().into_owned());
    let write = |name: &str, count: &str, seed: &str| -> Done<PathBuf> {
        let out = machine::target().join("php").join(name);
        fresh::write(&out, b"")?;
        machine::show(machine::node(&[&script, &shipped, &out.to_string_lossy(), count, seed, &vectors])?)?;
        Ok(out)
    };
    Ok([write("calls.ndjson", "5000", "20261123")?, write("few.ndjson", "300", "7485")?])
}

/// PHP 7.4 to 8.5, from npm.
fn versions(report: &mut Report, core: &Path, calls: &Path) {
    let folder = machine::at("tools/php");
    if report.found("PHP 7.4 to 8.5", machine::npm_packages(&folder)).is_none() {
        return;
    }
    let script = folder.join("versions.mjs");
    let words = [&script, core, calls].map(|path| path.to_string_lossy().into_owned());
    report.tests("PHP 7.4 to 8.5", machine::node(&words.each_ref().map(String::as_str)));
}
