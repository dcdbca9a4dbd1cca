//! The world that the model explores: the real engine under a reference host, a shop with stock, a provider, and everything that can befall them.

use crate::provider::{Dialect, Paid, Provider, Reply, silence};
use efectivo::clock::{DAY, HOUR, Instant, MINUTE};
use efectivo::engine::{self, Body, Carried, Carrying, ChannelRow, Decision, Entry, Guards, Input, Notice, Outcome, Output, Request, Token};
use efectivo::http::Failure;
use efectivo::money::{Currency, Money};
use efectivo::names::ChannelId;
use efectivo::providers::{Call, Credentials};
use efectivo::secret::Secret;
use efectivo::voucher::{Case, Effect, OrderRead, OrderStatus, Person, Resolution, Settings, State};
use serde::Serialize;
use serde_json::json;
use std::sync::LazyLock;

pub const START: Instant = Instant(1_795_000_000_000);
const PRICE: Money = Money::new(12_350, Currency::Pen);
const EDITED: Money = Money::new(9_900, Currency::Pen);
const WRONG: Money = Money::new(500, Currency::Pen);

/// Wakes that a code's making may need: look-ups and a retry.
const MAKING_WAKES: u8 = 5;

/// How often each thing may happen; what an exploration is bounded by.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Bounds {
    pub pays: u8,
    pub wrong_pays: u8,
    pub reversals: u8,
    pub doubled: u8,
    pub dropped: u8,
    pub lost_before: u8,
    pub lost_after: u8,
    pub unsent: u8,
    pub crashes: u8,
    pub edits: u8,
    /// A part of the order paid by other means.
    pub part_pays: u8,
    pub shop_cancels: u8,
    pub merchant_cancels: u8,
    pub decisions: u8,
    pub new_codes: u8,
    pub polls: u8,
    pub skews: u8,
    pub paid_elsewhere: u8,
    pub echoes: u8,
    /// Answers that speak of another shop's order.
    pub mix_ups: u8,
    /// Good notices about money that never came.
    pub lies: u8,
    /// Creates that come to life a minute after they were cut off, at a provider that makes a second code for a second create.
    pub slow: u8,
    /// Creates that the provider refuses.
    pub refusals: u8,
    /// The clock that runs backwards.
    pub backs: u8,
    /// Not a count: where it is set, codes can be paid until they are called off, whatever their date says.
    pub lingers: u8,
    /// Not a count: where it is set, notices arrive before anything else happens.
    pub quick_notices: u8,
    /// The dialect of a second channel, where there is one.
    pub second: Option<Dialect>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Shop {
    pub status: OrderStatus,
    pub outstanding: Money,
    pub total: Money,
    pub paid_by_us: u8,
    pub cancelled_by_us: u8,
}

/// An output in the outbox; in the provider's lane it may be under way.
#[derive(Clone, Debug, Serialize)]
pub struct Queued {
    pub output: Output,
    pub reply: Option<Reply>,
    /// Whether it had left once before a crash.
    pub sent_before: bool,
}

#[derive(Clone, Debug)]
pub struct World {
    pub guards: Guards,
    pub case: Case,
    pub outbox: Vec<Queued>,
    pub provider: Provider,
    pub shop: Shop,
    pub notices: Vec<Notice>,
    /// The provider's time; the host's clock is ahead of it by `skew`.
    pub now: Instant,
    pub skew: i64,
    /// Whether the host's clock was ever ahead: the case goes on from there.
    pub was_ahead: bool,
    pub left: Bounds,
    pub journal: Vec<Entry>,
    pub settled_once: bool,
    pub merchant_wants_out: bool,
    pub tried_again: bool,
    /// Whether a person has answered a review.
    pub decided: bool,
    pub last: Option<(Input, Vec<u8>)>,
    /// The attempt about which the last question, past its deadline, came to nothing.
    pub unheard: Option<u16>,
    /// The first promise that was broken, in words.
    pub broken: Option<String>,
}

