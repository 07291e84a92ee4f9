//! Faults of the grammars of names and tags.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::fault::Fault;
use crate::registry::faults::rows::{request, switch};
use crate::registry::grammar::{is_name, is_tag};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("any-name", &["name-grammar"],
        "The registry accepts repository names outside the grammar.", |switches| switches.accept_invalid_names = true),
    switch("any-tag", &["tag-grammar", "tag-length"],
        "The registry accepts tags outside the grammar.", |switches| switches.accept_invalid_tags = true),
];

pub const FAULTS: &[Fault] = &[
    request(
        "tag-hyphen-dropped",
        &["tag-grammar"],
        "The registry drops a hyphen at the start of a tag.",
        |request| {
            if let Endpoint::Manifest(_, tag) = &mut request.endpoint
                && let Some(rest) = tag.strip_prefix('-').filter(|rest| is_tag(rest))
            {
                *tag = rest.to_owned();
            }
        },
    ),
    request(
        "name-marks-dropped",
        &["name-grammar"],
        "The registry drops marks at the start and at the end of the parts of a repository name.",
        |request| {
            rename(request, |name| {
                let parts = name.split('/');
                let trimmed = parts.map(|part| part.trim_matches(['.', '_', '-']));
                trimmed.collect::<Vec<_>>().join("/")
            });
        },
    ),
    request(
        "name-marks-joined",
        &["name-grammar"],
        "The registry replaces several marks in a row in a repository name with one hyphen.",
        |request| {
            rename(request, |name| {
                let parts = name.split(['.', '_', '-']);
                let parts = parts.filter(|part| !part.is_empty());
                parts.collect::<Vec<_>>().join("-")
            });
        },
    ),
];

/// Changes an invalid repository name, if the result is valid.
fn rename(request: &mut ApiRequest, change: fn(&str) -> String) {
    if let Endpoint::Uploads(name) | Endpoint::Manifest(name, _) = &mut request.endpoint {
        let changed = change(name);
        if !is_name(name) && is_name(&changed) {
            *name = changed;
        }
    }
}
