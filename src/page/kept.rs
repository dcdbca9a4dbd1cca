//! The places to pay as they were written once: they take half of a page, and differ from one case to the next only in the code and the amount.
//!
//! A list is written with a mark for each of the two, cut at the marks, and kept for as long as the module lives; nothing of a case is in it.

use super::channels::Channels;
use super::html::Html;
use super::whereto::{self, Paying};
use crate::money::Currency;
use crate::names::{Locale, Tone};
use std::cell::RefCell;

/// Marks that no text of ours holds.
const DIGITS: u8 = 1;
const AMOUNT: u8 = 2;
/// Every language and tone in both currencies, with a limit passed or not.
const MOST: usize = 16;

/// What decides how the committed list reads.
#[derive(Clone, PartialEq, Eq)]
struct Reading {
    locale: Locale,
    tone: Tone,
    currency: Currency,
    /// Which limits the amount is over.
    over: Vec<bool>,
}

/// A list as it was written, in pieces that each end where a mark stands.
struct Written {
    reading: Reading,
    pieces: Vec<(String, u8)>,
}

thread_local! {
    static KEPT: RefCell<Vec<Written>> = const { RefCell::new(Vec::new()) };
}

/// The same as [`whereto::places`] for the committed list.
pub(super) fn places(page: &mut Html, list: &Channels, paying: &Paying<'_>) {
    let over = list.channels.iter().filter(|channel| channel.most.is_some()).map(|channel| channel.limit_under(paying.money).is_some()).collect();
    let reading = Reading { locale: page.locale, tone: page.tone, currency: paying.money.currency, over };
    KEPT.with_borrow_mut(|kept| {
        let found = kept.iter().position(|written| written.reading == reading).unwrap_or_else(|| {
            kept.truncate(MOST - 1);
            kept.push(written(reading, list, paying));
            kept.len() - 1
        });
        for (text, mark) in kept.get(found).iter().flat_map(|written| &written.pieces) {
            page.raw(text);
            match *mark {
                DIGITS => page.text(paying.digits),
                AMOUNT => page.text(paying.amount),
                _ => page,
            };
        }
    });
}

fn written(reading: Reading, list: &Channels, paying: &Paying<'_>) -> Written {
    let mut page = Html::new(reading.locale, reading.tone);
    whereto::places(&mut page, list, &Paying { digits: "\u{1}", amount: "\u{2}", money: paying.money });
    let text = page.finish();
    let mut pieces = Vec::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, DIGITS | AMOUNT)) {
        let (before, after) = rest.split_at(at);
        pieces.push((before.to_owned(), after.bytes().next().unwrap_or_default()));
        rest = after.split_at(1).1;
    }
    pieces.push((rest.to_owned(), 0));
    Written { reading, pieces }
}