/// What can happen next.
#[derive(Clone, Debug)]
pub enum Action {
    Send(usize),
    SendUnsent(usize),
    SendLostBefore(usize),
    SendLostAfter(usize),
    Receive(usize),
    CrashAfterAct(usize),
    Effect(usize),
    EffectCrash(usize),
    Pay(usize, bool),
    Reverse(usize),
    Deliver(usize),
    DeliverTwice(usize),
    Drop(usize),
    WakeAt(Instant),
    SendSlow(usize),
    SendRefused(usize),
    ReceiveMixedUp(usize),
    Lie(usize),
    Skew,
    ClockBack,
    ShopCancels,
    ShopEdits,
    PartPaid,
    PaidElsewhere,
    MerchantCancels,
    Decide(u16, Resolution),
    NewCode,
    Again,
}

/// An effect that neither moves money nor stock commutes with everything else: it is carried at once, unless hosts may crash.
fn only_shows(body: &Body) -> bool {
    matches!(body, Body::Tell { effect, .. } if !matches!(effect, Effect::MarkPaid { .. } | Effect::Cancel))
}

fn settings(first: Dialect, second: Option<Dialect>) -> &'static Settings {
    use Dialect::*;
    static ALL: [[LazyLock<Settings>; 3]; 2] = [
        [LazyLock::new(|| made(Sandbox, None)), LazyLock::new(|| made(Sandbox, Some(Sandbox))), LazyLock::new(|| made(Sandbox, Some(Pagoefectivo)))],
        [
            LazyLock::new(|| made(Pagoefectivo, None)),
            LazyLock::new(|| made(Pagoefectivo, Some(Sandbox))),
            LazyLock::new(|| made(Pagoefectivo, Some(Pagoefectivo))),
        ],
    ];
    &ALL[first as usize][second.map_or(0, |second| 1 + second as usize)]
}

fn made(first: Dialect, second: Option<Dialect>) -> Settings {
    let channel = |id: &str, dialect| match dialect {
        Dialect::Sandbox => json!({"id": id, "provider": "sandbox", "mode": "test", "sandbox_url": "http://127.0.0.1:1/own"}),
        Dialect::Pagoefectivo => json!({"id": id, "provider": "pagoefectivo", "mode": "test"}),
    };
    let channels: Vec<_> = [Some(channel("c", first)), second.map(|second| channel("d", second))].into_iter().flatten().collect();
    serde_json::from_value(
        json!({"shop": {"name": "Q", "tag": "Q", "page_url": "http://127.0.0.1:1/p", "contact": "c"}, "validity_hours": 24, "cancel_grace_hours": 24,
        "mails_off": ["new", "reminder", "last_call", "lapsed", "paid", "late"], "channels": channels}),
    )
    .unwrap()
}

impl World {
    pub fn new(guards: Guards, dialect: Dialect, left: Bounds) -> Self {
        let open = json!({"status": "open", "outstanding": PRICE, "total": PRICE});
        let placed = json!({"placed": {"id": "0".repeat(32), "order": "1", "number": "1", "mode": "test", "seed": "ab".repeat(32), "page_token": "t".repeat(32), "read": open,
            "person": {"first_name": "A", "last_name": "Q", "email": "a@b.pe"}}});
        let done = engine::handle(settings(dialect, left.second), &[], None, &serde_json::from_value(placed).unwrap(), b"", START).unwrap();
        World {
            guards,
            outbox: done.outputs.into_iter().map(|output| Queued { output, reply: None, sent_before: false }).collect(),
            case: done.case,
            provider: Provider { dialect, second: left.second, codes: Vec::new(), late: Vec::new(), forgets: left.slow > 0, lingers: left.lingers > 0 },
            shop: Shop { status: OrderStatus::Open, outstanding: PRICE, total: PRICE, paid_by_us: 0, cancelled_by_us: 0 },
            notices: Vec::new(),
            now: START,
            skew: 0,
            was_ahead: false,
            left: Bounds { polls: left.polls + MAKING_WAKES, ..left },
            journal: done.journal,
            settled_once: false,
            merchant_wants_out: false,
            tried_again: false,
            decided: false,
            last: None,
            unheard: None,
            broken: None,
        }
    }

    pub fn clock(&self) -> Instant {
        self.now.plus(self.skew)
    }

    fn read(&self) -> OrderRead {
        OrderRead { status: self.shop.status, outstanding: self.shop.outstanding, total: self.shop.total }
    }

