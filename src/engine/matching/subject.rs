//! What matchers look at.

use std::sync::OnceLock;

use serde_json::Value as Json;
use url::Url;

use crate::client::Response;

/// The most values that a JSON body may hold: what is read of one takes many times its bytes in memory.
const MOST_VALUES: usize = 150_000;

/// The longest Location that is followed, and the longest Link, in bytes.
pub const LONGEST_REFERENCE: usize = 16 * 1024;

/// A body that is more than is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the answer holds more than {MOST_VALUES} values, which is more than is read")]
pub struct TooManyValues;

/// An answer, and where it came from.
#[derive(Debug)]
pub struct ParsedResponse {
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The answer.
    pub http: Response,
    json: OnceLock<Option<Json>>,
}

/// Pages along their Links.
#[derive(Debug)]
pub struct Pages {
    /// The pages, in order.
    pub pages: Vec<ParsedResponse>,
    /// What they list, together.
    pub items: Vec<Json>,
    /// How the walk came to its end.
    pub end: PaginationEnd,
}

/// How a walk came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaginationEnd {
    /// The last page has no Link to a next one.
    Complete,
    /// A Link led back to a page that was there before.
    Loop(String),
    /// A Link that cannot be followed.
    BadLink(String),
    /// There was no end within the bounds.
    TooLong,
    /// A page was not answered with a list.
    NoList,
}

/// What is held against a matcher.
#[derive(Debug, Clone, Copy)]
pub enum Subject<'a> {
    /// One answer.
    Response(&'a ParsedResponse),
    /// A walk.
    Pages(&'a Pages),
}

impl ParsedResponse {
    /// An answer as a page.
    ///
    /// # Errors
    /// When its body is JSON of more values than are read.
    pub fn new(url: Url, http: Response) -> Result<Self, TooManyValues> {
        if values(&http.body) > MOST_VALUES {
            return Err(TooManyValues);
        }
        Ok(Self {
            url,
            http,
            json: OnceLock::new(),
        })
    }

    /// Forgets the JSON that was read, and gives it away.
    pub fn take_json(&mut self) -> Option<Json> {
        self.json();
        self.json.take().flatten()
    }

    /// The body as JSON; nothing where it is none.
    pub fn json(&self) -> Option<&Json> {
        self.json
            .get_or_init(|| serde_json::from_slice(&self.http.body).ok())
            .as_ref()
    }

    /// Whether the body is JSON: an object or a list, or whatever JSON its Content-Type says it is. A number in
    /// plain text is none.
    pub fn is_json(&self) -> bool {
        let said = self.header("content-type").unwrap_or_default();
        let said = said.split(';').next().unwrap_or_default().trim();
        let said = said.eq_ignore_ascii_case("application/json") || said.ends_with("+json");
        self.json()
            .is_some_and(|json| json.is_object() || json.is_array() || said)
    }

    /// A header's lines, joined as HTTP allows (RFC 9110, section 5.3).
    pub fn header(&self, name: &str) -> Option<String> {
        let lines = self.lines(name);
        (!lines.is_empty()).then(|| lines.join(", "))
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

/// At most so many values a body holds, if it is JSON: each but the first follows one of these bytes.
fn values(body: &[u8]) -> usize {
    let start = body.trim_ascii_start();
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

impl PaginationEnd {
    /// The ending in words.
    pub fn describe(&self) -> String {
        match self {
            Self::Complete => "it ended".to_owned(),
            Self::Loop(url) => format!("a Link led back to {url}"),
            Self::BadLink(link) => format!("the Link cannot be followed: {link}"),
            Self::TooLong => "it did not end within the bounds".to_owned(),
            Self::NoList => "a page did not answer with a list".to_owned(),
        }
    }
}
