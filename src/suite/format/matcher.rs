//! A matcher: conditions on a response.

use std::fmt;

use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};

use super::{OneOrMany, RuleText};
use crate::data::scalar_or_map;

/// Conditions on a response. The response must meet all of them.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MatcherText {
    /// A condition for the others: they apply only to a response that matches this ("if the header is present, …").
    pub when: Option<Box<MatcherText>>,
    /// The status: a number, a class (`4xx`), or a list of them.
    pub status: Option<OneOrMany<StatusText>>,
    /// Headers by name.
    #[serde(default)]
    pub header: IndexMap<String, RuleText>,
    /// Headers by name, each as the list of its lines. A header that is absent is an empty list.
    #[serde(default)]
    pub lines: IndexMap<String, RuleText>,
    /// The `Link` header with the relation `next` (RFC 8288).
    pub link: Option<LinkText>,
    /// The expected body, byte for byte.
    pub body: Option<String>,
    /// A chunk, or a whole blob: the body is the part of it that `Content-Range` names.
    pub part: Option<String>,
    /// The expected digest of the body.
    pub digest: Option<String>,
    /// Values in a JSON body, by JSON pointer. `""` is the whole body.
    #[serde(default)]
    pub json: IndexMap<String, RuleText>,
    /// The error codes of which a JSON error body must have one.
    pub error: Option<OneOrMany<String>>,
    /// Whether the body is JSON: an object or a list; any JSON value if the `Content-Type` is a JSON type.
    pub is_json: Option<bool>,
    /// After `paginate`: conditions on each page.
    pub page: Option<Box<MatcherText>>,
    /// After `paginate`: rules for the lists of all pages, joined in order.
    pub items: Option<RuleText>,
    /// `true`, after `paginate`: the pages end, with well-formed `Link` headers and without a loop.
    pub ends: Option<bool>,
    /// Alternatives: the response must match one of them.
    #[serde(default)]
    pub any: Vec<MatcherText>,
}

/// Conditions on the `Link` header with the relation `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum LinkText {
    /// The response has a link to a next page.
    Next,
    /// The response has no link to a next page.
    None,
    /// The response has no malformed link. It need not have a link.
    Formed,
    /// As `formed`; and if the response has links to other pages, one of them leads to the next page. For a page that
    /// is not the last one.
    Forward,
}

/// A status, or a class of them.
#[derive(Debug, Clone)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(untagged))]
pub enum StatusText {
    /// One status.
    Code(u16),
    /// `1xx` to `5xx`.
    Class(String),
}

impl<'de> Deserialize<'de> for StatusText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        scalar_or_map(deserializer, StatusVisitor)
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
