//! The tree through serde: for JavaScript's objects, and for whoever reads our types with serde_json.

use super::{Object, Tree, Write};
use core::fmt;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::{self, Serialize, SerializeMap as _, SerializeSeq as _, Serializer};

/// Gives a value of ours to serde, by way of its text.
///
/// # Errors
/// The serializer's own.
pub fn serialized<S: Serializer>(value: &dyn Write, into: S) -> Result<S::Ok, S::Error> {
    Tree::parse(super::text(value).as_bytes()).map_err(ser::Error::custom)?.serialize(into)
}

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, into: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => into.serialize_unit(),
            Self::Bool(yes) => into.serialize_bool(*yes),
            Self::Number(digits) => match (digits.parse(), digits.parse()) {
                (Ok(number), _) => into.serialize_i64(number),
                (_, Ok(number)) => into.serialize_u64(number),
                _ => into.serialize_str(digits), // a decimal: a float would lose its digits
            },
            Self::Text(text) => into.serialize_str(text),
            Self::List(list) => {
                let mut seq = into.serialize_seq(Some(list.len()))?;
                list.iter().try_for_each(|value| seq.serialize_element(value))?;
                seq.end()
            }
            Self::Object(object) => {
                let mut map = into.serialize_map(Some(object.iter().len()))?;
                object.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Tree<'static> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Tree<'static>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON; a decimal as a text")
    }
    fn visit_unit<E: Error>(self) -> Result<Tree<'static>, E> {
        Ok(Tree::Null)
    }
    fn visit_none<E: Error>(self) -> Result<Tree<'static>, E> {
        Ok(Tree::Null)
    }
    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Tree<'static>, D::Error> {
        Tree::deserialize(from)
    }
    fn visit_bool<E: Error>(self, yes: bool) -> Result<Tree<'static>, E> {
        Ok(Tree::Bool(yes))
    }
    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree<'static>, E> {
        Ok(Tree::Number(number.to_string().into()))
    }
    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree<'static>, E> {
        Ok(Tree::Number(number.to_string().into()))
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<Tree<'static>, E> {
        Ok(Tree::Text(text.to_owned().into()))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree<'static>, A::Error> {
        let mut list = Vec::new();
        while let Some(value) = seq.next_element()? {
            list.push(value);
        }
        Ok(Tree::List(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree<'static>, A::Error> {
        let mut object = Object::default();
        while let Some((name, value)) = map.next_entry::<String, Tree<'static>>()? {
            if !object.add(name.into(), value) {
                return Err(Error::custom("a name stands twice"));
            }
        }
        Ok(Tree::Object(object))
    }
}
