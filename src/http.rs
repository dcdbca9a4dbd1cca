//! HTTP as data: requests that a host sends, answers and notices that it received, and how a request failed.
//!
//! Bodies are bytes beside the JSON, never inside it: a host hands them over as they came.

use crate::json::{Read, Write};
use core::fmt;

/// A header line as it was sent or received; names compare without case, repeats are kept.
pub type Headers = Vec<(String, String)>;

/// The values of a header, in order, whatever the case of its name.
pub fn header<'a>(headers: &'a Headers, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers.iter().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// The request methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A request for the host to send: https only (but for the sandbox on loopback), no redirects, bounded in time and size.
#[derive(Clone, PartialEq, Eq, Write)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole address; its host is one of the provider's own.
    pub url: String,
    /// Header lines, `Content-Type` and authorization included.
    pub headers: Headers,
    /// The body's bytes, which travel beside the JSON; empty for none.
    #[json(skip)]
    pub body: String,
    /// How long the host waits for the whole answer, in milliseconds.
    pub timeout_ms: u32,
    /// How many bytes of an answer the host reads before it gives up.
    pub answer_limit_bytes: u32,
    /// A header that the host adds, signed with a private key that never enters the core.
    #[json(skip_serializing_if = "Option::is_none")]
    pub sign: Option<Sign>,
}

/// A signature that the host makes: the header's value is `value_prefix` and, as base64 for addresses without padding, RSASSA-PKCS1-v1_5 with SHA-256
/// (RS256) over `message_prefix` and the body's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Write)]
pub struct Sign {
    /// Which of the channel's keys that stay with the host, as PEM.
    pub key: &'static str,
    /// The header's name.
    pub header: &'static str,
    /// What is signed before the body.
    pub message_prefix: String,
    /// What the header's value begins with.
    pub value_prefix: String,
}

/// Prints no header and no body: both carry secrets and personal data.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request {{ {:?} {} [hidden] }}", self.method, self.url.split('?').next().unwrap_or(""))
    }
}

/// Fifteen seconds: a provider slower than this is treated as not having answered, and is asked again by our reference.
pub const REQUEST_TIMEOUT_MS: u32 = 15_000;
/// 256 KiB: far above any documented answer.
pub const ANSWER_LIMIT_BYTES: u32 = 262_144;
/// 64 KiB: notices are a few KB; Standard Webhooks suggests 20 KB as an upper bound for payloads.
pub const NOTICE_LIMIT_BYTES: usize = 65_536;

/// What came back for a request.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Answer {
    /// An HTTP answer; its body travels as bytes beside the JSON.
    Response(Response),
    /// No readable answer.
    Failure(Failure),
}

/// Status and headers of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header lines as received.
    #[json(default)]
    pub headers: Headers,
}

/// How a request failed, and so whether the provider may have acted on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Write, Read)]
#[json(rename_all = "snake_case")]
pub enum Failure {
    /// The name could not be resolved: it never left.
    Dns,
    /// No connection: it never left.
    Connect,
    /// No trusted connection: it never left.
    Tls,
    /// The host would not send it (a host not on the list, a redirect refused before the body): it never left.
    NotAllowed,
    /// Connected, but no whole answer in time.
    Timeout,
    /// The connection broke after the request had begun to leave.
    CutOff,
    /// The answer was larger than the limit.
    TooLarge,
    /// The process ended between sending and answering; whether it left is not known.
    Unknown,
}

impl Failure {
    /// Whether the provider may have received the request.
    pub fn may_have_left(self) -> bool {
        matches!(self, Self::Timeout | Self::CutOff | Self::TooLarge | Self::Unknown)
    }
}

/// A notice as the host received it; its raw body travels as bytes beside the JSON.
#[derive(Clone, Debug, PartialEq, Eq, Write, Read)]
#[json(deny_unknown_fields)]
pub struct Notice {
    /// The query string without `?`; empty for none.
    #[json(default)]
    pub query: String,
    /// Header lines with repeats.
    #[json(default)]
    pub headers: Headers,
    /// The address of the socket's peer, as text.
    #[json(default)]
    pub peer: String,
}
