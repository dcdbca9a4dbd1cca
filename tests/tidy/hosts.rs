//! Hosts decide nothing: searches js/, shopify-app/ and woocommerce/ for the tell-tale tokens of tests/host-tokens.txt.

use crate::sources::{self, Source};

/// The committed list; its own first lines say how to read it.
const LIST: &str = include_str!("../host-tokens.txt");

const HOSTS: [&str; 3] = ["js/", "shopify-app/", "woocommerce/"];

const LANGUAGES: [&str; 9] = [".js", ".mjs", ".cjs", ".ts", ".tsx", ".jsx", ".php", ".html", ".liquid"];

/// An allowance: this file may hold this token, for this reason.
struct Allowance<'a> {
    file: &'a str,
    token: &'a str,
    reason: &'a str,
}

/// The tokens, and the allowances; a line that is neither fails the test.
fn list(text: &str) -> (Vec<&str>, Vec<Allowance<'_>>) {
    let (mut tokens, mut allowances) = (Vec::new(), Vec::new());
    for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(token) = line.strip_prefix("token ") {
            tokens.push(token);
        } else {
            let parts = line.strip_prefix("allow ").and_then(|rest| rest.split_once(" :: "));
            let parts = parts.and_then(|(file, rest)| rest.split_once(" :: ").map(|(token, reason)| (file, token, reason)));
            let (file, token, reason) = parts.unwrap_or_else(|| panic!("tests/host-tokens.txt: can't read `{line}`"));
            allowances.push(Allowance { file, token, reason });
        }
    }
    (tokens, allowances)
}

/// Host code: no tests (they look at what came out), nothing built.
fn host_code(source: &Source) -> bool {
    HOSTS.iter().any(|host| source.path.starts_with(host))
        && LANGUAGES.iter().any(|ending| source.path.ends_with(ending))
        && !source.path.contains("/test/")
        && !source.path.contains("/tests/")
        && !source.path.ends_with(".d.ts")
}

/// Lines that are comments say what the core does; they may name anything.
fn without_comments(source: Source) -> Source {
    let is_comment = |line: &str| ["//", "*", "/*", "#", "<!--"].iter().any(|mark| line.trim_start().starts_with(mark));
    let lines: Vec<&str> = source.text.lines().map(|line| if is_comment(line) { "" } else { line }).collect();
    Source { text: lines.join("\n"), path: source.path }
}

fn deciding(sources: Vec<Source>, text: &str) -> Vec<String> {
    let (tokens, allowances) = list(text);
    let code: Vec<Source> = sources.into_iter().filter(host_code).map(without_comments).collect();
    sources::lines_with(&code, &tokens, |path, token| allowances.iter().any(|allowed| allowed.file == path && allowed.token == token))
}

#[test]
fn no_host_decides() {
    let told = deciding(sources::all(), LIST);
    assert!(told.is_empty(), "\n{}\nLet the core decide it, or say in tests/host-tokens.txt why this file may.\n", told.join("\n"));
}

#[test]
fn every_token_of_the_list_is_told() {
    let (tokens, _) = list(LIST);
    assert!(tokens.len() > 40, "the list is there");
    for token in tokens {
        let sample = Source { path: "js/sample.mjs".into(), text: format!("if (a {token} ) {{ ship(); }}") };
        assert!(!deciding(vec![sample], LIST).is_empty(), "{token}");
    }
}

#[test]
fn an_allowance_counts_for_its_own_file_only() {
    let text = "token toFixed\nallow js/one.mjs :: toFixed :: prints seconds in a log line";
    let sources = ["js/one.mjs", "js/two.mjs"].map(|path| Source { path: path.into(), text: "x.toFixed(2)".into() });
    let told = deciding(sources.into(), text);
    assert!(told.len() == 1 && told[0].starts_with("js/two.mjs:1"), "{told:?}");
}

#[test]
fn every_allowance_is_still_needed_and_gives_its_reason() {
    let sources = sources::all();
    let (tokens, allowances) = list(LIST);
    for Allowance { file, token, reason } in allowances {
        assert!(tokens.contains(&token), "`{token}` isn't on the list");
        assert!(reason.split_whitespace().count() >= 4, "{file}: `{reason}` is no reason");
        let needed = sources.iter().any(|source| source.path == file && source.text.lines().any(|line| sources::has(line, token)));
        assert!(needed, "{file} no longer holds `{token}`: take the allowance away");
    }
}
