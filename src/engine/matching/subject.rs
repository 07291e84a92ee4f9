//! The subjects of matchers: a response, or the pages of a list.

use std::sync::OnceLock;

use serde_json::Value as Json;
use url::Url;

use super::body_bytes::BodyBytes;
use crate::client::{Coding, Response};
use crate::data::{count, is_invisible};
use crate::fixture::HashedBytes;
use crate::record::Part;

/// The most values in a JSON body: parsed, it takes many times its bytes in memory.
const MOST_VALUES: usize = 150_000;

/// The most characters that are quoted of the message of an error body.
const MOST_QUOTED: usize = 120;

/// A JSON body with too many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the JSON body has more than {MOST_VALUES} values, which is the limit")]
pub struct TooManyValues;

/// A response, and where it came from.
#[derive(Debug)]
pub struct ParsedResponse {
    /// The URL that responded, after redirects.
    pub url: Url,
    /// The response.
    pub http: Response,
    /// For a body that passed and is not in `http`: its size and digests.
    hashed: Option<HashedBytes>,
    json: OnceLock<Option<Json>>,
}

/// Pages along their Links.
#[derive(Debug)]
pub struct Pages {
    /// The pages, in order.
    pub pages: Vec<ParsedResponse>,
    /// Their entries, together.
    pub items: Vec<Json>,
    /// How the pagination ended.
    pub end: PaginationEnd,
}

/// How a pagination ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaginationEnd {
    /// The last page has no Link to a next one.
    Complete,
    /// A Link leads back to an earlier page.
    Loop(String),
    /// A Link that cannot be followed.
    BadLink(String),
    /// There is no last page within the bounds.
    TooLong,
    /// A page is not a list.
    NoList,
}

/// The subject of a matcher.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// One response.
    Response(&'a ParsedResponse),
    /// The pages of a list.
    Pages(&'a Pages),
}

impl ParsedResponse {
    /// Parses a response.
    ///
    /// # Errors
    /// When its JSON body has too many values.
    pub fn new(url: Url, http: Response) -> Result<Self, TooManyValues> {
        if values(&http.body) > MOST_VALUES {
            return Err(TooManyValues);
        }
        Ok(Self {
            url,
            http,
            hashed: None,
            json: OnceLock::new(),
        })
    }

    /// A response whose body passed and is not kept: its body is no JSON.
    pub fn hashed(url: Url, http: Response, hashed: HashedBytes) -> Self {
        Self {
            url,
            http,
            hashed: Some(hashed),
            json: OnceLock::new(),
        }
    }

    /// The bytes of its body, for digests.
    pub fn body_bytes(&self) -> BodyBytes {
        match &self.hashed {
            Some(hashed) => BodyBytes::Hashed(hashed.clone()),
            None => BodyBytes::Kept(self.http.body.clone()),
        }
    }

    /// Moves the parsed JSON out.
    pub fn take_json(&mut self) -> Option<Json> {
        self.json();
        self.json.take().flatten()
    }

    /// The body as JSON; nothing where it is not JSON.
    pub fn json(&self) -> Option<&Json> {
        self.json
            .get_or_init(|| match self.http.coding {
                // What the body says is not what it is.
                Coding::Wrong => None,
                _ => serde_json::from_slice(unpadded(&self.http.body)).ok(),
            })
            .as_ref()
    }

    /// Whether the body is JSON: an object or a list, or any JSON with a Content-Type of JSON. A number in plain text is
    /// not.
    pub fn is_json(&self) -> bool {
        let said = self.header("content-type").unwrap_or_default();
        let said = said.split(';').next().unwrap_or_default().trim();
        let said = said.eq_ignore_ascii_case("application/json") || said.ends_with("+json");
        self.json()
            .is_some_and(|json| json.is_object() || json.is_array() || said)
    }

    /// The body in a few words.
    pub fn describe_body(&self) -> String {
        if let (Coding::Wrong, Some(why)) = (&self.http.coding, &self.http.broken) {
            return why.clone();
        }
        match self.body_bytes().len() {
            0 => "an empty body".to_owned(),
            length if self.is_json() => format!("a JSON body of {}", count(length, "byte")),
            length => format!("a body of {} that is not JSON", count(length, "byte")),
        }
    }

    /// The first error of an error body (section "Error Codes"), bounded and without characters that act: `CODE: "message"`.
    pub fn quote_error(&self) -> Option<String> {
        let error = self.json()?.pointer("/errors/0")?;
        let text = |name: &str, most: usize| {
            let text = error.get(name)?.as_str()?;
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let mut visible = words.chars().filter(|c| !is_invisible(*c));
            let mut text: String = visible.by_ref().take(most).collect();
            if visible.next().is_some() {
                text.push('…');
            }
            (!text.is_empty()).then_some(text)
        };
        let message = text("message", MOST_QUOTED).map(|message| format!("\"{message}\""));
        match (text("code", MOST_QUOTED / 2), message) {
            (Some(code), Some(message)) => Some(format!("{code}: {message}")),
            (code, message) => code.or(message),
        }
    }

    /// A header's lines, joined as HTTP allows (RFC 9110, section 5.3). A Content-Length is a number (section 8.6): leading zeros
    /// are left out.
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.lines(name);
        let value = (!lines.is_empty()).then(|| lines.join(", "))?;
        if !name.eq_ignore_ascii_case("content-length") {
            return Some(value);
        }
        let length = value.parse::<u64>();
        Some(length.map_or(value, |length| length.to_string()))
    }

    /// A header's lines.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.http
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect()
    }
}

/// A body without the white space behind its JSON, of which a large manifest mostly consists.
fn unpadded(mut body: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t' | b'\n' | b'\r'] = body {
        body = rest;
    }
    body
}

/// An upper bound of the values in a JSON body: each but the first follows one of these bytes.
fn values(body: &[u8]) -> usize {
    let start = unpadded(body).trim_ascii_start();
    match start.first() {
        Some(b'[' | b'{') => {
            let marks = start.iter();
            marks
                .filter(|byte| matches!(byte, b',' | b'[' | b'{'))
                .count()
        }
        _ => 1,
    }
}

impl Pages {
    /// The form of the body, where a page is not a list.
    pub fn unread(&self) -> Option<Part> {
        (self.end == PaginationEnd::NoList).then_some(Part::Form)
    }
}

impl PaginationEnd {
    /// The end in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Complete => "the list ends".to_owned(),
            Self::Loop(url) => format!("a Link leads back to {url}"),
            Self::BadLink(link) => format!("the Link cannot be followed: {link}"),
            Self::TooLong => "no last page within the bounds".to_owned(),
            Self::NoList => "a page is not a list".to_owned(),
        }
    }
}
