//! Culqi's side (orders), after apiculqi.yaml (2022-05), docs.culqi.com and its SDKs as quoted in the facts.
//!
//! Worst readings where they are silent: money that is taken back leaves an order `paid`, a notice is sent once, the code of a duplicate order number is not
//! known, and nothing finds an order by its number.

use super::asked::Asked;
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, agent, json};
use crate::clock::{DAY, Instant, MINUTE, SECOND};
use crate::http::Method::{Delete, Get, Patch, Post};
use crate::json::{Tree, Written, json as tree};
use crate::money::{Currency, Money};
use crate::signature::base64::{self, Alphabet};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"object":"error","type":"api_error","merchant_message":"Error interno.","user_message":"Intente nuevamente."}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[];
/// Limits of the reference: S/ 6.00 to S/ 9,999.00, and a code lives 10 minutes to 6 months.
const AMOUNTS: core::ops::RangeInclusive<i64> = 600..=999_900;
const LIVES: core::ops::RangeInclusive<i64> = 10 * MINUTE..=180 * DAY;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if !world.accounts.fits("culqi_secret_key", arrival.authorization("Bearer ")) {
        return error(now, 401, "authentication_error", "La llave no es válida.");
    }
    let parts = arrival.parts();
    match (arrival.method, parts.as_slice()) {
        (Post, ["v2", "orders"]) => create(world, &Asked::json(arrival.body), now),
        (Get, ["v2", "orders"]) => list(world, &Asked::form(arrival.query.as_bytes()), now),
        (Post, ["v2", "refunds"]) => error(now, 400, "parameter_error", "charge_id: debe empezar con chr_"),
        (method, ["v2", "orders", id, rest @ ..]) => match world.place(Protocol::Culqi, |code| code.id == *id) {
            Some(place) => order(world, place, (method, rest), &Asked::json(arrival.body), now),
            None => error(now, 404, "invalid_request_error", "No existe la orden."),
        },
        _ => error(now, 404, "invalid_request_error", "No existe la ruta."),
    }
}

fn create(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let wrong = |field: &str| error(now, 400, "parameter_error", field);
    let required = ["description", "order_number", "client_details.first_name", "client_details.last_name", "client_details.email"];
    if let Some(field) = asked.lacks(&required).or(asked.lacks(&["client_details.phone_number"])) {
        return wrong(field);
    }
    let long = |path: &str, least: usize, most: usize| (least..=most).contains(&asked.text(path).chars().count());
    if !long("description", 5, 80) || !long("order_number", 1, 36) || asked.text("currency_code") != "PEN" {
        return wrong("description, order_number, currency_code");
    }
    let Some(amount) = asked.number("amount").filter(|amount| AMOUNTS.contains(amount)) else { return wrong("amount") };
    let until = match asked.at("expiration_date") {
        Tree::Null => Some(now.plus(DAY)),
        _ => asked.number("expiration_date").map(|seconds| Instant(seconds.saturating_mul(SECOND))),
    };
    let Some(until) = until.filter(|until| LIVES.contains(&until.since(now))) else { return wrong("expiration_date") };
    let number = asked.text("order_number");
    if world.place(Protocol::Culqi, |code| code.reference == number).is_some() {
        return error(now, 400, "invalid_request_error", "order_number: ya existe.");
    }
    let id = format!("ord_test_{}", world.next_id().chars().take(16).collect::<String>());
    let url = world.accounts.get("culqi_notice_url").to_owned();
    let place = world.issue(Protocol::Culqi, Some(id), number, Money::new(amount, Currency::Pen), (now, until), &url);
    if let (Some(code), Tree::Bool(false)) = (world.codes.get_mut(place), asked.at("confirm")) {
        code.memo = "created".into();
    }
    ours(world, place, 201, now)
}

/// The documented filters; none of them is the order's number.
fn list(world: &World, by: &Asked, now: Instant) -> Response {
    let is = |path: &str, value: &str| by.text(path).is_empty() || by.text(path) == value;
    let most = by.text("limit").parse().unwrap_or(50).min(100);
    let fits = |code: &&Coupon| code.protocol == Protocol::Culqi && is("amount", &code.amount.minor.to_string()) && is("state", state(code, now));
    let data: Vec<Written> = world.codes.iter().rev().filter(fits).take(most).map(|code| shown(code, now)).collect();
    json(now, 200, &tree!({ "data": data }))
}

fn order(world: &mut World, place: usize, call: (crate::http::Method, &[&str]), asked: &Asked, now: Instant) -> Response {
    let Some(code) = world.codes.get_mut(place) else { return error(now, 404, "invalid_request_error", "No existe la orden.") };
    match call {
        (Get, []) => {}
        (Post, ["confirm"]) if state(code, now) == "created" => code.memo.clear(),
        (Patch, []) => {
            let later = asked.number("expiration_date").map(|seconds| Instant(seconds.saturating_mul(SECOND)));
            match later.filter(|at| *at > code.expires_at && LIVES.contains(&at.since(now)) && code.standing(now) == Standing::Waiting) {
                Some(at) => code.expires_at = at,
                None => return error(now, 400, "parameter_error", "expiration_date"),
            }
        }
        (Delete, []) if world.call_off(place, now) => agent::tell(world, place, now),
        _ => return error(now, 400, "invalid_request_error", "El estado de la orden no lo permite."),
    }
    ours(world, place, 200, now)
}

fn ours(world: &World, place: usize, status: u16, now: Instant) -> Response {
    json(now, status, &world.codes.get(place).map(|code| shown(code, now)))
}

fn state(code: &Coupon, now: Instant) -> &'static str {
    match code.standing(now) {
        Standing::Waiting if !code.memo.is_empty() => "created",
        Standing::Waiting => "pending",
        Standing::Paid | Standing::Reversed => "paid",
        Standing::Expired => "expired",
        Standing::Cancelled => "deleted",
    }
}

/// It takes seconds and gives milliseconds.
fn shown(code: &Coupon, now: Instant) -> Written {
    let digits = code.memo.is_empty().then_some(&code.digits);
    tree!({"object": "order", "id": code.id, "amount": code.shown_amount().minor, "payment_code": digits, "currency_code": "PEN",
        "description": "Pedido", "order_number": code.reference, "state": state(code, now), "total_fee": Tree::Null, "net_amount": Tree::Null,
        "creation_date": code.created_at, "expiration_date": code.expires_at, "paid_at": code.last_payment().map(|paid| paid.at), "metadata": Tree::Null,
        "qr": Tree::Null, "cuotealo": Tree::Null})
}

/// JSON in JSON: the order stands in `data` as a text. Only a change of state is told.
pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let told = !matches!(code.standing(now), Standing::Waiting | Standing::Reversed);
    let event = || {
        tree!({"object": "event", "id": format!("evt_test_{}{}", code.digits, code.payments.len()), "type": "order.status.changed", "creation_date": now,
            "data": shown(code, now).to_string()})
    };
    told.then(|| event().to_string())
}

/// Nothing is signed; the panel's user and password come by HTTP Basic.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let pair = format!("{}:{}", by.accounts.get("culqi_notice_user"), by.key("culqi_notice_password"));
    parcel.headers.push(("Authorization".into(), format!("Basic {}", base64::encode(Alphabet::Standard, pair.as_bytes()))));
}

fn error(now: Instant, status: u16, kind: &str, message: &str) -> Response {
    json(now, status, &tree!({"object": "error", "type": kind, "merchant_message": message, "user_message": message}))
}