    /// What makes two worlds the same for the exploration: everything that can matter later.
    pub fn key(&self) -> Vec<u8> {
        let mut case = engine::without_counters(&self.case);
        (case.next_poll_at, case.wake_at, case.last_asked_at, case.ask_again) =
            (self.case.next_poll_at, self.case.wake_at, self.case.last_asked_at, self.case.ask_again);
        case.pending = self.case.pending.clone();
        let seen = (self.skew < 0).then_some(self.case.last_seen); // otherwise it is the clock's
        let outbox: Vec<_> = self.outbox.iter().map(|q| (q.output.no, &q.output.body, &q.reply, q.sent_before)).collect();
        let past = (self.settled_once, self.merchant_wants_out, self.tried_again, self.decided, self.unheard, format!("{:?}", self.last));
        serde_json::to_vec(&(&case, seen, outbox, &self.provider, &self.shop, &self.notices, self.now, self.skew, &self.left, past)).unwrap()
    }

    /// Everything that can happen now.
    pub fn actions(&self) -> Vec<Action> {
        let mut all = Vec::new();
        let l = &self.left;
        if let Some(at) = self.outbox.iter().position(|q| l.crashes == 0 && only_shows(&q.output.body)) {
            return vec![Action::Effect(at)];
        }
        if l.quick_notices > 0 && !self.notices.is_empty() {
            return vec![Action::Deliver(0)];
        }
        let provider = self.outbox.iter().position(|q| matches!(q.output.body, Body::Ask { .. }));
        if let Some(at) = provider {
            if self.outbox[at].reply.is_some() {
                all.push(Action::Receive(at));
                if l.crashes > 0 {
                    all.push(Action::CrashAfterAct(at));
                }
                if l.mix_ups > 0 && matches!(self.outbox[at].output.body, Body::Ask { call: Call::Query { .. }, .. }) {
                    all.push(Action::ReceiveMixedUp(at));
                }
            } else {
                all.push(Action::Send(at));
                let create = matches!(self.outbox[at].output.body, Body::Ask { call: Call::Create { .. }, .. });
                let more = [
                    (l.unsent, Action::SendUnsent(at)),
                    (l.lost_before, Action::SendLostBefore(at)),
                    (l.lost_after, Action::SendLostAfter(at)),
                    (if create { l.slow } else { 0 }, Action::SendSlow(at)),
                    (if create { l.refusals } else { 0 }, Action::SendRefused(at)),
                ];
                all.extend(more.into_iter().filter(|(left, _)| *left > 0).map(|(_, action)| action));
            }
        }
        if let Some(at) = self.outbox.iter().position(|q| matches!(q.output.body, Body::Tell { .. })) {
            all.push(Action::Effect(at));
            if l.crashes > 0 {
                all.push(Action::EffectCrash(at));
            }
        }
        for (place, code) in self.provider.codes.iter().enumerate() {
            if !code.cancelled && l.pays > 0 {
                all.push(Action::Pay(place, true));
            }
            if !code.cancelled && l.wrong_pays > 0 {
                all.push(Action::Pay(place, false));
            }
            if l.lies > 0 && code.payments.is_empty() {
                all.push(Action::Lie(place));
            }
            if l.reversals > 0 && code.payments.iter().any(|p| !p.reversed) {
                all.push(Action::Reverse(place));
            }
        }
        for at in 0..self.notices.len() {
            all.push(Action::Deliver(at));
            if l.doubled > 0 {
                all.push(Action::DeliverTwice(at));
            }
            if l.dropped > 0 {
                all.push(Action::Drop(at));
            }
        }
        self.time(&mut all);
        let open = self.shop.status == OrderStatus::Open;
        let more = [
            (l.skews > 0, Action::Skew),
            (l.backs > 0, Action::ClockBack),
            (l.shop_cancels > 0 && self.shop.status != OrderStatus::Cancelled, Action::ShopCancels),
            (l.edits > 0 && open, Action::ShopEdits),
            (l.part_pays > 0 && open, Action::PartPaid),
            (l.paid_elsewhere > 0 && open, Action::PaidElsewhere),
            (l.merchant_cancels > 0 && !self.case.state.is_settled(), Action::MerchantCancels),
            (l.new_codes > 0, Action::NewCode),
            (l.echoes > 0 && self.last.is_some(), Action::Again),
        ];
        all.extend(more.into_iter().filter(|(may, _)| *may).map(|(_, action)| action));
        if l.decisions > 0 {
            for review in self.case.reviews.iter().filter(|r| r.closed.is_none()) {
                let wanted = [Resolution::AcceptMoney, Resolution::IssueAnother, Resolution::TryAgain];
                all.extend(wanted.into_iter().filter(|r| review.kind.resolutions().contains(r)).map(|r| Action::Decide(review.no, r)));
            }
        }
        all
    }

