//! Our own types from a JSON tree and back: a small reader and a small writer, made once for each type.
//!
//! serde makes a type's reading anew for every source, and serde_json's tree reader allows for shapes that our documents never have (a struct as a list, fields
//! by number, floats). These two take a third off the whole module, and errors say where: `settings.channels.0.id: expected a string`. They never repeat
//! a value, which may be a secret.
//!
//! ```
//! use efectivo::json;
//! use efectivo::money::Money;
//! let tree = serde_json::json!({"minor": 12345, "currency": "PEN"});
//! assert_eq!(json::read::<Money>(&tree).unwrap().to_string(), "S/\u{a0}123.45");
//! let why = json::read::<Money>(&serde_json::json!({"minor": "12345", "currency": "PEN"})).unwrap_err();
//! assert!(why.to_string().starts_with("minor: expected "), "{why}");
//! ```

mod write;

pub use write::tree;

use core::fmt::{self, Display};
use serde::de::{self, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected, VariantAccess, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::Value;

/// Reads a value of our own from a tree; text may be borrowed from it.
///
/// # Errors
/// [`Mismatch`], which says where and what was expected.
pub fn read<'a, T: de::Deserialize<'a>>(tree: &'a Value) -> Result<T, Mismatch> {
    T::deserialize(Tree(tree))
}

/// Why a tree isn't what was expected: where, and what should stand there. Never the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(Box<(String, String)>);

impl Mismatch {
    #[inline(never)]
    fn told(why: &dyn Display) -> Self {
        Self(Box::new((String::new(), why.to_string())))
    }

    #[inline(never)]
    fn expected(what: &dyn Expected) -> Self {
        Self::told(&format_args!("expected {what}"))
    }

    /// The same, one step further out.
    #[inline(never)]
    fn at(mut self, step: &dyn Display) -> Self {
        let inner = core::mem::take(&mut self.0.0);
        self.0.0 = if inner.is_empty() { step.to_string() } else { format!("{step}.{inner}") };
        self
    }
}

impl Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, why) = &*self.0;
        if place.is_empty() { out.write_str(why) } else { write!(out, "{place}: {why}") }
    }
}

impl core::error::Error for Mismatch {}

impl de::Error for Mismatch {
    fn custom<T: Display>(why: T) -> Self {
        Self::told(&why)
    }
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }
    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        Self::expected(expected)
    }
    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::told(&format_args!("expected one of {}", expected.join(", ")))
    }
    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::told(&format_args!("unknown field `{field}`"))
    }
    fn missing_field(field: &'static str) -> Self {
        Self::told(&format_args!("missing field `{field}`"))
    }
    fn duplicate_field(field: &'static str) -> Self {
        Self::told(&format_args!("field `{field}` twice"))
    }
}

/// A place in the tree.
#[derive(Clone, Copy)]
struct Tree<'a>(&'a Value);

impl<'de> Tree<'de> {
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match (self.0.as_u64(), self.0.as_i64()) {
            (Some(number), _) => visitor.visit_u64(number),
            (None, Some(number)) => visitor.visit_i64(number),
            (None, None) => Err(Mismatch::expected(&visitor)),
        }
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::String(text) => visitor.visit_borrowed_str(text),
            _ => Err(Mismatch::expected(&visitor)),
        }
    }

    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Array(list) => visitor.visit_seq(Items { list: list.iter(), at: 0 }),
            _ => Err(Mismatch::expected(&visitor)),
        }
    }

    fn fields<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Object(map) => visitor.visit_map(Fields { map: map.iter(), key: "", value: &Value::Null }),
            _ => Err(Mismatch::expected(&visitor)),
        }
    }
}

