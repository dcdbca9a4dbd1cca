//! Reading: every field by its name out of a JSON object, every variant by its name.

use crate::attributes::{Attributes, Default_};
use crate::unknown;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Fields, FieldsNamed, Result};

/// `impl Read` for a type.
pub fn implementation(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::of(&input.attrs)?;
    let body = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(::efectivo::json::Read::read(tree).map(Self)),
            Fields::Named(fields) if attributes.transparent => {
                let name = fields.named.iter().map(|field| &field.ident);
                quote!(Ok(Self { #(#name: ::efectivo::json::Read::read(tree)?),* }))
            }
            Fields::Named(fields) => {
                let (allowed, values) = members(&attributes, fields)?;
                let base = attributes.default.is_some().then(|| quote!(let base: Self = ::core::default::Default::default();));
                quote! {
                    let members = ::efectivo::json::Members::of(tree, #allowed)?;
                    #base
                    Ok(Self { #values })
                }
            }
            _ => return Err(unknown(input)),
        },
        Data::Enum(data) => {
            let mut names = Vec::new();
            let mut arms = Vec::new();
            for (place, variant) in data.variants.iter().enumerate() {
                let (ident, own) = (&variant.ident, Attributes::of(&variant.attrs)?);
                names.push(attributes.name_of(&own, &ident.to_string()));
                arms.push(match &variant.fields {
                    Fields::Unit => quote!(#place => variant.alone().map(|()| Self::#ident)),
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(#place => variant.value().map(Self::#ident)),
                    Fields::Named(fields) => {
                        let closed = Attributes { deny_unknown_fields: attributes.deny_unknown_fields, ..Attributes::default() };
                        let (allowed, values) = members(&closed, fields)?;
                        quote!(#place => { let members = variant.members(#allowed)?; Ok(Self::#ident { #values }) })
                    }
                    Fields::Unnamed(_) => return Err(unknown(input)),
                });
            }
            quote! {
                const NAMES: &[&str] = &[#(#names),*];
                let variant = ::efectivo::json::Variant::of(tree, NAMES)?;
                match variant.place { #(#arms,)* _ => Err(::efectivo::json::Mismatch::one_of(NAMES)) }
            }
        }
        Data::Union(_) => return Err(unknown(input)),
    };
    Ok(around(input, &body))
}

/// The names that may come, and how each field gets its value.
fn members(attributes: &Attributes, fields: &FieldsNamed) -> Result<(TokenStream, TokenStream)> {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for field in &fields.named {
        let (own, ident) = (Attributes::of(&field.attrs)?, field.ident.as_ref().expect("a named field"));
        let name = attributes.name_of(&own, &ident.to_string());
        values.push(match (&own.default, &attributes.default) {
            _ if own.skip => quote!(#ident: ::core::default::Default::default()),
            (Some(Default_::Type), _) => quote!(#ident: members.or_default(#name)?),
            (Some(Default_::Path(path)), _) => quote!(#ident: members.or_else(#name, #path)?),
            (None, Some(_)) => quote!(#ident: members.or(#name, base.#ident)?),
            (None, None) => quote!(#ident: members.get(#name)?),
        });
        if !own.skip {
            names.push(name);
        }
    }
    let allowed = if attributes.deny_unknown_fields { quote!(Some(&[#(#names),*])) } else { quote!(None) };
    Ok((allowed, quote!(#(#values),*)))
}

fn around(input: &DeriveInput, body: &TokenStream) -> TokenStream {
    let name = &input.ident;
    let signature = quote!(fn read(tree: &'t ::efectivo::json::Tree) -> ::core::result::Result<Self, ::efectivo::json::Mismatch>);
    if let Some(lifetime) = input.generics.lifetimes().next().map(|l| &l.lifetime) {
        return quote! {
            #[automatically_derived]
            impl<'t: #lifetime, #lifetime> ::efectivo::json::Read<'t> for #name<#lifetime> { #signature { #body } }
        };
    }
    quote! {
        #[automatically_derived]
        impl<'t> ::efectivo::json::Read<'t> for #name { #signature { #body } }

        #[automatically_derived]
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                let tree: ::efectivo::json::Tree = ::serde::Deserialize::deserialize(from)?;
                ::efectivo::json::Read::read(&tree).map_err(::serde::de::Error::custom)
            }
        }
    }
}
