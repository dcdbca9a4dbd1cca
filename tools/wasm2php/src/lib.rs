//! Translates a WebAssembly module to readable PHP, ahead of time.
//!
//! ```text
//! wasm ─▶ module (validated) ─▶ per function: tree ─▶ body: expressions and statements ─▶ files: one class per Rust module
//!                        plan: which functions, how names, memory, globals, tables and the stack pointer are carried
//! ```
//! What PHP has for a value: an i32 is an integer 0..2^32-1, an i64 PHP's own integer, an f64 PHP's float, an f32 the
//! integer of its bits (so that no NaN is changed on its way), memory a packed array of 32-bit words passed by reference.

mod body;
mod carry;
mod control;
mod expr;
mod files;
mod files_module;
mod floats;
mod memory;
mod module;
mod names;
mod numbers;
mod plan;
mod stack_pointer;
mod tree;

use std::collections::BTreeMap;
use std::fmt;

/// How a module is translated.
#[derive(Debug, Clone)]
pub struct Options {
    /// PHP's namespace of everything that is written.
    pub namespace: String,
    /// Every access to memory checks bounds and takes any alignment; otherwise the module's own promise of alignment is
    /// believed, and an access out of bounds ends in PHP's warning about a missing key.
    pub checked: bool,
    /// An imported function, and a function that needs what isn't translated, becomes one that throws when it is called.
    pub throw_missing: bool,
    /// The crate whose modules get a class each; other crates get one class as a whole.
    pub split: Option<String>,
    /// The group of each function that is used, by its index: with `split`, functions of one Rust module and one group share a
    /// class, so that a request loads little that it doesn't need. Empty: nobody knows, and a module is one class.
    pub groups: BTreeMap<u32, String>,
    /// Also writes `Core`, the door of this project's core.
    pub core: bool,
    /// Also writes what instances need to be linked with each other (for the official test suite).
    pub linkable: bool,
}

/// A file of the translation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name, without a folder.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// A finished translation.
#[derive(Debug, Clone)]
pub struct Translation {
    /// Every file, the runtime's included.
    pub files: Vec<File>,
    /// The functions that throw when they are called, each with its reason.
    pub missing: Vec<String>,
}

/// What a module has that isn't translated, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(String);

impl Refusal {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self(what.into())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this module can't be translated: {}", self.0)
    }
}

impl std::error::Error for Refusal {}

impl From<wasmparser::BinaryReaderError> for Refusal {
    fn from(why: wasmparser::BinaryReaderError) -> Self {
        Self(why.message().to_owned())
    }
}

/// Translates a module.
///
/// # Errors
/// Refuses a module that isn't valid, or that needs what isn't translated; the refusal names it.
pub fn translate(wasm: &[u8], options: &Options) -> Result<Translation, Refusal> {
    let module = module::Module::read(wasm)?;
    let plan = plan::Plan::new(&module, options)?;
    files::write(&plan)
}