    /// Time goes to what the case names: its next wake while a code is being made (and a few times besides), the deadline, the end of the grace.
    fn time(&self, all: &mut Vec<Action>) {
        let making = matches!(self.case.state, State::Creating | State::Unknown);
        let code = self.case.current().and_then(|a| a.code.as_ref());
        let grace = i64::from(self.case.terms.cancel_grace_hours) * HOUR;
        let named = code.into_iter().flat_map(|code| [code.expires_at, code.expires_at.plus(grace)]);
        let wake = self.case.wake_at.filter(|_| self.left.polls > if making { 0 } else { MAKING_WAKES });
        for at in named.chain(wake) {
            let at = at.plus(-self.skew);
            if at > self.now && at < START.plus(8 * DAY) {
                all.push(Action::WakeAt(at));
            }
        }
    }

    /// Does one thing, and looks whether a promise broke.
    pub fn step(&mut self, action: &Action) {
        match action {
            Action::Send(at) => self.send(*at, None),
            Action::SendUnsent(at) => {
                self.left.unsent -= 1;
                self.outbox[*at].reply = Some(silence(Failure::Connect));
            }
            Action::SendLostBefore(at) => {
                self.left.lost_before -= 1;
                self.outbox[*at].reply = Some(silence(Failure::Timeout));
            }
            Action::SendLostAfter(at) => {
                self.left.lost_after -= 1;
                self.send(*at, Some(silence(Failure::CutOff)));
            }
            Action::SendSlow(at) => {
                self.left.slow -= 1;
                if let Body::Ask { call, channel, .. } = self.outbox[*at].output.body.clone() {
                    self.provider.late.push((self.now.plus(MINUTE), channel.to_string(), call));
                }
                self.outbox[*at].reply = Some(silence(Failure::CutOff));
            }
            Action::SendRefused(at) => {
                self.left.refusals -= 1;
                let Body::Ask { channel, .. } = &self.outbox[*at].output.body else { return };
                self.outbox[*at].reply = Some(self.provider.refusal(channel.as_str(), self.now));
            }
            Action::Receive(at) => {
                let Queued { output, reply, sent_before } = self.outbox.remove(*at);
                let reply = reply.expect("under way");
                self.hears(&output, &reply);
                self.take(Input::Answer { output, answer: reply.answer, sent_before }, reply.body.as_bytes());
            }
            Action::ReceiveMixedUp(at) => {
                self.left.mix_ups -= 1;
                let Queued { output, .. } = self.outbox.remove(*at);
                let reply = self.provider.of_another_shop(PRICE, self.now);
                self.take(Input::Answer { output, answer: reply.answer, sent_before: false }, reply.body.as_bytes());
            }
            Action::Lie(place) => {
                self.left.lies -= 1;
                let notice = self.provider.untrue_notice(*place, self.now);
                self.take(Input::Notice(notice), b"");
            }
            Action::CrashAfterAct(at) => {
                self.left.crashes -= 1;
                if self.outbox[*at].output.repeatable {
                    self.outbox[*at].reply = None;
                    self.outbox[*at].sent_before = true;
                } else {
                    self.outbox[*at].reply = Some(silence(Failure::Unknown));
                }
            }
            Action::Effect(at) => self.effect(*at, false),
            Action::EffectCrash(at) => {
                self.left.crashes -= 1;
                self.effect(*at, true);
            }
            Action::Pay(place, right) => self.pay(*place, *right),
            Action::Reverse(place) => {
                self.left.reversals -= 1;
                self.provider.codes[*place].payments.iter_mut().rev().find(|p| !p.reversed).expect("a payment").reversed = true;
                self.notices.push(self.provider.notice(*place, self.now));
            }
            Action::Deliver(at) => {
                let notice = self.notices.remove(*at);
                self.take(Input::Notice(notice), b"");
            }
            Action::DeliverTwice(at) => {
                self.left.doubled -= 1;
                let notice = self.notices[*at].clone();
                self.take(Input::Notice(notice), b"");
            }
            Action::Drop(at) => {
                self.left.dropped -= 1;
                self.notices.remove(*at);
            }
            Action::WakeAt(at) => {
                self.left.polls = self.left.polls.saturating_sub(1);
                self.now = *at;
                self.provider.comes_to_life(self.now);
                self.take(Input::Wake, b"");
            }
            Action::ClockBack => {
                self.left.backs -= 1;
                self.skew = -HOUR;
                self.take(Input::Wake, b"");
            }
            Action::Skew => {
                self.left.skews -= 1;
                self.skew = 3 * DAY;
                self.was_ahead = true;
                self.take(Input::Wake, b"");
            }
            Action::ShopCancels => {
                self.left.shop_cancels -= 1;
                self.merchant_wants_out = true;
                self.shop.status = OrderStatus::Cancelled;
                self.shop.paid_by_us = 0; // whoever opens it again may fulfil it again
                self.take(Input::Order { read: self.read() }, b"");
            }
            Action::ShopEdits => {
                self.left.edits -= 1;
                (self.shop.outstanding, self.shop.total) = (EDITED, EDITED);
                self.take(Input::Order { read: self.read() }, b"");
            }
            Action::PartPaid => {
                self.left.part_pays -= 1;
                self.shop.outstanding = EDITED;
                self.take(Input::Order { read: self.read() }, b"");
            }
            Action::PaidElsewhere => {
                self.left.paid_elsewhere -= 1;
                self.shop.status = OrderStatus::Paid;
                self.take(Input::Order { read: self.read() }, b"");
            }
            Action::MerchantCancels => {
                self.left.merchant_cancels -= 1;
                self.merchant_wants_out = true;
                self.take(Input::Merchant(Decision::Cancel), b"");
            }
            Action::Decide(review, resolution) => {
                self.left.decisions -= 1;
                self.decided = true;
                self.tried_again |= *resolution == Resolution::TryAgain;
                let reason = "r".into();
                self.take(Input::Merchant(Decision::Resolve { review: *review, resolution: *resolution, reason }), b"");
            }
            Action::NewCode => {
                self.left.new_codes -= 1;
                self.take(Input::Shopper(Request::NewCode), b"");
            }
            Action::Again => {
                self.left.echoes -= 1;
                let (input, body) = self.last.clone().expect("an input");
                let before = engine::without_counters(&self.case);
                let waiting = self.outbox.len();
                self.take(input, &body);
                if engine::without_counters(&self.case) != before || self.outbox.len() != waiting {
                    self.breaks("5: an input applied again changed something");
                }
            }
        }
        self.check_state();
    }

