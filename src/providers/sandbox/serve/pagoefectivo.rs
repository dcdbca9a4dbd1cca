//! PagoEfectivo's side, after its technical document v1.1 (2018-11-20) and the public screenshots of its answers.
//!
//! Worst readings where it is silent: a transaction code may repeat and is never looked up by; the amount of a paid code is what was paid.
//! Status words beyond "Generado." are inferred from the legacy kit and are tagged so in the facts.

use super::asked::plain;
use super::sides::{Protocol, Seal};
use super::world::{Coupon, Standing, World};
use super::{Arrival, Parcel, Response, json};
use crate::clock::{HOUR, Instant, MINUTE};
use crate::http::{Method, header};
use crate::json::Read;
use crate::json::{Written, json as tree};
use crate::money::{Currency, Decimal};
use crate::signature::{hex, hmac_sha256, sha256};

/// The body of its 500.
pub(super) const BROKEN: &str = r#"{"code":"166","message":"Error interno del servidor."}"#;
/// It tries a notice once more; after how long is not published.
pub(super) const WAITS: &[i64] = &[5 * MINUTE];

/// A token lives two hours (document, 3.1).
const TOKEN_LIVES: i64 = 2 * HOUR;
/// The merchant's contract here: above this comes error 511.
const MOST: i64 = 1_000_000;
/// How the provider writes "no date".
const NO_DATE: &str = "1900-01-01T00:00:00-05:00";

pub(super) fn answer(world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
    let path = arrival.path.trim_matches('/');
    let parts: Vec<&str> = path.strip_prefix("v1/").unwrap_or(path).split('/').collect();
    if (arrival.method, parts.as_slice()) == (Method::Post, &["authorizations"]) {
        return authorize(world, arrival.body, now);
    }
    let token = header(arrival.headers, "Authorization").next().and_then(|line| line.strip_prefix("Bearer ")).unwrap_or_default();
    if !world.tokens.iter().any(|(known, until)| known == token && now < *until) {
        return json(now, 401, &tree!({"code": "401", "message": "Token inválido."}));
    }
    match (arrival.method, parts.as_slice()) {
        (Method::Post, ["cips"]) => create(world, arrival.body, now),
        (Method::Post, ["cips", "search"]) => search(world, arrival.body, now),
        (Method::Patch, ["cips", cip]) => extend(world, cip, arrival.body, now),
        (Method::Delete, ["cips", cip]) => delete(world, cip, now),
        _ => json(now, 404, &tree!({"code": "404", "message": "No encontrado."})),
    }
}

#[derive(Read)]
#[json(rename_all = "camelCase")]
struct Authorization {
    access_key: String,
    id_service: u32,
    date_request: String,
    hash_string: String,
}

fn authorize(world: &mut World, body: &[u8], now: Instant) -> Response {
    let accounts = &world.accounts;
    let fits = crate::json::parse::<Authorization>(body).is_ok_and(|asked| {
        let text = format!("{}.{}.{}.{}", asked.id_service, asked.access_key, accounts.get("pagoefectivo_secret_key"), asked.date_request);
        let recent = Instant::parse(&asked.date_request).is_some_and(|at| now.since(at).abs() < HOUR);
        let ours = accounts.fits("pagoefectivo_access_key", &asked.access_key) && accounts.fits("pagoefectivo_service_id", &asked.id_service.to_string());
        ours && recent && asked.date_request.ends_with("-05:00") && asked.hash_string == hex::encode(&sha256(&[text.as_bytes()]))
    });
    if !fits {
        return invalid(now, "113", "Valor invalido.", "hashString");
    }
    let token = format!("{}.{}.{}", world.next_id(), world.next_id(), world.next_id());
    let until = now.plus(TOKEN_LIVES);
    world.tokens.retain(|(_, until)| now < *until);
    world.tokens.push((token.clone(), until));
    let data = tree!({"token": token, "codeService": "SRV", "tokenStart": now.lima_text(), "tokenExpires": until.lima_text()});
    json(now, 201, &tree!({"code": "100", "message": "Solicitud exitosa.", "data": data}))
}

