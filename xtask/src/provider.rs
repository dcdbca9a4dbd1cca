//! `cargo xtask provider new NAME`: the skeleton of an adapter, wired in, with the vectors and the page that its tests ask for.

use crate::{Done, machine};
use std::path::{Path, PathBuf};

/// Makes a skeleton in this tree and says what comes next.
pub(crate) fn run(options: &[String]) -> Done {
    let [command, name] = options else { return Err("say `cargo xtask provider new NAME`, for instance `new acme_pay`".into()) };
    if command != "new" {
        return Err(format!("`{command}` is not known here; say `cargo xtask provider new NAME`"));
    }
    make(&machine::at("."), name)?;
    machine::show(machine::cargo(&["fmt", "--package", "efectivo"]))?;
    println!("made src/providers/{name}/, tests/vectors/providers/{name}/ and docs/providers/{name}.md, and wired them in.");
    println!("Next: 1. fill docs/providers/{name}.md from the provider's documents, with their dates; 2. write vectors, good and bad;");
    println!("3. fill calls, wire, sign and status until `cargo test --test providers_vectors` passes; 4. set the abilities, and what is sure;");
    println!("5. `REFRESH=1 cargo test --test providers_docs --test vectors --test vectors_providers`, and correct the count in README.md.");
    Ok(())
}

/// Makes it in the tree at `root`; nothing is written where a name is taken or unfit.
pub(crate) fn make(root: &Path, name: &str) -> Done {
    let fits = name.len() <= 20
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !fits || name.ends_with('_') {
        return Err(format!("`{name}` is no name for a provider: small letters, digits and `_`, at most 20, beginning with a letter"));
    }
    if root.join("src/providers").join(name).exists() {
        return Err(format!("src/providers/{name} is there already"));
    }
    let kind = camel(name);
    let files = FILES.map(|(path, text)| {
        let (_, text) = text.split_once('\n').unwrap_or_default();
        (root.join(path.replace("{name}", name)), text.replace("{name}", name).replace("{Kind}", &kind))
    });
    let edits = edits(root, name, &kind)?;
    for (path, text) in files.into_iter().chain(edits) {
        let folder = path.parent().ok_or("a file without a folder")?;
        std::fs::create_dir_all(folder).map_err(|why| format!("{}: {why}", folder.display()))?;
        std::fs::write(&path, text).map_err(|why| format!("{}: {why}", path.display()))?;
    }
    Ok(())
}

/// `acme_pay` as `AcmePay`.
fn camel(name: &str) -> String {
    let capital = |word: &str| word.get(..1).unwrap_or_default().to_uppercase() + word.get(1..).unwrap_or_default();
    name.split('_').map(capital).collect()
}

/// The lines that make the rest of the tree know it, each before the line that ends its list.
fn edits(root: &Path, name: &str, kind: &str) -> Done<Vec<(PathBuf, String)>> {
    let before = [
        ("src/names.rs", "}\n\nimpl Provider {", format!("    /// {kind}; say who that is.\n    {kind},\n")),
        ("src/names.rs", "    ];\n\n    /// The name in JSON and in file names.", format!("        Self::{kind},\n")),
        ("src/names.rs", "        }\n    }\n}\n", format!("            Self::{kind} => \"{name}\",\n")),
        ("src/providers/dispatch.rs", "}\n\n/// What a request is built with", format!("    {name} {kind},\n")),
        ("src/providers/mod.rs", "\npub use dispatch::", format!("pub mod {name};\n")),
        ("tests/vectors/shared.rs", "];\n\n/// Every vector as a whole ask.", format!("    (\"{name}\", include_str!(\"door/providers/{name}.json\")),\n")),
    ];
    let mut done: Vec<(PathBuf, String)> = Vec::new();
    for (path, mark, line) in before {
        edit(root, &mut done, path, |text| {
            let at = if path == "src/names.rs" && mark.starts_with("        }") { text.rfind(mark) } else { text.find(mark) };
            at.map(|at| [&text[..at], &line, &text[at..]].concat()).ok_or(format!("{path} has changed: no `{}`", mark.trim()))
        })?;
    }
    edit(root, &mut done, "src/names.rs", |text| {
        let (start, rest) = text.split_once("pub const ALL: [Self; ").ok_or("src/names.rs has changed: no `ALL`")?;
        let (count, rest) = rest.split_once(']').ok_or("src/names.rs has changed: no count")?;
        let count: usize = count.parse().map_err(|_| "src/names.rs has changed: no count".to_owned())?;
        Ok(format!("{start}pub const ALL: [Self; {}]{rest}", count + 1))
    })?;
    for language in ["es-PE", "en", "zh-CN"] {
        edit(root, &mut done, &format!("src/words/shopper.{language}.txt"), |text| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            lines.push(format!("provider.{name}={kind}"));
            lines.sort();
            Ok(lines.join("\n") + "\n")
        })?;
    }
    Ok(done)
}

