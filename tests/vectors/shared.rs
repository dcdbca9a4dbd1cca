//! The door's vectors, wherever they are run: one ask, its bytes, and what must come back to the byte.

use efectivo::calls;
use serde_json::{Value, json};

/// Every vector: the asks are written by hand, the answers were looked at once and are frozen.
pub const DOOR: &str = include_str!("door/door.json");

/// What providers document, a file each: every request, answer and notice of `providers/`, as calls of the door; made by `cargo test --test vectors_providers`.
pub const PROVIDERS: &[(&str, &str)] = &[
    ("sandbox", include_str!("door/providers/sandbox.json")),
    ("pagoefectivo", include_str!("door/providers/pagoefectivo.json")),
    ("dlocal", include_str!("door/providers/dlocal.json")),
    ("dlocal_go", include_str!("door/providers/dlocal_go.json")),
    ("ebanx", include_str!("door/providers/ebanx.json")),
    ("mercado_pago", include_str!("door/providers/mercado_pago.json")),
    ("paysafe", include_str!("door/providers/paysafe.json")),
    ("rapyd", include_str!("door/providers/rapyd.json")),
    ("kushki", include_str!("door/providers/kushki.json")),
    ("payu", include_str!("door/providers/payu.json")),
    ("culqi", include_str!("door/providers/culqi.json")),
    ("bamboo", include_str!("door/providers/bamboo.json")),
    ("pagseguro", include_str!("door/providers/pagseguro.json")),
];

/// Every vector as a whole ask.
pub fn all() -> Vec<Value> {
    let mut all: Vec<Value> = serde_json::from_str(DOOR).expect("the vectors are JSON");
    all.extend(PROVIDERS.iter().flat_map(|(_, text)| of_provider(text)));
    all
}

/// The vectors of a provider's file, with what several have in common put back: that stands once, in `parts`, and each says `with` which of them it is whole.
pub fn of_provider(text: &str) -> Vec<Value> {
    let mut file: Value = serde_json::from_str(text).expect("the vectors are JSON");
    let parts = file["parts"].take();
    let mut vectors = file["vectors"].as_array().expect("a list").clone();
    for vector in &mut vectors {
        let with = vector.as_object_mut().and_then(|vector| vector.remove("with")).unwrap_or_default();
        let call = vector["ask"].as_object_mut().and_then(|ask| ask.values_mut().next()).and_then(Value::as_object_mut).expect("a call");
        call.extend(with.as_object().expect("places").iter().map(|(name, place)| (name.clone(), parts[place.as_u64().expect("a place") as usize].clone())));
    }
    vectors
}

/// What the door gives back, in the form of the file: small bytes as they are, larger ones by length and a sum.
pub fn answered(vector: &Value) -> Value {
    let bytes = vector["text"].as_str().map_or_else(|| unhex(vector["bytes"].as_str().unwrap_or_default()), |text| text.as_bytes().to_vec());
    let (answer, back) = calls::call(vector["ask"].to_string().as_bytes(), &bytes);
    json!({"answer": serde_json::from_slice::<Value>(&answer).expect("an answer is JSON"), "text_sum": fnv(&answer), "back_length": back.len(), "back_sum": fnv(&back)})
}

/// How the engine understood a provider's answer; nothing where it changed nothing.
pub fn reading(answer: &Value) -> &Value {
    &answer["ok"]["journal"][0]["event"]["answer"]["reading"]
}

/// Every difference, by the vector's name.
pub fn differences() -> Vec<String> {
    let differs = |vector: &&Value| {
        let mut answered = answered(vector);
        answered["reading"] = reading(&answered["answer"]).clone();
        vector["expect"].as_object().expect("members").iter().any(|(name, value)| answered[name] != *value)
    };
    all().iter().filter(differs).map(|vector| format!("{}: {}", vector["about"], answered(vector))).collect()
}

/// FNV-1a, 32 bits: enough to see a byte that differs, and a line in any language.
pub fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn unhex(text: &str) -> Vec<u8> {
    text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).expect("hex"), 16).expect("hex")).collect()
}
