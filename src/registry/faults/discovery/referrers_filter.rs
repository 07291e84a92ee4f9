//! Faults of the filter of the referrers list.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::matching::{ANY, REFERRERS_LIST};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{WRONG_DIGEST, got_referrers};
use crate::registry::faults::rows::{header, request, response, switch, without};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    without("referrers-filter-no-header", &["referrers-filter-header"],
        "A filter is applied and not said.", ANY, "oci-filters-applied"),
    header("referrers-filter-header-unasked", &["referrers-filter-unasked"],
        "A list that nobody asked to filter says that it was.",
        REFERRERS_LIST, "OCI-Filters-Applied", "artifactType"),
    header("referrers-filter-other-word", &["referrers-filter-header"],
        "The filter that was applied is called otherwise.",
        REFERRERS_LIST.query("artifactType"), "OCI-Filters-Applied", "artifact-type"),
    switch("referrers-filter-prefix", &["referrers-filter-only"],
        "A filter takes what begins like the type.", |switches| switches.filter_prefix = true),
];

pub const FAULTS: &[Fault] = &[
    request(
        "referrers-filter-ignored",
        &["referrers-filter"],
        "Referrers cannot be filtered.",
        |request| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) {
                request.query.retain(|(key, _)| key != "artifactType");
            }
        },
    ),
    response(
        "referrers-filter-in-words",
        &["referrers-filter-only"],
        "A filter is said to be applied, and is not.",
        |request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", |list| {
                    list.push(json!({"mediaType": "a/b", "digest": WRONG_DIGEST, "size": 2, "artifactType": "c/d"}))
                });
            }
        },
    ),
    response(
        "referrers-filter-too-much",
        &["referrers-filter-complete"],
        "A filter leaves everything out.",
        |request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", Vec::clear);
            }
        },
    ),
    response(
        "referrers-sha512-filter-silent",
        &["referrers-filter-header"],
        "Referrers of a sha512 digest are filtered, and nobody is told.",
        |request, response| {
            let sha512 = matches!(&request.endpoint, Endpoint::Referrers(_, digest) if digest.starts_with("sha512"));
            if sha512 && got_referrers(request, response) {
                response.remove("oci-filters-applied");
            }
        },
    ),
    request(
        "referrers-filter-lowered",
        &["referrers-filter-complete"],
        "What is filtered for is taken in small letters.",
        |request| {
            for (name, value) in &mut request.query {
                if name == "artifactType" {
                    value.make_ascii_lowercase();
                }
            }
        },
    ),
    request(
        "referrers-filter-plus",
        &["referrers-filter-complete"],
        "A plus sign in a type is taken for a blank.",
        |request| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) {
                for (key, value) in &mut request.query {
                    if key == "artifactType" {
                        *value = value.replace('+', " ");
                    }
                }
            }
        },
    ),
];
