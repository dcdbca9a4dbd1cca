//! Reads the project's files as the checks want them: tracked or about to be, and Rust without comments and tests.

use std::path::Path;
use std::process::Command;

/// A file of the project.
pub(crate) struct Source {
    /// From the project's folder, with `/`.
    pub(crate) path: String,
    /// All of it; empty where it isn't text.
    pub(crate) text: String,
}

/// Every file that git tracks or would add.
pub(crate) fn all() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let listed = Command::new("git").current_dir(root).args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).output();
    let listed = listed.expect("git lists the project's files");
    assert!(listed.status.success(), "the tidy checks need a git checkout: {}", String::from_utf8_lossy(&listed.stderr));
    let names = String::from_utf8(listed.stdout).unwrap();
    let mut paths: Vec<&str> = names.split('\0').filter(|path| !path.is_empty() && root.join(path).is_file()).collect();
    paths.dedup();
    let read = |path: &&str| Source { path: (*path).into(), text: std::fs::read_to_string(root.join(path)).unwrap_or_default() };
    paths.iter().map(read).collect()
}

/// The core's Rust files, without what only tests compile.
pub(crate) fn core() -> Vec<Source> {
    let sources = all().into_iter().filter(|source| source.path.starts_with("src/") && source.path.ends_with(".rs"));
    let shipped = sources.filter(|source| !source.path.ends_with("/tests.rs") && !source.path.contains("/tests/"));
    let found: Vec<Source> = shipped.map(|source| Source { text: code(&source.text), path: source.path }).collect();
    assert!(found.len() > 10, "the core's sources weren't found");
    found
}

/// Rust as the compiler sees it for a release: comments blanked, and everything from an inline test module on.
///
/// Lines keep their numbers. Comment marks inside strings are understood as far as `"…//…"` goes.
pub(crate) fn code(text: &str) -> String {
    let mut kept = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let opens_tests = lines.peek().is_some_and(|next| next.trim_start().starts_with("mod ") && next.trim_end().ends_with('{'));
        if line.trim() == "#[cfg(test)]" && opens_tests {
            break;
        }
        kept.push_str(without_comment(line));
        kept.push('\n');
    }
    kept
}

fn without_comment(line: &str) -> &str {
    let mut quoted = false;
    let mut before = ' ';
    for (at, letter) in line.char_indices() {
        match letter {
            '"' if before != '\\' && before != '\'' => quoted = !quoted,
            '/' if before == '/' && !quoted => return &line[..at - 1],
            _ => {}
        }
        before = letter;
    }
    line
}

/// Where a token stands by itself: not inside a longer word, where the token's own ends are letters or digits.
pub(crate) fn has(line: &str, token: &str) -> bool {
    let word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    line.match_indices(token).any(|(at, _)| {
        let (front, back) = (line[..at].chars().next_back(), line[at + token.len()..].chars().next());
        let inside = word(front) && word(token.chars().next()) || word(back) && word(token.chars().next_back());
        !inside
    })
}

/// `path:line: what` for every line of the sources that holds one of the tokens.
pub(crate) fn lines_with(sources: &[Source], tokens: &[&str], allowed: impl Fn(&str, &str) -> bool) -> Vec<String> {
    let mut told = Vec::new();
    for source in sources {
        for (at, line) in source.text.lines().enumerate() {
            for token in tokens.iter().filter(|token| has(line, token) && !allowed(&source.path, token)) {
                told.push(format!("{}:{}: `{token}` in `{}`", source.path, at + 1, line.trim()));
            }
        }
    }
    told
}

#[test]
fn comments_and_tests_are_no_code() {
    let text = "let a = 1; // f64\nlet b = \"http://x\"; // y\n#[cfg(test)]\nmod tests {\n    a.unwrap();\n}\n";
    assert_eq!(code(text), "let a = 1; \nlet b = \"http://x\"; \n");
}

#[test]
fn a_token_is_found_only_by_itself() {
    assert!(has("let x: f64 = 1;", "f64") && has("a * 100;", "* 100"));
    assert!(!has("let xf64y = 1;", "f64") && !has("a * 1000;", "* 100"));
}
