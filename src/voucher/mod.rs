//! What a payment code's story is made of: states and their table, the case with its attempts, refunds, reviews, the shop's order, and a merchant's settings.

pub mod case;
pub mod person;
pub mod refund;
pub mod review;
pub mod settings;
pub mod shop;
pub mod state;

pub use case::{Asked, Attempt, CASE_SCHEMA, Case, Code, Counters, Creation, Handle, Payment, Pending, Route, Standing, Terms, Told, Wish};
pub use person::Person;
pub use refund::{Refund, RefundState};
pub use review::{Closing, Resolution, Review, ReviewKind};
pub use settings::{Allowlist, AllowlistRule, ChannelSettings, Locale, LostCreate, MailKind, Settings, ShopCard, Tone};
pub use shop::{Effect, OrderRead, OrderStatus, Precondition};
pub use state::{State, Turn};
