//! A channel that notices come to, kept ready: its settings and keys are read once, so that a notice costs little more than its signature.

use super::typed;
use crate::calls::{CallError, Retry};
use crate::clock::Instant;
use crate::engine::{self, ChannelRow};
use crate::http;
use crate::json::{self, Read};
use crate::names::Locale;
use crate::providers::Credentials;
use crate::voucher::Settings;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A channel's notices: `new Notices(json)` with `{settings, channel, credentials}` as bytes, then [`route`](Self::route) for each.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Notices(Channel);

#[derive(Debug, Read)]
#[json(deny_unknown_fields)]
struct Channel {
    settings: Settings,
    channel: ChannelRow,
    credentials: Credentials,
}

#[derive(Read)]
#[json(deny_unknown_fields)]
struct Arrived {
    notice: http::Notice,
    now: Instant,
}

#[wasm_bindgen]
impl Notices {
    /// Reads the channel.
    ///
    /// # Errors
    /// Throws the core's refusal of a JSON of another form.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &[u8]) -> Result<Self, JsValue> {
        read(json).map(Self)
    }

    /// The answer of the call `route` for `{notice, now}` as bytes and a notice's raw body.
    ///
    /// # Errors
    /// Throws the core's refusal, as `ask` does.
    pub fn route(&self, json: &[u8], body: &[u8]) -> Result<JsValue, JsValue> {
        let Arrived { notice, now } = read(json)?;
        let Channel { settings, channel, credentials } = &self.0;
        let routed = engine::route(settings, channel, credentials, &notice, body, now);
        let routed = routed.map_err(|refused| typed::thrown(&CallError::of(Locale::Es, &refused)))?;
        js_sys::JSON::parse(&json::text(&routed))
    }
}

fn read<T: Read>(json: &[u8]) -> Result<T, JsValue> {
    json::parse(json).map_err(|why| typed::thrown(&CallError::new(Locale::Es, "bad_ask", Retry::No, &[("why", &why.to_string())])))
}
