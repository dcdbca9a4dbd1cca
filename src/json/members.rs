//! What the derives read and write with: one loop over a type's names and its fields, whatever the type; and why something doesn't fit.
//!
//! A derive that reads each field by code of its own makes a type as long as a page, and again for every way out of it. Here a derive only says
//! a [`Shape`] and lends its fields, so that a field costs some twenty bytes of WebAssembly and its reading is written once.

use super::{Read, Tree};
use core::cmp::Ordering;
use core::fmt::{self, Display};

/// Why a tree isn't what was expected: where, and what should stand there. Never the value itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch(Box<(String, String)>);

impl Mismatch {
    /// With these words.
    #[inline(never)]
    pub fn told(why: &str) -> Self {
        Self(Box::new((String::new(), why.into())))
    }

    /// Something else should stand here.
    #[inline(never)]
    pub fn expected(what: &str) -> Self {
        Self::told(&["expected ", what].concat())
    }

    /// One of these names should stand here.
    #[inline(never)]
    pub fn one_of(names: &[&str]) -> Self {
        Self::told(&["expected one of ", &names.join(", ")].concat())
    }

    /// The same, one step further out.
    #[inline(never)]
    pub fn at(mut self, step: &str) -> Self {
        let inner = core::mem::take(&mut self.0.0);
        self.0.0 = if inner.is_empty() { step.into() } else { [step, ".", &inner].concat() };
        self
    }
}

impl Display for Mismatch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (place, why) = &*self.0;
        if !place.is_empty() {
            out.write_str(place)?;
            out.write_str(": ")?;
        }
        out.write_str(why)
    }
}

impl core::error::Error for Mismatch {}

/// The names of an object's members as a type of ours knows them, in byte order, as an [`Object`](super::Object) holds them too. Each has its signs
/// around it, `,"name":`, as it is written: reading and writing share one list.
#[derive(Debug)]
pub struct Shape {
    /// The names.
    pub names: &'static [&'static str],
    /// A bit for each name, the first one lowest: whether its field keeps the default that it begins with where the member isn't there.
    pub defaulted: u64,
    /// Whether a member of another name is refused.
    pub closed: bool,
}

impl Shape {
    /// Fills the fields, one for each name, with a tree that must be an object.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn fill(&self, tree: &Tree, fields: &mut [&mut dyn Read]) -> Result<(), Mismatch> {
        let Tree::Object(object) = tree else { return Err(Mismatch::expected("an object")) };
        let mut members = object.iter();
        let mut next = members.next();
        let mut missing = None;
        for (place, (name, field)) in self.names.iter().zip(fields).enumerate() {
            let bytes = name.as_bytes().get(2..name.len().saturating_sub(2)).unwrap_or_default();
            // Both are in byte order: what comes before this name has no field.
            let value = loop {
                let Some((known, value)) = next else { break None };
                match known.as_bytes().cmp(bytes) {
                    Ordering::Less => self.stranger(known)?,
                    Ordering::Equal => break Some(value),
                    Ordering::Greater => break None,
                }
                next = members.next();
            };
            match value {
                Some(value) => {
                    field.fill(value).map_err(|why| why.at(bare(name)))?;
                    next = members.next();
                }
                None if self.defaulted >> place & 1 == 1 || field.may_be_absent() => {}
                None => missing = missing.or(Some(bare(name))),
            }
        }
        while let Some((known, _)) = next {
            self.stranger(known)?;
            next = members.next();
        }
        missing.map_or(Ok(()), |name| Err(Mismatch::told(&["missing field `", name, "`"].concat())))
    }

    fn stranger(&self, name: &str) -> Result<(), Mismatch> {
        if self.closed { Err(Mismatch::told(&["unknown field `", name, "`"].concat())) } else { Ok(()) }
    }
}

/// A name without its signs.
fn bare(name: &str) -> &str {
    name.get(2..name.len().saturating_sub(2)).unwrap_or_default()
}

/// `"name"` or `{"name": value}`, where the name is one of several.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'t> {
    /// The place of its name in the list of names.
    pub place: usize,
    name: &'t str,
    value: Option<&'t Tree<'t>>,
}

impl<'t> Variant<'t> {
    /// Finds which of these names stands here.
    ///
    /// # Errors
    /// [`Mismatch`], naming all that could.
    #[inline(never)]
    pub fn of(tree: &'t Tree<'t>, names: &[&str]) -> Result<Self, Mismatch> {
        let (name, value) = match tree {
            Tree::Text(name) => (&**name, None),
            Tree::Object(object) => match object.iter().next() {
                Some((name, value)) if object.iter().len() == 1 => (name, Some(value)),
                _ => return Err(Mismatch::expected("a name, or an object with one")),
            },
            _ => return Err(Mismatch::expected("a name, or an object with one")),
        };
        match names.iter().position(|known| *known == name) {
            Some(place) => Ok(Self { place, name, value }),
            None => Err(Mismatch::one_of(names)),
        }
    }

    /// Nothing may stand under it.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn alone(self) -> Result<(), Mismatch> {
        match self.value {
            None | Some(Tree::Null) => Ok(()),
            Some(_) => Err(Mismatch::told("expected no value").at(self.name)),
        }
    }

    /// Fills this with what stands under it.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn fill(self, value: &mut dyn Read) -> Result<(), Mismatch> {
        self.tree().and_then(|tree| value.fill(tree)).map_err(|why| why.at(self.name))
    }

    /// Fills these with the members of the object that stands under it.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn fill_fields(self, shape: &Shape, fields: &mut [&mut dyn Read]) -> Result<(), Mismatch> {
        self.tree().and_then(|tree| shape.fill(tree, fields)).map_err(|why| why.at(self.name))
    }

    fn tree(self) -> Result<&'t Tree<'t>, Mismatch> {
        self.value.ok_or_else(|| Mismatch::expected("a value"))
    }
}
