//! `#[derive(Read, Write)]`: how a type of ours is read from a JSON tree and written as JSON text, as a shape and a list of fields for the loops of
//! `efectivo::json`.
//!
//! The attributes carry serde's names and meaning, so that nobody has to learn new ones: on a type `rename_all`, `deny_unknown_fields`, `default`,
//! `transparent`; on a field `default`, `default = "path"`, `skip`, `skip_serializing_if = "path"`, `serialize_with = "path"`, `rename`; on a variant
//! `rename`. Enums are externally tagged. A type without borrowed parts also gets serde's two traits, by way of these.

mod attributes;
mod read;
mod shape;
mod write;

use proc_macro::TokenStream;
use quote::quote;
use syn::{DeriveInput, parse_macro_input};

/// Implements `efectivo::json::Read`.
#[proc_macro_derive(Read, attributes(json))]
pub fn derive_read(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    read::implementation(&input).unwrap_or_else(|why| why.to_compile_error()).into()
}

/// Implements `efectivo::json::Write`.
#[proc_macro_derive(Write, attributes(json))]
pub fn derive_write(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    write::implementation(&input).unwrap_or_else(|why| why.to_compile_error()).into()
}

/// Says of a shape that these derives don't know it.
fn unknown(input: &DeriveInput) -> syn::Error {
    let name = &input.ident;
    let told = quote!(#name);
    syn::Error::new_spanned(told, "only structs and enums with named fields or one unnamed field have a JSON shape")
}
