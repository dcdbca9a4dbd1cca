//! Names that must not be swapped: each kind of identifier is a type of its own.
//!
//! ```
//! use efectivo::names::OrderKey;
//! assert_eq!(OrderKey::new("1001").as_str(), "1001");
//! ```

use crate::json::{Read, Write};
use core::fmt;

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
        #[json(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes the text as it is.
            pub fn new(text: &str) -> Self { Self(text.into()) }
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
            /// Whether there is none.
            pub fn is_empty(&self) -> bool { self.0.is_empty() }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )* };
}

names! {
    /// One order's payment story: 32 hexadecimal digits, drawn by the host.
    CaseId;
    /// The shop's own key of an order, as the shop's software gives it.
    OrderKey;
    /// One way to a provider: shop, provider, account and mode.
    ChannelId;
    /// What we call an attempt to a provider: `<shop tag>-<order>-<attempt>`, at most 36 characters.
    Reference;
    /// What a provider calls the payment (a dLocal id, a CIP).
    ProviderId;
    /// What a provider calls one payment made at a counter (PagoEfectivo's `operationNumber`).
    PaymentId;
    /// The digits that a shopper dictates or types: the CIP.
    Digits;
    /// The random part of the shopper's link: at least 128 bits.
    PageToken;
    /// A key that makes a repeated create or refund harmless where a provider documents one.
    IdempotencyKey;
    /// Our key of a refund.
    RefundKey;
}

/// The languages that pages and mails can be in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
pub enum Locale {
    /// Peruvian Spanish, the default for shoppers.
    #[default]
    #[json(rename = "es-PE")]
    EsPe,
    /// International Spanish (merchant screens).
    #[json(rename = "es")]
    Es,
    /// English.
    #[json(rename = "en")]
    En,
    /// Simplified Chinese.
    #[json(rename = "zh-CN")]
    ZhCn,
}

/// How Spanish speaks to the shopper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Tone {
    /// tú
    #[default]
    Tu,
    /// usted, for banks and insurers
    Usted,
}

/// Whether real money moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Mode {
    /// The provider's test environment, or ours.
    Test,
    /// Real money.
    Live,
}

/// The providers that this build knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Provider {
    /// Our own simulated provider.
    Sandbox,
    /// PagoEfectivo's own API.
    Pagoefectivo,
    /// dLocal Payins.
    Dlocal,
    /// Mercado Pago Peru.
    MercadoPago,
    /// Culqi's orders.
    Culqi,
    /// PayU Latam, Peru.
    Payu,
    /// EBANX Direct API.
    Ebanx,
    /// Paysafe Payments API.
    Paysafe,
    /// Bamboo Payment.
    Bamboo,
    /// dLocal Go; unconfirmed for PagoEfectivo, like those after it.
    DlocalGo,
    /// Rapyd Collect.
    Rapyd,
    /// Kushki cash-in.
    Kushki,
    /// PagSeguro International, once BoaCompra.
    Pagseguro,
}

impl Provider {
    /// Every provider, in the order in which they are listed to a merchant.
    pub const ALL: [Self; 13] = [
        Self::Sandbox,
        Self::Pagoefectivo,
        Self::Dlocal,
        Self::MercadoPago,
        Self::Culqi,
        Self::Payu,
        Self::Ebanx,
        Self::Paysafe,
        Self::Bamboo,
        Self::DlocalGo,
        Self::Rapyd,
        Self::Kushki,
        Self::Pagseguro,
    ];

    /// The name in JSON and in file names.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sandbox => "sandbox",
            Self::Pagoefectivo => "pagoefectivo",
            Self::Dlocal => "dlocal",
            Self::MercadoPago => "mercado_pago",
            Self::Culqi => "culqi",
            Self::Payu => "payu",
            Self::Ebanx => "ebanx",
            Self::Paysafe => "paysafe",
            Self::Bamboo => "bamboo",
            Self::DlocalGo => "dlocal_go",
            Self::Rapyd => "rapyd",
            Self::Kushki => "kushki",
            Self::Pagseguro => "pagseguro",
        }
    }
}
