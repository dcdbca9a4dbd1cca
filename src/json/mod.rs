//! JSON, and our own types from it and into it: one tree that they are read from, and one way in which they write themselves.
//!
//! serde makes a type's reading anew for every source; a tree in between and a derive that only names fields make the whole module half as large.
//! A tree borrows its texts from what was parsed, and a value writes its text at once: nothing is copied only to be read or written. Numbers keep
//! their own digits, so that no amount is ever a float. Errors say where: `settings.channels.0.id: expected a text`; they never repeat a value,
//! which may be a secret. A name that comes twice in an object makes it unreadable: who reads which is anyone's guess.
//!
//! ```
//! use efectivo::json::{self, Tree};
//! use efectivo::money::Money;
//! let tree = Tree::parse(br#"{"minor": 12345, "currency": "PEN"}"#).unwrap();
//! assert_eq!(json::read::<Money>(&tree).unwrap().to_string(), "S/\u{a0}123.45");
//! let wrong = Tree::parse(br#"{"minor": "12345", "currency": "PEN"}"#).unwrap();
//! let why = json::read::<Money>(&wrong).unwrap_err();
//! assert!(why.to_string().starts_with("minor: expected "), "{why}");
//! ```

mod members;
mod parse;
mod serde;
mod text;
mod types;

pub use self::serde::serialized;
pub use efectivo_derive::{Read, Write};
pub use members::{Mismatch, Shape, Variant};
pub use text::{Written, members, named, plain, variant, variant_of};
pub(crate) use types::number;

use std::borrow::Cow;

/// One JSON value as it was parsed, its texts borrowed from there.
// The tag takes a word: what stands beside it then moves in words too, where it would be fifteen bytes at odd places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[repr(u32)]
pub enum Tree<'t> {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in its own digits.
    Number(Cow<'t, str>),
    /// A text.
    Text(Cow<'t, str>),
    /// A list.
    List(Vec<Tree<'t>>),
    /// An object.
    Object(Object<'t>),
}

/// An object's members, in the order of their names; each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object<'t>(Vec<(Cow<'t, str>, Tree<'t>)>);

/// What can be read from a tree: a value begins blank and is filled, so that one loop reads every type's fields.
pub trait Read {
    /// A value to be filled; it never leaves the reading as it is.
    fn blank() -> Self
    where
        Self: Sized;

    /// Fills a value that is blank, or its type's default. After an error it is good for nothing.
    ///
    /// # Errors
    /// [`Mismatch`], which says where and what was expected.
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch>;

    /// Whether a member may be absent, and its field then stay blank.
    fn may_be_absent(&self) -> bool {
        false
    }
}

/// What can be written as JSON text.
pub trait Write {
    /// Appends its text: compact, members in the order of their names, and nothing escaped that needn't be.
    fn write(&self, out: &mut String);
}

/// Reads a value of our own from a tree.
///
/// # Errors
/// [`Mismatch`], which says where and what was expected.
pub fn read<T: Read>(tree: &Tree) -> Result<T, Mismatch> {
    let mut value = T::blank();
    value.fill(tree)?;
    Ok(value)
}

/// Reads a value of our own from JSON text.
///
/// # Errors
/// [`Mismatch`]; without a place where the text isn't JSON at all.
pub fn parse<T: Read>(text: &[u8]) -> Result<T, Mismatch> {
    read(&Tree::parse(text)?)
}

/// The JSON text of a value of our own.
pub fn text(value: &dyn Write) -> String {
    let mut text = String::new();
    value.write(&mut text);
    text
}

/// The name of a variant of ours: its text, or the name of the one member that it is.
pub fn name_of(value: &dyn Write) -> String {
    match Tree::parse(text(value).as_bytes()) {
        Ok(Tree::Text(name)) => name.into_owned(),
        Ok(Tree::Object(object)) => object.iter().next().map(|(name, _)| name.to_owned()).unwrap_or_default(),
        _ => String::new(),
    }
}

impl<'t> Object<'t> {
    /// Adds a member; `false` where there is one of its name.
    #[inline(never)]
    pub fn add(&mut self, name: Cow<'t, str>, value: Tree<'t>) -> bool {
        // What we wrote ourselves comes in order.
        if self.0.last().is_none_or(|(last, _)| *last < name) {
            if self.0.len() == self.0.capacity() {
                // What is larger than most is a case, thrice as large.
                self.0.reserve(2 * self.0.len());
            }
            self.0.push((name, value));
            return true;
        }
        let Err(place) = self.find(&name) else { return false };
        self.0.insert(place, (name, value));
        true
    }

    #[inline(never)]
    fn find(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    /// The member of a name.
    pub fn get(&self, name: &str) -> Option<&Tree<'t>> {
        self.0.get(self.find(name).ok()?).map(|(_, value)| value)
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Tree<'t>> {
        let place = self.find(name).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Every member, in the order of names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Tree<'t>)> {
        self.0.iter().map(|(name, value)| (&**name, value))
    }

    /// Every member, to keep.
    pub fn into_members(self) -> impl ExactSizeIterator<Item = (Cow<'t, str>, Tree<'t>)> {
        self.0.into_iter()
    }
}

impl<'t> Tree<'t> {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The object, where it is one.
    pub fn as_object(&self) -> Option<&Object<'t>> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The member of a name, where this is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Tree<'t>> {
        self.as_object()?.get(name)
    }

    /// The same with texts of its own.
    pub fn into_owned(self) -> Tree<'static> {
        let owned = |text: Cow<'t, str>| Cow::Owned(text.into_owned());
        match self {
            Self::Null => Tree::Null,
            Self::Bool(yes) => Tree::Bool(yes),
            Self::Number(digits) => Tree::Number(owned(digits)),
            Self::Text(text) => Tree::Text(owned(text)),
            Self::List(list) => Tree::List(list.into_iter().map(Tree::into_owned).collect()),
            Self::Object(object) => Tree::Object(Object(object.0.into_iter().map(|(name, value)| (owned(name), value.into_owned())).collect())),
        }
    }
}

impl<'t> From<&'t str> for Tree<'t> {
    fn from(text: &'t str) -> Self {
        Self::Text(text.into())
    }
}

/// JSON text as it is written in JSON, with Rust values in it; `{…}` and `[…]` inside another need `json!` of their own.
#[macro_export]
#[doc(hidden)]
macro_rules! __json {
    ({ $($name:literal : $value:expr),* $(,)? }) => { $crate::json::Written::object(&[$(concat!(",\"", $name, "\":")),*], &[$(&$value),*]) };
    ([ $($value:expr),* $(,)? ]) => { $crate::json::Written::list(&[$(&$value),*]) };
    ($value:expr) => { $crate::json::Written::of(&$value) };
}
#[doc(inline)]
pub use crate::__json as json;
