//! The members of an object in the byte order of their names, as `efectivo::json` walks them, whatever order the fields stand in.

use crate::attributes::Attributes;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{FieldsNamed, Result};

/// A field that has a member of its own.
pub struct Member<'a> {
    pub ident: &'a Ident,
    name: String,
    pub own: Attributes,
}

impl Member<'_> {
    /// Its name with the signs that stand around it between two members.
    pub fn name(&self) -> String {
        format!(",\"{}\":", self.name)
    }
}

/// Every field but the skipped ones.
pub fn members<'a>(attributes: &Attributes, fields: &'a FieldsNamed) -> Result<Vec<Member<'a>>> {
    let mut all = Vec::new();
    for field in &fields.named {
        let (own, ident) = (Attributes::of(&field.attrs)?, field.ident.as_ref().expect("a named field"));
        let name = attributes.name_of(&own, &ident.to_string());
        if !own.skip {
            all.push(Member { ident, name, own });
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    if all.len() > 64 {
        return Err(syn::Error::new_spanned(fields, "a shape has a bit for each member, and so 64 at the most"));
    }
    Ok(all)
}

/// `const SHAPE`, which says of these members all that isn't in their types.
pub fn constant(attributes: &Attributes, members: &[Member<'_>]) -> TokenStream {
    let names = members.iter().map(Member::name);
    let every = attributes.default.is_some();
    let defaulted = members.iter().enumerate().filter(|(_, member)| every || member.own.default.is_some()).fold(0_u64, |bits, (place, _)| bits | 1 << place);
    let closed = attributes.deny_unknown_fields;
    quote!(const SHAPE: &::efectivo::json::Shape = &::efectivo::json::Shape { names: &[#(#names),*], defaulted: #defaulted, closed: #closed };)
}
