//! Bodies of the kind `application/x-www-form-urlencoded`, as PayU and EBANX send notices; a name that comes twice makes the whole body unreadable.
//!
//! ```
//! use efectivo::providers::form;
//! let fields = form::read(b"state_pol=4&description=Pedido+1%2F2").ok_or("no form")?;
//! assert_eq!(form::field(&fields, "description"), Some("Pedido 1/2"));
//! assert_eq!(form::read(b"a=1&a=2"), None);
//! # Ok::<(), &str>(())
//! ```

use crate::signature::hex;

/// Reads a body; `None` where it is no form, or a name comes twice.
pub fn read(body: &[u8]) -> Option<Vec<(String, String)>> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for pair in body.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty()) {
        let at = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = pair.split_at_checked(at)?;
        let (name, value) = (decoded(name)?, decoded(value.split_first()?.1)?);
        if field(&fields, &name).is_some() {
            return None;
        }
        fields.push((name, value));
    }
    Some(fields)
}

/// A field's value.
pub fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

fn decoded(text: &[u8]) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.iter());
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let pair = [*rest.next()?, *rest.next()?];
                bytes.extend(hex::decode(core::str::from_utf8(&pair).ok()?)?);
            }
            other => bytes.push(*other),
        }
    }
    String::from_utf8(bytes).ok()
}
