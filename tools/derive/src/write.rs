//! Writing: every field under its name into a JSON object, every variant under its name.

use crate::attributes::Attributes;
use crate::shape;
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
            Fields::Named(fields) => object(&attributes, fields, &|ident| quote!(&self.#ident))?,
            _ => return Err(unknown(input)),
        },
        Data::Enum(data) => {
            let mut arms = Vec::new();
            for variant in &data.variants {
                let (ident, own) = (&variant.ident, Attributes::of(&variant.attrs)?);
                let name = attributes.name_of(&own, &ident.to_string());
                arms.push(match &variant.fields {
                    Fields::Unit => quote!(Self::#ident => ::efectivo::json::Tree::from(#name),),
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(Self::#ident(value) => ::efectivo::json::under(#name, value),),
                    Fields::Named(fields) => {
                        let idents = fields.named.iter().map(|field| &field.ident);
                        let object = object(&Attributes::default(), fields, &|ident| quote!(#ident))?;
                        quote!(Self::#ident { #(#idents),* } => ::efectivo::json::under(#name, &{ #object }),)
                    }
                    Fields::Unnamed(_) => return Err(unknown(input)),
                });
            }
            quote!(match self { #(#arms)* })
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

/// All members at once, in the order of their names, with a bit for each that is left out.
fn object(attributes: &Attributes, fields: &FieldsNamed, place: &dyn Fn(&Ident) -> TokenStream) -> Result<TokenStream> {
    let members = shape::members(attributes, fields)?;
    let names = members.iter().map(|member| &member.name);
    let values = members.iter().map(|member| {
        let place = place(member.ident);
        member.own.serialize_with.as_ref().map_or_else(|| quote!(#place), |path| quote!(&#path(#place)))
    });
    let skipped = members.iter().enumerate().filter_map(|(bit, member)| {
        let (place, path) = (place(member.ident), member.own.skip_serializing_if.as_ref()?);
        Some(quote!(| u64::from(#path(#place)) << #bit))
    });
    Ok(quote!(::efectivo::json::object(&[#(#names),*], &[#(#values),*], 0 #(#skipped)*)))
}
