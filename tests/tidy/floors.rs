//! Imports go downward only, never between neighbours: reads every `crate::…` and `super::…` of the core.

use crate::sources::{self, Source};
use std::collections::BTreeSet;

/// The building (src/lib.rs shows it): a room and its floor. A new room gets a line here first.
const FLOORS: [(&str, i8); 16] = [
    ("money", 0),
    ("clock", 0),
    ("names", 0),
    ("secret", 0),
    ("http", 0),
    ("json", -1),
    ("voucher", 1),
    ("signature", 1),
    ("barcode", 1),
    ("words", 1),
    ("providers", 2),
    ("page", 2),
    ("engine", 3),
    ("ledger", 3),
    ("calls", 4),
    ("wasm", 5),
];

fn floor(room: &str) -> Option<i8> {
    FLOORS.iter().find(|(name, _)| *name == room).map(|(_, floor)| *floor)
}

/// Every import that goes up, or sideways, and every room without a floor.
fn wrong_ways(sources: &[Source]) -> Vec<String> {
    let folders: BTreeSet<&str> = sources.iter().filter_map(|source| provider(&source.path)).collect();
    sources.iter().flat_map(|source| of_one(source, &folders)).collect()
}

fn of_one(source: &Source, folders: &BTreeSet<&str>) -> Vec<String> {
    let own = module(&source.path);
    let Some(room) = own.first() else { return Vec::new() };
    let Some(here) = floor(room) else { return vec![format!("{}: the room `{room}` has no floor in tests/tidy/floors.rs", source.path)] };
    let mut told = Vec::new();
    for (at, line) in joined_lines(&source.text) {
        for to in imports(&line, &own) {
            let there = to.first().and_then(|room| floor(room));
            let sideways = there.is_some_and(|there| to[0] != *room && there >= here);
            let neighbour = to.get(1).filter(|other| to[0] == "providers" && folders.contains(other.as_str()));
            let other_provider = neighbour.is_some_and(|other| provider(&source.path).is_some_and(|own| own != other));
            if sideways || other_provider {
                told.push(format!("{}:{at}: `{}` (floor {here}) imports `{}`", source.path, own.join("::"), to.join("::")));
            }
        }
    }
    told
}

/// The path of a file's module: `src/providers/dlocal/mod.rs` is `[providers, dlocal]`, `src/lib.rs` is empty.
fn module(path: &str) -> Vec<String> {
    let inside = path.trim_start_matches("src/").trim_end_matches(".rs");
    inside.split('/').filter(|part| *part != "mod" && *part != "lib").map(Into::into).collect()
}

/// The provider whose folder a file is in.
fn provider(path: &str) -> Option<&str> {
    path.strip_prefix("src/providers/")?.split_once('/').map(|(folder, _)| folder)
}

/// Lines with their numbers; a `use` over several lines is one.
fn joined_lines(text: &str) -> Vec<(usize, String)> {
    let mut joined: Vec<(usize, String)> = Vec::new();
    let mut open = false;
    for (at, line) in text.lines().enumerate() {
        match joined.last_mut() {
            Some((_, last)) if open => last.push_str(line.trim()),
            _ => joined.push((at + 1, line.into())),
        }
        let last = joined.last().map_or("", |(_, last)| last.trim_start());
        open = (last.starts_with("use ") || last.starts_with("pub use ") || last.starts_with("pub(crate) use ")) && !last.contains(';');
    }
    joined
}

/// The modules that a line reaches, from the crate's top.
fn imports(line: &str, own: &[String]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        found.extend(branches(&line[at + "crate::".len()..], &[]));
    }
    for (at, _) in line.match_indices("super::") {
        if !line[..at].ends_with("super::") {
            let rest = line[at..].trim_start_matches("super::");
            let up = (line.len() - at - rest.len()) / "super::".len();
            let base = own.get(..own.len().saturating_sub(up)).unwrap_or_default();
            found.extend(branches(rest, base));
        }
    }
    found
}

/// The first one or two names after a prefix, once for each branch of `{a::b, c}`.
fn branches(rest: &str, base: &[String]) -> Vec<Vec<String>> {
    let heads: Vec<&str> = match rest.strip_prefix('{') {
        None => vec![rest],
        Some(inside) => top_level(inside),
    };
    let path = |head: &str| {
        let names = head.trim().split("::").map(|name| name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>());
        base.iter().cloned().chain(names.take_while(|name| !name.is_empty()).take(2)).collect::<Vec<String>>()
    };
    heads.into_iter().map(path).filter(|path| !path.is_empty()).collect()
}

/// What stands between the commas of a brace, deeper braces left whole.
fn top_level(inside: &str) -> Vec<&str> {
    let (mut depth, mut start, mut parts) = (0_u32, 0, Vec::new());
    for (at, letter) in inside.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                parts.push(&inside[start..at]);
                return parts;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&inside[start..]);
    parts
}

#[test]
fn imports_go_downward_only() {
    crate::none(&wrong_ways(&sources::core()));
}

#[test]
fn an_import_that_goes_up_or_sideways_is_told() {
    let bad = [
        ("src/money.rs", "use crate::voucher::State;"),
        ("src/money.rs", "use super::clock::Instant;"),
        ("src/voucher/state.rs", "use crate::{money::Money, signature::Verdict};"),
        ("src/voucher/state.rs", "fn f() -> crate::engine::Step { }"),
        ("src/providers/dlocal/wire.rs", "use crate::page::Page;"),
        ("src/providers/dlocal/wire.rs", "use crate::providers::pagoefectivo::sign;"),
        ("src/providers/dlocal/mod.rs", "use super::pagoefectivo::sign;"),
        ("src/providers/dlocal/wire.rs", "use super::super::pagoefectivo::sign;"),
        ("src/engine/handle.rs", "use crate::{\n    money::Money,\n    calls::Call,\n};"),
        ("src/attic/old.rs", ""),
    ];
    for (path, text) in bad {
        let neighbour = Source { path: "src/providers/pagoefectivo/mod.rs".into(), text: String::new() };
        let told = wrong_ways(&[Source { path: path.into(), text: text.into() }, neighbour]);
        assert_eq!(told.len(), 1, "{path}: {text}: {told:?}");
    }
}

#[test]
fn an_import_that_goes_down_or_stays_is_fine() {
    let good = [
        ("src/voucher/state.rs", "use crate::money::{Currency, Money}; use super::review::Review; use super::*;"),
        ("src/providers/mod.rs", "use crate::providers::pagoefectivo; use crate::voucher::Code;"),
        ("src/providers/dlocal/mod.rs", "use super::Call; use crate::providers::Answer; mod wire; use self::wire::Cip;"),
        ("src/engine/handle.rs", "use crate::{\n    money::Money,\n    providers::Call,\n};"),
        ("src/lib.rs", "pub mod voucher; pub use crate::calls::call;"),
    ];
    for (path, text) in good {
        let neighbour = Source { path: "src/providers/pagoefectivo/mod.rs".into(), text: String::new() };
        crate::none(&wrong_ways(&[Source { path: path.into(), text: text.into() }, neighbour]));
    }
}
