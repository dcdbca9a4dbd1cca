//! Carts as Shopify gives them, natively; the built module answers the same file in `shopify-app/test/function.test.ts`.

use efectivo_payment_rules::run::cart_payment_methods_transform_run;
use shopify_function::run_function_with_input;

const CARTS: &str = include_str!("carts.json");
/// What the app writes, which a test of the app holds to the byte.
const WRITTEN: &str = include_str!("written.json");

#[test]
fn the_method_is_hidden_only_where_no_code_could_be_made() {
    let carts: serde_json::Value = serde_json::from_str(CARTS).unwrap();
    for one in carts.as_array().unwrap() {
        let answer = run_function_with_input(cart_payment_methods_transform_run, &input(one).to_string()).unwrap();
        let hidden: Vec<_> = answer
            .operations
            .iter()
            .map(|operation| match operation {
                efectivo_payment_rules::schema::Operation::PaymentMethodHide(hide) => hide.payment_method_id.clone(),
            })
            .collect();
        let wanted: Vec<_> = one["hidden"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
        assert_eq!(hidden, wanted, "{}", one["about"]);
    }
}

#[test]
fn the_bytes_that_the_app_writes_are_read_as_they_were_meant() {
    let vector: serde_json::Value = serde_json::from_str(WRITTEN).unwrap();
    let rules: serde_json::Value = serde_json::from_str(vector["written"].as_str().unwrap()).unwrap();
    for one in vector["carts"].as_array().unwrap() {
        let mut asked = one.clone();
        asked["rules"] = rules.clone();
        let mut cart = input(&asked);
        let second = serde_json::json!({ "id": "gid://shopify/PaymentCustomizationPaymentMethod/3", "name": vector["method_names"][1] });
        cart["paymentMethods"].as_array_mut().unwrap().push(second);
        let answer = run_function_with_input(cart_payment_methods_transform_run, &cart.to_string()).unwrap();
        assert_eq!(answer.operations.len(), one["hidden"].as_array().unwrap().len(), "{}", one["about"]);
    }
}

/// A case of the file in the shape of the input query.
fn input(one: &serde_json::Value) -> serde_json::Value {
    let rules = one.get("rules").cloned().unwrap_or_else(|| {
        serde_json::json!({
            "methods": ["PagoEfectivo"], "countries": ["PE"], "excluded_tags": ["regalo"],
            "limits": [{ "currency": "PEN", "least_minor": 600, "most_minor": 999_900 }, { "currency": "USD", "least_minor": 200 }],
        })
    });
    let cart = &one["cart"];
    let line = |tagged: &serde_json::Value| match tagged.as_bool() {
        Some(tagged) => serde_json::json!({ "merchandise": { "__typename": "ProductVariant", "product": { "hasAnyTag": tagged } } }),
        None => serde_json::json!({ "merchandise": { "__typename": "CustomProduct" } }),
    };
    let method = |number: u8, name: &str| serde_json::json!({ "id": format!("gid://shopify/PaymentCustomizationPaymentMethod/{number}"), "name": name });
    serde_json::json!({
        "cart": {
            "cost": { "totalAmount": { "amount": cart["amount"], "currencyCode": cart["currency"] } },
            "lines": cart["tagged"].as_array().unwrap().iter().map(line).collect::<Vec<_>>(),
        },
        "localization": { "country": { "isoCode": cart["country"] } },
        "paymentMethods": [method(1, "Tarjeta"), method(2, "PagoEfectivo")],
        "paymentCustomization": { "metafield": if rules.is_null() { rules } else { serde_json::json!({ "jsonValue": rules }) } },
    })
}
