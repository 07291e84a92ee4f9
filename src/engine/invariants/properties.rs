//! Whatever a target answers: every invariant comes to a finding, and Warning and error bodies that are written by
//! the specification's grammar break none.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::sync::Arc;

use arbtest::arbitrary::{Result, Unstructured};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use crate::client::{Request, Response};
use crate::endpoint::Endpoint;
use crate::engine::matching::{MatchResult, ParsedResponse, Subject, evaluate as evaluate_against};
use crate::engine::scope::Scope;
use crate::fixture::Seed;
use crate::fuzz::{hold, quoted, soon, text_of, word_of};
use crate::suite::{Invariant, Sources, Suites};

use super::{ObservedRequest, name};

fn response(status: u16, headers: HeaderMap, body: &str) -> Option<ParsedResponse> {
    let answer = Response {
        headers,
        body: body.to_owned().into(),
        ..Response::bare(status)
    };
    ParsedResponse::new("http://h/v2/".parse().unwrap(), answer).ok()
}

/// The requirements that a page breaks, of the invariants that hold for the answers to all requests.
fn broken(suites: &Suites, response: &ParsedResponse) -> Vec<String> {
    let all = suites.invariants().filter(|one| one.to.is_empty());
    broken_of(suites, all, response)
}

/// The requirements of some invariants that a page breaks, as the answer to the pull of a blob.
fn broken_of<'s>(
    suites: &Suites,
    invariants: impl Iterator<Item = &'s Arc<Invariant>>,
    response: &ParsedResponse,
) -> Vec<String> {
    let url = "http://h/v2/a/blobs/sha256:0".parse().unwrap();
    let request = Request::bare(http::Method::GET, url, "");
    let mut broken = Vec::new();
    for expectation in invariants.flat_map(|one| &one.expect) {
        let mut scope = Scope::new(&suites.fixtures, Seed::new(0), None);
        let endpoint = Endpoint::parse(request.url.path());
        name(
            &mut scope,
            &ObservedRequest::from(&request),
            &endpoint,
            response,
        );
        let finding = soon(|| {
            evaluate_against(
                &expectation.matcher,
                Subject::Response(response),
                &mut scope,
            )
        });
        if let MatchResult::Violates { .. } = finding.unwrap() {
            broken.push(expectation.requirement.to_string());
        }
    }
    broken
}

fn suites() -> Arc<Suites> {
    Arc::new(Suites::load(&Sources::embedded()).unwrap())
}

const NAMES: [&str; 12] = [
    "warning",
    "link",
    "range",
    "content-range",
    "location",
    "content-type",
    "content-length",
    "docker-content-digest",
    "oci-subject",
    "oci-tag",
    "retry-after",
    "www-authenticate",
];

const PARTS: [&str; 22] = [
    "299 - \"",
    "\"",
    "\\",
    ",",
    "-",
    "0-",
    "bytes ",
    "*/",
    "18446744073709551616",
    "/",
    "sha256:",
    "abcdef",
    "{",
    "}",
    "[",
    "]",
    "\"errors\":",
    "\"code\":",
    "\"message\":",
    "null",
    "BLOB_UNKNOWN",
    ":",
];

#[test]
fn every_answer_comes_to_a_finding() {
    let suites = suites();
    hold(|u| {
        let mut headers = HeaderMap::new();
        for _ in 0..u.int_in_range(0..=4)? {
            let name = HeaderName::from_static(u.choose(&NAMES)?);
            if let Ok(value) = HeaderValue::from_bytes(text_of(u, &PARTS, 20)?.as_bytes()) {
                headers.append(name, value);
            }
        }
        let status = u.int_in_range(100..=999)?;
        if let Some(response) = response(status, headers, &text_of(u, &PARTS, 40)?) {
            broken_of(&suites, suites.invariants(), &response);
        }
        Ok(())
    });
}

/// A warning's text: what a quoted string may hold.
fn said(u: &mut Unstructured<'_>) -> Result<String> {
    let text = text_of(
        u,
        &["deprecated", " ", ",", "\"", "\\", "299 - ", ";", "é"],
        6,
    )?;
    Ok(text.chars().filter(|c| !c.is_control()).take(60).collect())
}

#[test]
fn warnings_are_read_as_they_were_meant() {
    let suites = suites();
    hold(|u| {
        let mut warnings = Vec::new();
        let mut meant = Vec::new();
        for _ in 0..u.int_in_range(1..=4)? {
            let text = said(u)?;
            let text = quoted(u, &text)?;
            let (code, agent, date) = (u.ratio(1, 8)?, u.ratio(1, 8)?, u.ratio(1, 8)?);
            let broken = [
                (code, "warning-code"),
                (agent, "warning-agent"),
                (date, "warning-date"),
            ];
            meant.extend(
                broken
                    .iter()
                    .filter(|(breaks, _)| *breaks)
                    .map(|(_, id)| *id),
            );
            warnings.push(format!(
                "{} {} {text}{}",
                if code { "199" } else { "299" },
                if agent { "host:80" } else { "-" },
                if date {
                    " \"Wed, 21 Oct 2015 07:28:00 GMT\""
                } else {
                    ""
                },
            ));
        }
        meant.sort_unstable();
        meant.dedup();
        let mut headers = HeaderMap::new();
        match u.ratio(1, 2)? {
            true => {
                let line = HeaderValue::from_bytes(warnings.join(", ").as_bytes()).unwrap();
                headers.append("warning", line);
            }
            false => {
                for line in &warnings {
                    headers.append("warning", HeaderValue::from_bytes(line.as_bytes()).unwrap());
                }
            }
        }
        let mut found = broken(&suites, &response(200, headers, "").unwrap());
        found.sort_unstable();
        assert_eq!(found, meant, "{warnings:?}");
        Ok(())
    });
}

#[test]
fn error_bodies_are_read_as_they_were_meant() {
    let suites = suites();
    hold(|u| {
        let mut errors = Vec::new();
        let mut known = true;
        for _ in 0..u.int_in_range(1..=3)? {
            let code = match u.ratio(3, 4)? {
                true => "MANIFEST_UNKNOWN".to_owned(),
                false => word_of(u, "ABCXYZ", 6)?,
            };
            known &= code == "MANIFEST_UNKNOWN";
            let mut error = json!({ "code": code });
            if u.ratio(1, 2)? {
                error["message"] = json!(said(u)?);
            }
            if u.ratio(1, 2)? {
                error["detail"] = json!([{ "any": said(u)? }, null]);
            }
            errors.push(error);
        }
        let body = json!({ "errors": errors, said(u)?: 1 }).to_string();
        let found = broken(&suites, &response(404, HeaderMap::new(), &body).unwrap());
        let meant: &[&str] = if known { &[] } else { &["error-code-known"] };
        assert_eq!(found, meant, "{body}");
        Ok(())
    });
}
