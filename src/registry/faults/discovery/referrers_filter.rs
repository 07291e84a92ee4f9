//! Faults of the filter of the referrers list.

use serde_json::{Value, json};

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::{WRONG_DIGEST, got_referrers};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;
use crate::registry::response_edit::{ANY, REFERRERS_LIST};
use crate::registry::store::{Manifest, Store};

pub const FAULTS: &[Fault] = &[
    fault("referrers-filter-no-header")
        .violates(&["referrers-filter-header"])
        .title("The filtered referrers list has no OCI-Filters-Applied.")
        .without(ANY, "oci-filters-applied"),
    fault("referrers-filter-header-unasked")
        .violates(&["referrers-filter-unasked"])
        .title("The referrers list has OCI-Filters-Applied without a filter in the request.")
        .header(REFERRERS_LIST, "OCI-Filters-Applied", "artifactType"),
    fault("referrers-filter-other-word")
        .violates(&["referrers-filter-header"])
        .title("OCI-Filters-Applied is artifact-type instead of artifactType.")
        .header(
            REFERRERS_LIST.query("artifactType"),
            "OCI-Filters-Applied",
            "artifact-type",
        ),
    fault("referrers-filter-prefix")
        .violates(&["referrers-filter-only"])
        .title("The referrers filter matches the prefix of an artifactType.")
        .switch(|switches| switches.filter_by_prefix = true),
    fault("referrers-filter-suffix-dropped")
        .violates(&["referrers-filter-only"])
        .title("The referrers filter compares artifactType up to a plus sign.")
        .after(|store, request, response| {
            let wanted = request.query("artifactType").unwrap_or_default();
            let longer = format!("{wanted}+");
            add_filtered_out(store, request, response, |own, one| {
                let found = String::from_utf8_lossy(&one.bytes).contains(&longer);
                found.then(|| listed(one, own, wanted))
            });
        }),
    fault("referrers-filter-either-type")
        .violates(&["referrers-filter-only"])
        .title("The referrers filter compares artifactType or the media type of the config.")
        .after(|store, request, response| {
            let wanted = request.query("artifactType").unwrap_or_default();
            add_filtered_out(store, request, response, |own, one| {
                let manifest: Value = serde_json::from_slice(&one.bytes).ok()?;
                let own_type = manifest.get("artifactType")?.as_str()?;
                let config = manifest.pointer("/config/mediaType")?.as_str()?;
                let added = config == wanted && own_type != wanted;
                added.then(|| listed(one, own, own_type))
            });
        }),
    fault("referrers-filter-keeps-untyped")
        .violates(&["referrers-filter-only"])
        .title("The filtered referrers list has each index without an artifactType, too.")
        .after(|store, request, response| {
            add_filtered_out(store, request, response, |own, one| {
                let typed = String::from_utf8_lossy(&one.bytes).contains("artifactType");
                let untyped = one.media_type.contains("index") && !typed;
                untyped.then(
                    || json!({"mediaType": one.media_type, "digest": own, "size": one.bytes.len()}),
                )
            });
        }),
    fault("referrers-filter-ignored")
        .violates(&["referrers-filter"])
        .title("The referrers list ignores the artifactType parameter.")
        .request(|request| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) {
                request.query.retain(|(key, _)| key != "artifactType");
            }
        }),
    fault("referrers-filter-in-words")
        .violates(&["referrers-filter-only"])
        .title("The filtered referrers list has a manifest of another artifactType.")
        .response(|request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", |list| {
                    list.push(json!({
                        "mediaType": "a/b", "digest": WRONG_DIGEST,
                        "size": 2, "artifactType": "c/d",
                    }))
                });
            }
        }),
    fault("referrers-filter-too-much")
        .violates(&["referrers-filter-complete"])
        .title("The filtered referrers list is always empty.")
        .response(|request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", Vec::clear);
            }
        }),
    fault("referrers-sha512-filter-silent")
        .violates(&["referrers-filter-header"])
        .title("The filtered referrers list of a sha512 digest has no OCI-Filters-Applied.")
        .response(|request, response| {
            let sha512 = match &request.endpoint {
                Endpoint::Referrers(_, digest) => digest.starts_with("sha512"),
                _ => false,
            };
            if sha512 && got_referrers(request, response) {
                response.remove("oci-filters-applied");
            }
        }),
    fault("referrers-filter-lowered")
        .violates(&["referrers-filter-complete"])
        .title("The referrers filter converts its artifactType to lower case.")
        .request(|request| {
            for (name, value) in &mut request.query {
                if name == "artifactType" {
                    value.make_ascii_lowercase();
                }
            }
        }),
    fault("referrers-filter-plus")
        .violates(&["referrers-filter-complete"])
        .title("The referrers filter replaces a plus sign with a space.")
        .request(|request| {
            if matches!(request.endpoint, Endpoint::Referrers(..)) {
                for (key, value) in &mut request.query {
                    if key == "artifactType" {
                        *value = value.replace('+', " ");
                    }
                }
            }
        }),
    fault("referrers-filter-no-indexes")
        .violates(&["referrers-index-listed"])
        .title("The filtered referrers list omits indexes.")
        .response(|request, response| {
            if got_referrers(request, response) && request.query("artifactType").is_some() {
                edit_list(response, "/manifests", |list| {
                    list.retain(|one| !one["mediaType"].to_string().contains("index"))
                });
            }
        }),
    fault("referrers-filter-declared-alone")
        .violates(&["referrers-filter-complete"])
        .title(
            "The filter of referrers does not match an artifactType that is the media type of \
             the config.",
        )
        .after(|store, request, response| {
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
        }),
    fault("referrers-filter-link-forgets")
        .violates(&["referrers-filter-complete"])
        .title(
            "The Link of a filtered referrers list has no artifactType and leads past \
             referrers of this type.",
        )
        .response(|request, response| {
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
        }),
];

/// The descriptor of a manifest in the list, with this artifactType.
fn listed(one: &Manifest, digest: &str, artifact_type: &str) -> Value {
    json!({
        "mediaType": one.media_type,
        "digest": digest,
        "size": one.bytes.len(),
        "artifactType": artifact_type,
    })
}

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
