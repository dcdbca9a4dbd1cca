//! The address that a notice came from, against a list of addresses and ranges.
//!
//! ```
//! use efectivo::signature::address::{Listing, listing};
//! let list = ["203.0.113.0/24".to_string()];
//! assert_eq!(listing(&list, &[], &vec![], "203.0.113.9"), Listing::Listed);
//! // Whoever is no declared proxy of ours may write into X-Forwarded-For what they like.
//! let forwarded = vec![("X-Forwarded-For".to_string(), "203.0.113.9".to_string())];
//! assert!(matches!(listing(&list, &[], &forwarded, "198.51.100.7"), Listing::NotListed(Some(_))));
//! assert_eq!(listing(&list, &["198.51.100.7".to_string()], &forwarded, "198.51.100.7"), Listing::Listed);
//! ```

use crate::http::{Headers, header};
use core::net::IpAddr;

/// An address, or a range of them in CIDR form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    first: IpAddr,
    bits: u8,
}

/// Whether the sender is on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// It is.
    Listed,
    /// It is not, or (`None`) could not be made out.
    NotListed(Option<IpAddr>),
}

impl Range {
    /// Reads `203.0.113.7`, `203.0.113.0/24`, `2001:db8::/32`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(address, bits)| (address, Some(bits)));
        let first: IpAddr = address.parse().ok()?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let digits = |bits: &str| bits.bytes().all(|b| b.is_ascii_digit()).then(|| bits.parse().ok()).flatten();
        let bits = bits.map_or(Some(most), digits).filter(|bits| *bits <= most)?;
        Some(Self { first, bits })
    }

    /// Whether an address lies in it; an IPv4 address written as IPv6 (`::ffff:203.0.113.7`) counts as IPv4.
    pub fn holds(self, address: IpAddr) -> bool {
        let same = |first: u128, other: u128, width: u8| (first ^ other).checked_shr(u32::from(width - self.bits)).unwrap_or(0) == 0;
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(other)) => same(first.to_bits().into(), other.to_bits().into(), 32),
            (IpAddr::V6(first), IpAddr::V6(other)) => same(first.to_bits(), other.to_bits(), 128),
            _ => false,
        }
    }
}

/// Judges the sender: the socket's peer, or, only where that is a trusted proxy, the right-most hop of `X-Forwarded-For` that is none.
/// An entry that can't be read matches nothing.
pub fn listing(addresses: &[String], trusted_proxies: &[String], headers: &Headers, peer: &str) -> Listing {
    match sender(trusted_proxies, headers, peer) {
        Some(address) if holds(addresses, address) => Listing::Listed,
        address => Listing::NotListed(address),
    }
}

fn sender(trusted_proxies: &[String], headers: &Headers, peer: &str) -> Option<IpAddr> {
    let mut address: IpAddr = peer.trim().parse().ok()?;
    let hops: Vec<&str> = header(headers, "x-forwarded-for").flat_map(|line| line.split(',')).collect();
    for hop in hops.iter().rev() {
        if !holds(trusted_proxies, address) {
            break;
        }
        address = hop.trim().parse().ok()?;
    }
    Some(address.to_canonical())
}

fn holds(list: &[String], address: IpAddr) -> bool {
    list.iter().filter_map(|text| Range::parse(text)).any(|range| range.holds(address))
}
