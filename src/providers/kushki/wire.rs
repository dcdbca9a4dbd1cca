//! Kushki's JSON, field for field.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::object;

/// The body of `POST /cash/v1/tokens`.
pub struct NewToken<'a> {
    pub name: &'a str,
    pub last_name: &'a str,
    pub identification: &'a str,
    pub document_type: &'a str,
    pub email: &'a str,
    pub amount: &'a str,
    pub currency: &'a str,
    pub description: &'a str,
}

impl NewToken<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        object(&[
            ("name", Text(self.name)),
            ("lastName", Text(self.last_name)),
            ("identification", Text(self.identification)),
            ("documentType", Known(self.document_type)),
            ("email", Known(self.email)),
            ("totalAmount", Bare(self.amount)),
            ("currency", Text(self.currency)),
            ("description", Text(self.description)),
        ])
    }
}

/// The body of `POST /cash/v1/charges/init`: no tax is split out, so the whole amount stands as free of it; the deadline is UTC.
pub fn new_charge(token: &str, expires: &str, amount: &str, currency: &str, order: &str, notice_url: &str) -> String {
    let none = Bare("0");
    let amount = object(&[("currency", Text(currency)), ("subtotalIva", none), ("subtotalIva0", Bare(amount)), ("iva", none), ("ice", none)]);
    let hook =
        object(&[("events", Bare("[\"approvedTransaction\",\"declinedTransaction\"]")), ("urls", Bare(&["[", &crate::json::text(&notice_url), "]"].concat()))]);
    let hooks = if notice_url.is_empty() { "[]".into() } else { ["[", &hook, "]"].concat() };
    object(&[
        ("token", Text(token)),
        ("expirationDate", Text(expires)),
        ("amount", Bare(&amount)),
        ("metadata", Bare(&object(&[("orderId", Text(order))]))),
        ("webhooks", Bare(&hooks)),
        ("fullResponse", Text("v2")),
    ])
}
