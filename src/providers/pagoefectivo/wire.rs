//! PagoEfectivo's JSON, field for field. `code` comes as text or as a number, `cip` as a number in answers and as text in notices.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::{Fields, object};

/// The body of `POST /v1/authorizations`.
pub fn authorization(access_key: &str, id_service: &str, date_request: &str, hash_string: &str) -> String {
    object(&[("accessKey", Text(access_key)), ("idService", Bare(id_service)), ("dateRequest", Text(date_request)), ("hashString", Text(hash_string))])
}

/// The body of `POST /v1/cips`; optional fields are left out where they are empty.
pub struct NewCip<'a> {
    pub currency: &'a str,
    pub amount: &'a str,
    pub transaction_code: &'a str,
    pub date_expiry: &'a str,
    pub payment_concept: &'a str,
    pub user_email: &'a str,
    pub user_name: &'a str,
    pub user_last_name: &'a str,
    pub user_document_type: &'a str,
    pub user_document_number: &'a str,
    pub user_phone: &'a str,
    pub user_code_country: &'a str,
}

impl NewCip<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        object(&[
            ("currency", Text(self.currency)),
            ("amount", Bare(self.amount)),
            ("transactionCode", Text(self.transaction_code)),
            ("dateExpiry", Text(self.date_expiry)),
            ("paymentConcept", Known(self.payment_concept)),
            ("userEmail", Text(self.user_email)),
            ("userName", Known(self.user_name)),
            ("userLastName", Known(self.user_last_name)),
            ("userDocumentType", Known(self.user_document_type)),
            ("userDocumentNumber", Known(self.user_document_number)),
            ("userPhone", Known(self.user_phone)),
            ("userCodeCountry", Known(self.user_code_country)),
        ])
    }
}

/// The body of `POST /v1/cips/search`.
pub fn search(cip: &str) -> String {
    object(&[("data", Bare(&["[", &object(&[("cip", Bare(cip))]), "]"].concat()))])
}

/// `data` of a create, and one entry of a search; an unknown CIP comes back as an empty structure.
pub struct Cip {
    pub cip: Option<String>,
    pub transaction_code: Option<String>,
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub status: Option<String>,
    pub status_name: Option<String>,
    pub date_expiry: Option<String>,
    pub date_payment: Option<String>,
    pub date_removal: Option<String>,
    pub cip_url: Option<String>,
}

impl Cip {
    /// Reads its fields.
    pub fn of(fields: &Fields<'_>) -> Self {
        Self {
            cip: fields.word("cip"),
            transaction_code: fields.word("transactionCode"),
            amount: fields.word("amount"),
            currency: fields.word("currency"),
            status: fields.word("status"),
            status_name: fields.word("statusName"),
            date_expiry: fields.word("dateExpiry"),
            date_payment: fields.word("datePayment"),
            date_removal: fields.word("dateRemoval"),
            cip_url: fields.word("cipUrl"),
        }
    }
}

/// The body of a notice; `transactionCode` and `paymentDate` are not in the document, but newer public integrations store them.
pub struct Notice {
    pub event_type: String,
    pub operation_number: Option<String>,
    pub cip: String,
    pub currency: Option<String>,
    pub amount: Option<String>,
    pub transaction_code: Option<String>,
}

impl Notice {
    /// Reads a body.
    pub fn of(fields: &Fields<'_>) -> Option<Self> {
        let data = fields.object("data")?;
        Some(Self {
            event_type: fields.word("eventType")?,
            operation_number: fields.word("operationNumber"),
            cip: data.word("cip")?,
            currency: data.word("currency"),
            amount: data.word("amount"),
            transaction_code: data.word("transactionCode"),
        })
    }
}
