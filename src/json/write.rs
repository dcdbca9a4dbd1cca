//! The writer: a type of our own into a JSON tree.

use core::fmt::{self, Display};
use serde::ser::{
    self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct, Serializer,
};
use serde_json::{Map, Number, Value};

/// The tree of a value of our own; `null` where it has none (a float, a key that isn't text: our types have neither).
pub fn tree<T: Serialize>(value: T) -> Value {
    value.serialize(Writer).unwrap_or_default()
}

/// There is no tree for this.
#[derive(Debug)]
struct NoTree;

impl Display for NoTree {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("no tree")
    }
}

impl core::error::Error for NoTree {}

impl ser::Error for NoTree {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

struct Writer;

/// A list being written, under the name of its variant where it has one.
struct List(Vec<Value>);

/// An object being written, under the name of its variant where it has one.
struct Object {
    map: Map<String, Value>,
    key: String,
    variant: &'static str,
}

impl Object {
    fn new(variant: &'static str) -> Self {
        Self { map: Map::new(), key: String::new(), variant }
    }
    #[inline(never)]
    fn put(&mut self, key: &str, value: Value) {
        self.map.insert(key.to_owned(), value);
    }
    #[inline(never)]
    fn done(self) -> Value {
        if self.variant.is_empty() { Value::Object(self.map) } else { under(self.variant, Value::Object(self.map)) }
    }
}

#[inline(never)]
fn under(variant: &'static str, value: Value) -> Value {
    let mut map = Map::new();
    map.insert(variant.to_owned(), value);
    Value::Object(map)
}

#[inline(never)]
fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

macro_rules! numbers {
    ($($name:ident $of:ty),*) => {
        $(fn $name(self, number: $of) -> Result<Value, NoTree> { Ok(Value::Number(Number::from(number))) })*
    };
}

impl Serializer for Writer {
    type Ok = Value;
    type Error = NoTree;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = List;
    type SerializeTupleVariant = Impossible<Value, NoTree>;
    type SerializeMap = Object;
    type SerializeStruct = Object;
    type SerializeStructVariant = Object;

    numbers!(serialize_i8 i8, serialize_i16 i16, serialize_i32 i32, serialize_i64 i64, serialize_u8 u8, serialize_u16 u16, serialize_u32 u32, serialize_u64 u64);

    fn serialize_bool(self, yes: bool) -> Result<Value, NoTree> {
        Ok(Value::Bool(yes))
    }
    fn serialize_f32(self, _: f32) -> Result<Value, NoTree> {
        Err(NoTree)
    }
    fn serialize_f64(self, _: f64) -> Result<Value, NoTree> {
        Err(NoTree)
    }
    fn serialize_char(self, letter: char) -> Result<Value, NoTree> {
        Ok(text(letter.encode_utf8(&mut [0; 4])))
    }
    fn serialize_str(self, said: &str) -> Result<Value, NoTree> {
        Ok(text(said))
    }
    fn serialize_bytes(self, _: &[u8]) -> Result<Value, NoTree> {
        Err(NoTree)
    }
    fn serialize_none(self) -> Result<Value, NoTree> {
        Ok(Value::Null)
    }
    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, NoTree> {
        value.serialize(self)
    }
    fn serialize_unit(self) -> Result<Value, NoTree> {
        Ok(Value::Null)
    }
    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, NoTree> {
        Ok(Value::Null)
    }
    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Value, NoTree> {
        Ok(text(variant))
    }
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Value, NoTree> {
        value.serialize(self)
    }
    fn serialize_newtype_variant<T: Serialize + ?Sized>(self, _: &'static str, _: u32, variant: &'static str, value: &T) -> Result<Value, NoTree> {
        Ok(under(variant, value.serialize(self)?))
    }
    fn serialize_seq(self, _: Option<usize>) -> Result<List, NoTree> {
        Ok(List(Vec::new()))
    }
    fn serialize_tuple(self, _: usize) -> Result<List, NoTree> {
        Ok(List(Vec::new()))
    }
    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<List, NoTree> {
        Ok(List(Vec::new()))
    }
    fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant, NoTree> {
        Err(NoTree)
    }
    fn serialize_map(self, _: Option<usize>) -> Result<Object, NoTree> {
        Ok(Object::new(""))
    }
    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Object, NoTree> {
        Ok(Object::new(""))
    }
    fn serialize_struct_variant(self, _: &'static str, _: u32, variant: &'static str, _: usize) -> Result<Object, NoTree> {
        Ok(Object::new(variant))
    }
}

impl List {
    #[inline(never)]
    fn put(&mut self, value: Value) {
        self.0.push(value);
    }
}

impl SerializeSeq for List {
    type Ok = Value;
    type Error = NoTree;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTree> {
        self.put(value.serialize(Writer)?);
        Ok(())
    }
    fn end(self) -> Result<Value, NoTree> {
        Ok(Value::Array(self.0))
    }
}

impl SerializeTuple for List {
    type Ok = Value;
    type Error = NoTree;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTree> {
        SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Result<Value, NoTree> {
        SerializeSeq::end(self)
    }
}

impl SerializeTupleStruct for List {
    type Ok = Value;
    type Error = NoTree;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTree> {
        SerializeSeq::serialize_element(self, value)
    }
    fn end(self) -> Result<Value, NoTree> {
        SerializeSeq::end(self)
    }
}

impl SerializeMap for Object {
    type Ok = Value;
    type Error = NoTree;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), NoTree> {
        match key.serialize(Writer)? {
            Value::String(key) => {
                self.key = key;
                Ok(())
            }
            _ => Err(NoTree),
        }
    }
    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), NoTree> {
        let value = value.serialize(Writer)?;
        let key = core::mem::take(&mut self.key);
        self.put(&key, value);
        Ok(())
    }
    fn end(self) -> Result<Value, NoTree> {
        Ok(self.done())
    }
}

impl SerializeStruct for Object {
    type Ok = Value;
    type Error = NoTree;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NoTree> {
        self.put(key, value.serialize(Writer)?);
        Ok(())
    }
    fn end(self) -> Result<Value, NoTree> {
        Ok(self.done())
    }
}

impl SerializeStructVariant for Object {
    type Ok = Value;
    type Error = NoTree;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), NoTree> {
        SerializeStruct::serialize_field(self, key, value)
    }
    fn end(self) -> Result<Value, NoTree> {
        Ok(self.done())
    }
}
