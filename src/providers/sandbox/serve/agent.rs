//! What anybody can do at the test agent: pay a code, take money back, order trouble, and look at the ledger.

use super::own;
use super::sides::Protocol;
use super::world::{Coupon, Paid, Standing, World};
use crate::clock::Instant;
use crate::http::{Headers, Method};
use crate::json::{Read, Write};
use crate::money::Money;

/// One act in the world.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// A request to a provider's endpoint; its body travels as bytes.
    Http {
        /// The method.
        method: Method,
        /// The path, beginning with the protocol, such as `/own` or `/payu`.
        path: String,
        /// The query without `?`.
        #[json(default)]
        query: String,
        /// Header lines.
        headers: Headers,
    },
    /// Somebody pays a code at a counter; even a dead one, as outlets that report late do.
    Pay {
        /// The digits.
        code: String,
        /// Another amount than the code's, for trouble.
        amount: Option<Money>,
    },
    /// The last payment of a code is taken back.
    Reverse {
        /// The digits.
        code: String,
    },
    /// The shopper fills the form of every open refund of a code.
    FillForm {
        /// The digits.
        code: String,
    },
    /// The next requests whose path contains `matching` meet trouble.
    Trouble {
        /// Which.
        kind: Trouble,
        /// How many of them.
        count: u32,
        /// A part of the path; empty for any.
        #[json(default)]
        matching: String,
    },
    /// No trouble any more.
    Calm,
    /// The next notices go astray.
    Notices {
        /// How.
        rule: NoticeRule,
        /// How many of them.
        count: u32,
    },
    /// The host reports what a notice was answered; any 2xx ends it.
    Delivered {
        /// The notice.
        no: u64,
        /// The HTTP status; 0 for none.
        status: u16,
    },
    /// Lists every code.
    Ledger,
    /// Only lets time pass.
    Tick,
}

/// What can go wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum Trouble {
    /// The answer takes its time.
    Slow {
        /// How long, in milliseconds.
        ms: u32,
    },
    /// The connection breaks before anything was done.
    CutBefore,
    /// The connection breaks after it was done.
    CutAfter,
    /// 500 before anything was done.
    ServerError,
    /// 500 after it was done.
    ServerErrorAfter,
    /// 502 with a page of a proxy.
    Html,
    /// Done, but half of the answer is missing.
    Truncated,
    /// 429 with `Retry-After`.
    Busy,
    /// 400 with an error of the provider's own.
    Refused,
}

/// What can happen to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case", deny_unknown_fields)]
pub enum NoticeRule {
    /// It arrives.
    Normal,
    /// It never arrives.
    Lost,
    /// It arrives twice.
    Doubled,
    /// It arrives later.
    Delayed {
        /// How much, in milliseconds.
        ms: i64,
    },
    /// Two minutes later, so that others overtake it.
    Reordered,
    /// It is signed with a wrong key.
    Forged,
}

/// One code in the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct LedgerRow {
    /// Which protocol made it.
    pub protocol: Protocol,
    /// The provider's id.
    pub id: String,
    /// The digits.
    pub digits: String,
    /// The merchant's reference.
    pub reference: String,
    /// What it is for.
    pub amount: Money,
    /// What it is for, as people write it.
    pub amount_text: String,
    /// `waiting`, `paid`, `expired`, `cancelled`, `reversed`.
    pub status: &'static str,
    /// When it was made.
    pub created_at: Instant,
    /// Until when it can be paid.
    pub expires_at: Instant,
    /// What was paid: id, amount, time, whether it was taken back.
    pub payments: Vec<(String, Money, Instant, bool)>,
    /// Refunds: id, amount, whether the form was filled.
    pub refunds: Vec<(String, Money, bool)>,
}

