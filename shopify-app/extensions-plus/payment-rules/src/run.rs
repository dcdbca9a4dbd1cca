//! The one decision: which of the cart's payment methods to hide.

use crate::schema;
use shopify_function::Result;
use shopify_function::prelude::*;

/// Where the method may be offered; what a rule leaves out, it does not limit.
#[derive(Deserialize, Clone, Debug, Default, PartialEq)]
#[shopify_function(rename_all = "snake_case")]
pub struct Rules {
    /// The payment method's names, as the merchant wrote them in Shopify; several while it is being renamed.
    #[shopify_function(default)]
    pub methods: Vec<String>,
    /// ISO 3166 codes of the buyer's country.
    #[shopify_function(default)]
    pub countries: Vec<String>,
    /// By currency.
    #[shopify_function(default)]
    pub limits: Vec<Limit>,
}

/// The amounts of one currency, in minor units, both ends included.
#[derive(Deserialize, Clone, Debug, Default, PartialEq)]
#[shopify_function(rename_all = "snake_case")]
pub struct Limit {
    /// ISO 4217; amounts have two decimals.
    #[shopify_function(default)]
    pub currency: String,
    /// The smallest.
    #[shopify_function(default)]
    pub least_minor: Option<i32>,
    /// The largest.
    #[shopify_function(default)]
    pub most_minor: Option<i32>,
}

/// Hides our method from carts for which no code could be made.
#[shopify_function]
pub fn cart_payment_methods_transform_run(input: schema::run::Input) -> Result<schema::CartPaymentMethodsTransformRunResult> {
    let rules = input.payment_customization().metafield().map(|metafield| metafield.json_value());
    let hidden = match rules {
        Some(rules) if !sellable(rules, &input) => {
            input.payment_methods().iter().filter(|method| rules.methods.iter().any(|ours| same_name(method.name(), ours))).map(hide).collect()
        }
        _ => Vec::new(),
    };
    Ok(schema::CartPaymentMethodsTransformRunResult { operations: hidden })
}

fn hide(method: &schema::run::input::PaymentMethods) -> schema::Operation {
    schema::Operation::PaymentMethodHide(schema::PaymentMethodHideOperation { payment_method_id: method.id().clone() })
}

fn sellable(rules: &Rules, input: &schema::run::Input) -> bool {
    let total = input.cart().cost().total_amount();
    let country = input.localization().country().iso_code();
    let abroad = !rules.countries.is_empty() && !rules.countries.iter().any(|one| one == country);
    let excluded = input.cart().lines().iter().any(|line| match line.merchandise() {
        schema::run::input::cart::lines::Merchandise::ProductVariant(variant) => *variant.product().has_any_tag(),
        _ => false,
    });
    !abroad && !excluded && within(&rules.limits, total.currency_code(), total.amount())
}

/// Whether one limit takes this currency and amount; no limits at all take everything.
fn within(limits: &[Limit], currency: &str, amount: &str) -> bool {
    let Some(minor) = minor_units(amount) else { return true };
    let takes = |limit: &Limit| {
        limit.currency == currency
            && limit.least_minor.is_none_or(|least| minor >= i64::from(least))
            && limit.most_minor.is_none_or(|most| minor <= i64::from(most))
    };
    limits.is_empty() || limits.iter().any(takes)
}

/// `1234.5` is 123450; more than two decimals are cut, since only limits are compared. `None` for what is no amount.
fn minor_units(amount: &str) -> Option<i64> {
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let cents = part.bytes().chain([b'0', b'0']).take(2).fold(0, |sum, byte| sum * 10 + i64::from(byte - b'0'));
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// Merchants write the name by hand, on both sides: case and spaces don't count.
fn same_name(theirs: &str, ours: &str) -> bool {
    let plain = |name: &str| name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect::<String>();
    !ours.is_empty() && plain(theirs) == plain(ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_whole_minor_units() {
        for (text, minor) in [("0", Some(0)), ("6", Some(600)), ("6.0", Some(600)), ("6.5", Some(650)), ("9999.99", Some(999_999)), ("9999.999", Some(999_999))]
        {
            assert_eq!(minor_units(text), minor, "{text}");
        }
        for text in ["", ".", ".5", "-1", "1e3", "1,000", " 1", "99999999999999999999"] {
            assert_eq!(minor_units(text), None, "{text}");
        }
    }

    #[test]
    fn a_name_is_the_same_in_any_case_and_spacing() {
        assert!(same_name("  pago efectivo ", "PagoEfectivo"));
        assert!(!same_name("PagoEfectivo", ""));
        assert!(!same_name("PagoEfectivo 2", "PagoEfectivo"));
    }
}
