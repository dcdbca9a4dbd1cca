//! JSON objects of providers, read and written by name through one small reader and writer: a derived one for each shape would double what adapters weigh.
//!
//! ```
//! use efectivo::providers::fields::{Field::*, Fields, object};
//! let body = object(&[("cip", Bare("123")), ("userEmail", Text("a@b.pe")), ("userPhone", Known(""))]);
//! assert_eq!(body, r#"{"cip":123,"userEmail":"a@b.pe"}"#);
//! let fields = Fields::read(body.as_bytes()).ok_or("no object")?;
//! assert_eq!(fields.word("cip").as_deref(), Some("123")); // a number's own digits: an amount is never a float
//! assert_eq!(fields.word("userPhone"), None);
//! # Ok::<(), &str>(())
//! ```

use crate::json::{Object, Tree, text};
use std::borrow::Cow;

/// One object's fields. New fields are welcome; a name that comes twice makes the whole body unreadable.
pub struct Fields<'a>(Cow<'a, Object<'a>>);

impl<'a> Fields<'a> {
    /// Reads a body; `None` for anything but one whole JSON object (HTML, a cut-off text).
    pub fn read(body: &'a [u8]) -> Option<Self> {
        if let Ok(Tree::Object(object)) = Tree::parse(body) { Some(Self(Cow::Owned(object))) } else { None }
    }
}

impl Fields<'_> {
    /// A text, or a number or truth value as it is written; `None` where there is none, or an object or list.
    pub fn word(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Tree::Text(text) | Tree::Number(text) => Some(text.to_string()),
            Tree::Bool(yes) => Some(yes.to_string()),
            Tree::Null | Tree::List(_) | Tree::Object(_) => None,
        }
    }

    /// Every text or number among the fields.
    pub fn words(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|(name, _)| self.word(name))
    }

    /// An object.
    pub fn object(&self, name: &str) -> Option<Fields<'_>> {
        self.0.get(name)?.as_object().map(|object| Fields(Cow::Borrowed(object)))
    }

    /// A list of objects; `None` also where one of its entries is none.
    pub fn list(&self, name: &str) -> Option<Vec<Fields<'_>>> {
        let Tree::List(list) = self.0.get(name)? else { return None };
        list.iter().map(|tree| tree.as_object().map(|object| Fields(Cow::Borrowed(object)))).collect()
    }
}

/// A value to be written.
#[derive(Clone, Copy)]
pub enum Field<'a> {
    /// A text.
    Text(&'a str),
    /// A text that is left out where it is empty.
    Known(&'a str),
    /// JSON as it stands: a checked number, or an object written before.
    Bare(&'a str),
}

/// Writes an object.
pub fn object(fields: &[(&str, Field<'_>)]) -> String {
    let mut all = String::from("{");
    for (name, field) in fields {
        let value = match field {
            Field::Known("") => continue,
            Field::Text(value) | Field::Known(value) => text(value),
            Field::Bare(value) => (*value).into(),
        };
        all.push_str(if all.len() > 1 { ",\"" } else { "\"" });
        all.push_str(name);
        all.push_str("\":");
        all.push_str(&value);
    }
    all.push('}');
    all
}
