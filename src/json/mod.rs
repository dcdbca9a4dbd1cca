//! JSON, and our own types from it and into it: one tree, one reader and one writer for all of them.
//!
//! serde makes a type's reading anew for every source; a tree in between and a derive that only names fields make the whole module half as large.
//! Numbers keep their own digits, so that no amount is ever a float. Errors say where: `settings.channels.0.id: expected a text`; they never repeat
//! a value, which may be a secret. A name that comes twice in an object makes it unreadable: who reads which is anyone's guess.
//!
//! ```
//! use efectivo::json::{self, Tree};
//! use efectivo::money::Money;
//! let tree = Tree::parse(br#"{"minor": 12345, "currency": "PEN"}"#).unwrap();
//! assert_eq!(json::read::<Money>(&tree).unwrap().to_string(), "S/\u{a0}123.45");
//! let why = json::read::<Money>(&json::json!({"minor": "12345", "currency": "PEN"})).unwrap_err();
//! assert!(why.to_string().starts_with("minor: expected "), "{why}");
//! ```

mod members;
mod parse;
mod serde;
mod text;
mod types;

pub use efectivo_derive::{Read, Write};
pub use members::{Mismatch, Shape, Variant, object};

/// One JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tree {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, in its own digits.
    Number(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Tree>),
    /// An object.
    Object(Object),
}

/// An object's members, in the order of their names; each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Object(Vec<(String, Tree)>);

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

/// What can be written as a tree.
pub trait Write {
    /// Its tree.
    fn tree(&self) -> Tree;
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

/// The tree of a value of our own.
pub fn tree(value: impl Write) -> Tree {
    value.tree()
}

/// The JSON text of a value of our own.
pub fn text(value: &dyn Write) -> String {
    value.tree().to_string()
}

/// `{"name": value}`: a variant, or an answer's only member.
pub fn under(name: &str, value: &dyn Write) -> Tree {
    let mut object = Object::default();
    object.put(name, value);
    Tree::Object(object)
}

impl Object {
    /// Puts a member in, in place of one of the same name.
    #[inline(never)]
    pub fn put(&mut self, name: &str, value: &dyn Write) {
        self.place(name.into(), value.tree());
    }

    /// Puts a member in; returns what stood under its name.
    pub fn place(&mut self, name: String, value: Tree) -> Option<Tree> {
        match self.0.binary_search_by(|(known, _)| known.as_str().cmp(&name)) {
            Ok(place) => self.0.get_mut(place).map(|(_, old)| core::mem::replace(old, value)),
            Err(place) => {
                self.0.insert(place, (name, value));
                None
            }
        }
    }

    /// The member of a name.
    pub fn get(&self, name: &str) -> Option<&Tree> {
        let place = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Tree> {
        let place = self.0.binary_search_by(|(known, _)| known.as_str().cmp(name)).ok()?;
        Some(self.0.remove(place).1)
    }

    /// Every member, in the order of names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Tree)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Every member, to keep.
    pub fn into_members(self) -> impl ExactSizeIterator<Item = (String, Tree)> {
        self.0.into_iter()
    }
}

impl Tree {
    /// The text, where it is one.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The object, where it is one.
    pub fn as_object(&self) -> Option<&Object> {
        if let Self::Object(object) = self { Some(object) } else { None }
    }

    /// The member of a name, where this is an object that has one.
    pub fn get(&self, name: &str) -> Option<&Tree> {
        self.as_object()?.get(name)
    }

    /// An object of these members.
    pub fn object(members: &[(&str, &dyn Write)]) -> Self {
        let mut object = Object::default();
        members.iter().for_each(|(name, value)| object.put(name, *value));
        Self::Object(object)
    }
}

impl From<&str> for Tree {
    fn from(text: &str) -> Self {
        Self::Text(text.into())
    }
}

/// A tree as it is written in JSON, with Rust values in it; `{…}` and `[…]` inside another need `json!` of their own.
#[macro_export]
#[doc(hidden)]
macro_rules! __json {
    ({ $($name:literal : $value:expr),* $(,)? }) => { $crate::json::Tree::object(&[$(($name, &$value)),*]) };
    ([ $($value:expr),* $(,)? ]) => { $crate::json::Tree::List(vec![$($crate::json::Write::tree(&$value)),*]) };
    ($value:expr) => { $crate::json::Write::tree(&$value) };
}
#[doc(inline)]
pub use crate::__json as json;
