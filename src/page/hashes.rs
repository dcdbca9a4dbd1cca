//! The SHA-256 of the page's style sheet and script, base64, for its Content-Security-Policy; `cargo run --example screens -- --refresh` writes them.

pub(super) const STYLE: &str = "kwH6BFyKtPvlpizNEeHG45TF5IAI4P7kc13LM/QPpNk=";
pub(super) const SCRIPT: &str = "kBed4F9LIITD5Bml/fWsYRj7ebk/PoDMLNp9Raz+WLY=";
