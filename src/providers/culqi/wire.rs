//! Culqi's JSON, field for field.

use crate::providers::fields::Field::{Bare, Text};
use crate::providers::fields::object;

/// The body of `POST /v2/orders`: amounts in céntimos, the deadline in whole seconds.
pub struct NewOrder<'a> {
    pub amount_minor: i64,
    pub currency: &'a str,
    pub description: &'a str,
    pub order_number: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
    pub phone: &'a str,
    pub expires_seconds: i64,
}

impl NewOrder<'_> {
    /// As JSON; `confirm` issues the CIP at once.
    pub fn json(&self) -> String {
        let client = object(&[
            ("first_name", Text(self.first_name)),
            ("last_name", Text(self.last_name)),
            ("email", Text(self.email)),
            ("phone_number", Text(self.phone)),
        ]);
        object(&[
            ("amount", Bare(&self.amount_minor.to_string())),
            ("currency_code", Text(self.currency)),
            ("description", Text(self.description)),
            ("order_number", Text(self.order_number)),
            ("client_details", Bare(&client)),
            ("expiration_date", Bare(&self.expires_seconds.to_string())),
            ("confirm", Bare("true")),
        ])
    }
}
