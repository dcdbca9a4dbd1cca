//! The simulated world: merchants' accounts, codes with what was paid, refunds, ordered trouble and the notices under way.

use super::Parcel;
use super::agent::{NoticeRule, Trouble};
use crate::clock::{DAY, HOUR, Instant, MINUTE};
use crate::http::Headers;
use crate::json::{Read, Write};
use crate::money::Money;
use crate::signature::{hex, hmac_sha256, sha256};

/// The three protocols.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Protocol {
    Own,
    Pagoefectivo,
    Dlocal,
}

impl Protocol {
    /// The protocol that a path names first, and the rest of the path.
    pub(super) fn of_path(path: &str) -> Option<(Self, &str)> {
        let split = |prefix: &str| path.strip_prefix(prefix).filter(|rest| rest.starts_with('/'));
        let own = split("/own").map(|rest| (Self::Own, rest));
        let pagoefectivo = split("/pagoefectivo").map(|rest| (Self::Pagoefectivo, split_version(rest)));
        own.or(pagoefectivo).or(split("/dlocal").map(|rest| (Self::Dlocal, rest)))
    }
}

fn split_version(rest: &str) -> &str {
    rest.strip_prefix("/v1").filter(|rest| rest.starts_with('/')).unwrap_or(rest)
}

/// The simulated merchants; these keys are made up and open nothing.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Accounts {
    pub own_key: String,
    pub own_secret: String,
    pub own_notice_url: String,
    pub pagoefectivo_service_id: u32,
    pub pagoefectivo_access_key: String,
    pub pagoefectivo_secret_key: String,
    pub pagoefectivo_notice_url: String,
    pub dlocal_login: String,
    pub dlocal_trans_key: String,
    pub dlocal_secret_key: String,
}

/// Everything that the sandbox knows.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct World {
    /// Makes ids differ from world to world, and repeat within one.
    pub seed: u64,
    /// Who may call.
    pub accounts: Accounts,
    /// The last number given out.
    pub last_no: u64,
    pub(super) codes: Vec<Coupon>,
    pub(super) refunds: Vec<Payback>,
    pub(super) tokens: Vec<(String, Instant)>,
    pub(super) troubles: Vec<(Trouble, u32, String)>,
    pub(super) rules: Vec<(NoticeRule, u32)>,
    pub(super) queue: Vec<Queued>,
}

/// A code as the provider keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub(super) struct Coupon {
    pub protocol: Protocol,
    pub id: String,
    pub digits: String,
    pub reference: String,
    pub idempotency: String,
    pub amount: Money,
    pub created_at: Instant,
    pub expires_at: Instant,
    pub cancelled_at: Option<Instant>,
    pub expiry_told: bool,
    pub payments: Vec<Paid>,
    pub notice_url: String,
}

/// A payment at a counter.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub(super) struct Paid {
    pub id: String,
    pub amount: Money,
    pub at: Instant,
    pub reversed: bool,
}

/// A refund as the provider keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub(super) struct Payback {
    pub id: String,
    pub key: String,
    pub code: String,
    pub amount: Money,
    pub asked_at: Instant,
    pub form_filled: bool,
    pub notice_url: String,
}

/// A notice under way.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub(super) struct Queued {
    pub no: u64,
    pub protocol: Protocol,
    pub url: String,
    pub body: String,
    pub forged: bool,
    pub at: Instant,
    pub tries: u32,
}

/// How a code stands at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Waiting,
    Paid,
    Expired,
    Cancelled,
    Reversed,
}

/// The shopper has seven days for the bank form (help of dLocal; ours follows it).
pub(super) const FORM_LIVES: i64 = 7 * DAY;

impl Coupon {
    pub fn standing(&self, now: Instant) -> Standing {
        match (self.payments.iter().any(|p| !p.reversed), self.payments.is_empty()) {
            (true, _) => Standing::Paid,
            (false, false) => Standing::Reversed,
            _ if self.cancelled_at.is_some() => Standing::Cancelled,
            _ if now >= self.expires_at => Standing::Expired,
            _ => Standing::Waiting,
        }
    }

    /// What was really paid, or what is asked for.
    pub fn shown_amount(&self) -> Money {
        self.payments.first().map_or(self.amount, |paid| paid.amount)
    }

    pub fn last_payment(&self) -> Option<&Paid> {
        self.payments.last()
    }
}

impl Payback {
    /// `(done, lapsed)`: the money arrives a day after the form, a form that nobody fills lapses.
    pub fn ends(&self, now: Instant) -> (bool, bool) {
        (self.form_filled, !self.form_filled && now.since(self.asked_at) > FORM_LIVES)
    }
}

impl World {
    /// A world without codes.
    pub fn new(seed: u64, accounts: Accounts) -> Self {
        Self {
            seed,
            accounts,
            last_no: 0,
            codes: Vec::new(),
            refunds: Vec::new(),
            tokens: Vec::new(),
            troubles: Vec::new(),
            rules: Vec::new(),
            queue: Vec::new(),
        }
    }

    pub(super) fn next_no(&mut self) -> u64 {
        self.last_no += 1;
        self.last_no
    }

    /// Nine digits that grow with every code, as the CIPs of the public examples do.
    pub(super) fn next_cip(&mut self) -> String {
        let no = self.next_no();
        (112_000_000 + self.seed % 500_000 + no * 37).to_string()
    }

