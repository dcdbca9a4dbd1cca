//! Bamboo's JSON, field for field.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::object;

/// The body of `POST /v3/api/purchase`: amounts in céntimos, the validity in minutes as a text.
pub struct NewPurchase<'a> {
    pub order: &'a str,
    pub unique_id: &'a str,
    pub amount_minor: i64,
    pub currency: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
    pub phone: &'a str,
    pub dni: &'a str,
    pub expires_minutes: i64,
}

impl NewPurchase<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        let customer = object(&[
            ("FirstName", Text(self.first_name)),
            ("LastName", Text(self.last_name)),
            ("Email", Text(self.email)),
            ("PhoneNumber", Text(self.phone)),
            ("DocumentType", Known(if self.dni.is_empty() { "" } else { "DNI.PE" })),
            ("DocumentNumber", Known(self.dni)),
        ]);
        object(&[
            ("PaymentMethod", Text("PEC")),
            ("Order", Text(self.order)),
            ("UniqueID", Text(self.unique_id)),
            ("Amount", Bare(&self.amount_minor.to_string())),
            ("Currency", Text(self.currency)),
            ("TargetCountryISO", Text("PE")),
            ("Customer", Bare(&customer)),
            ("MetaDataIn", Bare(&object(&[("PaymentExpirationInMinutes", Text(&self.expires_minutes.to_string()))]))),
        ])
    }
}
