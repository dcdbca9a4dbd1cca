//! The SHA-256 of the page's style sheet and script, base64, for its Content-Security-Policy; `cargo run --example screens -- --refresh` writes them.

pub(super) const STYLE: &str = "omtH2HVB/lip4SGPdtrMj6R2gbteebS4vc47eWTbhQk=";
pub(super) const SCRIPT: &str = "kBed4F9LIITD5Bml/fWsYRj7ebk/PoDMLNp9Raz+WLY=";
