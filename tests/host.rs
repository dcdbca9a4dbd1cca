//! The conformance scripts of tests/host, run by the reference host: the design's loop in its shortest form, over the one door and the sandbox.

#[path = "host/reference.rs"]
#[allow(dead_code)]
mod reference;

use reference::{Broken, Reference};
use serde_json::Value;

/// Every script, by its file's name.
fn scripts() -> Vec<(String, Value)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/host");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut all: Vec<_> = files.filter(|path| path.extension().is_some_and(|end| end == "json")).collect();
    all.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    all.iter().map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), read(path))).collect()
}

/// Runs a script once, or once for each crash point that it names.
fn run(script: &Value, broken: Broken) -> Result<(), String> {
    let points = script["crash_at"].as_array().map_or_else(|| vec![""], |all| all.iter().map(|point| point.as_str().unwrap()).collect());
    for point in points {
        let mut host = Reference::new(script["provider"].as_str().unwrap(), point, broken);
        for step in script["steps"].as_array().unwrap() {
            host.step(step).map_err(|why| format!("{point}: {step}: {why}"))?;
        }
        if host.never_crashed() {
            return Err(format!("{point} was never reached"));
        }
    }
    Ok(())
}

#[test]
fn the_reference_host_passes_every_script() {
    let all = scripts();
    assert!(all.len() >= 24, "{} scripts", all.len());
    for (name, script) in all {
        run(&script, Broken::No).unwrap_or_else(|why| panic!("{name}: {why}"));
    }
}

#[test]
fn a_host_that_breaks_a_rule_of_the_loop_fails_a_script() {
    for broken in [Broken::ForgetsWhatLeft, Broken::CommitsAfterItSends, Broken::AppliesEffectsTwice, Broken::TrustsForgedNotices] {
        let failed = scripts().into_iter().find_map(|(name, script)| Some((name, run(&script, broken).err()?)));
        let (name, why) = failed.unwrap_or_else(|| panic!("every script passes with {broken:?}"));
        println!("{broken:?} fails {name}: {why}");
    }
}
