//! PayU Latam's side (Peru), after developers-payu-latam (2023-12) as quoted in the facts.
//!
//! Worst readings where they are silent: a reference that comes twice makes a second order, a notice is sent once, only final states are told and money that
//! is taken back is none. How a query's answer nests its states is general knowledge of the API and not in the facts: unverified.

use super::asked::{Asked, number, plain};
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, json, response};
use crate::clock::{DAY, Instant};
use crate::json::{Tree, Written, json as tree};
use crate::money::Currency;
use crate::signature::{hex, md5};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"code":"ERROR","error":"Internal error","transactionResponse":null}"#;
/// How long after each try of a notice the next one follows.
pub(super) const WAITS: &[i64] = &[];
/// "Default and maximum 7 days; a later date is ignored".
const LIVES: i64 = 7 * DAY;

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    if !arrival.header("Accept").contains("application/json") {
        return response(now, 200, "application/xml", "<paymentResponse><code>ERROR</code></paymentResponse>".into());
    }
    let asked = Asked::json(arrival.body);
    let ours = world.accounts.fits("payu_api_login", asked.text("merchant.apiLogin")) && world.accounts.fits("payu_api_key", asked.text("merchant.apiKey"));
    if !ours {
        return error(now, "Invalid credentials");
    }
    let is = |code: &Coupon, wanted: &str, by_reference: bool| if by_reference { code.reference == wanted } else { code.id == wanted };
    match (arrival.path, asked.text("command")) {
        (_, "PING") => json(now, 200, &tree!({"code": "SUCCESS", "error": Tree::Null})),
        ("/payments-api/4.0/service.cgi", "SUBMIT_TRANSACTION") => submit(world, &asked, now),
        ("/reports-api/4.0/service.cgi", "ORDER_DETAIL") => {
            let found = world.place(Protocol::Payu, |code| is(code, asked.text("details.orderId"), false)).and_then(|place| world.codes.get(place));
            found_as(now, found.map(|code| order(code, now)))
        }
        ("/reports-api/4.0/service.cgi", "ORDER_DETAIL_BY_REFERENCE_CODE") => {
            let ours = |code: &&Coupon| code.protocol == Protocol::Payu && is(code, asked.text("details.referenceCode"), true);
            let all: Vec<Written> = world.codes.iter().filter(ours).map(|code| order(code, now)).collect();
            found_as(now, (!all.is_empty()).then(|| tree!(all)))
        }
        _ => error(now, "Invalid request"),
    }
}

fn found_as(now: Instant, payload: Option<Written>) -> Response {
    json(now, 200, &tree!({"code": "SUCCESS", "error": Tree::Null, "result": payload.map(|payload| tree!({ "payload": payload }))}))
}

/// Refunds and voids are for cards only: "for cash the request is declined by PayU".
fn submit(world: &mut World, asked: &Asked, now: Instant) -> Response {
    if asked.text("transaction.type") != "AUTHORIZATION_AND_CAPTURE" {
        let declined = tree!({"state": "DECLINED", "responseCode": "DECLINED", "responseMessage": "Refund or void not allowed for this payment method"});
        return json(now, 200, &tree!({"code": "SUCCESS", "error": Tree::Null, "transactionResponse": declined}));
    }
    let required = [
        "transaction.order.referenceCode",
        "transaction.order.description",
        "transaction.order.buyer.fullName",
        "transaction.payer.fullName",
        "transaction.payer.dniNumber",
        "transaction.ipAddress",
    ];
    if let Some(field) = asked.lacks(&required) {
        return error(now, &format!("property: {field}, message: may not be empty"));
    }
    if asked.lacks(&["transaction.payer.emailAddress"]).is_some() && asked.lacks(&["transaction.order.buyer.emailAddress"]).is_some() {
        return error(now, "property: emailAddress, message: may not be empty");
    }
    let fixed = [("transaction.paymentMethod", "PAGOEFECTIVO"), ("transaction.paymentCountry", "PE")];
    if let Some((field, _)) = fixed.iter().find(|(field, value)| asked.text(field) != *value) {
        return error(now, &format!("property: {field}, message: invalid"));
    }
    let value = "transaction.order.additionalValues.TX_VALUE";
    let currency = Currency::parse(asked.text(&format!("{value}.currency"))).filter(|currency| *currency == Currency::Pen);
    let Some(amount) = currency.and_then(|currency| asked.amount(&format!("{value}.value"), currency)) else { return error(now, "Invalid TX_VALUE") };
    let account = &world.accounts;
    let reference = asked.text("transaction.order.referenceCode");
    let signed = [account.get("payu_api_key"), account.get("payu_merchant_id"), reference, asked.text(&format!("{value}.value")), "PEN"].join("~");
    let fits = hex::encode(&md5(&[signed.as_bytes()])) == asked.text("transaction.order.signature");
    if !fits || !account.fits("payu_account_id", asked.text("transaction.order.accountId")) || reference.len() > 255 {
        return error(now, "The signature, the account or the reference is invalid");
    }
    let until = match asked.text("transaction.expirationDate") {
        "" => Some(now.plus(LIVES)),
        wish => Instant::parse(&format!("{wish}Z")).filter(|at| *at > now).map(|at| at.min(now.plus(LIVES))),
    };
    let Some(until) = until else { return error(now, "property: expirationDate, message: invalid") };
    let id = (857_804_000 + world.next_no()).to_string();
    let place = world.issue(Protocol::Payu, Some(id), reference, amount, (now, until), asked.text("transaction.order.notifyUrl"));
    json(now, 200, &tree!({"code": "SUCCESS", "error": Tree::Null, "transactionResponse": world.codes.get(place).map(created)}))
}

