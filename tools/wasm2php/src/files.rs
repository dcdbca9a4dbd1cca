//! Puts the translation into files: a class per Rust module, `Table`, `Module` with the data image, and the runtime.

use crate::body;
use crate::carry::{signature, table_method};
use crate::module::{Place, Start};
use crate::plan::Plan;
use crate::{File, Refusal, Translation};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wasmparser::ExternalKind;

/// The runtime: small classes that every translation needs, in its own namespace.
const RUNTIME: [(&str, &str); 4] = [
    ("Trap.php", include_str!("../runtime/Trap.php")),
    ("Integers.php", include_str!("../runtime/Integers.php")),
    ("Floats.php", include_str!("../runtime/Floats.php")),
    ("Memory.php", include_str!("../runtime/Memory.php")),
];

/// What instances need to be linked with each other.
const LINKING: (&str, &str) = ("Linking.php", include_str!("../runtime/Linking.php"));

/// The door of this project's core, and PHP's own functions that stand in for some of the core's.
const CORE: [(&str, &str); 2] = [("Core.php", include_str!("../runtime/Core.php")), ("Hashes.php", include_str!("../runtime/Hashes.php"))];

/// The runtime's own namespace, which gives way to the translation's.
const OWN_NAMESPACE: &str = "namespace Wasm2php;";

/// The longest line of the data image, in characters.
pub(crate) const LINE: usize = 110;

pub(crate) fn write(plan: &Plan<'_>) -> Result<Translation, Refusal> {
    if plan.has_instance && !plan.options.linkable {
        return Err(Refusal::new("state beside its memory (imports, mutable globals or tables), which only a linkable translation carries"));
    }
    let mut files = classes(plan)?;
    if !plan.has_instance {
        files.push(table(plan));
    }
    files.push(crate::files_module::module(plan));
    files.extend(crate::files_module::whole_image(plan));
    let linking = plan.options.linkable.then_some(LINKING);
    for (name, text) in RUNTIME.into_iter().chain(linking).chain(CORE.into_iter().filter(|_| plan.options.core)) {
        let namespace = format!("namespace {};", plan.options.namespace);
        files.push(File { name: name.into(), text: text.replace(OWN_NAMESPACE, &namespace) });
    }
    let missing = plan.missing.iter().map(|(function, why)| format!("{}: {why}", plan.names[*function as usize].full)).collect();
    Ok(Translation { files, missing })
}

/// The start of every file that is written here.
pub(crate) fn head(plan: &Plan<'_>, says: &str) -> String {
    format!("<?php /** {says} Made from WebAssembly by wasm2php; its source is Rust. */\n\nnamespace {};\n\n", plan.options.namespace)
}

fn classes(plan: &Plan<'_>) -> Result<Vec<File>, Refusal> {
    let mut classes: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for function in 0..plan.module.functions.len() as u32 {
        let is_written = function as usize >= plan.module.imported_functions || plan.missing.contains_key(&function);
        if is_written && !plan.native.contains(&function) {
            classes.entry(&plan.names[function as usize].class).or_default().push(function);
        }
    }
    let mut files = Vec::new();
    for (class, functions) in classes {
        let says = match class.split_once("__") {
            Some((module, group)) => format!("The functions of `{}` that go together as `{group}`.", module.trim_end_matches('_')),
            None => format!("The functions of `{}`.", class.trim_end_matches('_')),
        };
        let mut text = head(plan, &says);
        let _ = writeln!(text, "final class {class} {{");
        for function in functions {
            text.push('\n');
            text.push_str(&body::method(plan, function)?);
        }
        text.push_str("}\n");
        files.push(File { name: format!("{class}.php"), text });
    }
    Ok(files)
}

/// Calls through the table: one method per type, with a case for every function of that type.
fn table(plan: &Plan<'_>) -> File {
    let mut text = head(plan, "Calls by number: the table of function pointers, one method per type.");
    text.push_str("final class Table {\n");
    let mut by_type: BTreeMap<String, (usize, Vec<(u32, u32)>)> = BTreeMap::new();
    for ty in &plan.module.types {
        by_type.entry(table_method(ty)).or_insert((ty.params().len(), Vec::new()));
    }
    for (at, function) in plan.fixed_table() {
        if let Some((_, cases)) = by_type.get_mut(&table_method(plan.module.type_of(function))) {
            cases.push((at, function));
        }
    }
    for (method, (count, cases)) in by_type.iter().filter(|(_, (_, cases))| !cases.is_empty()) {
        let arguments: Vec<String> = (0..*count).map(|at| format!("$p{at}")).collect();
        let passed = plan.carried(plan.stack_pointer.is_some());
        let parameters: Vec<String> = passed
            .iter()
            .map(|name| if *name == "$m" { "&$m".to_owned() } else { (*name).to_owned() })
            .chain(arguments.iter().cloned())
            .chain(["$f".to_owned()])
            .collect();
        let _ = writeln!(text, "\n\tpublic static function {method}({}) {{\n\t\tswitch ($f) {{", parameters.join(", "));
        for (at, function) in cases {
            let named = &plan.names[*function as usize];
            let words: Vec<String> = plan.passed(*function).iter().map(|name| (*name).to_owned()).chain(arguments.iter().cloned()).collect();
            let _ = writeln!(text, "\t\t\tcase {at}:\n\t\t\t\treturn {}::{}({});", named.class, named.method, words.join(", "));
        }
        text.push_str("\t\t\tdefault:\n\t\t\t\tthrow self::wrong($f);\n\t\t}\n\t}\n");
    }
    for (method, _) in by_type.iter().filter(|(_, (_, cases))| cases.is_empty()) {
        let _ = writeln!(text, "\n\tpublic static function {method}() {{\n\t\tthrow self::wrong(\\func_get_arg(\\func_num_args() - 1));\n\t}}");
    }
    let size = plan.module.tables.first().map_or(0, |table| table.initial);
    let all: Vec<String> = plan.fixed_table().keys().map(|at| format!("{at} => true")).collect();
    let _ = write!(
        text,
        "\n\t/** What a call by a number ends in that no function of its type has. */\n\tprivate static function wrong($f) {{\n\t\tif ($f >= {size}) {{\n\t\t\treturn new Trap('undefined element');\n\t\t}}\n\t\t$known = [{}];\n\t\treturn new Trap(isset($known[$f]) ? 'indirect call type mismatch' : 'uninitialized element');\n\t}}\n}}\n",
        all.join(", ")
    );
    File { name: "Table.php".into(), text }
}

