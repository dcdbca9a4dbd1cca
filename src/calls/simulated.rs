//! The calls of the providers' own side, simulated: one act in the world, and a merchant's account there.

use super::{Answered, CallError, Retry};
use crate::clock::Instant;
use crate::json::{Object, Read, Tree, Written, json};
use crate::names::Provider;
use crate::providers;
use crate::providers::sandbox::serve::{self, Accounts, Act, World};
use crate::voucher::Locale;

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Acted {
    /// The world as stored; none to begin one.
    world: Option<World>,
    /// What a new world begins with.
    begin: Option<Beginning>,
    act: Act,
    now: Instant,
}

#[derive(Read)]
#[json(deny_unknown_fields)]
struct Beginning {
    seed: u64,
    accounts: Accounts,
}

/// The providers' own side, simulated: one act in the world.
pub(super) fn act(locale: Locale, ask: Acted, bytes: &[u8]) -> Answered {
    let wrong = |why: &str| CallError::new(locale, "sandbox", Retry::No, &[("why", why)]);
    let mut world = match (ask.world, ask.begin) {
        (Some(world), None) => world,
        (None, Some(begin)) => World::new(begin.seed, begin.accounts),
        _ => return Err(wrong("world | begin")),
    };
    let served = serve::serve(&mut world, &ask.act, bytes, ask.now).map_err(wrong)?;
    let answer = json!({"response": served.response, "transport": served.transport, "parcels": served.parcels, "next_at": served.next_at,
        "ledger": served.ledger, "world": world});
    Ok((answer, served.body.into_bytes()))
}

#[derive(Read)]
#[json(deny_unknown_fields)]
pub(super) struct Account {
    provider: Provider,
    /// Any text that the host keeps secret; the same one makes the same keys.
    seed: String,
    /// Where this account's notices go.
    notice_url: String,
    /// The public half of a key pair that the host signs with (EBANX): the modulus in hexadecimal digits.
    #[json(default)]
    public_modulus: Option<String>,
}

/// A simulated merchant's account: the sandbox's path of that provider, the keys as the core's credentials want them, and what the world knows of them.
pub(super) fn account(ask: &Account) -> (Written, Vec<u8>) {
    let path = serve::path(ask.provider);
    let (mut keys, mut accounts) = (Object::default(), Object::default());
    let mut known = |name: &str, value: &str| accounts.add([path, "_", name].concat().into(), Tree::Text(value.to_owned().into()));
    for name in providers::abilities(ask.provider).keys {
        let value = serve::key(ask.provider, name, &ask.seed);
        known(name, &value);
        keys.add((*name).into(), Tree::Text(value.into()));
    }
    known("notice_url", &ask.notice_url);
    if let Some(modulus) = &ask.public_modulus {
        known("public_modulus", modulus);
    }
    (json!({"path": path, "keys": Tree::Object(keys), "accounts": Tree::Object(accounts)}), Vec::new())
}