fn created(code: &Coupon) -> Written {
    let receipt = |kind: &str| format!("https://sandbox.checkout.payulatam.com/ppp-web-gateway-payu/voucher.{kind}?vid={}", code.id);
    let extra = tree!({"REFERENCE": number(&code.id), "BAR_CODE": code.digits, "EXPIRATION_DATE": code.expires_at,
        "URL_PAYMENT_RECEIPT_HTML": receipt("html"), "URL_PAYMENT_RECEIPT_PDF": receipt("pdf")});
    tree!({"orderId": number(&code.id), "transactionId": transaction(code), "state": "PENDING",
        "paymentNetworkResponseCode": format!("Se ha Generado el CIP: {:0>14} .", code.digits), "trazabilityCode": code.digits,
        "pendingReason": "AWAITING_NOTIFICATION", "responseCode": "PENDING_TRANSACTION_CONFIRMATION", "extraParameters": extra})
}

fn transaction(code: &Coupon) -> String {
    format!("fd685f0a-0000-4000-8000-{:0>12}", code.id)
}

/// The order's status, its transaction's state and code.
fn states(code: &Coupon, now: Instant) -> (&'static str, &'static str, &'static str) {
    match code.standing(now) {
        Standing::Waiting => ("IN_PROGRESS", "PENDING", "PENDING_TRANSACTION_CONFIRMATION"),
        Standing::Paid => ("CAPTURED", "APPROVED", "APPROVED"),
        Standing::Expired | Standing::Cancelled => ("DECLINED", "EXPIRED", "EXPIRED_TRANSACTION"),
        Standing::Reversed => ("CHARGEBACK", "APPROVED", "APPROVED"),
    }
}

fn order(code: &Coupon, now: Instant) -> Written {
    let (status, state, why) = states(code, now);
    let values = |amount| tree!({"TX_VALUE": tree!({"value": plain(amount), "currency": "PEN"})});
    let answer = tree!({"state": state, "responseCode": why, "trazabilityCode": code.digits});
    let transaction = tree!({"id": transaction(code), "type": "AUTHORIZATION_AND_CAPTURE", "paymentMethod": "PAGOEFECTIVO", "transactionResponse": answer,
        "additionalValues": values(code.shown_amount())});
    tree!({"id": number(&code.id), "status": status, "referenceCode": code.reference, "creationDate": code.created_at, "additionalValues": values(code.amount),
        "transactions": tree!([transaction])})
}

/// A form, at final states only.
pub(super) fn notice(world: &World, code: &Coupon, now: Instant) -> Option<String> {
    let (state, why) = match code.standing(now) {
        Standing::Paid => ("4", "1"),
        Standing::Expired => ("5", "20"),
        _ => return None,
    };
    let at = now.utc_text().replace('T', "+").chars().take(19).collect::<String>().replace(':', "%3A");
    Some(format!(
        "merchant_id={}&state_pol={state}&response_code_pol={why}&reference_sale={}&reference_pol={}&value={}&currency=PEN&transaction_date={at}&payment_method_name=PAGOEFECTIVO&transaction_id={}&attempts=1&test=1",
        world.accounts.get("payu_merchant_id"),
        code.reference,
        code.id,
        code.shown_amount().plain(),
        transaction(code)
    ))
}

/// MD5 over six fields; of two decimals the second goes if it is zero (150.00 → 150.0).
pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let fields = Asked::form(parcel.body.as_bytes());
    let value = fields.text("value");
    let rounded = value.strip_suffix('0').unwrap_or(value);
    let names = ["merchant_id", "reference_sale"].map(|name| fields.text(name));
    let text = [by.key("payu_api_key"), names[0], names[1], rounded, fields.text("currency"), fields.text("state_pol")].join("~");
    let sign = hex::encode(&md5(&[text.as_bytes()]));
    parcel.headers = vec![("Content-Type".into(), "application/x-www-form-urlencoded".into())];
    parcel.body = format!("{}&sign={sign}", parcel.body);
}

/// It answers 200 to a refusal.
fn error(now: Instant, why: &str) -> Response {
    json(now, 200, &tree!({"code": "ERROR", "error": why, "transactionResponse": Tree::Null}))
}
