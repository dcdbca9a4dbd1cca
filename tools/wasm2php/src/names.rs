//! PHP names for functions: from the name section, a class per Rust module and a method per function.

use crate::module::Module;
use std::collections::{BTreeMap, BTreeSet};

/// Where a function is in PHP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) class: String,
    pub(crate) method: String,
    /// The name in full, as the name section has it.
    pub(crate) full: String,
}

/// Words that no class of PHP may be called, in the classes that Rust's modules tend to make.
const TAKEN: &[&str] = &[
    "abstract",
    "array",
    "bool",
    "break",
    "callable",
    "case",
    "catch",
    "class",
    "clone",
    "const",
    "continue",
    "declare",
    "default",
    "echo",
    "else",
    "empty",
    "enum",
    "eval",
    "exit",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "fn",
    "for",
    "foreach",
    "function",
    "global",
    "goto",
    "if",
    "implements",
    "include",
    "int",
    "interface",
    "isset",
    "iterable",
    "list",
    "match",
    "mixed",
    "namespace",
    "never",
    "new",
    "null",
    "object",
    "or",
    "parent",
    "print",
    "private",
    "protected",
    "public",
    "readonly",
    "require",
    "resource",
    "return",
    "self",
    "static",
    "string",
    "switch",
    "throw",
    "trait",
    "true",
    "try",
    "unset",
    "use",
    "var",
    "void",
    "while",
    "xor",
    "yield",
    // The runtime's own.
    "module",
    "table",
    "memory",
    "integers",
    "floats",
    "trap",
    "core",
    "corefailure",
    "hashes",
    "linking",
];

/// The longest method name: a line of code should still be readable.
const LONGEST: usize = 60;

/// A function of more instructions gets a class, and so a file, of its own: a request loads it only when it calls it.
const LARGE: usize = 150;

/// The group of what nothing that was watched used.
const SELDOM: &str = "seldom";

/// A name for each function; where it is known what is used together, a Rust module has a class for each group.
pub(crate) fn names(module: &Module<'_>, split: Option<&str>, groups: &BTreeMap<u32, String>) -> Vec<Named> {
    let mut taken = BTreeSet::new();
    let mut found = Vec::new();
    for function in 0..module.functions.len() as u32 {
        let full = module.names.get(&function).map_or_else(|| format!("f{function}"), |name| plain(name));
        let (class, method) = place(&full, split);
        let mut unique = method.clone();
        let mut count = 1;
        while !taken.insert(format!("{class}::{unique}").to_lowercase()) {
            count += 1;
            unique = format!("{method}_{count}");
        }
        let size = (function as usize).checked_sub(module.imported_functions).map_or(0, |at| module.bodies[at].operators.len());
        let class = match (split, groups.get(&function).map(String::as_str)) {
            (Some(_), _) if size > LARGE => format!("{class}_{unique}"),
            (Some(_), None) if !groups.is_empty() => format!("{class}__{SELDOM}"),
            (Some(_), Some(group)) if !group.is_empty() => format!("{class}__{group}"),
            _ => class,
        };
        found.push(Named { class, method: unique, full });
    }
    found
}

/// A name without the hashes that compilers add.
fn plain(name: &str) -> String {
    let name = match name.rsplit_once("::h") {
        Some((front, hash)) if hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => front,
        _ => name,
    };
    let mut text = String::new();
    let mut rest = name;
    while let Some((front, back)) = rest.split_once('[') {
        text.push_str(front);
        match back.split_once(']') {
            Some((hash, after)) if hash.len() >= 10 && hash.bytes().all(|b| b.is_ascii_hexdigit()) => rest = after,
            _ => {
                text.push('[');
                rest = back;
            }
        }
    }
    text.push_str(rest);
    text.chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect::<String>().replace("*/", "* /").replace("?>", "? >")
}

/// Class and method of a name such as `<a::b::Type as c::Trait>::method` or `core::ptr::drop_in_place<a::b::Type>`.
fn place(full: &str, split: Option<&str>) -> (String, String) {
    let dropped = full.strip_prefix("core::ptr::drop_in_place<").and_then(|rest| rest.strip_suffix('>'));
    let subject = dropped.unwrap_or(full);
    let words = words(subject);
    let class = class(&words, split);
    let last = words.last().copied().unwrap_or("f");
    let method = match dropped {
        Some(_) => format!("drop_{last}"),
        None if words.len() < 2 => last.to_owned(),
        None => {
            let owner = match full.strip_prefix('<').and_then(|rest| rest.split_once(" as ")) {
                Some((owner, _)) => self::words(owner).last().copied().unwrap_or_default(),
                None => words[words.len() - 2],
            };
            if owner.starts_with(|c: char| c.is_ascii_uppercase()) { format!("{owner}_{last}") } else { last.to_owned() }
        }
    };
    let method: String = method.chars().take(LONGEST).collect();
    let method = if method.starts_with(|c: char| c.is_ascii_digit()) || method == "class" { format!("_{method}") } else { method };
    (class, method)
}

/// The identifiers of a path, in order; what isn't one is a border.
fn words(path: &str) -> Vec<&str> {
    let found = path.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    found.filter(|word| !word.is_empty() && !matches!(*word, "mut" | "dyn" | "as" | "impl" | "const" | "_" | "closure")).collect()
}

fn class(words: &[&str], split: Option<&str>) -> String {
    let word = match words {
        [] | [_] => "Root",
        // What a crate of ours does with a foreign trait is ours: `<impl serde::Deserialize for ours::Type>`.
        [first, second, ..] if Some(*first) == split => second,
        all => match all.iter().position(|word| Some(*word) == split) {
            Some(at) if at + 1 < all.len() => all[at + 1],
            _ => all[0],
        },
    };
    let mut name = String::new();
    for part in word.split('_') {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
    }
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("_{name}");
    }
    if TAKEN.contains(&name.to_lowercase().as_str()) { format!("{name}_") } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_where_its_rust_module_is() {
        let placed = |name: &str| place(&plain(name), Some("ours"));
        let pair = |class: &str, method: &str| (class.to_owned(), method.to_owned());
        assert_eq!(placed("ours::page::render::h0123456789abcdef"), pair("Page", "render"));
        assert_eq!(placed("core::ptr::drop_in_place<ours::http::Notice>::h0a29ab1771bb9e25"), pair("Http", "drop_Notice"));
        assert_eq!(placed("core[c5930c85a12de822]::str::from_utf8"), pair("Core_", "from_utf8"));
        assert_eq!(placed("<serde_json::de::Seq as serde::de::Access>::next"), pair("SerdeJson", "Seq_next"));
        assert_eq!(placed("memcpy"), pair("Root", "memcpy"));
    }

    #[test]
    fn a_comment_never_ends_early() {
        assert_eq!(plain("a*/b?>c"), "a* /b? >c");
    }
}
