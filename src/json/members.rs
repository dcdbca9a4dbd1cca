//! What the derives read with: an object's members by name, a variant and what stands under it, and why something doesn't fit.

use super::{Object, Read, Tree};
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

/// An object that is being read.
#[derive(Clone, Copy, Debug)]
pub struct Members<'t> {
    object: &'t Object,
    /// The variant that it stands under; empty where none.
    under: &'t str,
}

impl<'t> Members<'t> {
    /// The members of a tree that must be an object; where names are given, no other may come.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn of(tree: &'t Tree, allowed: Option<&[&str]>) -> Result<Self, Mismatch> {
        let Tree::Object(object) = tree else { return Err(Mismatch::expected("an object")) };
        let stranger = allowed.and_then(|names| object.iter().find(|(name, _)| !names.contains(name)));
        match stranger {
            Some((name, _)) => Err(Mismatch::told(&["unknown field `", name, "`"].concat())),
            None => Ok(Self { object, under: "" }),
        }
    }

    /// A member that must be there, unless its type knows what its absence means.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn get<T: Read<'t>>(self, name: &str) -> Result<T, Mismatch> {
        match self.object.get(name) {
            Some(tree) => T::read(tree).map_err(|why| self.at(name, why)),
            None => T::absent().ok_or_else(|| self.missing(name)),
        }
    }

    /// A member, or its type's default.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn or_default<T: Read<'t> + Default>(self, name: &str) -> Result<T, Mismatch> {
        match self.object.get(name) {
            Some(tree) => T::read(tree).map_err(|why| self.at(name, why)),
            None => Ok(T::default()),
        }
    }

    /// A member, or this.
    ///
    /// # Errors
    /// [`Mismatch`].
    pub fn or<T: Read<'t>>(self, name: &str, other: T) -> Result<T, Mismatch> {
        match self.object.get(name) {
            Some(tree) => T::read(tree).map_err(|why| self.at(name, why)),
            None => Ok(other),
        }
    }

    /// A member, or what this makes.
    ///
    /// # Errors
    /// [`Mismatch`].
    pub fn or_else<T: Read<'t>>(self, name: &str, other: fn() -> T) -> Result<T, Mismatch> {
        self.or(name, other())
    }

    #[inline(never)]
    fn at(self, name: &str, why: Mismatch) -> Mismatch {
        let why = if name.is_empty() { why } else { why.at(name) };
        if self.under.is_empty() { why } else { why.at(self.under) }
    }

    #[inline(never)]
    fn missing(self, name: &str) -> Mismatch {
        self.at("", Mismatch::told(&["missing field `", name, "`"].concat()))
    }
}

/// `"name"` or `{"name": value}`, where the name is one of several.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'t> {
    /// The place of its name in the list of names.
    pub place: usize,
    name: &'t str,
    value: Option<&'t Tree>,
}

impl<'t> Variant<'t> {
    /// Finds which of these names stands here.
    ///
    /// # Errors
    /// [`Mismatch`], naming all that could.
    #[inline(never)]
    pub fn of(tree: &'t Tree, names: &[&str]) -> Result<Self, Mismatch> {
        let (name, value) = match tree {
            Tree::Text(name) => (name.as_str(), None),
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

    /// What stands under it.
    ///
    /// # Errors
    /// [`Mismatch`].
    pub fn value<T: Read<'t>>(self) -> Result<T, Mismatch> {
        self.tree().and_then(T::read).map_err(|why| why.at(self.name))
    }

    /// The members of the object that stands under it.
    ///
    /// # Errors
    /// [`Mismatch`].
    #[inline(never)]
    pub fn members(self, allowed: Option<&[&str]>) -> Result<Members<'t>, Mismatch> {
        let members = self.tree().and_then(|tree| Members::of(tree, allowed)).map_err(|why| why.at(self.name))?;
        Ok(Members { under: self.name, ..members })
    }

    fn tree(self) -> Result<&'t Tree, Mismatch> {
        self.value.ok_or_else(|| Mismatch::expected("a value"))
    }
}
