//! Paysafe's JSON, field for field.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::{Fields, object};

/// The body of `POST /paymenthandles`: amounts in céntimos.
pub struct NewHandle<'a> {
    pub reference: &'a str,
    pub account_id: &'a str,
    pub amount_minor: i64,
    pub currency: &'a str,
    pub ip: &'a str,
    pub first_name: &'a str,
    pub last_name: &'a str,
    pub email: &'a str,
    pub back: &'a str,
}

impl NewHandle<'_> {
    /// As JSON.
    pub fn json(&self) -> String {
        let profile = object(&[("firstName", Text(self.first_name)), ("lastName", Text(self.last_name)), ("email", Text(self.email))]);
        let back = object(&[("rel", Text("default")), ("href", Text(self.back))]);
        object(&[
            ("merchantRefNum", Text(self.reference)),
            ("transactionType", Text("PAYMENT")),
            ("accountId", Text(self.account_id)),
            ("paymentType", Text("PAGOEFECTIVO")),
            ("amount", Bare(&self.amount_minor.to_string())),
            ("currencyCode", Text(self.currency)),
            ("customerIp", Known(self.ip)),
            ("dupCheck", Bare("true")),
            ("profile", Bare(&profile)),
            ("returnLinks", Bare(&["[", &back, "]"].concat())),
        ])
    }
}

/// The body of `POST /payments`, of a handle that can be charged; `None` where the handle lacks what that takes.
pub fn new_payment(reference: &str, handle: &Fields<'_>) -> Option<String> {
    let amount: u64 = handle.word("amount")?.parse().ok()?;
    Some(object(&[
        ("merchantRefNum", Text(reference)),
        ("amount", Bare(&amount.to_string())),
        ("currencyCode", Text(&handle.word("currencyCode")?)),
        ("paymentHandleToken", Text(&handle.word("paymentHandleToken")?)),
        ("settleWithAuth", Bare("true")),
        ("dupCheck", Bare("true")),
    ]))
}
