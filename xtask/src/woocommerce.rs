//! The WooCommerce plugin: its tests, a real shop on this machine, and the zip that a merchant uploads.

use crate::report::Report;
use crate::stages::chromium;
use crate::{Done, machine, php};
use std::process::Command;

/// The plugin's tests: what needs no shop always, then a real WordPress, WooCommerce and MariaDB where they can be had.
pub(crate) fn stage(report: &mut Report) {
    if report.found("the core as PHP", php::build()).is_none() {
        return;
    }
    if machine::find("php").is_none() {
        return report
            .skip("woocommerce", "PHP isn't installed (Debian: apt-get install php8.2-cli php8.2-mysql php8.2-xml php8.2-intl php8.2-curl php8.2-mbstring)");
    }
    report.tests("plain", tests("plain"));
    let said = machine::node(&["woocommerce/tests/support/found.mjs"]).and_then(machine::output);
    let Some(said) = report.found("looking for a WooCommerce", said) else { return };
    let said = String::from_utf8_lossy(&said).trim().to_owned();
    match said.strip_prefix("missing: ") {
        Some(missing) => report.absent("the tests on a real WooCommerce", missing),
        None => {
            println!("{said}");
            report.tests("shop", tests("shop"));
            report.tests("siege", tests("siege"));
            match chromium() {
                Ok(_) => report.tests("browser", tests("browser")),
                Err(why) => report.skip("woocommerce in Chromium", why),
            }
        }
    }
}

fn tests(name: &str) -> Done<Command> {
    let file = format!("woocommerce/tests/{name}.test.mjs");
    let mut node = machine::node(&["--test", "--test-reporter=spec", &file])?;
    if let Ok(chromium) = chromium() {
        node.env("CHROMIUM", chromium);
    }
    Ok(node)
}

/// A real shop that runs until the person stops it.
pub(crate) fn woo(options: &[String]) -> Done {
    php::build()?;
    let mut node = machine::node(&["woocommerce/tests/support/woo.mjs"])?;
    node.args(options);
    machine::show(node)
}

/// The zip, reproducible.
pub(crate) fn zip() -> Done {
    php::build()?;
    let out = machine::target().join("efectivo.zip").to_string_lossy().into_owned();
    machine::show(machine::node(&["woocommerce/tests/support/zip.mjs", &out])?)
}