macro_rules! all {
    ($to:ident: $($name:ident)*) => {
        $(fn $name<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> { self.$to(visitor) })*
    };
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Mismatch;

    all!(number: deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64);
    all!(text: deserialize_char deserialize_str deserialize_string deserialize_identifier);
    all!(list: deserialize_seq deserialize_bytes deserialize_byte_buf);
    all!(fields: deserialize_map);

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(yes) => visitor.visit_bool(*yes),
            Value::Number(_) => self.number(visitor),
            Value::String(_) => self.text(visitor),
            Value::Array(_) => self.list(visitor),
            Value::Object(_) => self.fields(visitor),
        }
    }
    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        match self.0 {
            Value::Bool(yes) => visitor.visit_bool(*yes),
            _ => Err(Mismatch::expected(&visitor)),
        }
    }
    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }
    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        if self.0.is_null() { visitor.visit_unit() } else { Err(Mismatch::expected(&visitor)) }
    }
    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        self.deserialize_unit(visitor)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.list(visitor)
    }
    fn deserialize_tuple_struct<V: Visitor<'de>>(self, _: &'static str, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        self.list(visitor)
    }
    fn deserialize_struct<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        self.fields(visitor)
    }
    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        match variant(self.0) {
            Some(variant) => visitor.visit_enum(variant),
            None => Err(Mismatch::expected(&visitor)),
        }
    }
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_unit()
    }
    forward_to_deserialize_any! { f32 f64 }
}

/// `"name"` or `{"name": value}`.
#[inline(never)]
fn variant(tree: &Value) -> Option<Variant<'_>> {
    match tree {
        Value::String(name) => Some(Variant { name, value: None }),
        Value::Object(map) if map.len() == 1 => map.iter().next().map(|(name, value)| Variant { name, value: Some(value) }),
        _ => None,
    }
}

struct Variant<'a> {
    name: &'a str,
    value: Option<&'a Value>,
}

impl Variant<'_> {
    #[inline(never)]
    fn without_value(&self) -> Mismatch {
        Mismatch::told(&"expected a value").at(&self.name)
    }
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = Mismatch;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Mismatch> {
        Ok((seed.deserialize(Key(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = Mismatch;

    fn unit_variant(self) -> Result<(), Mismatch> {
        match self.value {
            None | Some(Value::Null) => Ok(()),
            Some(_) => Err(Mismatch::told(&"expected no value").at(&self.name)),
        }
    }
    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Mismatch> {
        match self.value {
            Some(value) => seed.deserialize(Tree(value)).map_err(|why| why.at(&self.name)),
            None => Err(self.without_value()),
        }
    }
    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Some(value) => Tree(value).list(visitor).map_err(|why| why.at(&self.name)),
            None => Err(self.without_value()),
        }
    }
    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        match self.value {
            Some(value) => Tree(value).fields(visitor).map_err(|why| why.at(&self.name)),
            None => Err(self.without_value()),
        }
    }
}

struct Items<'a> {
    list: core::slice::Iter<'a, Value>,
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Mismatch;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        let Some(value) = self.list.next() else { return Ok(None) };
        self.at += 1;
        seed.deserialize(Tree(value)).map(Some).map_err(|why| why.at(&(self.at - 1)))
    }
}

struct Fields<'a> {
    map: serde_json::map::Iter<'a>,
    key: &'a str,
    value: &'a Value,
}

impl Fields<'_> {
    #[inline(never)]
    fn step(&mut self) -> bool {
        let Some((key, value)) = self.map.next() else { return false };
        (self.key, self.value) = (key, value);
        true
    }
}

impl<'de> MapAccess<'de> for Fields<'de> {
    type Error = Mismatch;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Mismatch> {
        if self.step() { seed.deserialize(Key(self.key)).map(Some) } else { Ok(None) }
    }
    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Mismatch> {
        seed.deserialize(Tree(self.value)).map_err(|why| why.at(&self.key))
    }
}

/// The name of a field or of a variant.
struct Key<'a>(&'a str);

impl<'de> Deserializer<'de> for Key<'de> {
    type Error = Mismatch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_borrowed_str(self.0)
    }
    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_newtype_struct(self)
    }
    fn deserialize_enum<V: Visitor<'de>>(self, _: &'static str, _: &'static [&'static str], visitor: V) -> Result<V::Value, Mismatch> {
        visitor.visit_enum(Variant { name: self.0, value: None })
    }
    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}
