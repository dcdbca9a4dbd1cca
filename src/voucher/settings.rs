//! A merchant's settings: the shop, its words, how long codes live, and the channels to providers. Credentials are never among them.

use crate::clock::MINUTE;
use crate::json::{Read, Write};
use crate::money::{Currency, Money};
use crate::names::{ChannelId, Mode, Provider};
pub use crate::names::{Locale, Tone};

/// What shoppers see of the shop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields, default)]
pub struct ShopCard {
    /// The shop's name.
    pub name: String,
    /// At most 8 letters or digits; begins every reference, so that two shops on one account can't collide.
    pub tag: String,
    /// Where the shopper's pages live, without a final slash: `https://shop.example/pago`.
    pub page_url: String,
    /// How a shopper reaches a person: an e-mail address, phone or link, shown as it is.
    pub contact: String,
    /// Whom to write to about personal data; empty means `contact`.
    pub privacy_contact: String,
    /// The privacy policy's address; empty for none.
    pub privacy_url: String,
    /// The Libro de Reclamaciones' address; empty for none.
    pub complaints_url: String,
    /// Whether the shop issues boletas or facturas itself, so that the page says so.
    pub issues_receipts: bool,
    /// The sender of mails, `name@shop.example`.
    pub mail_from: String,
}

/// Whether and how the address that a notice came from counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum AllowlistRule {
    /// Not looked at.
    #[default]
    Off,
    /// Noted once an address at the channel and told beside the verdict, decides nothing.
    Signal,
    /// Needed besides the signature.
    Enforce,
}

/// The addresses that a channel's notices may come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields, default)]
pub struct Allowlist {
    /// How the list counts.
    pub rule: AllowlistRule,
    /// Addresses or CIDR ranges, IPv4 or IPv6; where there are none, those that the provider publishes.
    pub addresses: Vec<String>,
    /// Proxies in front of the host, as addresses or ranges; only then is `X-Forwarded-For` read, its right-most untrusted hop.
    pub trusted_proxies: Vec<String>,
}

/// What happens to an order whose create was lost where nobody can tell whether a code was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum LostCreate {
    /// The next channel makes a code; a review says that there may be two.
    #[default]
    NextChannel,
    /// The order waits without a code until a person decides.
    Wait,
}

impl LostCreate {
    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// One way to a provider.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct ChannelSettings {
    /// The channel's name, also the last part of its notice path.
    pub id: ChannelId,
    /// Which provider.
    pub provider: Provider,
    /// Test or live.
    pub mode: Mode,
    /// Whether new codes may be asked for; notices and queries of old ones go on regardless.
    #[json(default = "yes")]
    pub enabled: bool,
    /// Whether the provider told the merchant that PagoEfectivo is enabled on this account. A channel of an unconfirmed provider makes no code without it.
    #[json(default, skip_serializing_if = "is_no")]
    pub confirmed: bool,
    /// The address that the provider calls, exactly as given to the provider.
    #[json(default)]
    pub notice_url: String,
    /// Where a sandbox on this machine serves this provider's endpoints, `http://127.0.0.1:PORT/...`; only in test mode.
    #[json(default)]
    pub sandbox_url: String,
    /// The currencies that this account takes.
    #[json(default = "soles")]
    pub currencies: Vec<Currency>,
    /// The smallest amount, where the contract has one tighter than the provider's.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub least: Option<Money>,
    /// The largest amount, likewise.
    #[json(default, skip_serializing_if = "Option::is_none")]
    pub most: Option<Money>,
    /// Product categories that don't go by this channel, as the shop names them.
    #[json(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded_categories: Vec<String>,
    /// Addresses that notices may come from.
    #[json(default)]
    pub allowlist: Allowlist,
}

impl ChannelSettings {
    /// Whether an order with products of these categories must go by another channel.
    pub fn excludes(&self, categories: &[String]) -> bool {
        self.excluded_categories.iter().any(|excluded| categories.contains(excluded))
    }
}

fn yes() -> bool {
    true
}

fn is_no(set: &bool) -> bool {
    !set
}

fn soles() -> Vec<Currency> {
    vec![Currency::Pen]
}

/// The shortest and longest validity that a merchant can choose, in hours.
pub const VALIDITY_HOURS: core::ops::RangeInclusive<u16> = 24..=72;
/// The longest grace before an automatic cancel, in hours.
pub const CANCEL_GRACE_HOURS: core::ops::RangeInclusive<u16> = 0..=96;

/// Everything that a merchant sets, but for credentials.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields, default)]
pub struct Settings {
    /// The shop.
    pub shop: ShopCard,
    /// The shopper's language.
    pub locale: Locale,
    /// How Spanish addresses the shopper.
    pub tone: Tone,
    /// How long a code can be paid, 24 to 72, where the provider takes it.
    pub validity_hours: u16,
    /// How long after the deadline the order is kept for late reports, 0 to 96.
    pub cancel_grace_hours: u16,
    /// A Code 128 of the code on the page although no provider returned one, labelled as for the shop's own use.
    pub show_own_barcode: bool,
    /// Mails that are switched off.
    pub mails_off: Vec<MailKind>,
    /// What happens where nobody can tell whether a lost create made a code.
    #[json(skip_serializing_if = "LostCreate::is_default")]
    pub lost_create: LostCreate,
    /// Whether the shop system can't bring a cancelled order back; late money is then never offered to be accepted.
    #[json(skip_serializing_if = "is_off")]
    pub cancel_is_final: bool,
    /// Whether the checkout waits for one code only: a shopper gets no other once it is dead.
    #[json(skip_serializing_if = "is_off")]
    pub one_code: bool,
    /// The channels, in the order in which they are tried.
    pub channels: Vec<ChannelSettings>,
}

fn is_off(on: &bool) -> bool {
    !on
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            shop: ShopCard::default(),
            locale: Locale::default(),
            tone: Tone::default(),
            validity_hours: 48,
            cancel_grace_hours: 24,
            show_own_barcode: false,
            mails_off: Vec::new(),
            lost_create: LostCreate::default(),
            cancel_is_final: false,
            one_code: false,
            channels: Vec::new(),
        }
    }
}

/// The mails that a shopper gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum MailKind {
    /// The code and how to pay it.
    New,
    /// A day before the deadline, where validity is over 30 hours.
    Reminder,
    /// Three hours before the deadline.
    LastCall,
    /// Not paid in time.
    Lapsed,
    /// Paid.
    Paid,
    /// Paid after the order was closed.
    Late,
}

impl MailKind {
    /// How often a shopper can have the code mailed.
    pub const AGAIN_EVERY: i64 = 5 * MINUTE;

    /// Every kind.
    pub const ALL: [Self; 6] = [Self::New, Self::Reminder, Self::LastCall, Self::Lapsed, Self::Paid, Self::Late];

    /// The name in ids.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Reminder => "reminder",
            Self::LastCall => "last-call",
            Self::Lapsed => "lapsed",
            Self::Paid => "paid",
            Self::Late => "late",
        }
    }
}
