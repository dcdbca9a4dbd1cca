//! Strings that must not be seen: secrets (never written out) and personal data (kept only as evidence); both print `[hidden]`.
//!
//! ```
//! let key = efectivo::secret::Secret::new("s3cret");
//! assert_eq!(format!("{key} {key:?}"), "[hidden] [hidden]");
//! assert_eq!(key.expose(), "s3cret");
//! ```

use crate::json::{Read, Write};
use core::fmt;

/// A provider's key, password or token. It has no `Serialize`: what must be stored is exposed on purpose, by name.
#[derive(Clone, Default, PartialEq, Eq, Read)]
#[json(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself, for a signature or a header, or for the channel row that the host encrypts.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Drop for Secret {
    /// Overwrites the bytes as far as safe Rust allows; copies made by a host before the call are the host's to wipe.
    fn drop(&mut self) {
        let mut bytes = core::mem::take(&mut self.0).into_bytes();
        bytes.as_mut_slice().fill(0);
        core::hint::black_box(&bytes);
    }
}

/// A shopper's name, document, e-mail or phone: stored as evidence, sent to the provider that needs it, never shown.
#[derive(Clone, Default, PartialEq, Eq, Write, Read)]
#[json(transparent)]
pub struct Personal(String);

impl Personal {
    /// Wraps a personal text.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself, for a provider's request or a mail's address.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing was given.
    pub fn is_empty(&self) -> bool {
        self.0.trim().is_empty()
    }
}

macro_rules! hidden {
    ($($name:ty),*) => { $(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("[hidden]") }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str("[hidden]") }
        }
    )* };
}
hidden!(Secret, Personal);
