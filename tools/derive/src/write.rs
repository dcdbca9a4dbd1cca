//! Writing: every field under its name into a JSON object, every variant under its name.

use crate::attributes::Attributes;
use crate::unknown;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, FieldsNamed, Ident, Result};

/// `impl Write` for a type.
pub fn implementation(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::of(&input.attrs)?;
    let body = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(::efectivo::json::Write::tree(&self.0)),
            Fields::Named(fields) if attributes.transparent => {
                let name = fields.named.iter().map(|field| &field.ident);
                quote!(#(::efectivo::json::Write::tree(&self.#name))*)
            }
            Fields::Named(fields) => {
                let puts = puts(&attributes, fields, &|ident| quote!(&self.#ident))?;
                quote! { let mut object = ::efectivo::json::Object::default(); #puts ::efectivo::json::Tree::Object(object) }
            }
            _ => return Err(unknown(input)),
        },
        Data::Enum(data) => {
            let mut arms = Vec::new();
            for variant in &data.variants {
                let (ident, own) = (&variant.ident, Attributes::of(&variant.attrs)?);
                let name = attributes.name_of(&own, &ident.to_string());
                arms.push(match &variant.fields {
                    Fields::Unit => quote!(Self::#ident => ::efectivo::json::Tree::from(#name)),
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(Self::#ident(value) => ::efectivo::json::under(#name, value)),
                    Fields::Named(fields) => {
                        let idents = fields.named.iter().map(|field| &field.ident);
                        let puts = puts(&Attributes::default(), fields, &|ident| quote!(#ident))?;
                        quote!(Self::#ident { #(#idents),* } => { let mut object = ::efectivo::json::Object::default(); #puts ::efectivo::json::under(#name, &::efectivo::json::Tree::Object(object)) })
                    }
                    Fields::Unnamed(_) => return Err(unknown(input)),
                });
            }
            quote!(match self { #(#arms,)* })
        }
        Data::Union(_) => return Err(unknown(input)),
    };
    let name = &input.ident;
    let (generics, types, condition) = input.generics.split_for_impl();
    let tree = quote! {
        #[automatically_derived]
        impl #generics ::efectivo::json::Write for #name #types #condition {
            fn tree(&self) -> ::efectivo::json::Tree { #body }
        }
    };
    let serde = quote! {
        #[automatically_derived]
        impl #generics ::serde::Serialize for #name #types #condition {
            fn serialize<S: ::serde::Serializer>(&self, into: S) -> ::core::result::Result<S::Ok, S::Error> {
                ::serde::Serialize::serialize(&::efectivo::json::Write::tree(self), into)
            }
        }
    };
    Ok(quote!(#tree #serde))
}

/// One `put` for each field.
fn puts(attributes: &Attributes, fields: &FieldsNamed, value: &dyn Fn(&Ident) -> TokenStream) -> Result<TokenStream> {
    let mut all = TokenStream::new();
    for field in &fields.named {
        let (own, ident) = (Attributes::of(&field.attrs)?, field.ident.as_ref().expect("a named field"));
        if own.skip {
            continue;
        }
        let (name, value) = (attributes.name_of(&own, &ident.to_string()), value(ident));
        let put = match &own.serialize_with {
            Some(path) => quote!(object.put(#name, &#path(#value));),
            None => quote!(object.put(#name, #value);),
        };
        all.extend(match &own.skip_serializing_if {
            Some(path) => quote!(if !#path(#value) { #put }),
            None => put,
        });
    }
    Ok(all)
}
