//! Runs the benchmarks beside their pinned peers (benches/run.mjs), one line per row.

use crate::{Done, machine, wasm};

/// Sets up the module and the peers, then prints rows; as JSON lines with `--json`.
pub(crate) fn run(options: &[String]) -> Done {
    crate::only(options, &["--json"])?;
    let folder = machine::at("benches");
    let script = folder.join("run.mjs");
    if !script.is_file() {
        return Err("benches/run.mjs isn't there".into());
    }
    wasm::build()?;
    machine::npm_packages(&folder)?;
    let mut node = machine::node(&["--disable-warning=ExperimentalWarning", "--expose-gc", &script.to_string_lossy()])?;
    node.args(options);
    machine::show(node)
}
