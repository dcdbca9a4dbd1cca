//! What docs/providers.md, docs/providers/*.md and README.md say of providers is what the adapters say: generated parts are fresh, counts are right.
//!
//! `REFRESH=1 cargo test --test providers_docs` writes the generated parts anew.

use efectivo::calls;
use efectivo::names::Provider;
use efectivo::providers;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const REPAIR: &str = "REFRESH=1 cargo test --locked -p efectivo --test providers_docs";
const OPEN: &str = "<!-- generated from the adapters: REFRESH=1 cargo test --test providers_docs -->";
const CLOSE: &str = "<!-- end of the generated part -->";
/// Too long for a table: they stand on each provider's own page.
const ELSEWHERE: [&str; 2] = ["keys", "sources"];

fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn table(locale: &str) -> Value {
    let answer = calls::call(json!({"providers": {"locale": locale}}).to_string().as_bytes(), b"").0;
    serde_json::from_slice::<Value>(&answer).unwrap()["ok"].clone()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

fn cell(cell: &Value) -> String {
    let tag = text(&cell["tag"]);
    let tag = if tag.is_empty() { String::new() } else { format!(" <sup>{tag}</sup>") };
    format!("{}{tag}", text(&cell["text"]))
}

/// Facts downwards, providers across.
fn markdown(told: &Value, unconfirmed: bool) -> String {
    let shown: Vec<&Value> = list(&told["providers"]).iter().filter(|one| one["unconfirmed"] == unconfirmed).collect();
    let across = |line: &dyn Fn(&Value) -> String| shown.iter().map(|one| line(one)).collect::<Vec<_>>().join(" | ");
    let mut out =
        format!("| | {} |\n| --- {}|\n", across(&|one| format!("[{}](providers/{}.md)", text(&one["name"]), text(&one["id"]))), "| --- ".repeat(shown.len()));
    for (place, row) in list(&told["rows"]).iter().enumerate().filter(|(_, row)| !ELSEWHERE.contains(&text(&row["id"]))) {
        out += &format!("| {} | {} |\n", text(&row["label"]), across(&|one| cell(&one["cells"][place])));
    }
    out
}

fn overview() -> String {
    let told = table("en");
    let mut out = format!("\n**{}** for PagoEfectivo.\n\n", text(&told["count"]));
    out += "o: in an official document · c: in public code only · i: inferred. Nothing was run against a live account.\n\n";
    out += &format!("## Confirmed\n\n{}\n## Unconfirmed\n\n", markdown(&told, false));
    let note = list(&told["providers"]).iter().find(|one| one["unconfirmed"] == true).map(|one| text(&one["note"])).unwrap_or_default();
    out += &format!(
        "{note} A channel of theirs makes no codes until you say in its settings that the provider confirmed it (`confirmed`).\n\n{}\n## Not possible, and why\n\n",
        markdown(&told, true)
    );
    for one in list(&told["absent"]) {
        out += &format!("- **{}** ({}): {}\n", text(&one["name"]), text(&one["checked"]), text(&one["reason"]));
    }
    out + "\n"
}

/// A provider's own page: every fact with its certainty, the keys in the order in which they are asked for, hosts.
fn page(one: &Value, told: &Value) -> String {
    let able = providers::abilities(serde_json::from_value(one["id"].clone()).unwrap());
    let mut out = String::from("\n| | | how sure |\n| --- | --- | --- |\n");
    for (row, cell) in list(&told["rows"]).iter().zip(list(&one["cells"])) {
        out += &format!("| {} | {} | {} |\n", text(&row["label"]), text(&cell["text"]), text(&cell["sure"]));
    }
    for (mode, host) in able.hosts {
        out += &format!("| Host, {} | `{host}` | |\n", if serde_json::to_value(mode).unwrap() == "live" { "live" } else { "test" });
    }
    out + "\n"
}

fn check(path: &str, wanted: &str) {
    let whole = std::fs::read_to_string(at(path)).unwrap_or_else(|why| panic!("{path}: {why}"));
    let (before, rest) = whole.split_once(OPEN).unwrap_or_else(|| panic!("{path} has no line `{OPEN}`"));
    let (found, after) = rest.split_once(CLOSE).unwrap_or_else(|| panic!("{path} has no line `{CLOSE}`"));
    if std::env::var("REFRESH").is_ok() {
        std::fs::write(at(path), format!("{before}{OPEN}\n{wanted}{CLOSE}{after}")).unwrap();
    } else {
        assert_eq!(found.trim(), wanted.trim(), "{path} is out of date: {REPAIR}");
    }
}

#[test]
fn the_table_of_abilities_is_what_the_adapters_say() {
    check("docs/providers.md", &overview());
}

#[test]
fn every_provider_has_a_page_that_is_what_its_adapter_says() {
    let told = table("en");
    for one in list(&told["providers"]) {
        let path = format!("docs/providers/{}.md", text(&one["id"]));
        check(&path, &page(one, &told));
        let whole = std::fs::read_to_string(at(&path)).unwrap();
        for part in ["## What to ask for", "## Keys", "## Notices", "## Known gaps"] {
            assert!(whole.contains(part), "{path} lacks `{part}`");
        }
        let able = providers::abilities(serde_json::from_value(one["id"].clone()).unwrap());
        for key in able.keys.iter().chain(able.host_keys) {
            assert!(whole.contains(&format!("`{key}`")), "{path} doesn't say where `{key}` comes from");
        }
    }
}

#[test]
fn readme_and_docs_count_providers_rightly() {
    let count = table("en")["count"].clone();
    for path in ["README.md", "docs/providers.md"] {
        assert!(std::fs::read_to_string(at(path)).unwrap().contains(text(&count)), "{path} must say: {}", text(&count));
    }
}

#[test]
fn the_table_speaks_every_language_and_leaves_no_word_open() {
    for locale in ["es", "en", "zh-CN"] {
        let told = table(locale).to_string();
        assert!(!told.contains("desk.") && !told.contains("{provider}"), "{locale}");
    }
    let (es, en) = (table("es"), table("en"));
    assert_ne!(es["rows"], en["rows"]);
    assert_eq!(list(&en["providers"]).len(), Provider::ALL.len() - 1);
    assert!(list(&en["absent"]).iter().all(|one| text(&one["checked"]).len() == 10));
}

#[test]
fn every_fact_that_an_adapter_rests_on_says_how_sure_it_is_and_from_where() {
    for provider in Provider::ALL.into_iter().filter(|provider| *provider != Provider::Sandbox) {
        let able = providers::abilities(provider);
        let sure = |fact: &str| able.sure.split(' ').any(|pair| pair.split_once('=').is_some_and(|(name, how)| name == fact && matches!(how, "o" | "c" | "i")));
        let facts = [
            ("codes", able.create),
            ("look_up", able.look_up),
            ("query", able.query),
            ("cancel", able.cancel),
            ("refund", able.refund),
            ("validity", able.takes_expiry),
            ("notices", able.notice_doubt.is_none()),
            ("amounts", able.least_minor.is_some()),
            ("abroad", able.abroad.is_some()),
            ("addresses", !able.notice_addresses.is_empty()),
        ];
        for (fact, claimed) in facts {
            assert!(!claimed || sure(fact), "{}: {fact} is claimed without saying how sure it is", provider.name());
        }
        assert!(!able.sources.is_empty() && !able.version.is_empty() && able.checked.len() == 10, "{}", provider.name());
    }
}

#[test]
fn every_fault_is_explained_in_every_language() {
    for locale in ["es", "en", "zh-CN"] {
        for provider in Provider::ALL {
            let theirs = providers::abilities(provider).faults.iter().map(|(code, _)| *code);
            let ours = [
                "unauthorized",
                "unreachable",
                "rejected",
                "http-404",
                "http-500",
                "shopper_says_paid",
                "outlet_late",
                "funds_not_arrived",
                "notice_unreachable",
                "not_paid_in_time",
            ];
            for code in theirs.chain(ours) {
                let ask = json!({"explain": {"provider": provider.name(), "code": code, "locale": locale}});
                let told: Value = serde_json::from_slice(&calls::call(ask.to_string().as_bytes(), b"").0).unwrap();
                for part in ["cause", "step"] {
                    let said = text(&told["ok"][part]);
                    assert!(!said.starts_with("desk.") && !said.contains('{'), "{} {code} {locale}: {said}", provider.name());
                }
            }
        }
    }
}