    /// 32 hexadecimal digits that follow from the seed.
    pub(super) fn next_id(&mut self) -> String {
        let no = self.next_no();
        hex::encode(&sha256(&[&self.seed.to_be_bytes(), &no.to_be_bytes()])).chars().take(32).collect()
    }

    pub(super) fn code(&mut self, protocol: Protocol, id: &str) -> Option<&mut Coupon> {
        self.codes.iter_mut().find(|c| c.protocol == protocol && c.id == id)
    }

    /// The trouble ordered for this request, if any; each order is for a number of requests.
    pub(super) fn next_trouble(&mut self, path: &str) -> Option<Trouble> {
        let (trouble, left, _) = self.troubles.iter_mut().find(|(_, left, part)| *left > 0 && path.contains(part.as_str()))?;
        *left -= 1;
        let trouble = *trouble;
        self.troubles.retain(|(_, left, _)| *left > 0);
        Some(trouble)
    }

    /// Queues a notice, by the rule that is in force for it.
    pub(super) fn send(&mut self, protocol: Protocol, url: &str, body: String, now: Instant) {
        let rule = self.rules.first_mut().map_or(NoticeRule::Normal, |(rule, left)| {
            *left = left.saturating_sub(1);
            *rule
        });
        self.rules.retain(|(_, left)| *left > 0);
        let (copies, delay, forged) = match rule {
            NoticeRule::Normal => (1, 0, false),
            NoticeRule::Lost => (0, 0, false),
            NoticeRule::Doubled => (2, 0, false),
            NoticeRule::Delayed { ms } => (1, ms, false),
            NoticeRule::Reordered => (1, 2 * MINUTE, false),
            NoticeRule::Forged => (1, 0, true),
        };
        if url.is_empty() {
            return;
        }
        for _ in 0..copies {
            let no = self.next_no();
            self.queue.push(Queued { no, protocol, url: url.into(), body: body.clone(), forged, at: now.plus(delay), tries: 0 });
        }
    }

    /// Notices that are due; each is put off to its next try until it is reported as delivered.
    pub(super) fn due_parcels(&mut self, now: Instant) -> Vec<Parcel> {
        let accounts = self.accounts.clone();
        let mut parcels = Vec::new();
        for queued in self.queue.iter_mut().filter(|queued| queued.at <= now) {
            parcels.push(Parcel { no: queued.no, url: queued.url.clone(), headers: signed(&accounts, queued, now), body: queued.body.clone() });
            queued.tries += 1;
            queued.at = match wait_after(queued.protocol, queued.tries) {
                Some(wait) => now.plus(wait),
                None => Instant(i64::MAX),
            };
        }
        self.queue.retain(|queued| queued.at < Instant(i64::MAX));
        parcels
    }

    pub(super) fn next_parcel_at(&self) -> Option<Instant> {
        self.queue.iter().map(|queued| queued.at).min()
    }

    pub(super) fn delivered(&mut self, no: u64, status: u16) {
        self.queue.retain(|queued| queued.no != no || !(200..300).contains(&status));
    }
}

/// How long until the next try: PagoEfectivo tries once more (its delay is not published), dLocal hourly up to 6 and every 12 hours up to 12
/// (docs.dlocal.com, receive-notifications, 2026-07-24), ours five times.
fn wait_after(protocol: Protocol, tries: u32) -> Option<i64> {
    match (protocol, tries) {
        (Protocol::Own, 1) => Some(MINUTE),
        (Protocol::Own, 2) => Some(10 * MINUTE),
        (Protocol::Own, 3..5) => Some(HOUR),
        (Protocol::Pagoefectivo, 1) => Some(5 * MINUTE),
        (Protocol::Dlocal, 1..6) => Some(HOUR),
        (Protocol::Dlocal, 6..12) => Some(12 * HOUR),
        _ => None,
    }
}

/// A notice's headers, signed as its protocol says, or with a key that nobody gave.
fn signed(accounts: &Accounts, queued: &Queued, now: Instant) -> Headers {
    let key = |right: &str| if queued.forged { String::from("not-the-key") } else { right.to_owned() };
    let mac = |key: &str, parts: &[&[u8]]| hex::encode(&hmac_sha256(key.as_bytes(), parts));
    let body = queued.body.as_bytes();
    let mut headers: Headers = vec![("Content-Type".into(), "application/json".into())];
    match queued.protocol {
        Protocol::Own => {
            let time = now.0.to_string();
            let signature = mac(&key(&accounts.own_secret), &[time.as_bytes(), b".", body]);
            headers.push(("X-Sandbox-Time".into(), time));
            headers.push(("X-Sandbox-Signature".into(), signature));
        }
        Protocol::Pagoefectivo => headers.push(("PE-Signature".into(), mac(&key(&accounts.pagoefectivo_secret_key), &[body]))),
        Protocol::Dlocal => {
            let date = now.utc_text();
            let signature = mac(&key(&accounts.dlocal_secret_key), &[accounts.dlocal_login.as_bytes(), date.as_bytes(), body]);
            headers.push(("X-Login".into(), accounts.dlocal_login.clone()));
            headers.push(("X-Date".into(), date));
            headers.push(("Authorization".into(), format!("V2-HMAC-SHA256, Signature: {signature}")));
        }
    }
    headers
}
