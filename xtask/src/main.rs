//! Every command of this project: `cargo xtask demo`, `test`, `wasm`, `php`, `woo`, `zip`, `shopify`, `bench`, `sizes`, `prove`, `fuzz`, `provider new`.
//!
//! A command sets up what it needs by itself (the wasm target, a recent Node, npm packages) and keeps it, stamped with
//! a digest of what it was made from, so that the second run starts at once.

mod bench;
mod demo;
mod fresh;
mod machine;
mod php;
mod prove;
mod provider;
mod report;
mod shopify;
mod sizes;
mod stages;
mod wasm;
mod woocommerce;

use std::process::ExitCode;

/// What a command ends with: nothing to say, or a sentence for the person at the terminal.
type Done<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask demo [--port 4400] [--data DIR]      a small shop on this machine; prints `ready http://127.0.0.1:PORT`
cargo xtask test [--strict]                      every test this machine can run; with --strict a skipped one fails
cargo xtask wasm                                 builds js/dist (done for you by the other commands)
cargo xtask php [--test]                         builds woocommerce/core, the core as PHP; with --test compares it with Node, on every PHP
cargo xtask woo [--port 4500] [--data DIR]       a real WooCommerce on this machine with the plugin; prints its addresses
cargo xtask shopify [--port 4600] [--data DIR]   the Shopify app in a fake Shopify on this machine; prints its addresses
cargo xtask zip                                  builds the plugin's zip in target/, the same bytes every time
cargo xtask bench [--json|--smoke]               ours beside the peers, one line per row
cargo xtask sizes [--json]                       raw, gzip and brotli bytes, with their limits
cargo xtask prove [--kills N]                    the long proofs: kill -9 under load, long property runs
cargo xtask fuzz [--minutes N]                   notices, answers and settings, each for so many minutes (30)
cargo xtask provider new NAME                    the skeleton of an adapter, wired in, with vectors and a page";

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let command = words.first().map_or("help", String::as_str);
    let options = words.get(1..).unwrap_or_default();
    let done = match command {
        "demo" => demo::run(options),
        "test" => stages::run(options),
        "wasm" => only(options, &[]).and_then(|()| wasm::build().map(drop)),
        "php" => php::run(options),
        "woo" => woocommerce::woo(options),
        "shopify" => shopify::run(options),
        "zip" => only(options, &[]).and_then(|()| woocommerce::zip()),
        "bench" => bench::run(options),
        "sizes" => sizes::run(options),
        "prove" => prove::run(options),
        "provider" => provider::run(options),
        "fuzz" => prove::fuzz(options),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => Err(format!("there is no command `{other}`.\n\n{USAGE}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Refuses an option that the command doesn't know, so that a typing mistake never passes silently.
fn only(options: &[String], known: &[&str]) -> Done {
    match options.iter().find(|word| !known.contains(&word.as_str())) {
        None => Ok(()),
        Some(word) => Err(format!("this command doesn't know `{word}`.\n\n{USAGE}")),
    }
}
