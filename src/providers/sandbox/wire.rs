//! The sandbox's JSON, field for field; both its sides use these types. Requests print nothing: they hold personal data.

use serde::{Deserialize, Serialize};

/// The body of `POST /codes`.
#[derive(Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct NewCode {
    pub reference: String,
    pub idempotency_key: String,
    pub amount: String,
    pub currency: String,
    pub expires_at: String,
    pub concept: String,
    /// Empty where the shop knows none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
}

/// A code as it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct CodeAnswer {
    pub id: String,
    pub reference: String,
    pub digits: String,
    pub amount: String,
    pub currency: String,
    pub status: String,
    pub expires_at: String,
    /// The provider's own voucher page.
    #[serde(default)]
    pub url: String,
    /// What its barcode encodes.
    #[serde(default)]
    pub barcode: String,
    /// What its payment QR encodes.
    #[serde(default)]
    pub payment_qr: String,
    #[serde(default)]
    pub payments: Vec<PaymentAnswer>,
}

/// Codes of one reference, newest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct CodeList {
    pub codes: Vec<CodeAnswer>,
}

/// One payment of a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct PaymentAnswer {
    pub id: String,
    pub amount: String,
    pub currency: String,
    pub paid_at: String,
    #[serde(default)]
    pub reversed: bool,
}

/// The body of `POST /refunds`; `key` makes a repeat harmless.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct NewRefund {
    pub code_id: String,
    pub key: String,
    pub amount: String,
    pub currency: String,
}

/// A refund as it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct RefundAnswer {
    pub id: String,
    pub key: String,
    pub status: String,
    /// Until when the shopper can act.
    #[serde(default)]
    pub act_before: Option<String>,
}

/// A clear no.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ErrorAnswer {
    pub error: ErrorBody,
}

/// What is wrong.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct ErrorBody {
    pub code: String,
    #[serde(default)]
    pub field: String,
    #[serde(default)]
    pub message: String,
}

/// The body of a notice.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Notice {
    pub event: String,
    pub id: String,
    pub reference: String,
    #[serde(default)]
    pub payment_id: String,
    pub amount: String,
    pub currency: String,
}
