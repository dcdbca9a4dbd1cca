//! The Shopify app: its tests against the fake Shopify, and that fake as a shop on this machine.

use crate::demo::{Asked, become_it, free};
use crate::report::Report;
use crate::stages::{HUNG, chromium};
use crate::{Done, machine, wasm};
use std::process::Command;
use std::time::Instant;

/// What the stage may cost on two cores; past it, it says so.
const BUDGET_SECONDS: f64 = 360.0;

/// The app, a fake Shopify around it and simulated providers, until the person stops them; prints `ready …` and where to click.
pub(crate) fn run(options: &[String]) -> Done {
    let asked = Asked::read("shopify", 4600, options)?;
    let next = asked.port.checked_add(1).ok_or("the app takes the port after this one: choose a lower --port")?;
    free("shopify", asked.port)?;
    free("shopify", next)?;
    wasm::build()?;
    packages()?;
    machine::quiet(node(&["test/fake-shopify/schemas.ts"])?)?;
    let mut node = node(&["test/fake-shopify/demo.ts", "--port", &asked.port.to_string()])?;
    let data = asked.data.unwrap_or_else(|| machine::at("data/shopify").to_string_lossy().into_owned());
    node.args(["--data", &data]);
    become_it(node)
}

/// Types and tests of the app; the official schemas are brought first, so that no test waits for npm.
pub(crate) fn stage(report: &mut Report) {
    let start = Instant::now();
    if report.found("npm packages of shopify-app", packages()).is_none() {
        return;
    }
    if report.found("Shopify's schemas", node(&["test/fake-shopify/schemas.ts"]).and_then(machine::quiet)).is_none() {
        return;
    }
    report.found("Shopify's command line", machine::npm_packages(&machine::at("tools/shopify-cli")));
    report.check("types", node(&["node_modules/typescript/bin/tsc", "--noEmit"]));
    for part in ["extensions/efectivo-voucher", "extensions/efectivo-order", "admin-ui"] {
        report.check(part, node(&["node_modules/typescript/bin/tsc", "-p", part]));
    }
    report.check("the merchant's page", node(&["tools/build-desk.ts"]));
    function(report);
    report.tests("app and fake Shopify", tests("test/*.test.ts"));
    let seconds = start.elapsed().as_secs_f64();
    if seconds > BUDGET_SECONDS {
        println!("the stage took {seconds:.0} s, more than the {BUDGET_SECONDS:.0} s that it should");
    }
}

/// The Function natively, then as the module that Shopify would run; the Node tests read it.
fn function(report: &mut Report) {
    let package = ["--locked", "--package", "efectivo-payment-rules"];
    report.check("clippy, Function", Ok(machine::cargo(&[&["clippy", "--quiet", "--all-targets"][..], &package, &["--", "-D", "warnings"]].concat())));
    report.tests("Function", Ok(machine::cargo(&[&["test", "--quiet"][..], &package].concat())));
    let module = ["build", "--quiet", "--target=wasm32-unknown-unknown", "--profile", "wasm"];
    report.check("Function, module", Ok(machine::cargo(&[&module[..], &package].concat())));
}

/// The app's own packages and those of the package that it stands on.
fn packages() -> Done {
    machine::npm_packages(&machine::at("js"))?;
    machine::npm_packages(&machine::at("shopify-app"))
}

/// Node in the app's folder.
fn node(words: &[&str]) -> Done<Command> {
    let mut node = machine::node(&["--disable-warning=ExperimentalWarning"])?;
    node.current_dir(machine::at("shopify-app")).args(words);
    Ok(node)
}

fn tests(files: &str) -> Done<Command> {
    let mut node = node(&["--test", "--test-reporter=spec", "--test-concurrency=2"])?;
    node.args(HUNG).arg(files);
    if let Ok(chromium) = chromium() {
        node.env("CHROMIUM", chromium);
    }
    Ok(node)
}
