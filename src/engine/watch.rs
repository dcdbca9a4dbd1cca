//! What a provider's answers say of its interface: that it is being retired, and words or fields that this build has not seen; and which addresses its notices
//! come from beside the listed ones. Each is noted once, in the channel's row; nothing else changes by it.

use super::channel::ChannelRow;
use crate::clock::Instant;
use crate::http::{Answer, header};
use crate::json::{Read, Tree, Write};
use crate::providers::asking::cut;
use crate::providers::{Call, Reading, Status};

/// Something that a merchant, or who keeps this software, should know of a provider's interface.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Noted {
    /// `deprecation` (RFC 9745), `sunset` (RFC 8594), `unknown_status`, `unknown_field` or `unlisted_address`; in words `desk.note.<what>`.
    pub what: String,
    /// The date, word, field or address.
    pub about: String,
    /// When it was first seen.
    pub at: Instant,
}

/// The fields that answers to one kind of call have had so far.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Shape {
    /// The call.
    pub call: String,
    /// How many answers taught it, up to the number that makes a name known.
    pub answers: u8,
    /// Their fields.
    pub fields: Vec<String>,
}

/// So many answers teach a shape before a field counts as new: optional ones show in time.
const TEACH: u8 = 20;
/// Bounds of what a row keeps.
const MOST_NOTES: usize = 24;
const MOST_FIELDS: usize = 160;
const MOST_UNLISTED: usize = 8;

const UNLISTED: &str = "unlisted_address";

impl ChannelRow {
    /// Looks at one answer.
    pub(super) fn watch(&mut self, call: &Call, answer: &Answer, reading: &Reading, body: &[u8], now: Instant) {
        let Answer::Response(response) = answer else { return };
        for what in ["deprecation", "sunset"] {
            if let Some(date) = header(&response.headers, what).next() {
                self.note(what, date.trim(), now);
            }
        }
        match reading {
            Reading::Facts(facts) => {
                if let Status::Unrecognised(word) = &facts.status {
                    self.note("unknown_status", word, now);
                }
            }
            Reading::Refund(_) => {}
            _ => return,
        }
        let name = match call {
            Call::Create { .. } => "create",
            Call::LookUp { .. } => "look_up",
            Call::Query { .. } => "query",
            Call::Cancel { .. } => "cancel",
            Call::Refund { .. } => "refund",
            Call::RefundQuery { .. } => "refund_query",
        };
        self.learn(name, &fields(body), now);
    }

    fn learn(&mut self, call: &str, fields: &[String], now: Instant) {
        let place = match self.health.shapes.iter().position(|shape| shape.call == call) {
            Some(place) => place,
            None => {
                self.health.shapes.push(Shape { call: call.into(), answers: 0, fields: Vec::new() });
                self.health.shapes.len() - 1
            }
        };
        let Some(shape) = self.health.shapes.get_mut(place) else { return };
        let fresh: Vec<String> = fields.iter().filter(|field| !shape.fields.contains(field)).cloned().collect();
        let taught = shape.answers >= TEACH;
        shape.answers = (shape.answers + 1).min(TEACH);
        shape.fields.extend(fresh.iter().take(MOST_FIELDS.saturating_sub(shape.fields.len())).cloned());
        for field in fresh.iter().filter(|_| taught) {
            self.note("unknown_field", field, now);
        }
    }

    /// A notice that wasn't refused (its provider may sign none) came from an address that the channel's list doesn't hold; only so many are kept, so that
    /// no sender fills the row.
    pub(super) fn note_unlisted(&mut self, address: &str, now: Instant) {
        if self.health.notes.iter().filter(|note| note.what == UNLISTED).count() < MOST_UNLISTED {
            self.note(UNLISTED, address, now);
        }
    }

    fn note(&mut self, what: &str, about: &str, now: Instant) {
        let about = cut(about, 60);
        let known = self.health.notes.iter().any(|note| note.what == what && note.about == about);
        if !known && self.health.notes.len() < MOST_NOTES {
            self.health.notes.push(Noted { what: what.into(), about, at: now });
        }
    }
}

/// The names of an answer's fields, and of those within its objects; never a value.
fn fields(body: &[u8]) -> Vec<String> {
    let mut all = Vec::new();
    let Ok(Tree::Object(object)) = Tree::parse(body) else { return all };
    for (name, value) in object.iter() {
        all.push(name.to_owned());
        if let Tree::Object(within) = value {
            all.extend(within.iter().map(|(inner, _)| [name, ".", inner].concat()));
        }
    }
    all.retain(|name| name.len() <= 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)));
    all
}