    fn send(&mut self, at: usize, lost: Option<Reply>) {
        let output = self.outbox[at].output.clone();
        let Some(carried) = self.carry(&output) else { return };
        match carried {
            Carried::NoLongerDue => {
                let lost = Input::Answer { output: output.clone(), answer: silence(Failure::Unknown).answer, sent_before: true };
                let unsent = Input::Outcome { output: output.no, outcome: Outcome::NoLongerDue, read: None };
                let input = if self.outbox.remove(at).sent_before { lost } else { unsent };
                self.take(input, b"");
            }
            _ => {
                let Body::Ask { call, channel, .. } = &output.body else { return };
                let reply = self.provider.act(channel.as_str(), call, self.now);
                self.outbox[at].reply = Some(lost.unwrap_or(reply));
            }
        }
    }

    fn carry(&mut self, output: &Output) -> Option<Carried> {
        let settings = settings(self.provider.dialect, self.provider.second);
        static KEYS: [LazyLock<Credentials>; 2] = [
            LazyLock::new(|| serde_json::from_value(json!({"sandbox": {"key": "k", "secret": "s"}})).unwrap()),
            LazyLock::new(|| serde_json::from_value(json!({"pagoefectivo": {"service_id": "1", "access_key": "a", "secret_key": "s"}})).unwrap()),
        ];
        static PERSON: LazyLock<Person> = LazyLock::new(|| serde_json::from_value(json!({"first_name": "A", "last_name": "Q", "email": "a@b.pe"})).unwrap());
        let channel = match &output.body {
            Body::Ask { channel, .. } => channel.clone(),
            _ => ChannelId::new("c"),
        };
        let row = ChannelRow { token: Some(Token { value: Secret::new("t"), expires_at: START.plus(90 * DAY) }), ..ChannelRow::new(channel.clone()) };
        let carrying = Carrying {
            settings,
            channel: Some(&row),
            case: &self.case,
            person: Some(&PERSON),
            output,
            credentials: Some(&KEYS[self.provider.speaks(channel.as_str()) as usize]),
            now: self.clock(),
            entropy: b"0123456789abcdef",
            first: None,
        };
        engine::carry_under(self.guards, &carrying).map_err(|why| self.breaks(&format!("carry failed: {why:?}"))).ok()
    }

