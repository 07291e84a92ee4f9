//! A matcher: what a response must be.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use super::{OneOrMany, RuleText};
use crate::data::SCALAR_OR_MAP;

/// What a response must be. Every key that is named must hold.
#[derive(Debug, Clone, Default, serde::Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MatcherText {
    /// Judged only where this holds: "if the header is present, …".
    pub when: Option<Box<MatcherText>>,
    /// The status: a number, a class (`4xx`), or a list of them.
    pub status: Option<OneOrMany<StatusText>>,
    /// Headers by name.
    #[serde(default)]
    pub header: IndexMap<String, RuleText>,
    /// Headers by name, each as the list of its lines (an empty list where there is none).
    #[serde(default)]
    pub lines: IndexMap<String, RuleText>,
    /// Whether it has a Link of the relation `next`: none, a well-formed one (RFC 8288), or at least no malformed one.
    pub link: Option<LinkText>,
    /// The body, byte for byte.
    pub body: Option<String>,
    /// The digest of the body.
    pub digest: Option<String>,
    /// Values in a JSON body, by JSON pointer (`""` is the whole).
    #[serde(default)]
    pub json: IndexMap<String, RuleText>,
    /// A code that a JSON error body must have: one of these.
    pub error: Option<OneOrMany<String>>,
    /// Whether the body is JSON: an object or a list, or any JSON if its Content-Type says so.
    pub is_json: Option<bool>,
    /// Of a pagination: what each of its pages must be.
    pub page: Option<Box<MatcherText>>,
    /// Of a pagination: the lists of all its pages, together and in order.
    pub items: Option<RuleText>,
    /// Of a pagination: whether it came to an end, by well-formed Links and without a loop.
    pub ends: Option<bool>,
    /// Alternatives: one of them must hold.
    #[serde(default)]
    pub any: Vec<MatcherText>,
}

/// What the Link header says of a next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LinkText {
    /// There is a link to it.
    Next,
    /// There is none.
    None,
    /// Every link is well formed, if there is one.
    Formed,
    /// The same, and where links lead to other pages, one of them leads to the next: for a page that is known
    /// not to be the last.
    Forward,
}

/// A status, or a class of them.
#[derive(Debug, Clone, JsonSchema)]
#[schemars(untagged)]
pub enum StatusText {
    /// One status.
    Code(u16),
    /// `1xx` to `5xx`.
    Class(String),
}

impl<'de> Deserialize<'de> for StatusText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(SCALAR_OR_MAP, StatusVisitor)
    }
}

struct StatusVisitor;

impl Visitor<'_> for StatusVisitor {
    type Value = StatusText;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a status (404), a class (4xx), or a list of them")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<StatusText, E> {
        let code = u16::try_from(number).ok();
        let code = code.filter(|code| (100..600).contains(code));
        let code = code.ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))?;
        Ok(StatusText::Code(code))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<StatusText, E> {
        match text {
            "1xx" | "2xx" | "3xx" | "4xx" | "5xx" => Ok(StatusText::Class(text.to_owned())),
            _ => Err(E::invalid_value(Unexpected::Str(text), &self)),
        }
    }
}
