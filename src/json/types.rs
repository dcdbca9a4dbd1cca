//! Reading and writing of what everything else is made of.

use super::{Mismatch, Object, Read, Tree, Write};
use std::collections::BTreeMap;

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl<'t> Read<'t> for $number {
            fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
                digits(tree)?.parse().map_err(|_| Mismatch::expected("a whole number within bounds"))
            }
        }
        impl Write for $number {
            fn tree(&self) -> Tree { Tree::Number(self.to_string()) }
        }
    )* };
}
numbers!(u8, u16, u32, u64, usize, i32, i64);

#[inline(never)]
fn digits(tree: &Tree) -> Result<&str, Mismatch> {
    if let Tree::Number(digits) = tree { Ok(digits) } else { Err(Mismatch::expected("a number")) }
}

impl<'t> Read<'t> for bool {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        if let Tree::Bool(yes) = tree { Ok(*yes) } else { Err(Mismatch::expected("true or false")) }
    }
}
impl Write for bool {
    fn tree(&self) -> Tree {
        Tree::Bool(*self)
    }
}

impl<'t> Read<'t> for &'t str {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        tree.as_text().ok_or_else(|| Mismatch::expected("a text"))
    }
}
impl Write for str {
    fn tree(&self) -> Tree {
        self.into()
    }
}

impl<'t> Read<'t> for String {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        <&str>::read(tree).map(Into::into)
    }
}
impl Write for String {
    fn tree(&self) -> Tree {
        self.as_str().into()
    }
}

impl<'t> Read<'t> for Tree {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        Ok(tree.clone())
    }
}
impl<'t> Read<'t> for &'t Tree {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        Ok(tree)
    }
}
impl Write for Tree {
    fn tree(&self) -> Tree {
        self.clone()
    }
}

impl<T: Write + ?Sized> Write for &T {
    fn tree(&self) -> Tree {
        (*self).tree()
    }
}

impl<'t, T: Read<'t>> Read<'t> for Option<T> {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        if *tree == Tree::Null { Ok(None) } else { T::read(tree).map(Some) }
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}
impl<T: Write> Write for Option<T> {
    fn tree(&self) -> Tree {
        self.as_ref().map_or(Tree::Null, Write::tree)
    }
}

#[inline(never)]
fn list(tree: &Tree) -> Result<&[Tree], Mismatch> {
    if let Tree::List(list) = tree { Ok(list) } else { Err(Mismatch::expected("a list")) }
}

impl<'t, T: Read<'t>> Read<'t> for Vec<T> {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        list(tree)?.iter().enumerate().map(|(place, value)| T::read(value).map_err(|why| why.at(&place.to_string()))).collect()
    }
}
impl<T: Write> Write for [T] {
    fn tree(&self) -> Tree {
        Tree::List(self.iter().map(Write::tree).collect())
    }
}
impl<T: Write> Write for Vec<T> {
    fn tree(&self) -> Tree {
        self.as_slice().tree()
    }
}
impl<T: Write, const N: usize> Write for [T; N] {
    fn tree(&self) -> Tree {
        self.as_slice().tree()
    }
}

macro_rules! tuples {
    ($(($($kind:ident $place:tt),*) of $count:literal),*) => { $(
        impl<'t, $($kind: Read<'t>),*> Read<'t> for ($($kind,)*) {
            fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
                let list = list(tree)?;
                if list.len() != $count {
                    return Err(Mismatch::expected(concat!("a list of ", $count)));
                }
                Ok(($(item::<$kind>(list, $place)?,)*))
            }
        }
        impl<$($kind: Write),*> Write for ($($kind,)*) {
            fn tree(&self) -> Tree { Tree::List(vec![$(self.$place.tree()),*]) }
        }
    )* };
}
tuples!((A 0, B 1) of 2, (A 0, B 1, C 2) of 3, (A 0, B 1, C 2, D 3) of 4);

fn item<'t, T: Read<'t>>(list: &'t [Tree], place: usize) -> Result<T, Mismatch> {
    T::read(list.get(place).unwrap_or(&Tree::Null)).map_err(|why| why.at(&place.to_string()))
}

impl<'t, T: Read<'t>> Read<'t> for Box<T> {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        T::read(tree).map(Self::new)
    }
}
impl<T: Write> Write for Box<T> {
    fn tree(&self) -> Tree {
        (**self).tree()
    }
}

impl<'t, T: Read<'t>> Read<'t> for BTreeMap<String, T> {
    fn read(tree: &'t Tree) -> Result<Self, Mismatch> {
        let object = tree.as_object().ok_or_else(|| Mismatch::expected("an object"))?;
        object.iter().map(|(name, value)| T::read(value).map(|value| (name.into(), value)).map_err(|why| why.at(name))).collect()
    }
}
impl<T: Write> Write for BTreeMap<String, T> {
    fn tree(&self) -> Tree {
        let mut object = Object::default();
        self.iter().for_each(|(name, value)| object.put(name, value));
        Tree::Object(object)
    }
}
