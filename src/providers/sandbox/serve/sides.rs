//! The protocols, and the one place that picks a side by name: how it answers, what it tells of a code, how it signs that and how often it tries.

use super::world::{Accounts, Coupon, World};
use super::{Arrival, Parcel, Response};
use crate::clock::Instant;
use crate::json::{Read, Write};

/// Every side by name: its path and folder, its name in [`Protocol`]. Matches, not pointers: a host that sells without the sandbox can leave the sides out.
macro_rules! sides {
    ($($path:ident $name:ident,)*) => {
        /// The protocols.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Write, Read)]
        #[json(rename_all = "snake_case")]
        #[allow(missing_docs)]
        pub enum Protocol { $($name,)* }

        const PATHS: &[(&str, Protocol)] = &[$((concat!("/", stringify!($path)), Protocol::$name),)*];

        impl Protocol {
            /// Answers a request.
            pub(super) fn answer(self, world: &mut World, arrival: &Arrival<'_>, now: Instant) -> Response {
                match self { $(Self::$name => super::$path::answer(world, arrival, now),)* }
            }

            /// What it tells of a code as it stands; nothing where it keeps silent about that.
            pub(super) fn notice(self, world: &World, code: &Coupon, now: Instant) -> Option<String> {
                match self { $(Self::$name => super::$path::notice(world, code, now),)* }
            }

            /// Makes a parcel what really leaves: headers, signature, address.
            pub(super) fn seal(self, by: &Seal<'_>, parcel: &mut Parcel) {
                match self { $(Self::$name => super::$path::seal(by, parcel),)* }
            }

            /// The body of its 500, and how long after each try that was not answered 2xx the next one follows.
            pub(super) fn habits(self) -> (&'static str, &'static [i64]) {
                match self { $(Self::$name => (super::$path::BROKEN, super::$path::WAITS),)* }
            }
        }
    };
}

sides! {
    own Own,
    pagoefectivo Pagoefectivo,
    dlocal Dlocal,
    mercado_pago MercadoPago,
    culqi Culqi,
    payu Payu,
    ebanx Ebanx,
    paysafe Paysafe,
    bamboo Bamboo,
    dlocal_go DlocalGo,
    rapyd Rapyd,
    kushki Kushki,
    pagseguro Pagseguro,
}

impl Protocol {
    /// The protocol that a path names first, and the rest of the path.
    pub(super) fn of_path(path: &str) -> Option<(Self, &str)> {
        PATHS.iter().find_map(|(prefix, protocol)| Some((*protocol, path.strip_prefix(prefix).filter(|rest| rest.starts_with('/'))?)))
    }
}

/// What a notice is signed with.
pub(super) struct Seal<'a> {
    pub accounts: &'a Accounts,
    pub forged: bool,
    pub now: Instant,
}

impl Seal<'_> {
    /// The account's secret, or a key that nobody gave.
    pub fn key(&self, name: &str) -> &str {
        if self.forged { "not-the-key" } else { self.accounts.get(name) }
    }
}
