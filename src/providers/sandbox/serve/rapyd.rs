//! Rapyd Collect's side, after docs.rapyd.net and Rapyd's own samples as quoted in the facts.
//!
//! No Peruvian type is published: this one sells `pe_sandbox_cash`. Worst readings where the facts are silent: the code's key in `textual_codes` is some other
//! word, nothing finds a payment by the merchant's reference, and a notice is tried once.

use super::asked::{Asked, plain};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Payback, Standing, World};
use super::{Arrival, Parcel, Response, agent, json};
use crate::clock::{DAY, Instant, SECOND};
use crate::http::Method::{self, Delete, Get, Post};
use crate::json::{Tree, Written, json as tree};
use crate::money::Currency;
use crate::signature::base64::{self, Alphabet};
use crate::signature::{hex, hmac_sha256, same};

/// The body of its 500.
pub(super) const BROKEN: &str =
    r#"{"status":{"error_code":"ERROR_INTERNAL","status":"ERROR","message":"","response_code":"ERROR_INTERNAL","operation_id":"0"}}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[];
const KIND: &str = "pe_sandbox_cash";

/// The hexadecimal text of the HMAC, in base64: 88 characters.
fn sign(secret: &str, parts: &[&[u8]]) -> String {
    base64::encode(Alphabet::Standard, hex::encode(&hmac_sha256(secret.as_bytes(), parts)).as_bytes())
}

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let method = match arrival.method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Patch => "patch",
        Method::Delete => "delete",
    };
    let (secret, query) = (world.accounts.get("rapyd_secret_key"), if arrival.query.is_empty() { "" } else { "?" });
    let (access, salt, time) = (arrival.header("access_key"), arrival.header("salt"), arrival.header("timestamp"));
    let texts = [method, arrival.path, query, arrival.query, salt, time, access, secret].map(str::as_bytes);
    let signed = sign(secret, &[texts.as_slice(), &[arrival.body]].concat());
    if !world.accounts.fits("rapyd_access_key", access) || salt.len() < 8 || !same(signed.as_bytes(), arrival.header("signature").as_bytes()) {
        return error(now, 401, "UNAUTHENTICATED_API_CALL");
    }
    let asked = Asked::json(arrival.body);
    let parts = arrival.parts();
    match (arrival.method, parts.as_slice()) {
        (Get, ["v1", "payment_methods", "country" | "countries", ..]) => {
            done(now, tree!([tree!({"type": KIND, "name": "Cash", "category": "cash", "country": "pe"})]))
        }
        (Post, ["v1", "payments"]) => create(world, &asked, arrival.header("idempotency"), now),
        (Post, ["v1", "refunds"]) => refund(world, &asked, now),
        (Get, ["v1", "refunds", id]) => match world.refunds.iter().find(|refund| refund.id == *id) {
            Some(refund) => done(now, refund_shown(refund)),
            None => error(now, 404, "ERROR_GET_REFUND"),
        },
        (method, ["v1", "payments", id]) => {
            let Some(place) = world.place(Protocol::Rapyd, |code| code.id == *id) else { return error(now, 404, "ERROR_GET_PAYMENT") };
            if method == Delete && !world.call_off(place, now) {
                return error(now, 400, "ERROR_CANCEL_PAYMENT");
            }
            if method == Delete {
                agent::tell(world, place, now);
            }
            ours(world, place, now)
        }
        _ => error(now, 404, "NOT_FOUND"),
    }
}

fn create(world: &mut World, asked: &Asked, key: &str, now: Instant) -> Response {
    if let Some(known) = world.place(Protocol::Rapyd, |code| !key.is_empty() && code.idempotency == key) {
        return ours(world, known, now);
    }
    let amount = Currency::parse(asked.text("currency")).and_then(|currency| asked.amount("amount", currency));
    let until = asked.number("expiration").map_or(Some(now.plus(7 * DAY)), |seconds| Some(Instant(seconds.checked_mul(SECOND)?))).filter(|at| *at > now);
    let fits = asked.text("payment_method.type") == KIND && asked.text("merchant_reference_id").len() <= 255;
    let (Some(amount), Some(until), true) = (amount, until, fits) else { return error(now, 400, "INVALID_FIELDS") };
    let (id, url) = (format!("payment_{}", world.next_id()), world.accounts.get("rapyd_notice_url").to_owned());
    let place = world.issue(Protocol::Rapyd, Some(id), asked.text("merchant_reference_id"), amount, (now, until), &url);
    if let Some(code) = world.codes.get_mut(place) {
        code.idempotency = key.into();
    }
    ours(world, place, now)
}

