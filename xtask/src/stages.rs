//! `cargo xtask test`: every stage in order, each with its time; what the machine can't run is SKIPPED with the reason.

use crate::report::Report;
use crate::{Done, bench, machine, php, shopify, sizes, wasm, woocommerce};
use std::path::Path;
use std::process::Command;

/// What a shopkeeper's money must never meet; linted in the core only, so that tests may be blunt.
const CORE_LINTS: &[&str] = &[
    "clippy::unwrap_used",
    "clippy::panic",
    "clippy::todo",
    "clippy::unimplemented",
    "clippy::indexing_slicing",
    "clippy::string_slice",
    "clippy::float_arithmetic",
    "clippy::dbg_macro",
    "clippy::print_stdout",
];

/// Our own crates; the binding generator is 20 lines over a thousand files that others test.
const OURS: [&str; 6] = ["--package", "efectivo", "--package", "efectivo-barcode", "--package", "xtask"];

const WASM: [&str; 2] = ["--target", "wasm32-unknown-unknown"];

/// Runs every stage; with `--strict` a skip fails.
pub(crate) fn run(options: &[String]) -> Done {
    crate::only(options, &["--strict"])?;
    let mut report = Report::new(!options.is_empty());
    report.stage("build", build);
    report.stage("core", core);
    report.stage("wasm", in_wasm);
    report.stage("js", js);
    report.stage("browser", browser);
    report.stage("php", php::stage);
    report.stage("woocommerce", woocommerce::stage);
    report.stage("shopify", shopify::stage);
    report.stage("bench", |report| report.check("smoke", bench::command(&["--smoke".into(), "--json".into()])));
    report.stage("sizes", limits);
    report.end()
}

fn build(report: &mut Report) {
    report.found("node", machine::node(&[]).map(drop));
    report.found("wasm", wasm::build());
    let js = machine::at("js");
    if js.join("package-lock.json").is_file() {
        report.found("npm packages", machine::npm_packages(&js));
    }
}

fn core(report: &mut Report) {
    if has_component("fmt") {
        report.check("fmt", Ok(machine::cargo(&["fmt", "--all", "--check"])));
    } else {
        report.skip("fmt", "rustup's component rustfmt isn't installed: rustup component add rustfmt");
    }
    if has_component("clippy") {
        clippy(report);
    } else {
        report.skip("clippy", "rustup's component clippy isn't installed: rustup component add clippy");
    }
    report.tests("tests", Ok(machine::cargo(&[&["test", "--quiet", "--locked"], &OURS[..]].concat())));
    let mut docs = machine::cargo(&["doc", "--quiet", "--locked", "--no-deps", "--package", "efectivo"]);
    docs.env("RUSTDOCFLAGS", "-D warnings");
    report.check("docs", Ok(docs));
}

fn clippy(report: &mut Report) {
    let plain: &[&str] = &["clippy", "--quiet", "--locked"];
    let deny = ["--", "-D", "warnings"];
    let strict: Vec<&str> = deny.into_iter().chain(CORE_LINTS.iter().flat_map(|lint| ["-D", lint])).collect();
    report.check("clippy", Ok(machine::cargo(&[plain, &OURS, &["--package", "wasm2php", "--all-targets"], &deny].concat())));
    report.check("clippy, core", Ok(machine::cargo(&[plain, &["--lib"], &strict].concat())));
    report.check("clippy, wasm", Ok(machine::cargo(&[plain, &["--lib"], &WASM, &strict].concat())));
}

fn has_component(command: &str) -> bool {
    machine::quiet(machine::cargo(&[command, "--version"])).is_ok()
}

/// The shared vectors through the bindings, in Node and in headless Chromium.
fn in_wasm(report: &mut Report) {
    let Some(bindgen) = report.found("binding generator", wasm::bindgen()) else { return };
    report.tests("in Node", wasm_tests(&bindgen, "wasm_node"));
    match (chromium(), machine::find("chromedriver")) {
        (Ok(_), Some(driver)) => {
            let tests = wasm_tests(&bindgen, "wasm_browser").map(|mut tests| {
                tests.env("CHROMEDRIVER", driver).env("CI", "true").env("WASM_BINDGEN_TEST_TIMEOUT", "120");
                tests
            });
            report.tests("in Chromium", tests);
        }
        (Err(why), _) => report.skip("wasm in Chromium", why),
        (_, None) => report.skip("wasm in Chromium", "chromedriver isn't installed (Debian: apt-get install chromium-driver)"),
    }
}

fn wasm_tests(bindgen: &Path, test: &str) -> Done<Command> {
    let mut tests = machine::cargo(&[&["test", "--locked", "--test", test], &WASM[..]].concat());
    tests.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", format!("{} run", bindgen.display()));
    tests.env("PATH", machine::path_with_node()?);
    Ok(tests)
}

/// The package: its types as an integrator's compiler sees them, then its tests.
fn js(report: &mut Report) {
    if machine::at("js/test/types").is_dir() {
        let compiler = machine::at("js/node_modules/typescript/bin/tsc");
        let project = machine::at("js/test/types");
        report.check("types", machine::node(&[&compiler.to_string_lossy(), "--noEmit", "-p", &project.to_string_lossy()]));
    }
    node_tests(report, "js", "test");
}

/// The demo and the pages, driven in Chromium.
fn browser(report: &mut Report) {
    match chromium() {
        Ok(_) => node_tests(report, "browser", "test/browser"),
        Err(why) => report.skip("browser", why),
    }
}

pub(crate) fn chromium() -> Result<std::path::PathBuf, &'static str> {
    let named = std::env::var_os("CHROMIUM").map(std::path::PathBuf::from);
    let found = ["chromium", "chromium-browser", "google-chrome"].into_iter().find_map(machine::find);
    named.or(found).ok_or("Chromium isn't installed (Debian: apt-get install chromium chromium-driver)")
}

/// A test that hangs is ended after this and named, and what it left open doesn't keep the stage.
pub(crate) const HUNG: [&str; 2] = ["--test-timeout=600000", "--test-force-exit"];

/// Node's own test runner over one folder of js/.
fn node_tests(report: &mut Report, name: &str, folder: &str) {
    let js = machine::at("js");
    if !js.join(folder).is_dir() {
        return report.skip(name, &format!("js/{folder} isn't there"));
    }
    let files = format!("{folder}/*.test.{{js,mjs,ts}}");
    let node = machine::node(&["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec"]);
    report.tests(
        name,
        node.map(|mut node| {
            node.args(HUNG).arg(files).current_dir(js);
            if let Ok(chromium) = chromium() {
                node.env("CHROMIUM", chromium);
            }
            node
        }),
    );
}

fn limits(report: &mut Report) {
    let Some(rows) = report.found("sizes", sizes::rows()) else { return };
    for row in &rows {
        println!("{row}");
    }
    let broken = sizes::too_big(&rows);
    report.found("limits", if broken.is_empty() { Ok(()) } else { Err(broken.join("; ")) });
    if rows.len() < 3 {
        report.skip("page size", "the page's vector isn't there");
    }
}
