//! Paysafe's side (Payments API, payment handles), after its PHP SDK (42d8a2b) and developer.paysafe.com as quoted in the facts.
//!
//! The shopper is taken to the page at once, which makes the handle `PAYABLE`: that is before cash. A handle that nobody charges is settled by itself when its
//! life of 899 seconds ends. Worst readings where the facts are silent: a notice is tried once, the code of a duplicate reference is not known, and money that
//! is taken back leaves `COMPLETED`. Only payments: refunds are refused.

use super::asked::Asked;
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, agent, json};
use crate::clock::{DAY, Instant, MINUTE, SECOND};
use crate::http::Method::{Get, Post, Put};
use crate::json::{Tree, Written, json as tree};
use crate::money::{Currency, Money};
use crate::signature::base64::{self, Alphabet};
use crate::signature::hmac_sha256;

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"error":{"code":"1000","message":"Internal error"}}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[];
/// S/ 2 to S/ 3,724.
const AMOUNTS: core::ops::RangeInclusive<i64> = 200..=372_400;
const HANDLE_LIVES: i64 = 899 * SECOND;
const CHARGED: &str = "charged";

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let claimed = base64::decode(Alphabet::Standard, arrival.authorization("Basic ")).and_then(|pair| String::from_utf8(pair).ok());
    if !world.accounts.fits("paysafe_api_key", &claimed.unwrap_or_default()) {
        return error(now, 401, "5279", "The authentication credentials are invalid.");
    }
    let (asked, query, parts) = (Asked::json(arrival.body), Asked::form(arrival.query.as_bytes()), arrival.parts());
    let by_reference = |world: &World| {
        let wanted = query.text("merchantRefNum");
        world.place(Protocol::Paysafe, |code| code.reference == wanted && !wanted.is_empty()).and_then(|place| world.codes.get(place)).cloned()
    };
    match (arrival.method, parts.as_slice()) {
        (Post, ["paymenthub", "v1", "paymenthandles"]) => create(world, &asked, now),
        (Get, ["paymenthub", "v1", "paymenthandles"]) => {
            json(now, 200, &tree!({"paymentHandles": by_reference(world).map(|code| handle(&code, now)).into_iter().collect::<Vec<_>>()}))
        }
        (Post, ["paymenthub", "v1", "payments"]) => charge(world, &asked, now),
        (Get, ["paymenthub", "v1", "payments"]) => {
            let charged = by_reference(world).filter(|code| is_charged(code, now));
            json(now, 200, &tree!({"payments": charged.map(|code| payment(&code, now)).into_iter().collect::<Vec<_>>()}))
        }
        (method, ["paymenthub", "v1", kind @ ("payments" | "paymenthandles"), id]) => {
            let Some(place) = world.place(Protocol::Paysafe, |code| code.id == *id) else { return error(now, 404, "5269", "The ID does not exist.") };
            if method == Put && asked.text("status") == "CANCELLED" {
                if !world.call_off(place, now) {
                    return error(now, 409, "5031", "The transaction can't be cancelled.");
                }
                agent::tell(world, place, now);
            }
            json(now, 200, &world.codes.get(place).map(|code| if *kind == "payments" { payment(code, now) } else { handle(code, now) }))
        }
        _ => error(now, 404, "5068", "No such call for this payment type."),
    }
}

fn create(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let fixed = [("transactionType", "PAYMENT"), ("paymentType", "PAGOEFECTIVO"), ("currencyCode", "PEN")];
    let wrong = asked.lacks(&["merchantRefNum", "profile.firstName"]).or_else(|| fixed.iter().find(|(field, value)| asked.text(field) != *value).map(|f| f.0));
    if let Some(field) = wrong {
        return error(now, 400, "5068", field);
    }
    let Some(amount) = asked.number("amount").filter(|amount| AMOUNTS.contains(amount)) else { return error(now, 400, "3000", "amount") };
    let reference = asked.text("merchantRefNum");
    if *asked.at("dupCheck") == Tree::Bool(true) && world.place(Protocol::Paysafe, |code| code.reference == reference).is_some() {
        return error(now, 409, "7503", "merchantRefNum was used before");
    }
    let minutes = [asked.text("pagoefectivo.expirationTime"), asked.text("paymentExpiryInMinutes"), asked.text("paymentExpiryMinutes")];
    let lives = minutes.into_iter().find_map(|minutes| minutes.parse::<i64>().ok()).and_then(|minutes| minutes.checked_mul(MINUTE)).unwrap_or(3 * DAY);
    let (id, url) = (world.next_id(), world.accounts.get("paysafe_notice_url").to_owned());
    let place = world.issue(Protocol::Paysafe, Some(id), reference, Money::new(amount, Currency::Pen), (now, now.plus(lives.max(MINUTE))), &url);
    let answer = world.codes.get(place).map(|code| handle(code, now));
    if let Some(code) = world.codes.get_mut(place) {
        code.memo = "payable".into();
    }
    agent::tell(world, place, now);
    json(now, 201, &answer)
}

