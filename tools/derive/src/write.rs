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
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(::efectivo::json::Write::write(&self.0, out)),
            Fields::Named(fields) if attributes.transparent => {
                let name = fields.named.iter().map(|field| &field.ident);
                quote!(#(::efectivo::json::Write::write(&self.#name, out))*)
            }
            Fields::Named(fields) => {
                let members = members(&attributes, fields, &|ident| quote!(&self.#ident))?;
                quote!(::efectivo::json::members(#members, out))
            }
            _ => return Err(unknown(input)),
        },
        Data::Enum(data) => {
            let mut arms = Vec::new();
            for variant in &data.variants {
                let (ident, own) = (&variant.ident, Attributes::of(&variant.attrs)?);
                let name = attributes.name_of(&own, &ident.to_string());
                arms.push(match &variant.fields {
                    Fields::Unit => quote!(Self::#ident => ::efectivo::json::plain(#name, out),),
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => quote!(Self::#ident(value) => ::efectivo::json::variant(#name, value, out),),
                    Fields::Named(fields) => {
                        let idents = fields.named.iter().map(|field| &field.ident);
                        let members = members(&Attributes::default(), fields, &|ident| quote!(#ident))?;
                        quote!(Self::#ident { #(#idents),* } => ::efectivo::json::variant_of(#name, #members, out),)
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
    let text = quote! {
        #[automatically_derived]
        impl #generics ::efectivo::json::Write for #name #types #condition {
            fn write(&self, out: &mut ::std::string::String) { #body }
        }
    };
    let serde = quote! {
        #[automatically_derived]
        impl #generics ::serde::Serialize for #name #types #condition {
            fn serialize<S: ::serde::Serializer>(&self, into: S) -> ::core::result::Result<S::Ok, S::Error> {
                ::efectivo::json::serialized(self, into)
            }
        }
    };
    Ok(quote!(#text #serde))
}

/// All members in the order of their names: those, the fields, and a bit for each that is left out.
fn members(attributes: &Attributes, fields: &FieldsNamed, place: &dyn Fn(&Ident) -> TokenStream) -> Result<TokenStream> {
    let members = shape::members(attributes, fields)?;
    let names = members.iter().map(shape::Member::name);
    let values = members.iter().map(|member| {
        let place = place(member.ident);
        member.own.serialize_with.as_ref().map_or_else(|| quote!(#place), |path| quote!(&#path(#place)))
    });
    let skipped = members.iter().enumerate().filter_map(|(bit, member)| {
        let (place, path) = (place(member.ident), member.own.skip_serializing_if.as_ref()?);
        Some(quote!(| u64::from(#path(#place)) << #bit))
    });
    Ok(quote!(&[#(#names),*], &[#(#values),*], 0 #(#skipped)*))
}
