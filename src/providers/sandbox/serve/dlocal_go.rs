//! dLocal Go's side, after four independent public clients as quoted in the facts; its own pages were not read, so every error's body is inferred.
//!
//! Worst readings where they are silent: the same order id makes a second payment, a page lives five days and takes no wish, a refund can't be asked about, and
//! money that is taken back leaves `PAID`.

use super::asked::{Asked, plain};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Payback, Standing, World};
use super::{Arrival, Parcel, Response, json};
use crate::clock::{DAY, HOUR, Instant};
use crate::http::Method::{Get, Post};
use crate::json::{Tree, Written, json as tree};
use crate::money::Currency;
use crate::signature::{hex, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"code":7000,"message":"Internal error"}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[HOUR, HOUR, HOUR];

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let pair = format!("{}:{}", world.accounts.get("dlocal_go_api_key"), world.accounts.get("dlocal_go_secret_key"));
    if pair.len() < 3 || arrival.authorization("Bearer ") != pair {
        return error(now, 401, 3001, "Invalid credentials");
    }
    let asked = Asked::json(arrival.body);
    let parts = arrival.parts();
    match (arrival.method, parts.as_slice()) {
        (Get, ["v1", "me"]) => json(now, 200, &tree!({"name": "Sandbox"})),
        (Post, ["v1", "payments"]) => create(world, &asked, now),
        (Get, ["v1", "payments", id]) => match world.place(Protocol::DlocalGo, |code| code.id == *id) {
            Some(place) => json(now, 200, &world.codes.get(place).map(|code| shown(code, now))),
            None => error(now, 404, 4000, "Payment not found"),
        },
        (Post, ["v1", "refunds"]) => refund(world, &asked, now),
        _ => error(now, 404, 4004, "Not found"),
    }
}

fn create(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let required = ["currency", "success_url", "back_url"];
    let amount = Currency::parse(asked.text("currency")).and_then(|currency| asked.amount("amount", currency));
    let (None, Some(amount), true) = (asked.lacks(&required), amount, asked.text("description").chars().count() <= 100) else {
        return error(now, 400, 5001, "Missing or invalid parameter");
    };
    let id = format!("DP-{}", 20_000 + world.next_no());
    let place = world.issue(Protocol::DlocalGo, Some(id), asked.text("order_id"), amount, (now, now.plus(5 * DAY)), asked.text("notification_url"));
    json(now, 200, &world.codes.get(place).map(|code| shown(code, now)))
}

fn shown(code: &Coupon, now: Instant) -> Written {
    let status = match code.standing(now) {
        Standing::Waiting => "PENDING",
        Standing::Paid | Standing::Reversed => "PAID",
        Standing::Expired => "EXPIRED",
        Standing::Cancelled => "CANCELLED",
    };
    tree!({"id": code.id, "status": status, "amount": plain(code.shown_amount()), "currency": code.amount.currency.code(), "order_id": code.reference,
        "redirect_url": format!("https://checkout-sbx.dlocalgo.com/validate/{}", code.digits), "merchant_checkout_token": code.digits,
        "created_date": code.created_at.utc_text(), "approved_date": code.last_payment().map(|paid| paid.at.utc_text())})
}

fn refund(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let wanted = asked.text("payment_id").to_owned();
    let Some(place) = world.place(Protocol::DlocalGo, |code| code.id == wanted) else { return error(now, 404, 4000, "Payment not found") };
    let id = (3_000 + world.next_no()).to_string();
    let Some(code) = world.codes.get(place) else { return error(now, 404, 4000, "Payment not found") };
    let Some(paid) = code.last_payment().map(|paid| paid.amount) else { return error(now, 400, 5002, "Invalid transaction status") };
    let amount = if *asked.at("amount") == Tree::Null { Some(paid) } else { asked.amount("amount", paid.currency) };
    let Some(amount) = amount.filter(|amount| world.given(code, now).0 + amount.minor <= paid.minor) else {
        return error(now, 400, 5001, "Invalid parameter");
    };
    let answer = tree!({"id": id, "payment_id": wanted, "amount": plain(amount), "currency": amount.currency.code(), "status": "PENDING"});
    let notice_url = asked.text("notification_url").to_owned();
    world.refunds.push(Payback { id, key: String::new(), code: wanted, amount, asked_at: now, form_filled: false, notice_url });
    json(now, 200, &answer)
}

/// Only which payment there is news of.
pub(super) fn notice(_: &World, code: &Coupon, _: Instant) -> Option<String> {
    Some(tree!({"payment_id": code.id}).to_string())
}

/// Key and body, and no date.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let parts = [by.accounts.get("dlocal_go_api_key").as_bytes(), parcel.body.as_bytes()];
    let signature = hex::encode(&hmac_sha256(by.key("dlocal_go_secret_key").as_bytes(), &parts));
    parcel.headers.push(("Authorization".into(), format!("V2-HMAC-SHA256, Signature: {signature}")));
}

fn error(now: Instant, status: u16, code: u32, message: &str) -> Response {
    json(now, status, &tree!({"code": code, "message": message}))
}
