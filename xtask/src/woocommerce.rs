//! The WooCommerce plugin: its tests, a real shop on this machine, and the zip that a merchant uploads.

use crate::report::Report;
use crate::stages::chromium;
use crate::{Done, fresh, machine, php};
use std::process::Command;

/// The plugin's tests: what needs no shop and what needs only WordPress always, then a real WordPress, WooCommerce and MariaDB where they can be had.
pub(crate) fn stage(report: &mut Report) {
    if report.found("the core as PHP", core()).is_none() {
        return;
    }
    if machine::find("php").is_none() {
        return report
            .skip("woocommerce", "PHP isn't installed (Debian: apt-get install php8.2-cli php8.2-mysql php8.2-xml php8.2-intl php8.2-curl php8.2-mbstring)");
    }
    report.tests("plain", tests(&["plain"]));
    if report.found("a WordPress from npm", machine::npm_packages(&machine::at("tools/wordpress"))).is_some() {
        report.tests("WordPress", tests(&["wordpress"]));
    }
    by_debian(
        report,
        "phpunit",
        &["--bootstrap", "woocommerce/tests/unit/bootstrap.php", "--fail-on-warning", "--fail-on-risky", "woocommerce/tests/unit"],
        "phpunit",
    );
    by_debian(report, "phpcs", &["-q", "--standard=woocommerce/phpcs.xml"], "php-codesniffer");
    let said = machine::node(&["woocommerce/tests/support/found.mjs"]).and_then(machine::output);
    let Some(said) = report.found("looking for a WooCommerce", said) else { return };
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    match said.strip_prefix("missing: ") {
        Some(missing) => report.absent("the tests on a real WooCommerce", missing),
        None => {
            println!("{said}");
            report.tests("shop, providers, conformance, siege, care, matrix", tests(&["shop", "providers", "conformance", "siege", "care", "matrix"]));
            match chromium() {
                Ok(_) => report.tests("browser", tests(&["browser"])),
                Err(why) => report.skip("woocommerce in Chromium", why),
            }
        }
    }
}

/// A tool of PHP's that Debian has: right or wrong as a whole.
fn by_debian(report: &mut Report, tool: &str, words: &[&str], package: &str) {
    let Some(path) = machine::find(tool) else {
        return report.skip(tool, &format!("{tool} isn't installed (Debian: apt-get install {package})"));
    };
    let mut command = Command::new(path);
    command.current_dir(machine::root()).args(words);
    report.check(tool, Ok(command));
}

/// The long siege, where a WooCommerce can be had.
pub(crate) fn prove() -> Done {
    core()?;
    let said = machine::output(machine::node(&["woocommerce/tests/support/found.mjs"])?)?;
    println!("{}", String::from_utf8_lossy(&said).trim());
    let mut siege = tests(&["siege"])?;
    siege.env("EFECTIVO_ROUNDS", "300");
    machine::show(siege)
}

/// Files of tests, each with a shop of its own, two at a time.
fn tests(names: &[&str]) -> Done<Command> {
    let mut node = machine::node(&["--disable-warning=ExperimentalWarning", "--test", "--test-reporter=spec", "--test-concurrency=2"])?;
    node.args(names.iter().map(|name| format!("woocommerce/tests/{name}.test.mjs")));
    if let Ok(chromium) = chromium() {
        node.env("CHROMIUM", chromium);
    }
    Ok(node)
}

/// The core as PHP for the server, and beside it as the package has it, for the desk's browser; `.js`, since not every server knows `.mjs`.
fn core() -> Done {
    let web = php::build()?.join("web");
    let copies = [
        ("src/web.mjs", "src/web.js"),
        ("src/core.mjs", "src/core.js"),
        ("dist/efectivo.js", "dist/efectivo.js"),
        ("dist/efectivo_bg.wasm", "dist/efectivo_bg.wasm"),
    ];
    for (from, to) in copies {
        let bytes = std::fs::read(machine::at("js").join(from)).map_err(|why| format!("js/{from} can't be read: {why}"))?;
        let bytes = match String::from_utf8(bytes) {
            Ok(text) => text.replace(".mjs'", ".js'").into_bytes(),
            Err(binary) => binary.into_bytes(),
        };
        fresh::write(&web.join(to), &bytes)?;
    }
    Ok(())
}

/// A real shop that runs until the person stops it.
pub(crate) fn woo(options: &[String]) -> Done {
    core()?;
    let mut node = machine::node(&["woocommerce/tests/support/woo.mjs"])?;
    node.args(options);
    machine::show(node)
}

/// The zip, reproducible.
pub(crate) fn zip() -> Done {
    core()?;
    let out = machine::target().join("efectivo.zip").to_string_lossy().into_owned();
    machine::show(machine::node(&["woocommerce/tests/support/zip.mjs", &out])?)
}