#[derive(Read)]
#[json(rename_all = "camelCase")]
struct NewCip {
    currency: Option<String>,
    amount: Option<Decimal>,
    transaction_code: Option<String>,
    date_expiry: Option<String>,
    user_email: Option<String>,
    payment_concept: Option<String>,
    user_name: Option<String>,
    user_last_name: Option<String>,
}

fn create(world: &mut World, body: &[u8], now: Instant) -> Response {
    let Ok(asked) = crate::json::parse::<NewCip>(body) else { return invalid(now, "113", "Valor invalido.", "body") };
    let required = [
        ("currency", asked.currency.is_some()),
        ("amount", asked.amount.is_some()),
        ("transactionCode", asked.transaction_code.is_some()),
        ("dateExpiry", asked.date_expiry.is_some()),
        ("userEmail", asked.user_email.is_some()),
    ];
    if let Some((field, _)) = required.iter().find(|(_, given)| !given) {
        return invalid(now, "112", "Requerido.", field);
    }
    let long = |text: &Option<String>, most: usize| text.as_ref().is_some_and(|t| t.chars().count() > most);
    let too_long = [
        ("paymentConcept", long(&asked.payment_concept, 50)),
        ("userName", long(&asked.user_name, 30)),
        ("userLastName", long(&asked.user_last_name, 30)),
        ("userEmail", long(&asked.user_email, 100)),
        ("transactionCode", long(&asked.transaction_code, 36)),
    ];
    if let Some((field, _)) = too_long.iter().find(|(_, long)| *long) {
        return invalid(now, "113", "Valor invalido.", field);
    }
    let currency = asked.currency.as_deref().and_then(Currency::parse);
    let amount = currency.and_then(|currency| asked.amount?.money(currency).ok());
    let Some(amount) = amount.filter(|amount| amount.minor > 0) else { return invalid(now, "113", "Valor invalido.", "amount") };
    let Some(expires_at) = asked.date_expiry.as_deref().and_then(Instant::parse).filter(|at| *at > now) else {
        return invalid(now, "113", "Valor invalido.", "dateExpiry");
    };
    if amount.minor > MOST {
        let text = "Usted ha generado un Código CIP que excede el valor máximo permitido en este comercio.";
        return json(now, 400, &tree!({"code": "511", "message": text}));
    }
    let url = world.accounts.get("pagoefectivo_notice_url").to_owned();
    let place = world.issue(Protocol::Pagoefectivo, None, &asked.transaction_code.unwrap_or_default(), amount, (now, expires_at), &url);
    let id = world.next_id();
    let Some(code) = world.codes.get(place) else { return invalid(now, "113", "Valor invalido.", "body") };
    let data = tree!({"cip": number(&code.digits), "currency": currency_of(code), "amount": plain(code.amount), "transactionCode": code.reference,
        "dateExpiry": expires_at.lima_text(), "cipUrl": format!("https://pre1a.payment.pagoefectivo.pe/{}.html", id.to_ascii_uppercase())});
    json(now, 201, &tree!({"code": 100, "message": "Solicitud exitosa.", "data": data}))
}

#[derive(Read)]
struct Search {
    data: Vec<Wanted>,
}

#[derive(Read)]
struct Wanted {
    cip: Decimal,
}

fn search(world: &mut World, body: &[u8], now: Instant) -> Response {
    let Ok(asked) = crate::json::parse::<Search>(body) else { return invalid(now, "113", "Valor invalido.", "data") };
    let found = asked.data.iter().map(|wanted| {
        let code = world.codes.iter().find(|c| c.protocol == Protocol::Pagoefectivo && c.digits == wanted.cip.text());
        code.map_or_else(|| tree!({}), |code| shown(code, now))
    });
    let data: Vec<Written> = found.collect();
    json(now, 200, &tree!({"code": 100, "message": "Solicitud exitosa.", "data": data}))
}

