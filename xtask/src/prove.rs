//! The long proofs: the Node host and the Shopify app killed at random under load, orders over two failing channels, and the properties run for long.

use crate::{Done, machine, wasm, woocommerce};
use std::time::Instant;

/// Runs them all and says how long each took; options go on to the kill proofs (`--kills N`).
pub(crate) fn run(options: &[String]) -> Done {
    wasm::build()?;
    timed("properties, long", || machine::show(machine::cargo(&["test", "--locked", "--release", "--package", "efectivo", "--", "--ignored", "prove_"])))?;
    let js = machine::at("js");
    let script = js.join("test/prove-kill.mjs");
    if !script.is_file() {
        return Err("js/test/prove-kill.mjs isn't there".into());
    }
    if js.join("package-lock.json").is_file() {
        machine::npm_packages(&js)?;
    }
    timed("a skeleton of an adapter compiles", || {
        machine::show(machine::cargo(&["test", "--locked", "--package", "xtask", "--", "--ignored", "prove_a_skeleton"]))
    })?;
    timed("kill -9 under load", || {
        let mut node = machine::node(&["--disable-warning=ExperimentalWarning", &script.to_string_lossy()])?;
        node.args(options);
        machine::show(node)
    })?;
    timed("two hosts on one PostgreSQL, kill -9 under load", || {
        let mut node = machine::node(&["--disable-warning=ExperimentalWarning", &machine::at("js/test/prove-kill-postgres.mjs").to_string_lossy()])?;
        node.args(options);
        machine::show(node)
    })?;
    timed("two processes of the Shopify app on one PostgreSQL, kill -9 under load", || {
        machine::npm_packages(&machine::at("shopify-app"))?;
        let mut node = machine::node(&["--disable-warning=ExperimentalWarning", "test/prove-kill.ts"])?;
        node.current_dir(machine::at("shopify-app")).args(options);
        machine::show(node)
    })?;
    timed("10,000 orders over two failing channels", || {
        let mut node = machine::node(&["--disable-warning=ExperimentalWarning", "--test", "test/fallback.test.mjs"])?;
        node.current_dir(machine::at("js")).env("EFECTIVO_ORDERS", "10000");
        machine::show(node)
    })?;
    timed("every provider before every other, both failing", || {
        let mut node = machine::node(&["--disable-warning=ExperimentalWarning", "--test", "test/pairs.test.mjs"])?;
        node.current_dir(machine::at("js")).env("EFECTIVO_PAIRS", "all");
        machine::show(node)
    })?;
    timed("PHP workers killed on a real WooCommerce", woocommerce::prove)
}

/// Notices, answers and settings with random changes, one after the other, each for some minutes (30 where nothing is said).
pub(crate) fn fuzz(options: &[String]) -> Done {
    let minutes = match options {
        [] => 30,
        [name, minutes] if name == "--minutes" => minutes.parse::<u32>().map_err(|_| format!("`{minutes}` is no number of minutes"))?,
        _ => return Err("say `cargo xtask fuzz [--minutes N]`".into()),
    };
    for target in ["notices", "answers", "settings"] {
        timed(&format!("fuzz {target}"), || {
            let mut cargo = machine::cargo(&[
                "test",
                "--locked",
                "--release",
                "--package",
                "efectivo",
                "--test",
                "fuzz",
                "--",
                "--ignored",
                "--nocapture",
                &format!("long_{target}"),
            ]);
            cargo.env("EFECTIVO_FUZZ_MINUTES", minutes.to_string());
            machine::show(cargo)
        })?;
    }
    Ok(())
}

fn timed(what: &str, proof: impl FnOnce() -> Done) -> Done {
    let start = Instant::now();
    println!("── prove: {what}");
    proof()?;
    println!("── prove: {what} holds ({:.0} s)", start.elapsed().as_secs_f64());
    Ok(())
}
