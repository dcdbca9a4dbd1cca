//! What a request carries, looked up by paths such as `payer.email`, so that a side is tables of names more than types.

use super::Arrival;
use crate::http::header;
use crate::json::{Object, Tree};
use crate::money::{Currency, Decimal, Money};
use crate::providers::form;

/// A body or query that was read.
pub(super) struct Asked(Tree<'static>);

impl Asked {
    /// A JSON body; one that can't be read has no fields.
    pub fn json(body: &[u8]) -> Self {
        Self(Tree::parse(body).map(Tree::into_owned).unwrap_or_default())
    }

    /// A form, or a query; one that can't be read has no fields.
    pub fn form(body: &[u8]) -> Self {
        let mut fields = Object::default();
        for (name, value) in form::read(body).unwrap_or_default() {
            fields.add(name.into(), Tree::Text(value.into()));
        }
        Self(Tree::Object(fields))
    }

    /// What stands at a path; in a list, a number is a place.
    pub fn at(&self, path: &str) -> &Tree<'static> {
        path.split('.').try_fold(&self.0, step).unwrap_or(&Tree::Null)
    }

    /// A text, or a number's own digits; empty where there is neither.
    pub fn text(&self, path: &str) -> &str {
        match self.at(path) {
            Tree::Text(text) | Tree::Number(text) => text,
            _ => "",
        }
    }

    /// A whole JSON number.
    pub fn number(&self, path: &str) -> Option<i64> {
        let Tree::Number(digits) = self.at(path) else { return None };
        digits.parse().ok()
    }

    /// A decimal JSON number as money above nothing.
    pub fn amount(&self, path: &str, currency: Currency) -> Option<Money> {
        let Tree::Number(digits) = self.at(path) else { return None };
        Decimal::new(digits).money(currency).ok().filter(|amount| amount.minor > 0)
    }

    /// The first of these that is missing or empty.
    pub fn lacks(&self, paths: &[&'static str]) -> Option<&'static str> {
        paths.iter().find(|path| self.text(path).is_empty()).copied()
    }
}

impl Arrival<'_> {
    /// The first header line of a name; empty for none.
    pub(super) fn header<'a>(&'a self, name: &'a str) -> &'a str {
        header(self.headers, name).next().unwrap_or_default()
    }

    /// What follows a scheme such as `Bearer ` in `Authorization`.
    pub(super) fn authorization(&self, scheme: &str) -> &str {
        self.header("Authorization").strip_prefix(scheme).unwrap_or_default()
    }

    /// The path's parts, up to six of them.
    pub(super) fn parts(&self) -> Vec<&str> {
        self.path.trim_matches('/').split('/').take(6).collect()
    }
}

/// An amount as a JSON number without padding: `1` for 1.00.
pub(super) fn plain(amount: Money) -> Tree<'static> {
    let text = amount.plain();
    Tree::Number(text.trim_end_matches('0').trim_end_matches('.').to_owned().into())
}

/// Digits as a JSON number.
pub(super) fn number(digits: &str) -> Tree<'_> {
    Tree::Number(digits.into())
}

/// One step of a path; in a list, a number is a place.
fn step<'t>(tree: &'t Tree<'static>, name: &str) -> Option<&'t Tree<'static>> {
    match tree {
        Tree::List(list) => list.get(name.parse::<usize>().ok()?),
        tree => tree.get(name),
    }
}
