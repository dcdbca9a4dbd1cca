//! EBANX's side (Direct API), after docs.ebanx.com and EBANX's own SDKs as quoted in the facts: decimals as texts, an error with 200, several hashes a notice.
//!
//! Worst readings where they are silent: what signs a notice can't be checked without EBANX's certificate, so that a made-up line stands there; a notice is sent
//! twice at most; a chargeback leaves `CO`. The status code of a taken `merchant_payment_code` and of an unknown hash are inferred.

use super::asked::Asked;
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Payback, Standing, World};
use super::{Arrival, Parcel, Response, agent, json, rsa};
use crate::clock::{DAY, HOUR, Instant};
use crate::json::{Tree, Written, json as tree};
use crate::money::{Currency, Decimal, Money};
use crate::signature::base64::{self, Alphabet};
use crate::signature::hex;

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"status":"ERROR","status_code":"BP-SYS-1","status_message":"Internal error"}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[HOUR];

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let asked = if arrival.body.starts_with(b"{") { Asked::json(arrival.body) } else { Asked::form(arrival.body) };
    if !is_signed(world, arrival) && !world.accounts.fits("ebanx_integration_key", asked.text("integration_key")) {
        return error(now, "BP-SA-2", "Invalid integration key");
    }
    if arrival.path == "/ws/direct" {
        return create(world, &asked, now);
    }
    let (hash, reference) = (asked.text("hash"), asked.text("merchant_payment_code"));
    let is = |code: &Coupon| if hash.is_empty() { code.reference == reference } else { code.id == hash };
    let known = world.place(Protocol::Ebanx, is);
    let Some(place) = known.filter(|_| !hash.is_empty() || !reference.is_empty()) else { return error(now, "BP-QRY-1", "Payment not found") };
    match arrival.path {
        "/ws/query" => ours(world, place, now),
        "/ws/cancel" if world.call_off(place, now) => {
            agent::tell(world, place, now);
            ours(world, place, now)
        }
        "/ws/refund" if asked.text("operation") == "request" => refund(world, place, &asked, now),
        _ => error(now, "BP-CAN-1", "Payment status doesn't allow it"),
    }
}

/// A detached JWS over the raw body (RFC 7797): `header..signature`, RS256, `b64` false and named critical.
fn is_signed(world: &World, arrival: &Arrival<'_>) -> bool {
    let Some((head, signature)) = arrival.header("X-JWS-Signature").split_once("..") else { return false };
    let said = base64::decode(Alphabet::Url, head).map(|text| Asked::json(&text));
    let fits = said.is_some_and(|said| {
        said.text("alg") == "RS256"
            && *said.at("b64") == Tree::Bool(false)
            && said.text("crit.0") == "b64"
            && world.accounts.fits("ebanx_key_id", said.text("kid"))
    });
    let modulus = hex::decode(world.accounts.get("ebanx_public_modulus")).unwrap_or_default();
    let signature = base64::decode(Alphabet::Url, signature).unwrap_or_default();
    fits && rsa::holds(&modulus, &[head.as_bytes(), b".", arrival.body], &signature)
}

fn create(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let fixed = [("operation", "request"), ("payment.payment_type_code", "pagoefectivo"), ("payment.country", "pe"), ("payment.currency_code", "PEN")];
    let missing = asked.lacks(&["payment.name", "payment.email", "payment.merchant_payment_code", "payment.amount_total"]);
    let wrong = missing.or_else(|| fixed.iter().find(|(field, value)| asked.text(field) != *value).map(|(field, _)| *field));
    if let Some(field) = wrong {
        return error(now, "BP-DR-1", field);
    }
    let (reference, document) = (asked.text("payment.merchant_payment_code"), asked.text("payment.document"));
    let amount = Decimal::new(asked.text("payment.amount_total")).money(Currency::Pen).ok().filter(|amount| amount.minor > 0);
    let until = match asked.text("payment.due_date") {
        "" => Some(now.plus(3 * DAY)),
        date => end_of_day(date).filter(|at| at.since(now) >= DAY - HOUR),
    };
    let fits = reference.len() <= 40 && matches!(document.len(), 0 | 8 | 9 | 11);
    let (Some(amount), Some(until), true) = (amount, until, fits) else { return error(now, "BP-DR-2", "amount_total, due_date, document") };
    if world.place(Protocol::Ebanx, |code| code.reference == reference).is_some() {
        return error(now, "BP-DR-3", "merchant_payment_code was used before");
    }
    let id = format!("{}{}", world.next_id(), world.next_id().chars().take(16).collect::<String>());
    let place = world.issue(Protocol::Ebanx, Some(id), reference, amount, (now, until), asked.text("payment.notification_url"));
    ours(world, place, now)
}

