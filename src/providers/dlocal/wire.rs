//! dLocal's JSON, field for field.

use crate::providers::fields::Field::{Bare, Known, Text};
use crate::providers::fields::{Fields, object};

/// The body of `POST /payments`. No `description`: in dLocal's sandbox it forces a status.
pub struct NewPayment<'a> {
    pub amount: &'a str,
    pub currency: &'a str,
    pub payer: Payer<'a>,
    pub order_id: &'a str,
    pub notification_url: &'a str,
}

/// Who pays.
pub struct Payer<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub document: &'a str,
}

impl NewPayment<'_> {
    /// As JSON: Peru's PagoEfectivo ticket, with its digits rather than a redirect.
    pub fn json(&self) -> String {
        let payer = object(&[("name", Text(self.payer.name)), ("email", Text(self.payer.email)), ("document", Text(self.payer.document))]);
        object(&[
            ("amount", Bare(self.amount)),
            ("currency", Text(self.currency)),
            ("country", Text("PE")),
            ("payment_method_id", Text("EF")),
            ("payment_method_flow", Text("DIRECT")),
            ("payer", Bare(&payer)),
            ("order_id", Text(self.order_id)),
            ("notification_url", Known(self.notification_url)),
        ])
    }
}

/// A payment, as a create, a question or a notice shows it, and the shorter form of `GET /orders/{order_id}`, which names it `payment_id`.
/// A refund's notice has a `payment_id` beside its own `id`.
pub struct Payment {
    pub id: Option<String>,
    pub payment_id: Option<String>,
    pub order_id: Option<String>,
    pub amount: Option<String>,
    pub currency: Option<String>,
    pub status: String,
    pub approved_date: Option<String>,
    pub redirect_url: Option<String>,
    pub ticket: Option<Ticket>,
}

/// What is taken to the counter.
pub struct Ticket {
    pub number: Option<String>,
    pub barcode: Option<String>,
    pub expiration_date: Option<String>,
    pub image_url: Option<String>,
}

impl Payment {
    /// Reads its fields; without a status it is none.
    pub fn of(fields: &Fields<'_>) -> Option<Self> {
        let ticket = fields.object("ticket").map(|ticket| Ticket {
            number: ticket.word("number"),
            barcode: ticket.word("barcode"),
            expiration_date: ticket.word("expiration_date"),
            image_url: ticket.word("image_url"),
        });
        Some(Self {
            id: fields.word("id"),
            payment_id: fields.word("payment_id"),
            order_id: fields.word("order_id"),
            amount: fields.word("amount"),
            currency: fields.word("currency"),
            status: fields.word("status")?,
            approved_date: fields.word("approved_date"),
            redirect_url: fields.word("redirect_url"),
            ticket,
        })
    }
}

/// The body of `POST /refunds`; without bank details dLocal asks the shopper for them.
pub fn new_refund(payment_id: &str, amount: &str, currency: &str, order_refund_id: &str, notification_url: &str) -> String {
    object(&[
        ("payment_id", Text(payment_id)),
        ("amount", Bare(amount)),
        ("currency", Text(currency)),
        ("order_refund_id", Text(order_refund_id)),
        ("notification_url", Known(notification_url)),
    ])
}
