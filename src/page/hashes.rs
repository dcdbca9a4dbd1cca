//! The SHA-256 of the page's style sheet and script, base64, for its Content-Security-Policy; `cargo run --example screens -- --refresh` writes them.

pub(super) const STYLE: &str = "sqN5vJi13I3GD4WQZJMj/tRkZ/J/me9u//1tlWAkhdE=";
pub(super) const SCRIPT: &str = "zCs6v1Ww9uSqfs6Dd/sg/go2wVYmz39Y4pBdfs8T620=";
