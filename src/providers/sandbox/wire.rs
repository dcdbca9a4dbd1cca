//! The sandbox's JSON, field for field; both its sides use these types. Requests print nothing: they hold personal data.

use crate::json::{Read, Write};

/// The body of `POST /codes`.
#[derive(Write, Read)]
#[allow(missing_docs)]
pub struct NewCode {
    pub reference: String,
    pub idempotency_key: String,
    pub amount: String,
    pub currency: String,
    pub expires_at: String,
    pub concept: String,
    /// Empty where the shop knows none.
    #[json(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
}

/// A code as it stands.
#[derive(Clone, Debug, Write, Read)]
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
    #[json(default)]
    pub url: String,
    /// What its barcode encodes.
    #[json(default)]
    pub barcode: String,
    /// What its payment QR encodes.
    #[json(default)]
    pub payment_qr: String,
    #[json(default)]
    pub payments: Vec<PaymentAnswer>,
}

/// Codes of one reference, newest first.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct CodeList {
    pub codes: Vec<CodeAnswer>,
}

/// One payment of a code.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct PaymentAnswer {
    pub id: String,
    pub amount: String,
    pub currency: String,
    pub paid_at: String,
    #[json(default)]
    pub reversed: bool,
}

/// The body of `POST /refunds`; `key` makes a repeat harmless.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct NewRefund {
    pub code_id: String,
    pub key: String,
    pub amount: String,
    pub currency: String,
}

/// A refund as it stands.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct RefundAnswer {
    pub id: String,
    pub key: String,
    pub status: String,
    /// Until when the shopper can act.
    #[json(default)]
    pub act_before: Option<String>,
}

/// A clear no.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct ErrorAnswer {
    pub error: ErrorBody,
}

/// What is wrong.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct ErrorBody {
    pub code: String,
    #[json(default)]
    pub field: String,
    #[json(default)]
    pub message: String,
}

/// The body of a notice.
#[derive(Clone, Debug, Write, Read)]
#[allow(missing_docs)]
pub struct Notice {
    pub event: String,
    pub id: String,
    pub reference: String,
    #[json(default)]
    pub payment_id: String,
    pub amount: String,
    pub currency: String,
}