/// Does an act that is not a request.
pub(super) fn act(world: &mut World, act: &Act, now: Instant) -> Result<Option<Vec<LedgerRow>>, &'static str> {
    match act {
        Act::Pay { code, amount } => pay(world, code, *amount, now)?,
        Act::Reverse { code } => reverse(world, code, now)?,
        Act::FillForm { code } => fill_form(world, code, now)?,
        Act::Trouble { kind, count, matching } => world.troubles.push((*kind, (*count).min(1_000), matching.clone())),
        Act::Calm => world.troubles.clear(),
        Act::Notices { rule, count } => world.rules.push((*rule, (*count).min(1_000))),
        Act::Delivered { no, status } => world.delivered(*no, *status),
        Act::Ledger => return Ok(Some(ledger(world, now))),
        Act::Tick | Act::Http { .. } => {}
    }
    Ok(None)
}

fn place(world: &World, digits: &str) -> Result<usize, &'static str> {
    let digits = digits.trim_start_matches('0');
    world.codes.iter().position(|c| c.digits == digits).ok_or("no such code")
}

fn pay(world: &mut World, digits: &str, amount: Option<Money>, now: Instant) -> Result<(), &'static str> {
    let place = place(world, digits)?;
    let id = format!("{}", 100_000 + world.next_no());
    let Some(code) = world.codes.get_mut(place) else { return Err("no such code") };
    let amount = amount.unwrap_or(code.amount);
    if amount.minor <= 0 {
        return Err("an amount above zero");
    }
    code.payments.push(Paid { id, amount, at: now, reversed: false });
    tell(world, place, now);
    Ok(())
}

fn reverse(world: &mut World, digits: &str, now: Instant) -> Result<(), &'static str> {
    let place = place(world, digits)?;
    let last = world.codes.get_mut(place).and_then(|code| code.payments.iter_mut().rev().find(|p| !p.reversed));
    last.ok_or("nothing to reverse")?.reversed = true;
    tell(world, place, now);
    Ok(())
}

fn fill_form(world: &mut World, digits: &str, now: Instant) -> Result<(), &'static str> {
    let place = place(world, digits)?;
    let id = world.codes.get(place).map(|code| code.id.clone()).unwrap_or_default();
    let mut any = false;
    for refund in world.refunds.iter_mut().filter(|refund| refund.code == id && !refund.form_filled) {
        refund.form_filled = true;
        any = true;
    }
    if any {
        tell(world, place, now)
    }
    if any { Ok(()) } else { Err("no open refund") }
}

/// Queues the notice that a change of a code brings, in its own protocol.
pub(super) fn tell(world: &mut World, place: usize, now: Instant) {
    let Some(code) = world.codes.get(place).cloned() else { return };
    let body = code.protocol.notice(world, &code, now);
    if let Some(body) = body {
        world.send(code.protocol, &code.notice_url, body, now);
    }
}

impl World {
    /// Tells of codes whose time ran out since.
    pub(super) fn pass_time(&mut self, now: Instant) {
        for place in 0..self.codes.len() {
            let Some(code) = self.codes.get_mut(place) else { continue };
            let over = !code.expiry_told && code.standing(now) == Standing::Expired;
            if over {
                code.expiry_told = true;
                tell(self, place, now);
            }
        }
    }
}

fn ledger(world: &World, now: Instant) -> Vec<LedgerRow> {
    let row = |code: &Coupon| LedgerRow {
        protocol: code.protocol,
        id: code.id.clone(),
        digits: code.digits.clone(),
        reference: code.reference.clone(),
        amount: code.amount,
        amount_text: code.amount.to_string(),
        status: own::word(code.standing(now)),
        created_at: code.created_at,
        expires_at: code.expires_at,
        payments: code.payments.iter().map(|p| (p.id.clone(), p.amount, p.at, p.reversed)).collect(),
        refunds: world.refunds.iter().filter(|r| r.code == code.id).map(|r| (r.id.clone(), r.amount, r.form_filled)).collect(),
    };
    world.codes.iter().rev().map(row).collect()
}