fn charge(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let token = asked.text("paymentHandleToken").to_owned();
    let Some(place) = world.place(Protocol::Paysafe, |code| token_of(code) == token) else { return error(now, 400, "5068", "paymentHandleToken") };
    let Some(code) = world.codes.get_mut(place) else { return error(now, 400, "5068", "paymentHandleToken") };
    if code.memo == CHARGED || asked.number("amount") != Some(code.amount.minor) {
        return error(now, 409, "7503", "The handle is not PAYABLE, or the amount is another");
    }
    code.memo = CHARGED.into();
    json(now, 201, &payment(code, now))
}

fn token_of(code: &Coupon) -> String {
    format!("PH{}", code.id)
}

fn is_charged(code: &Coupon, now: Instant) -> bool {
    code.memo == CHARGED || now.since(code.created_at) >= HANDLE_LIVES
}

fn handle(code: &Coupon, now: Instant) -> Written {
    let status = match code.standing(now) {
        _ if is_charged(code, now) && code.standing(now) != Standing::Expired => "COMPLETED",
        Standing::Expired => "EXPIRED",
        Standing::Cancelled => "FAILED",
        _ if code.memo.is_empty() => "INITIATED",
        _ => "PAYABLE",
    };
    let link = tree!({"rel": "redirect_payment", "href": format!("https://api.test.paysafe.com/alternatepayments/v1/redirect?paymentHandleId={}", code.id)});
    tree!({"id": code.id, "paymentHandleToken": token_of(code), "merchantRefNum": code.reference, "status": status, "usage": "SINGLE_USE",
        "action": "REDIRECT", "executionMode": "ASYNCHRONOUS", "timeToLiveSeconds": 899, "transactionType": "PAYMENT", "paymentType": "PAGOEFECTIVO",
        "amount": code.amount.minor, "currencyCode": "PEN", "links": tree!([link]), "txnTime": seconds(code.created_at)})
}

fn payment(code: &Coupon, now: Instant) -> Written {
    tree!({"id": code.id, "merchantRefNum": code.reference, "paymentHandleToken": token_of(code), "status": word(code, now), "amount": code.shown_amount().minor,
        "currencyCode": "PEN", "paymentType": "PAGOEFECTIVO", "settleWithAuth": true, "txnTime": seconds(code.created_at)})
}

fn word(code: &Coupon, now: Instant) -> &'static str {
    match code.standing(now) {
        Standing::Waiting => "PROCESSING",
        Standing::Paid | Standing::Reversed => "COMPLETED",
        Standing::Expired | Standing::Cancelled => "CANCELLED",
    }
}

fn seconds(at: Instant) -> String {
    format!("{}Z", at.utc_text().chars().take(19).collect::<String>())
}

pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let (name, payload) = match code.standing(now) {
        Standing::Waiting => ("PAYMENT_HANDLE_PAYABLE", handle(code, now)),
        Standing::Paid => ("PAYMENT_COMPLETED", payment(code, now)),
        Standing::Expired => ("PAYMENT_EXPIRED", payment(code, now)),
        Standing::Cancelled => ("PAYMENT_CANCELLED", payment(code, now)),
        Standing::Reversed => return None,
    };
    Some(
        tree!({"payload": payload, "eventType": name, "eventName": name, "attemptNumber": "1", "resourceId": code.id, "eventDate": seconds(now), "mode": "test"})
            .to_string(),
    )
}

/// The key is base64 and has to be decoded first.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let key = base64::decode(Alphabet::Standard, by.key("paysafe_hmac_key")).unwrap_or_default();
    let signature = base64::encode(Alphabet::Standard, &hmac_sha256(&key, &[parcel.body.as_bytes()]));
    parcel.headers.push(("Signature".into(), signature));
}

fn error(now: Instant, status: u16, code: &str, message: &str) -> Response {
    let told = tree!({"code": code, "message": message});
    json(now, status, &tree!({ "error": told }))
}
