//! Faults of the filter of the referrers list.

use serde_json::{Value, json};

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::{WRONG_DIGEST, got_referrers};
use crate::registry::faults::rows::{after, header, request, response, switch, without};
use crate::registry::faults::store_edits::repository_of;
use crate::registry::response_edit::{ANY, REFERRERS_LIST};
use crate::registry::store::{Manifest, Store};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    without("referrers-filter-no-header", &["referrers-filter-header"],
        "The filtered referrers list has no OCI-Filters-Applied.", ANY, "oci-filters-applied"),
    header("referrers-filter-header-unasked", &["referrers-filter-unasked"],
        "The referrers list has OCI-Filters-Applied without a filter in the request.",
        REFERRERS_LIST, "OCI-Filters-Applied", "artifactType"),
    header("referrers-filter-other-word", &["referrers-filter-header"],
        "OCI-Filters-Applied is artifact-type instead of artifactType.",
        REFERRERS_LIST.query("artifactType"), "OCI-Filters-Applied", "artifact-type"),
    switch("referrers-filter-prefix", &["referrers-filter-only"],
        "The referrers filter matches the prefix of an artifactType.", |switches| switches.filter_by_prefix = true),
];

pub const FAULTS: &[Fault] = &[
    after(
        "referrers-filter-suffix-dropped",
        &["referrers-filter-only"],
        "The referrers filter compares artifactType up to a plus sign.",
        |store, request, response| {
            let wanted = request.query("artifactType").unwrap_or_default();
            let longer = format!("{wanted}+");
            add_filtered_out(store, request, response, |own, one| {
                let found = String::from_utf8_lossy(&one.bytes).contains(&longer);
                found.then(|| json!({"mediaType": one.media_type, "digest": own, "size": one.bytes.len(), "artifactType": wanted}))
            });
        },
    ),
    after(
        "referrers-filter-either-type",
        &["referrers-filter-only"],
        "The referrers filter compares artifactType or the media type of the config.",
        |store, request, response| {
            let wanted = request.query("artifactType").unwrap_or_default();
            add_filtered_out(store, request, response, |own, one| {
                let manifest: Value = serde_json::from_slice(&one.bytes).ok()?;
                let own_type = manifest.get("artifactType")?.as_str()?;
                let config = manifest.pointer("/config/mediaType")?.as_str()?;
                let added = config == wanted && own_type != wanted;
                added.then(|| json!({"mediaType": one.media_type, "digest": own, "size": one.bytes.len(), "artifactType": own_type}))
            });
        },
    ),
    after(
        "referrers-filter-keeps-untyped",
        &["referrers-filter-only"],
        "The filtered referrers list has each index without an artifactType, too.",
        |store, request, response| {
            add_filtered_out(store, request, response, |own, one| {
                let typed = String::from_utf8_lossy(&one.bytes).contains("artifactType");
                let untyped = one.media_type.contains("index") && !typed;
                untyped.then(
                    || json!({"mediaType": one.media_type, "digest": own, "size": one.bytes.len()}),
                )
            });
        },
    ),
    request(
        "referrers-filter-ignored",
        &["referrers-filter"],
        "The referrers list ignores the artifactType parameter.",
        |request| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) {
                request.query.retain(|(key, _)| key != "artifactType");
            }
        },
    ),
    response(
        "referrers-filter-in-words",
        &["referrers-filter-only"],
        "The filtered referrers list has a manifest of another artifactType.",
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
        "The filtered referrers list is always empty.",
        |request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", Vec::clear);
            }
        },
    ),
    response(
        "referrers-sha512-filter-silent",
        &["referrers-filter-header"],
        "The filtered referrers list of a sha512 digest has no OCI-Filters-Applied.",
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
        "The referrers filter converts its artifactType to lower case.",
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
        "The referrers filter replaces a plus sign with a space.",
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
    response(
        "referrers-filter-no-indexes",
        &["referrers-index-listed"],
        "The filtered referrers list omits indexes.",
        |request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", |list| {
                    list.retain(|one| !one["mediaType"].to_string().contains("index"))
                });
            }
        },
    ),
    after(
        "referrers-filter-declared-alone",
        &["referrers-filter-complete"],
        "The filter of referrers does not match an artifactType that is the media type of the config.",
        |store, request, response| {
            if !got_referrers(request, response) || request.query("artifactType").is_none() {
                return;
            }
            let Some(repository) = repository_of(store, request) else {
                return;
            };
            let declares = |one: &Value| {
                let manifest = repository.manifests.get(one["digest"].as_str()?)?;
                let manifest: Value = serde_json::from_slice(&manifest.bytes).ok()?;
                manifest.get("artifactType").map(|_| ())
            };
            edit_list(response, "/manifests", |list| {
                list.retain(|one| declares(one).is_some())
            });
        },
    ),
    response(
        "referrers-filter-link-forgets",
        &["referrers-filter-complete"],
        "The Link of a filtered referrers list has no artifactType and leads past referrers of this type.",
        |request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                let mut cut = false;
                edit_list(response, "/manifests", |list| {
                    cut = list.len() > 1;
                    list.truncate(1);
                });
                if cut {
                    let next = format!("<{}?last=sha256:fff>; rel=\"next\"", request.path);
                    response.set("Link", next);
                }
            }
        },
    ),
];

/// Adds descriptors of referrers of the requested subject to a filtered list.
fn add_filtered_out(
    store: &Store,
    request: &ApiRequest,
    response: &mut ApiResponse,
    describe: impl Fn(&str, &Manifest) -> Option<Value>,
) {
    if let Endpoint::Referrers(name, subject) = &request.endpoint
        && request.query("artifactType").is_some()
        && got_referrers(request, response)
        && let Some(repository) = store.repositories.get(name)
    {
        let referrers = repository.manifests.iter();
        let referrers = referrers.filter(|(_, one)| one.subject.as_deref() == Some(subject));
        let added = referrers.filter_map(|(own, one)| describe(own, one));
        edit_list(response, "/manifests", |list| list.extend(added));
    }
}
