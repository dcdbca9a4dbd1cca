//! The simulated world: merchants' accounts, codes with what was paid, refunds, ordered trouble and the notices under way.

use super::Parcel;
use super::agent::{NoticeRule, Trouble};
use super::sides::{Protocol, Seal};
use crate::clock::{DAY, Instant, MINUTE};
use crate::json::{Read, Tree, Write};
use crate::money::Money;
use crate::signature::{hex, sha256};

/// The simulated merchants' keys by name, such as `payu_api_key`; they are made up and open nothing.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(transparent)]
pub struct Accounts(Tree<'static>);

impl Accounts {
    /// A key's text, or a number's digits; empty where there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(Tree::Text(text) | Tree::Number(text)) => text,
            _ => "",
        }
    }

    /// Whether what a request claims is the key; an account without that key opens for nobody.
    pub(super) fn fits(&self, name: &str, claimed: &str) -> bool {
        !claimed.is_empty() && self.get(name) == claimed
    }
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
    /// What only its own protocol knows of it.
    #[json(default)]
    pub memo: String,
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

    /// Makes a code, and says where it is; its id is `id` or its digits.
    pub(super) fn issue(&mut self, protocol: Protocol, id: Option<String>, reference: &str, amount: Money, life: (Instant, Instant), url: &str) -> usize {
        let digits = self.next_cip();
        self.codes.push(Coupon {
            protocol,
            id: id.unwrap_or_else(|| digits.clone()),
            digits,
            reference: reference.into(),
            idempotency: String::new(),
            amount,
            created_at: life.0,
            expires_at: life.1,
            cancelled_at: None,
            expiry_told: false,
            payments: Vec::new(),
            notice_url: url.into(),
            memo: String::new(),
        });
        self.codes.len() - 1
    }

    /// Where the newest code is that fits.
    pub(super) fn place(&self, protocol: Protocol, fits: impl Fn(&Coupon) -> bool) -> Option<usize> {
        self.codes.iter().rposition(|code| code.protocol == protocol && fits(code))
    }

    /// Calls a waiting code off; whether it could be.
    pub(super) fn call_off(&mut self, place: usize, now: Instant) -> bool {
        let Some(code) = self.codes.get_mut(place).filter(|code| code.standing(now) == Standing::Waiting) else { return false };
        code.cancelled_at = Some(now);
        true
    }

    /// What a code's refunds have in store, and what of it has arrived.
    pub(super) fn given(&self, code: &Coupon, now: Instant) -> (i64, i64) {
        let of = |refund: &&Payback| refund.code == code.id && !refund.ends(now).1;
        let sum = |done: bool| self.refunds.iter().filter(of).filter(|refund| refund.form_filled || !done).map(|refund| refund.amount.minor).sum();
        (sum(false), sum(true))
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
        let mut parcels = Vec::new();
        for queued in self.queue.iter_mut().filter(|queued| queued.at <= now) {
            let headers = vec![("Content-Type".into(), "application/json".into())];
            let mut parcel = Parcel { no: queued.no, url: queued.url.clone(), headers, body: queued.body.clone() };
            queued.protocol.seal(&Seal { accounts: &self.accounts, forged: queued.forged, now }, &mut parcel);
            parcels.push(parcel);
            let wait = queued.protocol.habits().1.get(queued.tries as usize);
            queued.tries += 1;
            queued.at = wait.map_or(Instant(i64::MAX), |wait| now.plus(*wait));
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
