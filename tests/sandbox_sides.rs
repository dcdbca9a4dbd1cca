//! What no adapter of ours would show about the simulated providers: keys that open nothing, signatures by the documents' own vectors, and a page for browsers.

use efectivo::clock::{DAY, Instant};
use efectivo::providers::sandbox::serve::{Accounts, Act, Parcel, World, serve};
use efectivo::signature::{hex, hmac_sha256, md5};
use serde_json::{Value, json};

const NOW: Instant = Instant(1_795_000_000_000);

fn world() -> World {
    let accounts = json!({"payu_merchant_id": "508029", "payu_account_id": "512323", "payu_api_login": "login", "payu_api_key": "4Vj8eK4rloUd272L48hsrarnUA",
        "culqi_secret_key": "sk_test_x", "culqi_notice_user": "u", "culqi_notice_password": "p", "culqi_notice_url": "http://127.0.0.1:1/culqi",
        "mercado_pago_access_token": "TEST-1", "mercado_pago_webhook_secret": "secret", "pagseguro_merchant_id": "42", "pagseguro_secret_key": "bc123"});
    World::new(7, serde_json::from_value::<Accounts>(accounts).unwrap())
}

fn act(world: &mut World, act: Value, body: &str) -> (u16, String, Vec<Parcel>) {
    let served = serve(world, &serde_json::from_value::<Act>(act).unwrap(), body.as_bytes(), NOW).unwrap();
    (served.response.map_or(0, |response| response.status), served.body, served.parcels)
}

fn ask(world: &mut World, method: &str, path: &str, headers: Value, body: &str) -> (u16, String) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (status, body, _) = act(world, json!({"http": {"method": method, "path": path, "query": query, "headers": headers}}), body);
    (status, body)
}

fn paid(world: &mut World, digits: &str) -> Parcel {
    let (_, _, mut parcels) = act(world, json!({"pay": {"code": digits, "amount": null}}), "");
    parcels.pop().expect("a notice")
}

fn header(parcel: &Parcel, name: &str) -> String {
    parcel.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
}

#[test]
fn payu_takes_its_own_signature_only_and_rounds_the_one_of_its_notices() {
    let mut world = world();
    let sign = |amount: &str| hex::encode(&md5(&[format!("4Vj8eK4rloUd272L48hsrarnUA~508029~TestPayU~{amount}~PEN").as_bytes()]));
    let order = |signature: &str| {
        json!({"command": "SUBMIT_TRANSACTION", "merchant": {"apiLogin": "login", "apiKey": "4Vj8eK4rloUd272L48hsrarnUA"}, "transaction": {
            "order": {"accountId": "512323", "referenceCode": "TestPayU", "description": "d", "signature": signature, "notifyUrl": "http://127.0.0.1:1/payu",
                "additionalValues": {"TX_VALUE": {"value": 150, "currency": "PEN"}}, "buyer": {"fullName": "Ana"}},
            "payer": {"fullName": "Ana", "emailAddress": "a@example.pe", "dniNumber": "12345678"}, "type": "AUTHORIZATION_AND_CAPTURE",
            "paymentMethod": "PAGOEFECTIVO", "paymentCountry": "PE", "ipAddress": "127.0.0.1"}})
        .to_string()
    };
    let path = "/payu/payments-api/4.0/service.cgi";
    let accept = json!([["Accept", "application/json"]]);
    assert!(ask(&mut world, "POST", path, json!([]), &order(&sign("150"))).1.starts_with('<'), "without Accept it speaks XML");
    assert!(ask(&mut world, "POST", path, accept.clone(), &order(&sign("15"))).1.contains("\"ERROR\""));
    let (status, made) = ask(&mut world, "POST", path, accept, &order(&sign("150")));
    let made: Value = serde_json::from_str(&made).unwrap();
    let digits = made["transactionResponse"]["trazabilityCode"].as_str().unwrap();
    assert_eq!((status, made["transactionResponse"]["extraParameters"]["BAR_CODE"].as_str()), (200, Some(digits)));
    let notice = paid(&mut world, digits);
    let rounded = hex::encode(&md5(&[b"4Vj8eK4rloUd272L48hsrarnUA~508029~TestPayU~150.0~PEN~4"]));
    assert!(notice.body.contains("value=150.00&") && notice.body.ends_with(&format!("&sign={rounded}")), "{}", notice.body);
}