fn shown(code: &Coupon, now: Instant) -> Written {
    let (status, name) = match code.standing(now) {
        Standing::Waiting => (22, "Generado."),
        Standing::Paid => (23, "Cancelado."),
        Standing::Expired => (21, "Expirado."),
        Standing::Cancelled => (25, "Eliminado."),
        Standing::Reversed => (24, "Extornado."),
    };
    let paid = code.last_payment().map_or_else(|| NO_DATE.to_owned(), |paid| paid.at.lima_text());
    let removed = code.cancelled_at.map_or_else(|| NO_DATE.to_owned(), Instant::lima_text);
    tree!({"cip": number(&code.digits), "transactionCode": code.reference, "amount": plain(code.shown_amount()), "currency": currency_of(code),
        "status": status, "statusName": name, "dateCreation": code.created_at.lima_text(), "dateExpiry": code.expires_at.lima_text(),
        "datePayment": paid, "dateRemoval": removed, "token": "FFA97506-4BA1-41CF-B866-7B973565C725"})
}

#[derive(Read)]
#[json(rename_all = "camelCase")]
struct Extension {
    date_expiry: String,
}

fn extend(world: &mut World, cip: &str, body: &[u8], now: Instant) -> Response {
    let wanted = crate::json::parse::<Extension>(body).ok().and_then(|asked| Instant::parse(&asked.date_expiry)).filter(|at| *at > now);
    let open = |code: &&mut Coupon| matches!(code.standing(now), Standing::Waiting | Standing::Expired);
    match (wanted, world.code(Protocol::Pagoefectivo, cip).filter(open)) {
        (Some(at), Some(code)) => {
            (code.expires_at, code.expiry_told) = (at, false);
            done(now)
        }
        _ => invalid(now, "113", "Valor invalido.", "dateExpiry"),
    }
}

fn delete(world: &mut World, cip: &str, now: Instant) -> Response {
    match world.code(Protocol::Pagoefectivo, cip).filter(|code| code.standing(now) == Standing::Waiting) {
        Some(code) => {
            code.cancelled_at = Some(now);
            done(now)
        }
        None => invalid(now, "113", "Valor invalido.", "cip"),
    }
}

fn done(now: Instant) -> Response {
    json(now, 200, &tree!({"code": 100, "message": "Solicitud exitosa.", "data": tree!({})}))
}

/// The one notice that is documented is of a payment; that of a reversal was seen in public code only. Nothing is said of expiry.
pub(super) fn notice(_: &World, code: &Coupon, now: Instant) -> Option<String> {
    let event = match code.standing(now) {
        Standing::Paid => "cip.paid",
        Standing::Reversed => "cip.refunded",
        _ => return None,
    };
    let paid = code.last_payment()?;
    Some(format!(
        r#"{{"eventType":"{event}","operationNumber":"{}","data":{{"cip":"{}","currency":"{}","amount":{}}}}}"#,
        paid.id,
        code.digits,
        paid.amount.currency.code(),
        paid.amount.plain()
    ))
}

fn currency_of(code: &Coupon) -> &'static str {
    code.amount.currency.code()
}

fn number(digits: &str) -> Written {
    tree!(digits.parse::<u64>().ok())
}

pub(super) fn seal(by: &Seal<'_>, parcel: &mut Parcel) {
    let signature = hex::encode(&hmac_sha256(by.key("pagoefectivo_secret_key").as_bytes(), &[parcel.body.as_bytes()]));
    parcel.headers.push(("PE-Signature".into(), signature));
}

fn invalid(now: Instant, code: &str, message: &str, field: &str) -> Response {
    let data = tree!([tree!({"code": code, "message": message, "field": field})]);
    json(now, 400, &tree!({"code": "111", "message": "Solicitud con datos inválidos.", "data": data}))
}