/// A constant as PHP has it.
pub(crate) fn start(value: &Start) -> String {
    match value {
        Start::I32(value) => (*value as u32).to_string(),
        Start::I64(i64::MIN) => "\\PHP_INT_MIN".into(),
        Start::I64(value) => value.to_string(),
        Start::F32(bits) => bits.to_string(),
        Start::F64(bits) => crate::floats::literal(*bits),
        Start::Global(global) => format!("$w->globals[{global}]->value"),
        Start::Function(function) => format!("$w->functions[{function}]"),
        Start::Null => "null".into(),
    }
}

/// Bytes as a PHP string in double quotes; text stays readable, in whatever language.
pub(crate) fn quoted(bytes: &[u8]) -> String {
    lines(bytes, usize::MAX).concat()
}

/// Bytes as several PHP strings, each on a line of its own.
pub(crate) fn lines(bytes: &[u8], longest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::from("\"");
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        let (letter, length) = match character(rest) {
            Some(c) => (escaped(c, rest.get(c.len_utf8()).copied()), c.len_utf8()),
            None => (format!("\\x{first:02x}"), 1),
        };
        line.push_str(&letter);
        rest = &rest[length..];
        if line.chars().count() >= longest {
            line.push('"');
            lines.push(std::mem::replace(&mut line, String::from("\"")));
        }
    }
    if line.len() > 1 || lines.is_empty() {
        line.push('"');
        lines.push(line);
    }
    lines
}

/// The character that stands first, if it is one.
fn character(bytes: &[u8]) -> Option<char> {
    let front = &bytes[..bytes.len().min(4)];
    let text = match std::str::from_utf8(front) {
        Ok(text) => text,
        Err(why) => std::str::from_utf8(&front[..why.valid_up_to()]).unwrap_or_default(),
    };
    text.chars().next()
}

fn escaped(c: char, next: Option<u8>) -> String {
    match c {
        '\\' | '"' | '$' => format!("\\{c}"),
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        '\0' if !next.is_some_and(|next| next.is_ascii_digit()) => "\\0".into(),
        c if c.is_ascii() && !c.is_ascii_control() => c.into(),
        c if c.is_alphanumeric() || "¡¿–—…·•“”‘’«»€№×→←".contains(c) => c.into(),
        c => {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes).bytes().fold(String::new(), |text, byte| text + &format!("\\x{byte:02x}"))
        }
    }
}

/// The data image of a module without other state: (its first address, its lines). Segments close to each other are one.
pub(crate) fn image(plan: &Plan<'_>) -> Vec<(u32, Vec<String>)> {
    let mut segments: Vec<(u32, Vec<u8>)> = Vec::new();
    for data in &plan.module.data {
        let Place::At(_, Start::I32(offset)) = data.place else { continue };
        let offset = offset as u32;
        match segments.last_mut() {
            Some((start, bytes)) if (*start as usize + bytes.len()..*start as usize + bytes.len() + 64).contains(&(offset as usize)) => {
                bytes.resize((offset - *start) as usize, 0);
                bytes.extend(data.bytes);
            }
            _ => segments.push((offset, data.bytes.to_vec())),
        }
    }
    segments.into_iter().map(|(start, bytes)| (start, lines(&bytes, LINE))).collect()
}

/// The exported functions, with their names in PHP.
pub(crate) fn exported<'a>(plan: &Plan<'a>) -> Vec<(&'a str, u32)> {
    plan.module.exports.iter().filter(|(_, kind, _)| *kind == ExternalKind::Func).map(|(name, _, index)| (*name, *index)).collect()
}

/// The type of a function as a word.
pub(crate) fn type_word(plan: &Plan<'_>, function: u32) -> String {
    signature(plan.module.type_of(function))
}
