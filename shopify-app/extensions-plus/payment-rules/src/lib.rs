//! The Function of shops on Shopify Plus: hides the cash-code payment method where no code could be made.
//!
//! It only spares a shopper a dead end; the server refuses such an order by itself, so that without rules, or with unreadable ones, nothing is hidden.
//! The rules come from the app's metafield, written by `shopify-app/src/orders/rules.ts` from the core's own limits:
//!
//! ```json
//! { "methods": ["PagoEfectivo"], "countries": ["PE"], "limits": [{ "currency": "PEN", "least_minor": 600, "most_minor": 999900 }], "excluded_tags": ["gift"] }
//! ```

use shopify_function::prelude::*;

pub mod run;

/// Shopify's types, as far as they are read here. Codes of currencies and countries stay text: new ones are theirs to add.
#[allow(missing_docs)]
#[typegen("schema.graphql", enums_as_str = ["CurrencyCode", "CountryCode"])]
pub mod schema {
    /// An amount as Shopify writes it; never a float.
    pub type Decimal = String;

    #[query("src/run.graphql", custom_scalar_overrides = { "Input.paymentCustomization.metafield.jsonValue" => super::run::Rules })]
    pub mod run {}
}
