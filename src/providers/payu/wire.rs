//! PayU's JSON and form fields.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::{Field, object};

/// The envelope of every command.
pub fn command(name: &str, login: &str, key: &str, test: bool, part: (&str, &str)) -> String {
    let merchant = object(&[("apiKey", Text(key)), ("apiLogin", Text(login))]);
    object(&[
        ("language", Text("es")),
        ("command", Text(name)),
        ("merchant", Bare(&merchant)),
        (part.0, Bare(part.1)),
        ("test", Bare(if test { "true" } else { "false" })),
    ])
}

/// The `transaction` of `SUBMIT_TRANSACTION`.
pub struct NewTransaction<'a> {
    pub account_id: &'a str,
    pub reference: &'a str,
    pub description: &'a str,
    pub signature: &'a str,
    pub notify_url: &'a str,
    pub amount: &'a str,
    pub currency: &'a str,
    pub full_name: &'a str,
    pub email: &'a str,
    pub document: &'a str,
    pub phone: &'a str,
    pub expires: &'a str,
    pub ip: &'a str,
}

impl NewTransaction<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        let who: [(&str, Field<'_>); 4] =
            [("fullName", Text(self.full_name)), ("emailAddress", Text(self.email)), ("contactPhone", Known(self.phone)), ("dniNumber", Text(self.document))];
        let who = object(&who);
        let value = object(&[("value", Bare(self.amount)), ("currency", Text(self.currency))]);
        let order = object(&[
            ("accountId", Text(self.account_id)),
            ("referenceCode", Text(self.reference)),
            ("description", Text(self.description)),
            ("language", Text("es")),
            ("signature", Text(self.signature)),
            ("notifyUrl", Known(self.notify_url)),
            ("additionalValues", Bare(&object(&[("TX_VALUE", Bare(&value))]))),
            ("buyer", Bare(&who)),
        ]);
        object(&[
            ("order", Bare(&order)),
            ("payer", Bare(&who)),
            ("type", Text("AUTHORIZATION_AND_CAPTURE")),
            ("paymentMethod", Text("PAGOEFECTIVO")),
            ("expirationDate", Text(self.expires)),
            ("paymentCountry", Text("PE")),
            ("ipAddress", Text(self.ip)),
        ])
    }
}
