//! Starts the demo shop: sets up what it needs, then hands over to js/demo/main.mjs.

use crate::{Done, machine, wasm};
use std::net::TcpListener;

/// Runs until the person stops it; prints `ready http://127.0.0.1:PORT` when the shop answers.
pub(crate) fn run(options: &[String]) -> Done {
    let asked = Asked::read("demo", 4400, options)?;
    free("demo", asked.port)?;
    wasm::build()?;
    let js = machine::at("js");
    if js.join("package-lock.json").is_file() {
        machine::npm_packages(&js)?;
    }
    let script = machine::at("js/demo/main.mjs");
    if !script.is_file() {
        return Err("js/demo/main.mjs isn't there".into());
    }
    let mut node = machine::node(&["--disable-warning=ExperimentalWarning", &script.to_string_lossy()])?;
    node.args(["--port", &asked.port.to_string()]);
    if let Some(folder) = &asked.data {
        node.args(["--data", folder]);
    }
    become_it(node)
}

/// What a command that serves on loopback is asked for.
#[derive(Debug, PartialEq)]
pub(crate) struct Asked {
    pub(crate) port: u16,
    pub(crate) data: Option<String>,
}

impl Asked {
    pub(crate) fn read(command: &str, port: u16, options: &[String]) -> Done<Self> {
        let mut asked = Self { port, data: None };
        let mut words = options.iter();
        while let Some(word) = words.next() {
            let value = words.next().ok_or_else(|| format!("`{word}` needs a value"))?;
            match word.as_str() {
                "--port" => asked.port = value.parse().map_err(|_| format!("`{value}` isn't a port (1 to 65535)"))?,
                "--data" => asked.data = Some(absolute(value)),
                _ => return Err(format!("{command} doesn't know `{word}`; it takes --port and --data")),
            }
        }
        Ok(asked)
    }
}

/// A folder as named where the person stands, since Node starts in the project's folder.
fn absolute(folder: &str) -> String {
    std::path::absolute(folder).map_or_else(|_| folder.into(), |path| path.to_string_lossy().into_owned())
}

/// Says so before any building when the port is taken.
pub(crate) fn free(command: &str, port: u16) -> Done {
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Ok(()),
        Err(why) => Err(format!("port {port} can't be used ({why}); choose another one: cargo xtask {command} --port {}", next(port))),
    }
}

/// Ten further: a command may use the port after its own too.
fn next(port: u16) -> u16 {
    port.checked_add(10).unwrap_or(4400)
}

/// Replaces this process, so that a signal sent to the demo reaches Node itself.
#[cfg(unix)]
pub(crate) fn become_it(mut node: std::process::Command) -> Done {
    use std::os::unix::process::CommandExt as _;
    Err(format!("node didn't start: {}", node.exec()))
}

#[cfg(not(unix))]
pub(crate) fn become_it(node: std::process::Command) -> Done {
    machine::show(node)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_told_before_anything_is_built() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let sentence = free("demo", taken.local_addr().unwrap().port()).unwrap_err();
        assert!(sentence.contains("choose another one"), "{sentence}");
    }

    #[test]
    fn a_mistyped_option_is_refused() {
        assert!(Asked::read("demo", 4400, &["--prot".into(), "4400".into()]).is_err());
        assert!(Asked::read("demo", 4400, &["--port".into(), "70000".into()]).is_err());
        assert_eq!(Asked::read("demo", 4400, &[]), Ok(Asked { port: 4400, data: None }));
    }
}
