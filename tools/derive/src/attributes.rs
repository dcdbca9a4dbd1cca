//! What `#[json(…)]` says of a type, a field or a variant.

use syn::{Attribute, LitStr, Path, Result};

/// Everything that may stand in a `#[json(…)]`; what makes no sense in its place is simply not asked for.
#[derive(Default)]
pub struct Attributes {
    pub rename_all: Option<String>,
    pub rename: Option<String>,
    pub deny_unknown_fields: bool,
    pub transparent: bool,
    pub skip: bool,
    pub default: Option<Default_>,
    pub skip_serializing_if: Option<Path>,
    pub serialize_with: Option<Path>,
}

/// Where a value comes from that isn't there.
pub enum Default_ {
    /// From the type's own default.
    Type,
    /// From a function.
    Path(Path),
}

impl Attributes {
    /// Reads all `#[json(…)]` of one place.
    pub fn of(attributes: &[Attribute]) -> Result<Self> {
        let mut all = Self::default();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("json")) {
            attribute.parse_nested_meta(|meta| {
                let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
                let path = |text: LitStr| text.parse::<Path>();
                match name.as_str() {
                    "rename_all" => all.rename_all = Some(meta.value()?.parse::<LitStr>()?.value()),
                    "rename" => all.rename = Some(meta.value()?.parse::<LitStr>()?.value()),
                    "deny_unknown_fields" => all.deny_unknown_fields = true,
                    "transparent" => all.transparent = true,
                    "skip" => all.skip = true,
                    "default" if meta.input.peek(syn::Token![=]) => all.default = Some(Default_::Path(path(meta.value()?.parse()?)?)),
                    "default" => all.default = Some(Default_::Type),
                    "skip_serializing_if" => all.skip_serializing_if = Some(path(meta.value()?.parse()?)?),
                    "serialize_with" => all.serialize_with = Some(path(meta.value()?.parse()?)?),
                    _ => return Err(meta.error("no such word; the derive's documentation lists them")),
                }
                Ok(())
            })?;
        }
        Ok(all)
    }

    /// The name in JSON of a field or variant whose type has these attributes.
    pub fn name_of(&self, own: &Self, ident: &str) -> String {
        let ident = ident.trim_start_matches("r#");
        match (&own.rename, self.rename_all.as_deref()) {
            (Some(name), _) => name.clone(),
            (None, Some("snake_case")) => snake(ident),
            (None, Some("camelCase")) => camel(ident),
            (None, Some("UPPERCASE")) => ident.to_uppercase(),
            (None, _) => ident.into(),
        }
    }
}

/// `MarkPaid` → `mark_paid`; what is so already stays.
fn snake(ident: &str) -> String {
    let mut name = String::new();
    for (place, letter) in ident.char_indices() {
        if letter.is_uppercase() && place > 0 {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}

/// `user_email` → `userEmail`.
fn camel(ident: &str) -> String {
    let mut name = String::new();
    let mut next_is_large = false;
    for letter in ident.chars() {
        match letter {
            '_' => next_is_large = true,
            letter if next_is_large => {
                name.extend(letter.to_uppercase());
                next_is_large = false;
            }
            letter => name.push(letter),
        }
    }
    name
}
