//! Responses and pages for the tests of matchers.
#![allow(clippy::unwrap_used)]

use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::Value as Json;

use super::subject::{Pages, PaginationEnd, ParsedResponse};
use crate::client::Response;
use crate::engine::scope::Scope;
use crate::fixture::{Fixtures, Seed};

/// A response with this status, these headers and this body.
pub fn response(status: u16, headers: &[(&str, &str)], body: &str) -> ParsedResponse {
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let name: HeaderName = name.parse().unwrap();
        all.append(name, HeaderValue::from_str(value).unwrap());
    }
    let http = Response {
        headers: all,
        body: body.to_owned().into(),
        ..Response::bare(status)
    };
    ParsedResponse::new("http://registry.example/v2/".parse().unwrap(), http).unwrap()
}

/// Pages with these statuses, which list these entries together.
pub fn pages(statuses: &[u16], items: &[&str]) -> Pages {
    let all = statuses.iter().map(|status| response(*status, &[], "{}"));
    Pages {
        pages: all.collect(),
        items: items.iter().map(|item| Json::from(*item)).collect(),
        end: PaginationEnd::Complete,
    }
}

/// Calls a function with a scope that has no values.
pub fn with_scope<T>(work: impl FnOnce(&mut Scope<'_>) -> T) -> T {
    let fixtures = Fixtures::default();
    work(&mut Scope::new(&fixtures, Seed::new(0), None))
}
