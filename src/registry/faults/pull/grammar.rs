//! Faults of the grammars of names and tags.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::grammar::{is_name, is_tag};

pub const FAULTS: &[Fault] = &[
    fault("any-name")
        .violates(&["name-grammar"])
        .title("The registry accepts repository names outside the grammar.")
        .switch(|switches| switches.accept_invalid_names = true),
    fault("any-tag")
        .violates(&["tag-grammar", "tag-length"])
        .title("The registry accepts tags outside the grammar.")
        .switch(|switches| switches.accept_invalid_tags = true),
    fault("tag-hyphen-dropped")
        .violates(&["tag-grammar"])
        .title("The registry drops a hyphen at the start of a tag.")
        .request(|request| {
            if let Endpoint::Manifest(_, tag) = &mut request.endpoint
                && let Some(rest) = tag.strip_prefix('-').filter(|rest| is_tag(rest))
            {
                *tag = rest.to_owned();
            }
        }),
    fault("name-marks-dropped")
        .violates(&["name-grammar"])
        .title(
            "The registry drops marks at the start and at the end of the parts of a \
             repository name.",
        )
        .request(|request| {
            rename(request, |name| {
                let parts = name.split('/');
                let trimmed = parts.map(|part| part.trim_matches(['.', '_', '-']));
                trimmed.collect::<Vec<_>>().join("/")
            });
        }),
    fault("name-marks-joined")
        .violates(&["name-grammar"])
        .title("The registry replaces several marks in a row in a repository name with one hyphen.")
        .request(|request| {
            rename(request, |name| {
                let parts = name.split(['.', '_', '-']);
                let parts = parts.filter(|part| !part.is_empty());
                parts.collect::<Vec<_>>().join("-")
            });
        }),
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
