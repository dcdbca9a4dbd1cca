//! Bamboo Payment's side, after docs.bamboopayment.com (2025-10) as quoted in the facts: amounts times 100, zone-less creation dates, five tries of a notice.
//!
//! Worst readings where they are silent: the signature's header has some name, money that is taken back stays `Approved`, and a used `UniqueID` gives the first
//! purchase again. The shape of an error's body is inferred. A refund is marked as unsupported for PagoEfectivo.

use super::asked::Asked;
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, json};
use crate::clock::{DAY, HOUR, Instant, MINUTE};
use crate::http::Method::{Get, Post};
use crate::json::{Written, json as tree};
use crate::money::{Currency, Money};
use crate::signature::{hex, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"Errors":[{"ErrorCode":"GE001","Message":"Internal error"}]}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR];
/// PEN 1 to 5,000 in cash.
const AMOUNTS: core::ops::RangeInclusive<i64> = 100..=500_000;
/// 10 minutes to less than six months.
const LIVES: core::ops::RangeInclusive<i64> = 10 * MINUTE..=180 * DAY;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if !world.accounts.fits("bamboo_private_key", arrival.authorization("Basic ")) {
        return error(now, 401, "GE401", "Unauthorized");
    }
    let parts = arrival.parts();
    let found = match (arrival.method, parts.as_slice()) {
        (Post, ["v3", "api", "purchase" | "Purchase"]) => return create(world, &Asked::json(arrival.body), now),
        (Get, ["v3", "api", "Purchase" | "purchase" | "transaction", id]) => world.place(Protocol::Bamboo, |code| code.id == *id),
        (Get, ["v3", "api", "Purchase" | "purchase", "order", order]) => world.place(Protocol::Bamboo, |code| code.reference == *order),
        (Get, ["v3", "api", "Purchase" | "purchase", "uniqueId", unique]) => world.place(Protocol::Bamboo, |code| code.idempotency == *unique),
        (Post, ["v3", "api", "Purchase" | "purchase", _, "refund"]) => return error(now, 400, "TR010", "Refund not supported by the payment method"),
        _ => return error(now, 404, "GE404", "Not found"),
    };
    match found.and_then(|place| world.codes.get(place)) {
        Some(code) => json(now, 200, &shown(code, now)),
        None => error(now, 404, "TR404", "Transaction not found"),
    }
}

fn create(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let unique = asked.text("UniqueID").to_owned();
    if let Some(place) = world.place(Protocol::Bamboo, |code| !unique.is_empty() && code.idempotency == unique) {
        return json(now, 200, &world.codes.get(place).map(|code| shown(code, now)));
    }
    let required = ["Order", "Customer.FirstName", "Customer.LastName", "Customer.Email", "Customer.PhoneNumber"];
    let fixed = [("PaymentMethod", "PEC"), ("TargetCountryISO", "PE"), ("Currency", "PEN")];
    let wrong = asked.lacks(&required).or_else(|| fixed.iter().find(|(field, value)| asked.text(field) != *value).map(|(field, _)| *field));
    if let Some(field) = wrong {
        return error(now, 400, "TR001", field);
    }
    let amount = asked.number("Amount").filter(|amount| AMOUNTS.contains(amount));
    let lives = match asked.text("MetaDataIn.PaymentExpirationInMinutes") {
        "" => Some(DAY),
        minutes => minutes.parse::<i64>().ok().and_then(|minutes| minutes.checked_mul(MINUTE)),
    };
    let phone_fits = asked.text("Customer.PhoneNumber").split_once('|').is_some_and(|(country, _)| country.starts_with('+'));
    let (Some(amount), Some(lives), true) = (amount, lives.filter(|lives| LIVES.contains(lives)), phone_fits) else {
        return error(now, 400, "TR002", "Amount, PaymentExpirationInMinutes or PhoneNumber");
    };
    let (id, url) = ((135_483_617_504_670_000 + world.next_no()).to_string(), world.accounts.get("bamboo_notice_url").to_owned());
    let place = world.issue(Protocol::Bamboo, Some(id), asked.text("Order"), Money::new(amount, Currency::Pen), (now, now.plus(lives)), &url);
    if let Some(code) = world.codes.get_mut(place) {
        code.idempotency = unique;
    }
    json(now, 200, &world.codes.get(place).map(|code| shown(code, now)))
}

fn status(code: &Coupon, now: Instant) -> (u8, &'static str) {
    match code.standing(now) {
        Standing::Waiting => (2, "Pending"),
        Standing::Paid | Standing::Reversed => (1, "Approved"),
        Standing::Expired | Standing::Cancelled => (4, "Rejected"),
    }
}

fn metadata(code: &Coupon) -> Written {
    tree!({"PaymentCode": code.digits, "PaymentUrl": format!("https://pre1a.payment.pagoefectivo.pe/{}.html", code.id),
        "PaymentExpirationDate": code.expires_at.lima_text()})
}

fn shown(code: &Coupon, now: Instant) -> Written {
    let method = tree!({"Brand": "PagoEfectivoPeru", "Type": "PhysicalNetwork"});
    tree!({"TransactionId": code.id, "Result": "COMPLETED", "Status": status(code, now).1.to_ascii_uppercase(), "Amount": code.shown_amount().minor,
        "Currency": "PEN", "Order": code.reference, "UniqueID": code.idempotency, "Created": code.created_at.lima_text().replace("-05:00", ""),
        "MetadataOut": metadata(code), "PaymentMethod": method})
}

pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let (id, word) = status(code, now);
    let transaction = tree!({"TransactionStatusId": id, "Status": word, "Description": "", "ApprovalCode": code.payments.len()});
    let body = tree!({"PurchaseId": code.id, "UniqueId": code.idempotency, "Order": code.reference, "Amount": code.shown_amount().minor, "Installments": 1,
        "Currency": "PEN", "MetadataOut": metadata(code), "Transaction": transaction});
    (code.standing(now) != Standing::Waiting).then(|| body.to_string())
}

/// Four fields, the last of them a header.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let body = Asked::json(parcel.body.as_bytes());
    let sent = by.now.utc_text();
    let parts = [body.text("PurchaseId"), body.text("Amount"), body.text("Currency"), &sent].map(str::as_bytes);
    let signature = hex::encode(&hmac_sha256(by.key("bamboo_secret_key").as_bytes(), &parts));
    parcel.headers.extend([("dateSent".into(), sent), ("Signature".into(), signature)]);
}

fn error(now: Instant, status: u16, code: &str, message: &str) -> Response {
    let one = tree!({"ErrorCode": code, "Created": now.utc_text(), "Message": message});
    json(now, status, &tree!({"Errors": tree!([one])}))
}
