//! What Culqi's notices carry in place of a signature: HTTP Basic, as its official plugins check it.

use super::Keys;
use crate::http::{Headers, header};
use crate::providers::asking::basic;
use crate::signature::{Refusal, same};

/// Judges who speaks; what is said stays a hint.
///
/// # Errors
/// The [`Refusal`].
pub fn judge(keys: &Keys, headers: &Headers) -> Result<(), Refusal> {
    if keys.notice_user.is_empty() || keys.notice_password.is_empty() {
        return Err(Refusal::NoKey);
    }
    let theirs = header(headers, "Authorization").next().ok_or(Refusal::MissingSignature)?;
    let ours = basic(&[keys.notice_user.expose(), keys.notice_password.expose()].join(":"));
    if same(ours.as_bytes(), theirs.trim().as_bytes()) { Ok(()) } else { Err(Refusal::BadSignature) }
}
