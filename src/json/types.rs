//! Reading and writing of what everything else is made of.

use super::{Mismatch, Object, Read, Tree, Write};
use std::collections::BTreeMap;

macro_rules! numbers {
    ($($number:ty),*) => { $(
        impl Read for $number {
            fn blank() -> Self {
                0
            }
            fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
                *self = whole(tree)?.try_into().map_err(|_| beyond())?;
                Ok(())
            }
        }
        impl Write for $number {
            fn tree(&self) -> Tree {
                number(i64::from(*self))
            }
        }
    )* };
}
numbers!(u8, u16, u32, i32, i64);

impl Read for u64 {
    fn blank() -> Self {
        0
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        *self = digits(tree)?.parse().map_err(|_| beyond())?;
        Ok(())
    }
}
impl Write for u64 {
    fn tree(&self) -> Tree {
        Tree::Number(self.to_string())
    }
}

impl Write for usize {
    fn tree(&self) -> Tree {
        number(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

#[inline(never)]
fn whole(tree: &Tree) -> Result<i64, Mismatch> {
    digits(tree)?.parse().map_err(|_| beyond())
}

#[inline(never)]
fn number(value: i64) -> Tree {
    Tree::Number(value.to_string())
}

#[inline(never)]
fn digits(tree: &Tree) -> Result<&str, Mismatch> {
    if let Tree::Number(digits) = tree { Ok(digits) } else { Err(Mismatch::expected("a number")) }
}

#[inline(never)]
fn beyond() -> Mismatch {
    Mismatch::expected("a whole number within bounds")
}

impl Read for bool {
    fn blank() -> Self {
        false
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        let Tree::Bool(yes) = tree else { return Err(Mismatch::expected("true or false")) };
        *self = *yes;
        Ok(())
    }
}
impl Write for bool {
    fn tree(&self) -> Tree {
        Tree::Bool(*self)
    }
}

impl Write for str {
    fn tree(&self) -> Tree {
        self.into()
    }
}

impl Read for String {
    fn blank() -> Self {
        Self::new()
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        let Tree::Text(text) = tree else { return Err(Mismatch::expected("a text")) };
        self.clone_from(text);
        Ok(())
    }
}
impl Write for String {
    fn tree(&self) -> Tree {
        self.as_str().into()
    }
}

impl Read for Tree {
    fn blank() -> Self {
        Self::Null
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        self.clone_from(tree);
        Ok(())
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

impl<T: Read> Read for Option<T> {
    fn blank() -> Self {
        None
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        if *tree == Tree::Null {
            *self = None;
            return Ok(());
        }
        self.insert(T::blank()).fill(tree)
    }
    fn may_be_absent(&self) -> bool {
        true
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

/// Fills the item of a place.
#[inline(never)]
fn fill_item(item: &mut dyn Read, tree: &Tree, place: usize) -> Result<(), Mismatch> {
    item.fill(tree).map_err(|why| why.at(&place.to_string()))
}

/// A list that is being read: all that its reading knows of the type of its items.
trait Items {
    /// Adds a blank item and lends it.
    fn add(&mut self) -> Option<&mut dyn Read>;
}

impl<T: Read> Items for Vec<T> {
    fn add(&mut self) -> Option<&mut dyn Read> {
        self.push(T::blank());
        self.last_mut().map(|item| item as &mut dyn Read)
    }
}

#[inline(never)]
fn fill_items(items: &mut dyn Items, tree: &Tree) -> Result<(), Mismatch> {
    for (place, tree) in list(tree)?.iter().enumerate() {
        if let Some(item) = items.add() {
            fill_item(item, tree, place)?;
        }
    }
    Ok(())
}

impl<T: Read> Read for Vec<T> {
    fn blank() -> Self {
        Self::new()
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        self.clear();
        fill_items(self, tree)
    }
}

/// The list of as many items as `item` gives.
#[inline(never)]
fn written(count: usize, item: &dyn Fn(usize) -> Option<Tree>) -> Tree {
    let mut list = Vec::with_capacity(count);
    for place in 0..count {
        list.extend(item(place));
    }
    Tree::List(list)
}

impl<T: Write> Write for [T] {
    fn tree(&self) -> Tree {
        written(self.len(), &|place| self.get(place).map(Write::tree))
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
    ($(($($kind:ident $place:tt),*)),*) => { $(
        impl<$($kind: Read),*> Read for ($($kind,)*) {
            fn blank() -> Self {
                ($($kind::blank(),)*)
            }
            fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
                fill_tuple(tree, &mut [$(&mut self.$place),*])
            }
        }
        impl<$($kind: Write),*> Write for ($($kind,)*) {
            fn tree(&self) -> Tree {
                Tree::List(vec![$(self.$place.tree()),*])
            }
        }
    )* };
}
tuples!((A 0, B 1), (A 0, B 1, C 2), (A 0, B 1, C 2, D 3));

#[inline(never)]
fn fill_tuple(tree: &Tree, items: &mut [&mut dyn Read]) -> Result<(), Mismatch> {
    let list = list(tree)?;
    if list.len() != items.len() {
        return Err(Mismatch::expected(&["a list of ", &items.len().to_string()].concat()));
    }
    items.iter_mut().zip(list).enumerate().try_for_each(|(place, (item, tree))| fill_item(*item, tree, place))
}

impl<T: Read> Read for Box<T> {
    fn blank() -> Self {
        Self::new(T::blank())
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        (**self).fill(tree)
    }
}
impl<T: Write> Write for Box<T> {
    fn tree(&self) -> Tree {
        (**self).tree()
    }
}

impl<T: Read> Read for BTreeMap<String, T> {
    fn blank() -> Self {
        Self::new()
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        let Tree::Object(object) = tree else { return Err(Mismatch::expected("an object")) };
        self.clear();
        for (name, value) in object.iter() {
            let mut item = T::blank();
            item.fill(value).map_err(|why| why.at(name))?;
            self.insert(name.into(), item);
        }
        Ok(())
    }
}
impl<T: Write> Write for BTreeMap<String, T> {
    fn tree(&self) -> Tree {
        let mut object = Object::default();
        self.iter().for_each(|(name, value)| object.put(name, value));
        Tree::Object(object)
    }
}
