//! Where a PagoEfectivo code can be paid: the committed list, or a merchant's own in the same form.
//!
//! Limits are contract data. The list only holds one that PagoEfectivo's own operator publishes for that outlet (Disashop); figures of other
//! collectors hint that limits exist and must not hide a place where a shopper could pay, so they are left out.

use crate::json::Read;
use crate::money::{Currency, Money};
use std::borrow::Cow;
use std::sync::OnceLock;

const COMMITTED: &str = include_str!("channels.json");

/// A dated list of places to pay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Read)]
#[json(deny_unknown_fields)]
pub struct Channels {
    /// The form's number, 1.
    pub version: u16,
    /// The day the list was last gathered, `2026-11-23`; an entry may have its own.
    pub verified_on: String,
    /// Where it comes from, for the person who updates it.
    #[json(default)]
    pub sources: Vec<String>,
    /// The places, in the order in which they are shown.
    pub channels: Vec<Channel>,
}

/// How one pays there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Read)]
#[json(rename_all = "snake_case")]
pub enum Kind {
    /// In cash, by dictating the code.
    Agent,
    /// In a bank's app or web.
    App,
    /// At a bank's branch.
    Branch,
}

/// One place to pay.
#[derive(Clone, Debug, PartialEq, Eq, Read)]
#[json(deny_unknown_fields)]
pub struct Channel {
    /// A short name for links and memory, letters, digits and `-`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// How one pays there.
    pub kind: Kind,
    /// The company code that the agent types first; empty for none.
    #[json(default)]
    pub company_code: String,
    /// Words to say there instead of the usual sentence; empty for none.
    #[json(default)]
    pub say: String,
    /// The way through an app's menus, with `{service}` where the service of the currency is chosen ("PagoEfectivo Soles"); empty for "search PagoEfectivo".
    #[json(default)]
    pub menu: Vec<String>,
    /// Currencies it takes; empty for all.
    #[json(default)]
    pub currencies: Vec<Currency>,
    /// The largest amount, only where it is firm.
    #[json(default)]
    pub most: Option<Money>,
    /// What it may charge on top.
    #[json(default)]
    pub fee: Option<Money>,
    /// The day this entry was last checked, where it is not the list's.
    #[json(default)]
    pub verified_on: String,
}

impl Channels {
    /// The committed list, read once, or the merchant's own where it can be read; a broken one of the merchant's must not empty the page.
    pub fn chosen(own: Option<&str>) -> Cow<'static, Self> {
        static READ: OnceLock<Channels> = OnceLock::new();
        match own.and_then(|text| Self::read(text).ok()) {
            Some(own) => Cow::Owned(own),
            None => Cow::Borrowed(READ.get_or_init(|| Self::read(COMMITTED).unwrap_or_default())),
        }
    }

    /// Reads a list, refusing one of another form.
    ///
    /// # Errors
    /// What is wrong with it, in the reader's words.
    pub fn read(text: &str) -> Result<Self, String> {
        let list: Self = crate::json::parse(text.as_bytes()).map_err(|why| why.to_string())?;
        let fits = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        match list.channels.iter().find(|channel| !fits(&channel.id)) {
            _ if list.version != 1 => Err("version".into()),
            Some(channel) => Err(channel.id.clone()),
            None => Ok(list),
        }
    }
}

impl Channel {
    /// Whether it takes this currency at all.
    pub fn takes(&self, currency: Currency) -> bool {
        self.currencies.is_empty() || self.currencies.contains(&currency)
    }

    /// The limit that an amount is over, if it is.
    pub fn limit_under(&self, amount: Money) -> Option<Money> {
        self.most.filter(|most| most.currency == amount.currency && most.minor < amount.minor)
    }
}
