//! Mercado Pago's JSON, field for field.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::object;

/// The body of `POST /v1/payments`.
pub struct NewPayment<'a> {
    pub amount: &'a str,
    pub description: &'a str,
    pub email: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub document_type: &'a str,
    pub document: &'a str,
    pub external_reference: &'a str,
    pub notification_url: &'a str,
    pub expires: &'a str,
}

impl NewPayment<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        let known = !self.document.is_empty() && !self.document_type.is_empty();
        let identification = object(&[("type", Text(self.document_type)), ("number", Text(self.document))]);
        let named = [("email", Text(self.email)), ("first_name", Known(self.first_name)), ("last_name", Known(self.last_name))];
        let mut payer = named.to_vec();
        payer.extend(known.then_some(("identification", Bare(identification.as_str()))));
        let payer = object(&payer);
        object(&[
            ("transaction_amount", Bare(self.amount)),
            ("description", Text(self.description)),
            ("payment_method_id", Text("pagoefectivo_atm")),
            ("payer", Bare(&payer)),
            ("external_reference", Text(self.external_reference)),
            ("notification_url", Known(self.notification_url)),
            ("date_of_expiration", Text(self.expires)),
        ])
    }
}
