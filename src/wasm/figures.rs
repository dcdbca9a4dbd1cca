//! The merchant's figures in a browser: cases are counted slice by slice, then drawn. It is no call of the door, so that PHP, which would take seconds for it, carries none of it.

use super::typed;
use crate::calls::{CallError, Retry};
use crate::clock::Instant;
use crate::json::{self, Tree};
use crate::names::{Locale, Mode};
use crate::page;
use crate::voucher::Case;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// `new Figures('test' | 'live', now)`, then [`count`](Self::count) for each slice of cases, then [`page`](Self::page).
#[wasm_bindgen]
#[derive(Debug)]
pub struct Figures(page::Figures);

#[wasm_bindgen]
impl Figures {
    /// Nothing counted yet; `now` is in milliseconds UTC, as a BigInt.
    ///
    /// # Errors
    /// Throws the core's refusal of another mode.
    #[wasm_bindgen(constructor)]
    pub fn new(mode: &str, now: i64) -> Result<Self, JsValue> {
        let mode = json::read::<Mode>(&Tree::from(mode)).map_err(|why| refused(&why.to_string()))?;
        Ok(Self(page::Figures::new(mode, Instant(now))))
    }

    /// Counts a JSON list of cases.
    ///
    /// # Errors
    /// Throws the core's refusal of a JSON of another form; what was counted before stays.
    pub fn count(&mut self, cases: &[u8]) -> Result<(), JsValue> {
        let cases: Vec<Case> = json::parse(cases).map_err(|why| refused(&why.to_string()))?;
        cases.iter().for_each(|case| self.0.count(case));
        Ok(())
    }

    /// The figures as an HTML document, for `mount`; `locale` as in every call, Spanish for an unknown one.
    pub fn page(&self, locale: &str) -> String {
        self.0.page(json::read(&Tree::from(locale)).unwrap_or(Locale::Es))
    }
}

fn refused(why: &str) -> JsValue {
    typed::thrown(&CallError::new(Locale::Es, "bad_ask", Retry::No, &[("why", why)]))
}
