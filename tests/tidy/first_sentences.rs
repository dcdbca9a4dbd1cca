//! The first line of every file says in one sentence what lives there, and no file grows past reading.

use crate::sources::{self, Source};

/// What a first line begins with, by the file's ending.
const MARKS: [(&str, &[&str]); 20] = [
    (".rs", &["//! "]),
    (".js", &["// ", "/** "]),
    (".mjs", &["// ", "/** "]),
    (".cjs", &["// ", "/** "]),
    (".ts", &["// ", "/** "]),
    (".tsx", &["// ", "/** "]),
    (".jsx", &["// ", "/** "]),
    (".css", &["/* "]),
    (".php", &["<?php /** ", "<?php // "]),
    (".sql", &["-- "]),
    (".html", &["<!-- "]),
    (".sh", &["# "]),
    (".py", &["# ", "\"\"\""]),
    (".toml", &["# "]),
    (".yml", &["# "]),
    (".yaml", &["# "]),
    (".txt", &["# "]),
    (".md", &["# "]),
    (".graphql", &["# "]),
    (".ci/run", &["# "]),
];

/// Golden files are data, whatever their ending; licences have words of their own, and WordPress's readme a form of its own.
const DATA: [&str; 4] = ["tests/vectors/", "LICENSE", "src/words/", "woocommerce/readme.txt"];

/// A file that nobody can take in at once.
const MOST_LINES: usize = 600;

/// A sentence has at least this many words.
const FEWEST_WORDS: usize = 4;

fn without_a_first_sentence(sources: &[Source]) -> Vec<String> {
    let judged = sources.iter().filter(|source| !is_data(&source.path));
    judged.filter_map(|source| complaint(source).map(|why| format!("{}: {why}", source.path))).collect()
}

fn is_data(path: &str) -> bool {
    DATA.iter().any(|start| path.starts_with(start)) && !path.ends_with(".rs")
}

fn complaint(source: &Source) -> Option<String> {
    let (ending, marks) = MARKS.iter().find(|(ending, _)| source.path.ends_with(ending))?;
    let mut lines = source.text.lines();
    let mut first = lines.next().unwrap_or_default();
    if first.starts_with("#!") || first.eq_ignore_ascii_case("<!doctype html>") {
        first = lines.next().unwrap_or_default();
    }
    let Some(mark) = marks.iter().find(|mark| first.starts_with(**mark)) else {
        return Some(format!("the first line of a {ending} file begins with `{}`", marks[0]));
    };
    let words = first[mark.len()..].split_whitespace().count();
    (words < FEWEST_WORDS && *ending != ".md").then(|| format!("`{first}` doesn't say what lives there"))
}

fn too_long(sources: &[Source]) -> Vec<String> {
    let written = sources.iter().filter(|source| [".rs", ".js", ".mjs", ".ts", ".php"].iter().any(|ending| source.path.ends_with(ending)));
    let long = written.filter(|source| !is_data(&source.path) && source.text.lines().count() > MOST_LINES);
    long.map(|source| format!("{} has more than {MOST_LINES} lines", source.path)).collect()
}

#[test]
fn every_file_says_what_lives_there() {
    crate::none(&without_a_first_sentence(&sources::all()));
}

#[test]
fn no_file_grows_past_reading() {
    crate::none(&too_long(&sources::all()));
}

#[test]
fn a_file_without_its_sentence_is_told() {
    let bad = [
        ("src/a.rs", "use std::fmt;"),
        ("src/a.rs", ""),
        ("src/a.rs", "//! Code."),
        ("js/a.mjs", "import fs from 'node:fs';"),
        ("js/a.css", "body { }"),
        ("js/a.html", "<!doctype html>\n<title>a</title>"),
        ("Cargo.toml", "[package]"),
        (".ci/run", "#!/bin/sh\nset -e"),
    ];
    for (path, text) in bad {
        assert_eq!(without_a_first_sentence(&[Source { path: path.into(), text: text.into() }]).len(), 1, "{path}: {text}");
    }
    let long = Source { path: "js/a.mjs".into(), text: "x\n".repeat(MOST_LINES + 1) };
    assert_eq!(too_long(&[long]).len(), 1);
}

#[test]
fn a_file_with_its_sentence_is_fine() {
    let good = [
        ("src/a.rs", "//! Says what lives here."),
        ("js/a.mjs", "#!/usr/bin/env node\n// Says what lives here."),
        ("js/a.html", "<!doctype html>\n<!-- Says what lives here. -->"),
        ("tests/vectors/page/waiting.html", "<!doctype html><title>golden</title>"),
        ("js/package.json", "{}"),
    ];
    for (path, text) in good {
        crate::none(&without_a_first_sentence(&[Source { path: path.into(), text: text.into() }]));
    }
}
