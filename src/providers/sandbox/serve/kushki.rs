//! Kushki's side (cash-in), after api-docs.kushkipagos.com and its notifications page as quoted in the facts.
//!
//! No question, cancel or refund is documented, so there is none; worst readings: a token makes one code only, and a notice is sent once. The codes of its
//! errors are inferred.

use super::asked::{Asked, plain};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, json};
use crate::clock::{DAY, Instant, MINUTE};
use crate::http::Method::Post;
use crate::json::{Tree, json as tree};
use crate::money::{Currency, Decimal, Money};
use crate::signature::{hex, hmac_sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"code":"K500","message":"Error interno"}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[];
/// The default; the shortest is a day.
const LIVES: i64 = 7 * DAY;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let asked = Asked::json(arrival.body);
    let (key, header) = match (arrival.method, arrival.path) {
        (Post, "/cash/v1/tokens") => ("kushki_public_merchant_id", "Public-Merchant-Id"),
        (Post, "/cash/v1/charges/init") => ("kushki_private_merchant_id", "Private-Merchant-Id"),
        _ => return error(now, 404, "K404", "No encontrado"),
    };
    if !world.accounts.fits(key, arrival.header(header)) {
        return error(now, 401, "K004", "ID de comercio no válido");
    }
    if header.starts_with("Public") { token(world, &asked, now) } else { init(world, &asked, now) }
}

/// The amount travels in the token, which says nothing to the merchant.
fn token(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let missing = asked.lacks(&["name", "lastName", "identification", "totalAmount", "currency"]);
    let amount = Currency::parse(asked.text("currency")).and_then(|currency| asked.amount("totalAmount", currency));
    let (None, Some(amount)) = (missing, amount) else { return error(now, 400, "K001", "Cuerpo de la petición inválido") };
    let token = format!("{}{:x}", world.next_id(), amount.minor);
    world.tokens.push((token.clone(), now.plus(30 * MINUTE)));
    json(now, 201, &tree!({ "token": token }))
}

fn init(world: &mut World, asked: &Asked, now: Instant) -> Response {
    let wanted = asked.text("token").to_owned();
    let known = world.tokens.iter().position(|(token, until)| *token == wanted && now < *until);
    let minor = wanted.get(32..).and_then(|text| i64::from_str_radix(text, 16).ok());
    let (Some(known), Some(minor)) = (known, minor) else { return error(now, 400, "K008", "El token no es válido") };
    let part = |name: &str| Decimal::new(asked.text(&format!("amount.{name}"))).money(Currency::Pen).map_or(0, |money| money.minor);
    let sum = ["subtotalIva", "subtotalIva0", "iva", "ice"].iter().fold(0, |sum: i64, name| sum.saturating_add(part(name)));
    let until = match asked.text("expirationDate") {
        "" => Some(now.plus(LIVES)),
        wish => Instant::parse(&format!("{wish}Z")).filter(|at| at.since(now) >= DAY - MINUTE),
    };
    let (Some(until), true, "PEN") = (until, sum == minor, asked.text("amount.currency")) else {
        return error(now, 400, "K001", "Cuerpo de la petición inválido");
    };
    world.tokens.remove(known);
    let id = format!("{}", 770_000_000 + world.next_no());
    let place = world.issue(Protocol::Kushki, Some(id), "", Money::new(minor, Currency::Pen), (now, until), asked.text("webhooks.0.urls.0"));
    let Some(code) = world.codes.get_mut(place) else { return error(now, 500, "K500", "Error interno") };
    (code.idempotency, code.memo) = (wanted, asked.at("metadata").to_string());
    code.reference = reference(asked).into();
    let details = tree!({"expiration": code.expires_at, "transactionStatus": "INITIALIZED", "transactionId": code.id});
    let answer = tree!({"pin": code.digits, "ticketNumber": code.id, "pdfUrl": format!("https://kushkipagos.com/pdf/{}.pdf", code.id),
        "transactionReference": code.idempotency, "details": details});
    json(now, 201, &answer)
}

/// For the ledger only: the first text among what the merchant keeps in `metadata`.
fn reference(asked: &Asked) -> &str {
    let first = asked.at("metadata").as_object().and_then(|metadata| metadata.iter().find_map(|(_, value)| value.as_text()));
    first.unwrap_or_default()
}

pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let status = match code.standing(now) {
        Standing::Paid => "approvedTransaction",
        Standing::Expired => "expiredTransaction",
        _ => return None,
    };
    let amount = plain(code.shown_amount());
    Some(
        tree!({"ticketNumber": code.id, "token": code.idempotency, "totalAmount": amount, "amount": tree!({"iva": 0, "subtotalIva": 0, "subtotalIva0": amount}),
            "currency": "PEN", "created": code.created_at, "expiration": code.expires_at, "completedAt": code.last_payment().map(|paid| paid.at),
            "status": status, "transactionId": code.id, "pin": code.digits, "country": "PE", "metadata": Tree::parse(code.memo.as_bytes()).unwrap_or_default()})
        .to_string(),
    )
}

/// Body, a dot and the time in milliseconds; the simple signature covers the time only.
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let (secret, id) = (by.key("kushki_webhook_signature").as_bytes(), by.now.0.to_string());
    let signature = hex::encode(&hmac_sha256(secret, &[parcel.body.as_bytes(), b".", id.as_bytes()]));
    let simple = hex::encode(&hmac_sha256(secret, &[id.as_bytes()]));
    let key = by.accounts.get("kushki_public_merchant_id").into();
    let lines = [("X-Kushki-Key", key), ("X-Kushki-Id", id), ("X-Kushki-Signature", signature), ("X-Kushki-SimpleSignature", simple)];
    parcel.headers.extend(lines.map(|(name, value)| (name.into(), value)));
}

fn error(now: Instant, status: u16, code: &str, message: &str) -> Response {
    json(now, status, &tree!({"code": code, "message": message}))
}
