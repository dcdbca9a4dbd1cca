//! dLocal's JSON, field for field.

use crate::money::Decimal;
use serde::{Deserialize, Serialize};

/// The body of `POST /payments`. No `description`: in dLocal's sandbox it forces a status.
#[derive(Serialize)]
pub struct NewPayment<'a> {
    pub amount: Decimal,
    pub currency: &'a str,
    pub country: &'a str,
    pub payment_method_id: &'a str,
    pub payment_method_flow: &'a str,
    pub payer: Payer<'a>,
    pub order_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub notification_url: &'a str,
}

/// Who pays.
#[derive(Serialize)]
pub struct Payer<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub document: &'a str,
}

/// A payment, as a create, a question or a notice shows it, and the shorter form of `GET /orders/{order_id}`, which names it `payment_id`.
/// A refund's notice has a `payment_id` beside its own `id`.
#[derive(Deserialize)]
pub struct Payment {
    pub id: Option<String>,
    pub payment_id: Option<String>,
    pub order_id: Option<String>,
    pub amount: Option<Decimal>,
    pub currency: Option<String>,
    pub status: String,
    pub approved_date: Option<String>,
    pub redirect_url: Option<String>,
    pub ticket: Option<Ticket>,
}

/// What is taken to the counter.
#[derive(Deserialize)]
pub struct Ticket {
    pub number: Option<Decimal>,
    pub barcode: Option<String>,
    pub expiration_date: Option<String>,
    pub image_url: Option<String>,
}

/// The body of `POST /refunds`; without bank details dLocal asks the shopper for them.
#[derive(Serialize)]
pub struct NewRefund<'a> {
    pub payment_id: &'a str,
    pub amount: Decimal,
    pub currency: &'a str,
    pub order_refund_id: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub notification_url: &'a str,
}

/// A refund.
#[derive(Deserialize)]
pub struct Refund {
    pub id: String,
    pub status: String,
    pub created_date: Option<String>,
}

/// A clear no.
#[derive(Deserialize)]
pub struct ErrorAnswer {
    pub code: Decimal,
    #[serde(default)]
    pub message: String,
    pub param: Option<String>,
}
