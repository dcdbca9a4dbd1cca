//! PagoEfectivo's `hashString` and `PE-Signature`.

use super::Keys;
use crate::http::{Headers, header};
use crate::signature::{Refusal, hex, hmac_fits, sha256};

/// Lower-case hex of SHA-256 over `idService.accessKey.secretKey.dateRequest` (the document's printed pair differs: its date was edited later, the
/// hash was not; the pair with 2018's date holds).
///
/// ```
/// use efectivo::{providers::pagoefectivo::{Keys, sign}, secret::Secret};
/// let keys = Keys {
///     service_id: "8".into(),
///     access_key: Secret::new("AKIPJP77AHN2DKVIJURB"),
///     secret_key: Secret::new("Nfybo8h0yN7CFN1ycX+XaG99pj/y3Vt25urt1LUR"),
/// };
/// let published = "3faa0677fe78c30800d5c9ec71218ddaa81d15ca08e39f50177bbe328906c744";
/// assert_eq!(sign::hash_string(&keys, "2018-11-20T16:01:00-05:00"), published);
/// ```
pub fn hash_string(keys: &Keys, date_request: &str) -> String {
    let parts = [&keys.service_id, ".", keys.access_key.expose(), ".", keys.secret_key.expose(), ".", date_request];
    hex::encode(&sha256(&parts.map(str::as_bytes)))
}

/// Judges a notice: `PE-Signature` is the hex HMAC-SHA256 of the body under the secret key.
///
/// The document means by the body "una cadena JSON sin indentación"; public integrations hash three forms of it. Each is tried with the key, so that
/// trying three weakens nothing: the raw bytes; those without line ends and without spaces outside strings; the latter with `amount` padded to two
/// decimals. No time is signed: a notice can be replayed, so it only ever brings a question forward.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers, body: &[u8]) -> Result<(), Refusal> {
    let key = keys.secret_key.expose().as_bytes();
    if key.is_empty() {
        return Err(Refusal::NoKey);
    }
    let signature = header(headers, "PE-Signature").next().ok_or(Refusal::MissingSignature)?;
    let signature = hex::decode(signature).filter(|bytes| bytes.len() == 32).ok_or(Refusal::MalformedSignature)?;
    let fits = |body: &[u8]| hmac_fits(key, &[body], &signature);
    if fits(body) {
        return Ok(());
    }
    let close = without_blanks(body);
    let padded = with_two_decimals(&close);
    (fits(&close) || padded.is_some_and(|body| fits(&body))).then_some(()).ok_or(Refusal::BadSignature)
}

/// Without CR and LF anywhere, and without spaces outside strings.
fn without_blanks(body: &[u8]) -> Vec<u8> {
    let (mut in_string, mut escaped) = (false, false);
    let keep = |byte: &u8| {
        let kept = !matches!(byte, b'\r' | b'\n') && (in_string || *byte != b' ');
        if *byte == b'"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && *byte == b'\\' && !escaped;
        kept
    };
    body.iter().copied().filter(keep).collect()
}

/// With the number after the first `"amount":` padded to two decimals; `None` where there is none to pad.
fn with_two_decimals(body: &[u8]) -> Option<Vec<u8>> {
    const NAME: &[u8] = b"\"amount\":";
    let at = body.windows(NAME.len()).position(|window| window == NAME)? + NAME.len();
    let (before, number) = body.split_at_checked(at)?;
    let length = number.iter().position(|byte| !byte.is_ascii_digit() && *byte != b'.')?;
    let (number, after) = number.split_at_checked(length)?;
    let zeros: &[u8] = match number.iter().rev().position(|byte| *byte == b'.') {
        None if !number.is_empty() => b".00",
        Some(1) => b"0",
        _ => return None,
    };
    Some([before, number, zeros, after].concat())
}
