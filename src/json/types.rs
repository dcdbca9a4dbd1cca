//! Reading and writing of what everything else is made of.

use super::text::{listed, quoted};
use super::{Mismatch, Read, Tree, Write};
use std::borrow::Cow;
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
            fn write(&self, out: &mut String) {
                number(i64::from(*self), out);
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
    fn write(&self, out: &mut String) {
        out.push_str(&self.to_string());
    }
}

impl Write for usize {
    fn write(&self, out: &mut String) {
        number(i64::try_from(*self).unwrap_or(i64::MAX), out);
    }
}

#[inline(never)]
fn whole(tree: &Tree) -> Result<i64, Mismatch> {
    digits(tree)?.parse().map_err(|_| beyond())
}

/// Appends a number's digits, from the last one on: the standard library's way writes groups of them for speed, at several times the steps for what we have.
#[inline(never)]
pub(crate) fn number(value: i64, out: &mut String) {
    let mut digits = [0; 20];
    let (mut from, mut rest) = (digits.len(), value);
    for (place, digit) in digits.iter_mut().enumerate().rev() {
        // The remainder has the sign of what is divided: the least number has no positive one of its size.
        *digit = b'0' + (rest % 10).unsigned_abs() as u8;
        rest /= 10;
        from = place;
        if rest == 0 {
            break;
        }
    }
    if value < 0 {
        out.push('-');
    }
    out.push_str(digits.get(from..).and_then(|digits| core::str::from_utf8(digits).ok()).unwrap_or_default());
}

#[inline(never)]
fn digits<'t>(tree: &'t Tree<'t>) -> Result<&'t str, Mismatch> {
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
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
}

impl Write for str {
    fn write(&self, out: &mut String) {
        quoted(self, out);
    }
}
impl Write for Cow<'_, str> {
    fn write(&self, out: &mut String) {
        quoted(self, out);
    }
}

impl Read for String {
    fn blank() -> Self {
        Self::new()
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        let Tree::Text(text) = tree else { return Err(Mismatch::expected("a text")) };
        *self = text.as_ref().into();
        Ok(())
    }
}
impl Write for String {
    fn write(&self, out: &mut String) {
        quoted(self, out);
    }
}

impl Read for Tree<'static> {
    fn blank() -> Self {
        Self::Null
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        *self = tree.clone().into_owned();
        Ok(())
    }
}

impl<T: Write + ?Sized> Write for &T {
    fn write(&self, out: &mut String) {
        (*self).write(out);
    }
}

impl<T: Read> Read for Option<T> {
    fn blank() -> Self {
        None
    }
    fn fill(&mut self, tree: &Tree) -> Result<(), Mismatch> {
        if matches!(tree, Tree::Null) {
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
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
}

#[inline(never)]
fn list<'t>(tree: &'t Tree<'t>) -> Result<&'t [Tree<'t>], Mismatch> {
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

impl<T: Write> Write for [T] {
    fn write(&self, out: &mut String) {
        listed(&|place| self.get(place).map(|item| item as &dyn Write), out);
    }
}
impl<T: Write> Write for Vec<T> {
    fn write(&self, out: &mut String) {
        self.as_slice().write(out);
    }
}
impl<T: Write, const N: usize> Write for [T; N] {
    fn write(&self, out: &mut String) {
        self.as_slice().write(out);
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
            fn write(&self, out: &mut String) {
                let items: &[&dyn Write] = &[$(&self.$place),*];
                items.write(out);
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
    fn write(&self, out: &mut String) {
        (**self).write(out);
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
    fn write(&self, out: &mut String) {
        let mut mark = '{';
        for (name, value) in self {
            out.push(mark);
            quoted(name, out);
            out.push(':');
            value.write(out);
            mark = ',';
        }
        out.push_str(if self.is_empty() { "{}" } else { "}" });
    }
}
