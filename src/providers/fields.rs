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

use core::fmt;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::value::RawValue;

/// One object's fields as raw JSON. New fields are welcome; a name that comes twice makes the whole unreadable, since who reads which is anyone's guess.
pub struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Reads a body; `None` for anything but one whole JSON object (HTML, a cut-off text).
    pub fn read(body: &'a [u8]) -> Option<Self> {
        serde_json::from_str(core::str::from_utf8(body).ok()?).ok()
    }

    fn raw(&self, name: &str) -> Option<&'a str> {
        let raw = self.0.iter().find(|(key, _)| key == name)?.1.get();
        (raw != "null").then_some(raw)
    }

    /// A text, or a number or truth value as it is written; `None` where there is none, or an object or list.
    pub fn word(&self, name: &str) -> Option<String> {
        let raw = self.raw(name)?;
        match raw.as_bytes().first()? {
            b'"' => serde_json::from_str(raw).ok(),
            b'{' | b'[' => None,
            _ => Some(raw.into()),
        }
    }

    /// An object.
    pub fn object(&self, name: &str) -> Option<Fields<'a>> {
        Self::read(self.raw(name)?.as_bytes())
    }

    /// A list of objects; `None` also where one of its entries is none.
    pub fn list(&self, name: &str) -> Option<Vec<Fields<'a>>> {
        serde_json::from_str(self.raw(name)?).ok()
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields: Vec<(String, &'de RawValue)> = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, &'de RawValue>()? {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom("a name comes twice"));
            }
            fields.push((name, value));
        }
        Ok(Fields(fields))
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
    let mut text = String::from("{");
    for (name, field) in fields {
        let value = match field {
            Field::Known("") => continue,
            Field::Text(value) | Field::Known(value) => serde_json::to_string(value).expect("a text always becomes JSON"),
            Field::Bare(value) => (*value).into(),
        };
        text.push_str(if text.len() > 1 { ",\"" } else { "\"" });
        text.push_str(name);
        text.push_str("\":");
        text.push_str(&value);
    }
    text.push('}');
    text
}
