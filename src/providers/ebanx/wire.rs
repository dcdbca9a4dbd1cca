//! EBANX's JSON, field for field.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::object;

/// The `payment` of `POST /ws/direct`: what a shop without the shopper's address can fill.
pub struct NewPayment<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub phone: &'a str,
    pub merchant_payment_code: &'a str,
    pub order_number: &'a str,
    pub currency: &'a str,
    pub amount: &'a str,
    pub due_date: &'a str,
    pub document: &'a str,
    pub notification_url: &'a str,
    pub ip: &'a str,
}

impl NewPayment<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        object(&[
            ("name", Text(self.name)),
            ("email", Text(self.email)),
            ("phone_number", Known(self.phone)),
            ("country", Text("pe")),
            ("payment_type_code", Text("pagoefectivo")),
            ("merchant_payment_code", Text(self.merchant_payment_code)),
            ("order_number", Text(self.order_number)),
            ("currency_code", Text(self.currency)),
            ("amount_total", Bare(self.amount)),
            ("due_date", Text(self.due_date)),
            ("document", Known(self.document)),
            ("notification_url", Known(self.notification_url)),
            ("customer_ip", Known(self.ip)),
        ])
    }
}
