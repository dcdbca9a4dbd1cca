//! The door's vectors, wherever they are run: one ask, its bytes, and what must come back to the byte.

use efectivo::calls;
use serde_json::{Value, json};

/// Every vector: the asks are written by hand, the answers were looked at once and are frozen.
pub const DOOR: &str = include_str!("door/door.json");

/// What providers document: every request, answer and notice of `providers/`, as calls of the door; made by `cargo test --test vectors_providers`.
pub const PROVIDERS: &str = include_str!("door/providers.json");

/// Every vector as a whole ask: what several have in common stands once in its file, under `with`.
pub fn all() -> Vec<Value> {
    let mut all: Vec<Value> = serde_json::from_str(DOOR).expect("the vectors are JSON");
    let file: Value = serde_json::from_str(PROVIDERS).expect("the vectors are JSON");
    all.extend(file["vectors"].as_array().expect("a list").iter().map(|vector| whole(vector, &file["with"])));
    all
}

/// One vector with what it has in common with others.
pub fn whole(vector: &Value, with: &Value) -> Value {
    let mut vector = vector.clone();
    let common = vector["with"].as_str().map(|name| with[name].as_object().expect("members").clone()).unwrap_or_default();
    if let Some(call) = vector["ask"].as_object_mut().and_then(|ask| ask.values_mut().next()).and_then(Value::as_object_mut) {
        call.extend(common);
    }
    vector
}

/// What the door gives back, in the form of the file: small bytes as they are, larger ones by length and a sum.
pub fn answered(vector: &Value) -> Value {
    let (answer, back) = calls::call(vector["ask"].to_string().as_bytes(), &unhex(vector["bytes"].as_str().unwrap_or_default()));
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
