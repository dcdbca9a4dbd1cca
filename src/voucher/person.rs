//! The shopper's personal data: kept as evidence, given to the provider that demands it, shown to nobody.

use crate::json::{Read, Write};
use crate::secret::Personal;

/// What a shop knows of the payer. Nothing is invented: an empty field is an absent one.
#[derive(Clone, Debug, Default, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields, default)]
pub struct Person {
    /// First names.
    pub first_name: Personal,
    /// Family names.
    pub last_name: Personal,
    /// E-mail address.
    pub email: Personal,
    /// Phone in international form, `+51987654321`.
    pub phone: Personal,
    /// `DNI`, `RUC`, `CE` or `PAS`; empty for unknown.
    pub document_type: String,
    /// The document's number.
    pub document: Personal,
    /// The address that the shopper's browser came from, where a provider asks for it.
    pub ip: Personal,
}
