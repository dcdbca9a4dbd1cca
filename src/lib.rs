//! Efectivo: cash payment codes for Peru, and an order that always agrees with the money.
//!
//! One core decides everything; hosts carry HTTP, keep records, wake on time and show what was rendered here. The floors, from the ground up
//! (imports go downward only, never between neighbours; a test reads the sources):
//!
//! | floor | rooms | what lives there |
//! | --- | --- | --- |
//! | ground | [`json`] | trees, and our own types from them and into them |
//! | 0 | [`money`] [`clock`] [`names`] [`secret`] [`http`] | exact céntimos, Lima dates, strings that can't be swapped, `[hidden]`, requests as data |
//! | 1 | [`voucher`] [`signature`] [`barcode`] [`words`] | states and reviews, verdicts, pictures, the words catalogue |
//! | 2 | [`providers`] [`page`] | one folder a provider; the shopper's page and mails |
//! | 3 | [`engine`] | handle, carry, route |
//! | 4 | [`calls`] | one door over all of it, JSON in and out |
//! | 5 | `wasm` | bindings only |

// The derives name things from outside, wherever they stand.
extern crate self as efectivo;

pub use efectivo_barcode as barcode;

pub mod calls;
pub mod clock;
pub mod engine;
pub mod http;
pub mod json;
pub mod money;
pub mod names;
pub mod page;
pub mod providers;
pub mod secret;
pub mod signature;
pub mod voucher;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod words;
