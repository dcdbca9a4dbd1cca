//! `wasm2php MODULE.wasm FOLDER [options]`: translates a module into a folder of PHP files.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use wasm2php::{Options, translate};

const USAGE: &str = "\
wasm2php MODULE.wasm FOLDER [--namespace NAME] [--split CRATE] [--groups FILE] [--checked] [--throw-missing] [--core] [--linkable]

  --namespace NAME   PHP's namespace (default Translated)
  --split CRATE      a class for each module of this crate, one class for each other crate
  --groups FILE      a class for each group of a module's functions; a line for each function that is used: its index and its group's name
  --checked          every access checks bounds and takes any alignment (for tests)
  --throw-missing    imports, and functions that need what isn't translated, throw when they are called
  --core             also writes Core.php, the door of Efectivo's core
  --linkable         also writes what links instances with each other";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("error: {why}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut options =
        Options { namespace: "Translated".into(), checked: false, throw_missing: false, split: None, groups: BTreeMap::new(), core: false, linkable: false };
    let mut paths = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value.\n\n{USAGE}"));
        match word.as_str() {
            "--namespace" => options.namespace = value()?,
            "--split" => options.split = Some(value()?),
            "--groups" => options.groups = groups(&value()?)?,
            "--checked" => options.checked = true,
            "--throw-missing" => options.throw_missing = true,
            "--core" => options.core = true,
            "--linkable" => options.linkable = true,
            flag if flag.starts_with("--") => return Err(format!("there is no option `{flag}`.\n\n{USAGE}")),
            _ => paths.push(word),
        }
    }
    let [module, folder] = &paths[..] else { return Err(USAGE.into()) };
    let wasm = std::fs::read(module).map_err(|why| format!("{module} can't be read: {why}"))?;
    let translation = translate(&wasm, &options).map_err(|why| why.to_string())?;
    for missing in &translation.missing {
        eprintln!("throws when it is called: {missing}");
    }
    std::fs::create_dir_all(folder).map_err(|why| format!("{folder} can't be made: {why}"))?;
    for file in &translation.files {
        let path = Path::new(folder).join(&file.name);
        std::fs::write(&path, &file.text).map_err(|why| format!("{} can't be written: {why}", path.display()))?;
    }
    Ok(())
}

/// Reads which group each function is of; a group's name becomes part of a class's, and may be empty.
fn groups(path: &str) -> Result<BTreeMap<u32, String>, String> {
    let text = std::fs::read_to_string(path).map_err(|why| format!("{path} can't be read: {why}"))?;
    let line = |line: &str| {
        let (index, group) = line.split_once(' ')?;
        let is_name = group.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'_');
        is_name.then_some((index.parse().ok()?, group.to_owned()))
    };
    text.lines().map(|text| line(text).ok_or_else(|| format!("{path}: `{text}` isn't a function's index, a space and a group's name"))).collect()
}
