//! The providers of the model behind one counter: codes, what was paid for them, and answers as bytes, in the dialect of each channel.

use efectivo::clock::Instant;
use efectivo::engine::Notice;
use efectivo::http;
use efectivo::money::Money;
use efectivo::names::{ChannelId, PaymentId, ProviderId, Reference};
use efectivo::providers::{Call, NoticeFacts, Status};
use efectivo::signature::Verdict;
use serde::Serialize;
use serde_json::{Value, json};

/// Whose wire the answers are written in: one that can look a lost create up, one that can't.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Dialect {
    Sandbox,
    Pagoefectivo,
}

#[derive(Clone, Debug, Serialize)]
pub struct Code {
    pub channel: String,
    pub reference: String,
    pub idempotency: String,
    pub id: String,
    pub amount: Money,
    pub expires_at: Instant,
    pub cancelled: bool,
    /// Whether it can be paid until it is called off, whatever its date says.
    pub lingers: bool,
    pub payments: Vec<Paid>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Paid {
    pub id: String,
    pub amount: Money,
    pub at: Instant,
    pub reversed: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct Provider {
    pub dialect: Dialect,
    /// The second channel's, where there is one.
    pub second: Option<Dialect>,
    pub codes: Vec<Code>,
    /// Creates that were cut off and are still being worked on, and until when.
    pub late: Vec<(Instant, String, Call)>,
    /// Whether a second create of the same reference makes a second code.
    pub forgets: bool,
    pub lingers: bool,
}

/// An answer on its way: what it says, and when the provider says that it said it.
#[derive(Clone, Debug, Serialize)]
pub struct Reply {
    pub answer: http::Answer,
    pub body: String,
}

impl Code {
    /// Whether anybody can pay it at the provider's own time.
    pub fn payable(&self, at: Instant) -> bool {
        !self.cancelled && self.payments.is_empty() && (self.lingers || at < self.expires_at)
    }
}

impl Provider {
    /// The dialect of a channel.
    pub fn speaks(&self, channel: &str) -> Dialect {
        if channel == "c" { self.dialect } else { self.second.expect("a second channel") }
    }

    /// Acts on a call over a channel and answers it.
    pub fn act(&mut self, channel: &str, call: &Call, at: Instant) -> Reply {
        match call {
            Call::Create { reference, idempotency, amount, expires_at, .. } => {
                self.create(channel, (reference, idempotency.as_str()), *amount, *expires_at, at)
            }
            Call::LookUp { reference } => {
                let found = self.codes.iter().rev().find(|c| c.reference == reference.as_str());
                found.map_or_else(|| reply(at, 404, json!({"error": {"code": "not_found"}})), |code| reply(at, 200, json!({"codes": [self.sandbox(code, at)]})))
            }
            Call::Query { id, .. } => self.told(self.speaks(channel), id, at),
            Call::Cancel { id, .. } => self.cancel(self.speaks(channel), id, at),
            Call::Refund { .. } | Call::RefundQuery { .. } => reply(at, 404, json!({"error": {"code": "not_found"}})),
        }
    }

    fn create(&mut self, channel: &str, (reference, idempotency): (&Reference, &str), amount: Money, expires_at: Instant, at: Instant) -> Reply {
        let dialect = self.speaks(channel);
        let known = self.codes.iter().position(|c| dialect == Dialect::Sandbox && !self.forgets && c.idempotency == idempotency);
        let place = known.unwrap_or_else(|| {
            let id = format!("9000{}", self.codes.len());
            self.codes.push(Code {
                channel: channel.into(),
                reference: reference.to_string(),
                idempotency: idempotency.into(),
                id,
                amount,
                expires_at,
                cancelled: false,
                lingers: self.lingers,
                payments: Vec::new(),
            });
            self.codes.len() - 1
        });
        let code = &self.codes[place];
        match dialect {
            Dialect::Sandbox => reply(at, 201, self.sandbox(code, at)),
            Dialect::Pagoefectivo => reply(
                at,
                201,
                json!({"code": 100, "message": "Solicitud exitosa.", "data": {"cip": code.id.parse::<u64>().unwrap(), "currency": "PEN",
                "amount": serde_json::from_str::<Value>(&code.amount.plain()).unwrap(), "transactionCode": code.reference, "dateExpiry": code.expires_at.lima_text(), "cipUrl": ""}}),
            ),
        }
    }

    fn told(&self, dialect: Dialect, id: &ProviderId, at: Instant) -> Reply {
        let code = self.codes.iter().find(|c| c.id == id.as_str()).expect("a known code");
        match dialect {
            Dialect::Sandbox => reply(at, 200, self.sandbox(code, at)),
            Dialect::Pagoefectivo => {
                let none = "1900-01-01T00:00:00-05:00".to_owned();
                let (status, name) = match self.word(code, at) {
                    "paid" => (23, "Cancelado."),
                    "reversed" => (24, "Extornado."),
                    "cancelled" => (25, "Eliminado."),
                    _ => (22, "Generado."), // it is for the adapter to see that the date has passed
                };
                let amount = code.payments.first().map_or(code.amount, |p| p.amount).plain();
                let paid = code.payments.last().map_or(none.clone(), |p| p.at.lima_text());
                reply(
                    at,
                    200,
                    json!({"code": 100, "message": "Solicitud exitosa.", "data": [{"cip": code.id.parse::<u64>().unwrap(), "transactionCode": code.reference,
                    "amount": serde_json::from_str::<Value>(&amount).unwrap(), "currency": "PEN", "status": status, "statusName": name, "dateCreation": none,
                    "dateExpiry": code.expires_at.lima_text(), "datePayment": paid, "dateRemoval": if code.cancelled { at.lima_text() } else { none }, "token": ""}]}),
                )
            }
        }
    }

    fn cancel(&mut self, dialect: Dialect, id: &ProviderId, at: Instant) -> Reply {
        let place = self.codes.iter().position(|c| c.id == id.as_str()).expect("a known code");
        let dead = !self.codes[place].payable(at);
        if !dead {
            self.codes[place].cancelled = true;
        }
        match (dialect, dead) {
            (Dialect::Sandbox, true) => reply(at, 409, json!({"error": {"code": "not_waiting"}})),
            (Dialect::Sandbox, false) => reply(at, 200, self.sandbox(&self.codes[place], at)),
            (Dialect::Pagoefectivo, true) => reply(
                at,
                400,
                json!({"code": "111", "message": "Solicitud con datos inválidos.", "data": [{"code": "113", "message": "Valor invalido.", "field": "cip"}]}),
            ),
            (Dialect::Pagoefectivo, false) => reply(at, 200, json!({"code": 100, "message": "Solicitud exitosa.", "data": {}})),
        }
    }

    fn word(&self, code: &Code, at: Instant) -> &'static str {
        match (code.payments.iter().any(|p| !p.reversed), code.payments.is_empty()) {
            (true, _) => "paid",
            (false, false) => "reversed",
            _ if code.cancelled => "cancelled",
            _ if !code.payable(at) => "expired",
            _ => "waiting",
        }
    }

    fn sandbox(&self, code: &Code, at: Instant) -> Value {
        let payment = |p: &Paid| json!({"id": p.id, "amount": p.amount.plain(), "currency": "PEN", "paid_at": p.at.utc_text(), "reversed": p.reversed});
        json!({"id": code.id, "reference": code.reference, "digits": code.id, "amount": code.amount.plain(), "currency": "PEN", "status": self.word(code, at),
            "expires_at": code.expires_at.utc_text(), "payments": code.payments.iter().map(payment).collect::<Vec<_>>()})
    }

    /// The creates whose time has come make their codes.
    pub fn comes_to_life(&mut self, at: Instant) {
        let late = std::mem::take(&mut self.late);
        let (ready, still) = late.into_iter().partition::<Vec<_>, _>(|(when, ..)| *when <= at);
        self.late = still;
        for (when, channel, call) in ready {
            self.act(&channel, &call, when);
        }
    }

    /// A create that is refused for its data.
    pub fn refusal(&self, channel: &str, at: Instant) -> Reply {
        match self.speaks(channel) {
            Dialect::Sandbox => reply(at, 422, json!({"error": {"code": "bad_email", "field": "email"}})),
            Dialect::Pagoefectivo => reply(
                at,
                400,
                json!({"code": "111", "message": "Solicitud con datos inválidos.", "data": [{"code": "113", "message": "Valor invalido.", "field": "userEmail"}]}),
            ),
        }
    }

    /// An answer about a paid order of somebody else.
    pub fn of_another_shop(&self, amount: Money, at: Instant) -> Reply {
        let paid = Paid { id: "other".into(), amount, at, reversed: false };
        let (reference, id, idempotency) = ("OTHER-1-1".into(), "77".into(), String::new());
        let code = Code { channel: "c".into(), reference, idempotency, id, amount, expires_at: at, cancelled: false, lingers: false, payments: vec![paid] };
        reply(at, 200, self.sandbox(&code, at))
    }

    /// A notice with a good signature about a payment that never was.
    pub fn untrue_notice(&self, place: usize, at: Instant) -> Notice {
        let mut provider = self.clone();
        let code = &mut provider.codes[place];
        code.payments.push(Paid { id: "untrue".into(), amount: code.amount, at, reversed: false });
        provider.notice(place, at)
    }

    /// The notice of a code's last payment, as `route` hands it on.
    pub fn notice(&self, place: usize, at: Instant) -> Notice {
        let code = &self.codes[place];
        let paid = code.payments.last().expect("a payment");
        Notice {
            channel: ChannelId::new(&code.channel),
            verdict: Verdict::Verified,
            facts: NoticeFacts {
                provider_id: Some(ProviderId::new(&code.id)),
                reference: Some(Reference::new(&code.reference)),
                status: if paid.reversed { Status::Reversed } else { Status::Paid },
                payment_id: PaymentId::new(&paid.id),
                amount: Some(paid.amount),
                signed_at: Some(at),
                also: Vec::new(),
            },
            dedupe_key: format!("{}-{}-{}", code.id, paid.id, paid.reversed),
        }
    }
}

fn reply(at: Instant, status: u16, body: Value) -> Reply {
    let headers = vec![("Content-Type".into(), "application/json".into()), ("Date".into(), at.http_date())];
    Reply { answer: http::Answer::Response(http::Response { status, headers }), body: body.to_string() }
}

/// No answer came.
pub fn silence(how: http::Failure) -> Reply {
    Reply { answer: http::Answer::Failure(how), body: String::new() }
}