fn edit(root: &Path, done: &mut Vec<(PathBuf, String)>, path: &str, change: impl FnOnce(&str) -> Done<String>) -> Done {
    let whole = root.join(path);
    let known = done.iter().position(|(known, _)| *known == whole);
    let text = match known.and_then(|place| done.get(place)) {
        Some((_, text)) => text.clone(),
        None => std::fs::read_to_string(&whole).map_err(|why| format!("{path}: {why}"))?,
    };
    let changed = change(&text)?;
    match known.and_then(|place| done.get_mut(place)) {
        Some(entry) => entry.1 = changed,
        None => done.push((whole, changed)),
    }
    Ok(())
}

const FILES: [(&str, &str); 10] = [
    ("src/providers/{name}/mod.rs", include_str!("skeleton/mod.rs.txt")),
    ("src/providers/{name}/calls.rs", include_str!("skeleton/calls.rs.txt")),
    ("src/providers/{name}/wire.rs", include_str!("skeleton/wire.rs.txt")),
    ("src/providers/{name}/sign.rs", include_str!("skeleton/sign.rs.txt")),
    ("src/providers/{name}/status.rs", include_str!("skeleton/status.rs.txt")),
    ("tests/vectors/providers/{name}/requests.json", include_str!("skeleton/requests.json.txt")),
    ("tests/vectors/providers/{name}/answers.json", include_str!("skeleton/answers.json.txt")),
    ("tests/vectors/providers/{name}/notices.json", include_str!("skeleton/notices.json.txt")),
    ("tests/vectors/door/providers/{name}.json", include_str!("skeleton/door.json.txt")),
    ("docs/providers/{name}.md", include_str!("skeleton/page.md.txt")),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn copy(from: &Path, to: &Path) {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let path = entry.unwrap().path();
            let target = to.join(path.file_name().unwrap());
            if path.is_dir() { copy(&path, &target) } else { std::fs::copy(&path, target).map(|_| ()).unwrap() }
        }
    }

    /// A copy of what an adapter touches, in a folder of its own.
    fn tree(name: &str) -> PathBuf {
        let root = std::env::temp_dir().join(format!("efectivo-skeleton-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        for folder in ["src", "tests", "tools/derive", "docs/providers", "benches", "examples"] {
            copy(&machine::at(folder), &root.join(folder));
        }
        root
    }

    #[test]
    fn a_skeleton_has_every_file_and_is_known_everywhere() {
        let root = tree("whole");
        make(&root, "acme_pay").unwrap();
        for (path, _) in FILES {
            let text = std::fs::read_to_string(root.join(path.replace("{name}", "acme_pay"))).unwrap();
            assert!(!text.contains("{name}") && !text.contains("{Kind}") && !text.starts_with("# The skeleton"), "{path}");
        }
        for (path, line) in [
            ("src/names.rs", "    AcmePay,"),
            ("src/names.rs", "        Self::AcmePay,"),
            ("src/names.rs", "            Self::AcmePay => \"acme_pay\","),
            ("src/providers/dispatch.rs", "    acme_pay AcmePay,"),
            ("src/providers/mod.rs", "pub mod acme_pay;"),
            ("src/words/shopper.zh-CN.txt", "provider.acme_pay=AcmePay"),
            ("tests/vectors/shared.rs", "    (\"acme_pay\", include_str!(\"door/providers/acme_pay.json\")),"),
        ] {
            assert!(std::fs::read_to_string(root.join(path)).unwrap().contains(line), "{path}: {line}");
        }
        assert!(make(&root, "acme_pay").unwrap_err().contains("already"));
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn an_unfit_name_is_told_and_nothing_is_written() {
        for name in ["", "Acme", "9pay", "a-b", "../x", "a_", "a_name_that_is_far_too_long"] {
            assert!(make(Path::new("/nonexistent"), name).unwrap_err().contains("no name"), "{name}");
        }
    }

    /// Slow: builds the core once more. `cargo xtask prove` runs it.
    #[test]
    #[ignore = "builds the core once more"]
    fn prove_a_skeleton_compiles_and_passes_the_vectors_of_every_adapter() {
        let root = tree("built");
        make(&root, "acme_pay").unwrap();
        for file in ["Cargo.lock", "rustfmt.toml"] {
            std::fs::copy(machine::at(file), root.join(file)).unwrap();
        }
        let manifest = std::fs::read_to_string(machine::at("Cargo.toml")).unwrap();
        let members = manifest.lines().find(|line| line.starts_with("members = ")).unwrap().to_owned();
        std::fs::write(root.join("Cargo.toml"), manifest.replace(&members, "members = [\"tools/derive\"]")).unwrap();
        let mut cargo = std::process::Command::new(env!("CARGO"));
        cargo.args(["test", "--offline", "--package", "efectivo", "--test", "providers_vectors"]).current_dir(&root);
        let built = cargo.env("CARGO_TARGET_DIR", machine::target().join("skeleton")).status().unwrap();
        std::fs::remove_dir_all(root).unwrap();
        assert!(built.success());
    }
}
