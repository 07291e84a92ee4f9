//! What matchers look at.

use std::sync::OnceLock;

use serde_json::Value as Json;
use url::Url;

use crate::target::Answer;

/// An answer, and where it came from.
#[derive(Debug)]
pub struct Page {
    /// The URL that answered, after redirects.
    pub url: Url,
    /// The answer.
    pub answer: Answer,
    json: OnceLock<Option<Json>>,
}

/// Pages along their Links.
#[derive(Debug)]
pub struct Walk {
    /// The pages, in order.
    pub pages: Vec<Page>,
    /// What they list, together.
    pub items: Vec<Json>,
    /// How the walk came to its end.
    pub ending: Ending,
}

/// How a walk came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
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
pub enum Seen<'a> {
    /// One answer.
    Page(&'a Page),
    /// A walk.
    Walk(&'a Walk),
}

impl Page {
    /// An answer as a page.
    pub fn new(url: Url, answer: Answer) -> Self {
        Self {
            url,
            answer,
            json: OnceLock::new(),
        }
    }

    /// The body as JSON; nothing where it is none.
    pub fn json(&self) -> Option<&Json> {
        self.json
            .get_or_init(|| serde_json::from_slice(&self.answer.body).ok())
            .as_ref()
    }

    /// A header's lines, joined as HTTP allows (RFC 9110, section 5.3).
    pub fn header(&self, name: &str) -> Option<String> {
        let lines: Vec<String> = self
            .answer
            .headers
            .get_all(name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .collect();
        (!lines.is_empty()).then(|| lines.join(", "))
    }
}

impl Ending {
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