#[test]
fn mercado_pago_signs_its_manifest_and_not_its_body() {
    let mut world = world();
    let body = r#"{"transaction_amount":100,"description":"d","payment_method_id":"pagoefectivo_atm","payer":{"email":"a@example.pe"},"notification_url":"http://127.0.0.1:1/mp?source_news=webhooks"}"#;
    let keyed = |key: &str| json!([["Authorization", "Bearer TEST-1"], ["X-Idempotency-Key", key]]);
    assert_eq!(ask(&mut world, "POST", "/mercado_pago/v1/payments", json!([["Authorization", "Bearer TEST-2"]]), body).0, 401);
    assert_eq!(ask(&mut world, "POST", "/mercado_pago/v1/payments", json!([["Authorization", "Bearer TEST-1"]]), body).0, 400, "the key is mandatory");
    let made = ask(&mut world, "POST", "/mercado_pago/v1/payments", keyed("k"), body);
    assert_eq!(ask(&mut world, "POST", "/mercado_pago/v1/payments", keyed("k"), body), made, "the same key again is the same payment");
    assert_eq!(ask(&mut world, "POST", "/mercado_pago/v1/payments", keyed("k"), &body.replace("100", "101")).0, 409);
    let made: Value = serde_json::from_str(&made.1).unwrap();
    assert!(made["id"].as_u64().unwrap() > 1 << 53, "more than a float holds");
    let notice = paid(&mut world, made["transaction_details"]["verification_code"].as_str().unwrap());
    assert!(notice.url.ends_with(&format!("?source_news=webhooks&data.id={}&type=payment", made["id"])), "{}", notice.url);
    let manifest = format!("id:{};request-id:{};ts:{};", made["id"], header(&notice, "X-Request-Id"), NOW.0);
    assert_eq!(header(&notice, "X-Signature"), format!("ts={},v1={}", NOW.0, hex::encode(&hmac_sha256(b"secret", &[manifest.as_bytes()]))));
}

#[test]
fn culqi_wants_seconds_and_tells_of_an_order_as_json_in_json() {
    let mut world = world();
    let order = |until: i64| {
        json!({"amount": 600, "currency_code": "PEN", "description": "Pedido 1", "order_number": "p-1", "expiration_date": until,
            "client_details": {"first_name": "A", "last_name": "B", "email": "a@example.pe", "phone_number": "+51945145280"}})
        .to_string()
    };
    let (key, until) = (json!([["Authorization", "Bearer sk_test_x"]]), NOW.plus(DAY).0);
    assert_eq!(ask(&mut world, "POST", "/culqi/v2/orders", key.clone(), &order(until)).0, 400, "milliseconds are years away");
    let (status, made) = ask(&mut world, "POST", "/culqi/v2/orders", key.clone(), &order(until / 1_000));
    let made: Value = serde_json::from_str(&made).unwrap();
    assert_eq!((status, made["expiration_date"].as_i64()), (201, Some(until)));
    assert_eq!(ask(&mut world, "POST", "/culqi/v2/orders", key, &order(until / 1_000)).0, 400, "an order number is taken once");
    let notice = paid(&mut world, made["payment_code"].as_str().unwrap());
    let outer: Value = serde_json::from_str(&notice.body).unwrap();
    let inner: Value = serde_json::from_str(outer["data"].as_str().unwrap()).unwrap();
    assert_eq!((inner["state"].as_str(), header(&notice, "Authorization")), (Some("paid"), "Basic dTpw".into()));
}

#[test]
fn pagseguro_has_a_page_for_browsers_and_the_documents_own_signature_for_questions() {
    let mut world = world();
    let hash = |amount: &str| hex::encode(&hmac_sha256(b"bc123", &[format!("42http://127.0.0.1:1/ps1{amount}PEN").as_bytes()]));
    let page = |amount: &str, hash: &str| {
        format!("store_id=42&notify_url=http%3A%2F%2F127.0.0.1%3A1%2Fps&order_id=1&amount={amount}&currency_code=PEN&hash_key={hash}")
    };
    assert_eq!(ask(&mut world, "POST", "/pagseguro/payment.php", json!([]), &page("1", &hash("10050"))).0, 400, "another amount than was signed");
    let (status, html) = ask(&mut world, "POST", "/pagseguro/payment.php", json!([]), &page("10050", &hash("10050")));
    let digits: String = html.chars().filter(char::is_ascii_digit).skip(1).take(9).collect();
    assert_eq!(
        (status, ask(&mut world, "POST", "/pagseguro/payment.php", json!([]), &page("10050", &hash("10050"))).1),
        (200, html.clone()),
        "one order, one page"
    );
    let notice = paid(&mut world, &digits);
    let code = notice.body.strip_prefix("notification-type=transaction&transaction-code=").expect(&notice.body).to_owned();
    let signed = |secret: &[u8]| json!([["Authorization", format!("42:{}", hex::encode(&hmac_sha256(secret, &[b"/transactions/", code.as_bytes()])))]]);
    assert_eq!(ask(&mut world, "GET", &format!("/pagseguro/transactions/{code}"), signed(b"wrong"), "").0, 401);
    assert!(ask(&mut world, "GET", &format!("/pagseguro/transactions/{code}"), signed(b"bc123"), "").1.contains("\"COMPLETE\""));
}
