//! `wasm2php MODULE.wasm FOLDER [options]`: translates a module into a folder of PHP files.

use std::path::Path;
use std::process::ExitCode;
use wasm2php::{Options, translate};

const USAGE: &str = "\
wasm2php MODULE.wasm FOLDER [--namespace NAME] [--split CRATE] [--checked] [--throw-missing] [--core] [--linkable]

  --namespace NAME   PHP's namespace (default Translated)
  --split CRATE      a class for each module of this crate, one class for each other crate
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
    let mut options = Options { namespace: "Translated".into(), checked: false, throw_missing: false, split: None, core: false, linkable: false };
    let mut paths = Vec::new();
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("{word} needs a value.\n\n{USAGE}"));
        match word.as_str() {
            "--namespace" => options.namespace = value()?,
            "--split" => options.split = Some(value()?),
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
