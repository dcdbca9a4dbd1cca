//! PagoEfectivo's JSON, field for field. `code` comes as text or as a number, `cip` as a number in answers and as text in notices.

use crate::money::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The body of `POST /v1/authorizations`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Authorization<'a> {
    pub access_key: &'a str,
    pub id_service: Decimal,
    pub date_request: &'a str,
    pub hash_string: &'a str,
}

/// The body of `POST /v1/cips`; optional fields are left out where nothing is known.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NewCip<'a> {
    pub currency: &'a str,
    pub amount: Decimal,
    pub transaction_code: &'a str,
    pub date_expiry: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub payment_concept: &'a str,
    pub user_email: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_last_name: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_document_type: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_document_number: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_phone: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub user_code_country: &'a str,
}

/// The body of `POST /v1/cips/search`.
#[derive(Serialize)]
pub struct Search {
    pub data: [SearchedCip; 1],
}

/// One CIP to look for.
#[derive(Serialize)]
pub struct SearchedCip {
    pub cip: Decimal,
}

/// Any answer; `data` depends on the call.
#[derive(Deserialize)]
pub struct Envelope<'a> {
    pub code: Decimal,
    #[serde(borrow, default)]
    pub data: Option<&'a RawValue>,
}

/// `data` of a token.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    pub token: crate::secret::Secret,
    #[serde(default)]
    pub token_start: String,
    #[serde(default)]
    pub token_expires: String,
}

/// `data` of a create, and one entry of a search; an unknown CIP comes back as an empty structure.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Cip {
    pub cip: Option<Decimal>,
    pub transaction_code: Option<String>,
    pub amount: Option<Decimal>,
    pub currency: Option<String>,
    pub status: Option<Decimal>,
    pub status_name: Option<String>,
    pub date_expiry: Option<String>,
    pub date_payment: Option<String>,
    pub date_removal: Option<String>,
    pub cip_url: Option<String>,
}

/// One entry of an error's `data`.
#[derive(Deserialize)]
pub struct FieldError {
    pub code: Decimal,
    #[serde(default)]
    pub field: String,
}

/// The body of a notice; `transactionCode` and `paymentDate` are not in the document, but newer public integrations store them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Notice {
    pub event_type: String,
    pub operation_number: Option<Decimal>,
    pub data: NoticeData,
}

/// What it speaks of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NoticeData {
    pub cip: Decimal,
    pub currency: Option<String>,
    pub amount: Option<Decimal>,
    pub transaction_code: Option<String>,
}
