//! Reading: a value begins blank, and its fields are lent with the names of their members to the one loop that fills them.

use crate::attributes::{Attributes, Default_};
use crate::shape;
use crate::unknown;
use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::{Data, DataEnum, DeriveInput, Fields, FieldsNamed, Result, Variant};

/// `impl Read` for a type.
pub fn implementation(input: &DeriveInput) -> Result<TokenStream> {
    let attributes = Attributes::of(&input.attrs)?;
    let (blank, fill) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                (quote!(Self(::efectivo::json::Read::blank())), quote!(::efectivo::json::Read::fill(&mut self.0, tree)))
            }
            Fields::Named(fields) if attributes.transparent => {
                let name: Vec<_> = fields.named.iter().map(|field| &field.ident).collect();
                (quote!(Self { #(#name: ::efectivo::json::Read::blank()),* }), quote!(#(::efectivo::json::Read::fill(&mut self.#name, tree))*))
            }
            Fields::Named(fields) => structure(&attributes, fields)?,
            _ => return Err(unknown(input)),
        },
        Data::Enum(data) => enumeration(input, &attributes, data)?,
        Data::Union(_) => return Err(unknown(input)),
    };
    Ok(around(input, &blank, &fill))
}

fn structure(attributes: &Attributes, fields: &FieldsNamed) -> Result<(TokenStream, TokenStream)> {
    let members = shape::members(attributes, fields)?;
    let blank = match attributes.default {
        Some(_) => quote!(::core::default::Default::default()),
        None => {
            let values = blanks(fields)?;
            quote!(Self { #values })
        }
    };
    let (shape, places) = (shape::constant(attributes, &members), members.iter().map(|member| member.ident));
    Ok((blank, quote! { #shape SHAPE.fill(tree, &mut [#(&mut self.#places),*]) }))
}

fn enumeration(input: &DeriveInput, attributes: &Attributes, data: &DataEnum) -> Result<(TokenStream, TokenStream)> {
    let plain = data.variants.iter().find(|variant| matches!(variant.fields, Fields::Unit));
    let blank = blank_variant(input, plain.or(data.variants.first()).ok_or_else(|| unknown(input))?)?;
    let mut names = Vec::new();
    let mut arms = Vec::new();
    for (place, variant) in data.variants.iter().enumerate() {
        names.push(attributes.name_of(&Attributes::of(&variant.attrs)?, &variant.ident.to_string()));
        let arm = arm(input, attributes, variant)?;
        arms.push(quote!(#place => { #arm }));
    }
    let fill = quote! {
        const NAMES: &[&str] = &[#(#names),*];
        let variant = ::efectivo::json::Variant::of(tree, NAMES)?;
        match variant.place { #(#arms)* _ => Err(::efectivo::json::Mismatch::one_of(NAMES)) }
    };
    Ok((blank, fill))
}

/// What a variant holds before it is filled.
fn blank_variant(input: &DeriveInput, variant: &Variant) -> Result<TokenStream> {
    let ident = &variant.ident;
    match &variant.fields {
        Fields::Unit => Ok(quote!(Self::#ident)),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => Ok(quote!(Self::#ident(::efectivo::json::Read::blank()))),
        Fields::Named(fields) => {
            let values = blanks(fields)?;
            Ok(quote!(Self::#ident { #values }))
        }
        Fields::Unnamed(_) => Err(unknown(input)),
    }
}

/// Makes the value this variant, blank, and fills it.
fn arm(input: &DeriveInput, attributes: &Attributes, variant: &Variant) -> Result<TokenStream> {
    let (ident, blank) = (&variant.ident, blank_variant(input, variant)?);
    let impossible = quote!(else { return Err(::efectivo::json::Mismatch::one_of(NAMES)) });
    Ok(match &variant.fields {
        Fields::Named(fields) => {
            let closed = Attributes { deny_unknown_fields: attributes.deny_unknown_fields, ..Attributes::default() };
            let members = shape::members(&closed, fields)?;
            let (shape, idents) = (shape::constant(&closed, &members), members.iter().map(|member| member.ident));
            let bound = members.iter().map(|member| member.ident);
            quote! {
                #shape
                *self = #blank;
                let Self::#ident { #(#bound,)* .. } = self #impossible;
                variant.fill_fields(SHAPE, &mut [#(#idents),*])
            }
        }
        Fields::Unnamed(_) => quote! {
            *self = #blank;
            let Self::#ident(value) = self #impossible;
            variant.fill(value)
        },
        Fields::Unit => quote! { *self = #blank; variant.alone() },
    })
}

/// What each field holds before it is filled: its default where it has one.
fn blanks(fields: &FieldsNamed) -> Result<TokenStream> {
    let mut all = TokenStream::new();
    for field in &fields.named {
        let (own, ident): (_, Option<&Ident>) = (Attributes::of(&field.attrs)?, field.ident.as_ref());
        all.extend(match &own.default {
            Some(Default_::Path(path)) => quote!(#ident: #path(),),
            Some(Default_::Type) => quote!(#ident: ::core::default::Default::default(),),
            None if own.skip => quote!(#ident: ::core::default::Default::default(),),
            None => quote!(#ident: ::efectivo::json::Read::blank(),),
        });
    }
    Ok(all)
}

fn around(input: &DeriveInput, blank: &TokenStream, fill: &TokenStream) -> TokenStream {
    let name = &input.ident;
    quote! {
        #[automatically_derived]
        impl ::efectivo::json::Read for #name {
            fn blank() -> Self { #blank }
            fn fill(&mut self, tree: &::efectivo::json::Tree) -> ::core::result::Result<(), ::efectivo::json::Mismatch> { #fill }
        }

        #[automatically_derived]
        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> ::core::result::Result<Self, D::Error> {
                let tree: ::efectivo::json::Tree = ::serde::Deserialize::deserialize(from)?;
                ::efectivo::json::read(&tree).map_err(::serde::de::Error::custom)
            }
        }
    }
}