    fn effect(&mut self, at: usize, crash: bool) {
        let output = self.outbox[at].output.clone();
        let Some(carried) = self.carry(&output) else { return };
        let outcome = match carried {
            Carried::Effect { effect, when } => self.apply(&effect, &when),
            _ => Outcome::NoLongerDue,
        };
        if crash {
            return; // the outcome was never learnt: it is carried again
        }
        self.outbox.remove(at);
        let read = Some(self.read());
        self.take(Input::Outcome { output: output.no, outcome, read }, b"");
    }

    fn apply(&mut self, effect: &Effect, when: &efectivo::voucher::Precondition) -> Outcome {
        let done_before = match effect {
            Effect::MarkPaid { .. } => self.shop.status == OrderStatus::Paid,
            Effect::Cancel => self.shop.status == OrderStatus::Cancelled,
            _ => return Outcome::Done,
        };
        if done_before {
            let ours = if matches!(effect, Effect::Cancel) { self.shop.cancelled_by_us > 0 } else { self.shop.paid_by_us > 0 };
            return Outcome::AlreadySo { ours };
        }
        if !engine::allows(when, &self.read()) {
            return Outcome::Refused { why: "the order is not so".into() };
        }
        match effect {
            Effect::MarkPaid { amount } => {
                let right = self.provider.codes.iter().flat_map(|c| &c.payments).any(|p| p.amount == *amount); // one taken back since is for promise 3
                if !right || *amount != self.shop.outstanding || self.case.state != State::Paid {
                    self.breaks("1: fulfilled without money of the right amount");
                }
                self.shop.paid_by_us += 1;
                self.shop.status = OrderStatus::Paid;
                self.shop.outstanding = Money::new(0, Currency::Pen);
            }
            _ => {
                if self.case.holds_money() {
                    self.breaks("2: stock released although money was reported");
                }
                if self.shop.outstanding != self.shop.total {
                    self.breaks("2: cancelled although a part of it was paid by other means");
                }
                if !self.merchant_wants_out {
                    let alive = self.provider.codes.iter().any(|c| c.payable(self.now));
                    // With a clock that runs ahead only the provider's own date is left: the deadline, without the grace.
                    let grace = if self.skew == 0 && !self.was_ahead { 24 * HOUR } else { 0 };
                    let early = self.provider.codes.iter().any(|c| self.now < c.expires_at.plus(grace));
                    if alive || early {
                        self.breaks("2: cancelled by itself while a code could be paid, or before the grace was over");
                    }
                }
                self.shop.cancelled_by_us += 1;
                self.shop.status = OrderStatus::Cancelled;
            }
        }
        Outcome::Done
    }

    fn pay(&mut self, place: usize, right: bool) {
        let left = if right { &mut self.left.pays } else { &mut self.left.wrong_pays };
        *left -= 1;
        let (at, code) = (self.now, &mut self.provider.codes[place]);
        let amount = if right { code.amount } else { WRONG };
        code.payments.push(Paid { id: format!("p{}{}", place, code.payments.len()), amount, at, reversed: false });
        self.notices.push(self.provider.notice(place, at));
    }

    pub fn take(&mut self, input: Input, body: &[u8]) {
        let settings = settings(self.provider.dialect, self.provider.second);
        self.last = (self.left.echoes > 0).then(|| (input.clone(), body.to_vec()));
        match engine::handle_under(self.guards, settings, &[], Some(&self.case), &input, body, self.clock()) {
            Ok(done) => {
                self.case = done.case;
                if done.journal.iter().any(|entry| self.journal.last().is_some_and(|last| entry.at < last.at)) {
                    self.breaks("5: the journal runs backwards");
                }
                self.journal.extend(done.journal);
                self.check_asked(&done.outputs);
                self.outbox.extend(done.outputs.into_iter().map(|output| Queued { output, reply: None, sent_before: false }));
            }
            Err(engine::Refused::NotPossible) => {}
            Err(why) => self.breaks(&format!("handle failed: {why:?}")),
        }
    }
}
