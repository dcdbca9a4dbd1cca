//! PagSeguro International's side (ex BoaCompra), after its two public plugins and developers.boacompra.com as quoted in the facts.
//!
//! Peru has only the hosted page, which a browser opens with a signed form; no answer to that is documented but a page. Worst readings where the facts are
//! silent: nothing finds a transaction by the merchant's order, refunds of cash are refused. The nesting of a transaction's answer is inferred.

use super::asked::{Asked, plain};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, json, response};
use crate::clock::{DAY, HOUR, Instant};
use crate::http::Method::Get;
use crate::json::json as tree;
use crate::money::{Currency, Money};
use crate::signature::{hex, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"errors":[{"code":"500","description":"Internal"}]}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[HOUR];

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if arrival.path == "/payment.php" {
        let asked = Asked::form(if arrival.method == Get { arrival.query.as_bytes() } else { arrival.body });
        return page(world, &asked, now);
    }
    let signed =
        hex::encode(&hmac_sha256(world.accounts.get("pagseguro_secret_key").as_bytes(), &[arrival.path.as_bytes(), arrival.header("Content-MD5").as_bytes()]));
    let claimed = format!("{}:{signed}", world.accounts.get("pagseguro_merchant_id"));
    if claimed.len() < 66 || arrival.header("Authorization") != claimed {
        return error(now, 401, "Invalid authorization");
    }
    let parts = arrival.parts();
    match (arrival.method, parts.as_slice()) {
        (Get, ["transactions", id]) => match world.place(Protocol::Pagseguro, |code| code.id == *id).and_then(|place| world.codes.get(place)) {
            Some(code) => {
                let one = tree!({"transaction-code": code.id, "order-id": code.reference, "transaction-status": status(code, now),
                    "amount": plain(code.shown_amount()), "currency": code.amount.currency.code()});
                json(now, 200, &tree!({"transaction-result": tree!({"transactions": tree!([one])})}))
            }
            None => error(now, 404, "Transaction not found"),
        },
        _ => error(now, 400, "Not allowed for this payment method"),
    }
}

/// The page that a shopper's browser opens; the same order again is the same page.
fn page(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let fields = ["store_id", "notify_url", "order_id", "amount", "currency_code"].map(|name| asked.text(name));
    let signed = hex::encode(&hmac_sha256(world.accounts.get("pagseguro_secret_key").as_bytes(), &fields.map(str::as_bytes)));
    let [store, url, order, amount, currency] = fields;
    let amount = Currency::parse(currency).zip(amount.parse().ok()).map(|(currency, minor): (_, i64)| Money::new(minor, currency));
    let (Some(amount), true, true) =
        (amount.filter(|amount| amount.minor > 0), world.accounts.fits("pagseguro_merchant_id", store), signed == asked.text("hash_key"))
    else {
        return response(now, 400, "text/html", "<html><h1>Invalid hash_key</h1></html>".into());
    };
    let place = world.place(Protocol::Pagseguro, |code| code.reference == order).unwrap_or_else(|| {
        let id = world.next_id();
        world.issue(Protocol::Pagseguro, Some(id), order, amount, (now, now.plus(3 * DAY)), url)
    });
    let digits = world.codes.get(place).map(|code| code.digits.clone()).unwrap_or_default();
    response(now, 200, "text/html", format!("<html><h1>CIP {digits}</h1></html>"))
}

fn status(code: &Coupon, now: Instant) -> &'static str {
    match code.standing(now) {
        Standing::Waiting => "PENDING",
        Standing::Paid => "COMPLETE",
        Standing::Expired => "EXPIRED",
        Standing::Cancelled => "CANCELLED",
        Standing::Reversed => "CHARGEBACK",
    }
}

pub(super) fn notice(_: &World, code: &Coupon, _: Instant) -> Option<String> {
    Some(format!("notification-type=transaction&transaction-code={}", code.id))
}

/// Nothing is signed.
pub(super) fn seal(_: &Seal<'_>, parcel: &mut Parcel) {
    parcel.headers = vec![("Content-Type".into(), "application/x-www-form-urlencoded".into())];
}

fn error(now: Instant, status: u16, why: &str) -> Response {
    let one = tree!({"code": status, "description": why});
    json(now, status, &tree!({"errors": tree!([one])}))
}