fn refund(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let wanted = asked.text("payment").to_owned();
    let id = format!("refund_{}", world.next_id());
    let found = world.place(Protocol::Rapyd, |code| code.id == wanted).and_then(|place| world.codes.get(place));
    let Some((code, paid)) = found.and_then(|code| Some((code, code.last_payment().filter(|paid| !paid.reversed)?.amount))) else {
        return error(now, 400, "ERROR_CREATE_REFUND");
    };
    let amount = if *asked.at("amount") == Tree::Null { Some(paid) } else { asked.amount("amount", paid.currency) };
    let Some(amount) = amount.filter(|amount| world.given(code, now).0 + amount.minor <= paid.minor) else {
        return error(now, 400, "ERROR_CREATE_REFUND");
    };
    let refund = Payback { id, key: String::new(), code: wanted, amount, asked_at: now, form_filled: false, notice_url: code.notice_url.clone() };
    let answer = done(now, refund_shown(&refund));
    world.refunds.push(refund);
    answer
}

fn refund_shown(refund: &Payback) -> Written {
    let status = if refund.form_filled { "Completed" } else { "Pending" };
    tree!({"id": refund.id, "payment": refund.code, "amount": plain(refund.amount), "currency": refund.amount.currency.code(), "status": status})
}

fn shown(code: &Coupon, now: Instant) -> Written {
    let status = match code.standing(now) {
        Standing::Waiting => "ACT",
        Standing::Paid => "CLO",
        Standing::Expired => "EXP",
        Standing::Cancelled => "CAN",
        Standing::Reversed => "REV",
    };
    let paid = status == "CLO";
    tree!({"id": code.id, "amount": plain(code.shown_amount()), "original_amount": plain(code.amount), "currency_code": code.amount.currency.code(),
        "status": status, "paid": paid, "is_partial": code.shown_amount() != code.amount, "paid_at": code.last_payment().map_or(0, |paid| paid.at.0 / SECOND),
        "created_at": code.created_at.0 / SECOND, "expiration": code.expires_at.0 / SECOND, "merchant_reference_id": code.reference,
        "payment_method_type": KIND, "payment_method_type_category": "cash", "textual_codes": tree!({"pay_code": code.digits}),
        "visual_codes": tree!({}), "redirect_url": "", "error_code": "", "failure_code": "", "next_action": "pending_confirmation"})
}

fn ours(world: &World, place: usize, now: Instant) -> Response {
    match world.codes.get(place) {
        Some(code) => done(now, shown(code, now)),
        None => error(now, 404, "ERROR_GET_PAYMENT"),
    }
}

fn done(now: Instant, data: Written) -> Response {
    let status = tree!({"error_code": "", "status": "SUCCESS", "message": "", "response_code": "", "operation_id": "0"});
    json(now, 200, &tree!({"status": status, "data": data}))
}

pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let kind = match code.standing(now) {
        Standing::Waiting => return None,
        Standing::Paid => "PAYMENT_COMPLETED",
        Standing::Expired => "PAYMENT_EXPIRED",
        Standing::Cancelled => "PAYMENT_CANCELED",
        Standing::Reversed => "PAYMENT_UPDATED",
    };
    let id = format!("wh_{}{}", code.digits, code.payments.len());
    Some(tree!({"id": id, "type": kind, "data": shown(code, now), "status": "NEW", "created_at": now.0 / SECOND}).to_string())
}

/// The whole configured address, and no method.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let (secret, access) = (by.key("rapyd_secret_key"), by.accounts.get("rapyd_access_key"));
    let (salt, time) = (format!("{:012}", parcel.no), (by.now.0 / SECOND).to_string());
    let parts = [parcel.url.as_str(), &salt, &time, access, secret, &parcel.body].map(str::as_bytes);
    let signature = sign(secret, &parts);
    parcel.headers.extend([("salt".into(), salt), ("timestamp".into(), time), ("signature".into(), signature)]);
}

fn error(now: Instant, status: u16, code: &str) -> Response {
    let told = tree!({"error_code": code, "status": "ERROR", "message": "", "response_code": code, "operation_id": "0"});
    json(now, status, &tree!({ "status": told }))
}
