//! The provider's side of every protocol, simulated, with people who pay, things that fail, and notices that go astray.
//!
//! It is written from the public facts alone, not from the adapters, so that a misreading on either side shows. Where the facts are silent it takes the
//! worst reading: PagoEfectivo does not de-duplicate, can't be searched by our reference and repeats a notice once; amounts that were really paid are
//! what a question answers. One [`World`] is all there is; a host stores it before it answers.

mod account;
mod agent;
mod asked;
mod bamboo;
mod culqi;
mod dlocal;
mod dlocal_go;
mod ebanx;
mod kushki;
mod mercado_pago;
mod own;
mod pagoefectivo;
mod pagseguro;
mod paysafe;
mod payu;
mod rapyd;
mod rsa;
mod sides;
mod world;

pub use account::{key, path};
pub use agent::{Act, LedgerRow, NoticeRule, Trouble};
pub use world::{Accounts, World};

use crate::clock::Instant;
use crate::http::{Headers, Method};
use crate::json::Write;
use sides::Protocol;

/// What the host does on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write)]
#[json(rename_all = "snake_case")]
pub enum Transport {
    /// Answers.
    Normal,
    /// Answers after so many milliseconds.
    Slow(u32),
    /// Breaks the connection and answers nothing; whether anything happened is in the world.
    Cut,
}

/// A request as it came in.
pub struct Arrival<'a> {
    /// The method.
    pub method: Method,
    /// The path after the protocol's name, `/codes/1`.
    pub path: &'a str,
    /// The query without `?`.
    pub query: &'a str,
    /// Header lines.
    pub headers: &'a Headers,
    /// The raw body.
    pub body: &'a [u8],
}

/// An answer as it goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Header lines, `Date` among them.
    pub headers: Headers,
    /// The body.
    pub body: String,
}

/// A notice to be sent now.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Parcel {
    /// Its number, for [`Act::Delivered`].
    pub no: u64,
    /// Where to.
    pub url: String,
    /// Header lines.
    pub headers: Headers,
    /// The body.
    pub body: String,
}

/// What an act led to, beside the changed world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Served {
    /// For a request: status and headers; the body goes beside.
    pub response: Option<crate::http::Response>,
    /// For a request: how it is answered.
    pub transport: Transport,
    /// Notices that are due now.
    pub parcels: Vec<Parcel>,
    /// The earliest instant at which another becomes due.
    pub next_at: Option<Instant>,
    /// For [`Act::Ledger`]: every code.
    pub ledger: Option<Vec<LedgerRow>>,
    /// The answer's body.
    pub body: String,
}

/// Does one act in the world.
///
/// # Errors
/// A short reason where an act of the agent can't be done (no such code, nothing to reverse).
pub fn serve(world: &mut World, act: &Act, body: &[u8], now: Instant) -> Result<Served, &'static str> {
    world.pass_time(now);
    let mut served = Served { response: None, transport: Transport::Normal, parcels: Vec::new(), next_at: None, ledger: None, body: String::new() };
    match act {
        Act::Http { method, path, query, headers } => {
            let (transport, response) = answered(world, *method, path, query, headers, body, now);
            served.transport = transport;
            if let Some(response) = response {
                served.response = Some(crate::http::Response { status: response.status, headers: response.headers });
                served.body = response.body;
            }
        }
        other => served.ledger = agent::act(world, other, now)?,
    }
    served.parcels = world.due_parcels(now);
    served.next_at = world.next_parcel_at();
    Ok(served)
}

/// Answers a request by its protocol, unless trouble was ordered for it.
fn answered(world: &mut World, method: Method, path: &str, query: &str, headers: &Headers, body: &[u8], now: Instant) -> (Transport, Option<Response>) {
    let Some((protocol, rest)) = Protocol::of_path(path) else {
        return (Transport::Normal, Some(response(now, 404, "application/json", "{}".into())));
    };
    let trouble = world.next_trouble(path);
    let arrival = Arrival { method, path: rest, query, headers, body };
    let act = |world: &mut World| protocol.answer(world, &arrival, now);
    let (json, broken) = ("application/json", protocol.habits().0);
    match trouble {
        None => (Transport::Normal, Some(act(world))),
        Some(Trouble::Slow { ms }) => (Transport::Slow(ms), Some(act(world))),
        Some(Trouble::CutBefore) => (Transport::Cut, None),
        Some(Trouble::CutAfter) => {
            act(world);
            (Transport::Cut, None)
        }
        Some(Trouble::ServerError) => (Transport::Normal, Some(response(now, 500, json, broken.into()))),
        Some(Trouble::ServerErrorAfter) => {
            act(world);
            (Transport::Normal, Some(response(now, 500, json, broken.into())))
        }
        Some(Trouble::Refused) => (Transport::Normal, Some(response(now, 400, json, broken.into()))),
        Some(Trouble::Html) => (Transport::Normal, Some(response(now, 502, "text/html", "<html><h1>502 Bad Gateway</h1></html>".into()))),
        Some(Trouble::Truncated) => {
            let mut whole = act(world);
            let half = whole.body.len() / 2;
            whole.body.truncate((0..=half).rev().find(|at| whole.body.is_char_boundary(*at)).unwrap_or(0));
            (Transport::Normal, Some(whole))
        }
        Some(Trouble::Busy) => {
            let mut busy = response(now, 429, json, "{}".into());
            busy.headers.push(("Retry-After".into(), "5".into()));
            (Transport::Normal, Some(busy))
        }
    }
}

/// An answer with its `Date`.
fn response(now: Instant, status: u16, content_type: &str, body: String) -> Response {
    let headers = vec![("Content-Type".into(), content_type.into()), ("Date".into(), now.http_date())];
    Response { status, headers, body }
}

/// A JSON answer.
fn json(now: Instant, status: u16, body: &dyn Write) -> Response {
    response(now, status, "application/json", crate::json::text(body))
}