/// `dd/mm/yyyy`, to its last second in Lima.
fn end_of_day(date: &str) -> Option<Instant> {
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Instant::parse(&format!("{year}-{month}-{day}T23:59:59-05:00"))
}

fn refund(world: &mut World, place: usize, asked: &Asked, now: Instant) -> Response {
    let id = (90_000 + world.next_no()).to_string();
    let Some(code) = world.codes.get(place) else { return error(now, "BP-QRY-1", "Payment not found") };
    let paid = code.last_payment().filter(|paid| !paid.reversed).map_or(0, |paid| paid.amount.minor);
    let amount = Decimal::new(asked.text("amount")).money(Currency::Pen).ok().filter(|amount| amount.minor > 0);
    let key = asked.text("merchant_refund_code").to_owned();
    let taken = !key.is_empty() && world.refunds.iter().any(|refund| refund.key == key);
    let Some(amount) =
        amount.filter(|amount| world.given(code, now).0 + amount.minor <= paid && key.len() <= 20 && !taken && !asked.text("description").is_empty())
    else {
        return error(now, "BP-REF-1", "Payment status, amount or code doesn't allow it");
    };
    let (code, notice_url) = (code.id.clone(), code.notice_url.clone());
    world.refunds.push(Payback { id, key, code, amount, asked_at: now, form_filled: false, notice_url });
    agent::tell(world, place, now);
    ours(world, place, now)
}

fn ours(world: &World, place: usize, now: Instant) -> Response {
    let Some(code) = world.codes.get(place) else { return error(now, "BP-QRY-1", "Payment not found") };
    let refunds: Vec<Written> = world.refunds.iter().filter(|refund| refund.code == code.id).map(|refund| refund_shown(refund, now)).collect();
    let payment = shown(code, &refunds, now);
    let answer = match refunds.last() {
        Some(last) => tree!({"payment": payment, "status": "SUCCESS", "refund": last}),
        None => tree!({"payment": payment, "status": "SUCCESS"}),
    };
    json(now, 200, &answer)
}

/// An e-mail asks the shopper for a bank account first.
fn refund_shown(refund: &Payback, now: Instant) -> Written {
    let status = match refund.ends(now) {
        (true, _) => "CO",
        (_, true) => "CA",
        _ => "PE",
    };
    tree!({"id": refund.id, "merchant_refund_code": refund.key, "status": status, "request_date": local(refund.asked_at),
        "amount_ext": refund.amount.plain(), "description": ""})
}

fn shown(code: &Coupon, refunds: &[Written], now: Instant) -> Written {
    let status = match code.standing(now) {
        Standing::Waiting => "PE",
        Standing::Paid | Standing::Reversed => "CO",
        Standing::Expired | Standing::Cancelled => "CA",
    };
    let text = |money: Money| money.plain();
    tree!({"hash": code.id, "pin": format!("9{}", code.digits.chars().rev().collect::<String>()), "merchant_payment_code": code.reference,
        "order_number": Tree::Null, "status": status, "open_date": local(code.created_at), "confirm_date": code.last_payment().map(|paid| local(paid.at)),
        "amount_br": text(code.shown_amount()), "amount_ext": text(code.shown_amount()), "currency_rate": "1.0000", "currency_ext": "PEN",
        "due_date": local(code.expires_at).chars().take(10).collect::<String>(), "instalments": "1", "payment_type_code": "pagoefectivo",
        "cip_url": format!("https://sandbox.ebanx.com/cip/?hash={}", code.id), "cip_code": code.digits, "refunds": refunds})
}

/// `2017-05-24 19:54:11`, by Lima's clock.
fn local(at: Instant) -> String {
    at.lima_text().replace('T', " ").chars().take(19).collect()
}

/// No status, and hashes in a list: the merchant has to ask.
pub(super) fn notice(world: &World, code: &Coupon, now: Instant) -> Option<String> {
    let kind = match code.standing(now) {
        Standing::Waiting => return None,
        Standing::Reversed => "chargeback",
        _ if world.given(code, now).0 > 0 => "refund",
        _ => "update",
    };
    Some(format!("operation=payment_status_change&notification_type={kind}&hash_codes={}", code.id))
}

pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let made_up = base64::encode(Alphabet::Standard, &[if by.forged { 0 } else { 1 }; 256]);
    let fingerprint = "4ABAD89CF66B99998465470550EB15E3E271A246";
    let lines = [("Content-Type", "application/x-www-form-urlencoded"), ("X-Signature-Type", "rsa,sha1"), ("X-Signature-Fingerprint", fingerprint)];
    parcel.headers = lines.map(|(name, value)| (name.into(), value.into())).to_vec();
    parcel.headers.push(("X-Signature-Content".into(), made_up));
}

fn error(now: Instant, code: &str, message: &str) -> Response {
    json(now, 200, &tree!({"status": "ERROR", "status_code": code, "status_message": message}))
}
