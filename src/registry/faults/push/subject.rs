//! Faults of manifests with a subject.

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_list, refuse_subject};
use crate::registry::faults::predicates::{
    WRONG_DIGEST, digest_of, got_referrers, has_subject, pushes_index, tag_of,
};
use crate::registry::faults::rows::{after, before, header, response, switch, without};
use crate::registry::faults::store_edits::{is_of_type, repository_of};
use crate::registry::response_edit::{ANY, PUT_MANIFEST};
use crate::registry::store::Store;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("subject-missing-refused", &["subject-missing-accepted"],
        "The registry refuses a manifest whose subject does not exist.",
        |switches| switches.refuse_missing_subject = true),
    without("subject-no-header", &["subject-header"],
        "PUT of a manifest with a subject returns no OCI-Subject.", ANY, "oci-subject"),
    header("subject-wrong-header", &["subject-header-value"],
        "PUT of a manifest with a subject returns a wrong OCI-Subject.",
        ANY.if_response(has_subject), "OCI-Subject", WRONG_DIGEST),
    header("subject-header-always", &["subject-header-none"],
        "PUT of a manifest without a subject returns an OCI-Subject.",
        PUT_MANIFEST.if_response(|response| response.header("oci-subject").is_none()), "OCI-Subject", WRONG_DIGEST),
];

pub const FAULTS: &[Fault] = &[
    before(
        "subject-of-index-refused",
        &["subject-missing-accepted"],
        "The registry refuses a manifest whose subject is an index.",
        |_, request| refuse_subject(request, "/subject/mediaType", "index"),
    ),
    before(
        "subject-missing-sha512-refused",
        &["subject-missing-accepted"],
        "The registry refuses a manifest whose subject has a sha512 digest.",
        |_, request| refuse_subject(request, "/subject/digest", "sha512"),
    ),
    response(
        "subject-header-own",
        &["subject-header-value"],
        "OCI-Subject is the digest of the manifest itself.",
        |_, response| {
            let own = response.header("docker-content-digest").map(str::to_owned);
            if let (Some(own), Some(_)) = (own, response.header("oci-subject")) {
                response.set("OCI-Subject", own);
            }
        },
    ),
    after(
        "subject-early-silent",
        &["subject-header"],
        "PUT of a manifest whose subject does not exist returns no OCI-Subject.",
        |store, request, response| {
            let subject = response.header("oci-subject").map(str::to_owned);
            if let Some(subject) = subject
                && let Some(repository) = repository_of(store, request)
                && !repository.manifests.contains_key(&subject)
            {
                response.remove("oci-subject");
            }
        },
    ),
    after(
        "subject-of-index-silent",
        &["subject-header"],
        "PUT of a manifest whose subject is an index returns no OCI-Subject.",
        |store, request, response| silence_subject(store, request, response, "image.index"),
    ),
    after(
        "subject-of-docker-image-silent",
        &["subject-header"],
        "PUT of a manifest whose subject is a Docker image returns no OCI-Subject.",
        |store, request, response| silence_subject(store, request, response, "docker"),
    ),
    response(
        "subject-unlisted",
        &["subject-header-kept"],
        "PUT of a manifest with a subject returns OCI-Subject and the referrers list stays empty.",
        |request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", Vec::clear);
            }
        },
    ),
    before(
        "subject-index-refused",
        &["subject-missing-accepted"],
        "The registry refuses an index whose subject does not exist.",
        |store, request| {
            let body: Value = serde_json::from_slice(&request.body).ok()?;
            let subject = body.pointer("/subject/digest")?.as_str()?;
            let known = repository_of(store, request)
                .is_some_and(|one| one.manifests.contains_key(subject));
            (pushes_index(request) && !known)
                .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "there is no such subject"))
        },
    ),
    before(
        "subject-header-without-referrers",
        &["subject-header-kept"],
        "PUT of a manifest with a subject returns OCI-Subject, but the referrers API returns 404.",
        |_, request| {
            let listed = matches!(request.endpoint, Endpoint::Referrers(..));
            listed.then(|| ApiResponse::error(404, "UNSUPPORTED", "referrers are not listed here"))
        },
    ),
    before(
        "subject-header-once",
        &["subject-header"],
        "The second PUT by digest of a manifest with a subject returns no OCI-Subject.",
        |store, request| {
            let digest = digest_of(request)?.to_owned();
            let known = repository_of(store, request)?.manifests.get(&digest)?;
            known.subject.as_ref()?;
            Some(
                ApiResponse::new(201)
                    .with("Location", request.path.clone())
                    .with("Docker-Content-Digest", digest),
            )
        },
    ),
    response(
        "subject-header-by-digest",
        &["subject-header"],
        "PUT by tag of a manifest with a subject returns no OCI-Subject.",
        |request, response| {
            if tag_of(request).is_some() {
                response.remove("oci-subject");
            }
        },
    ),
];

/// Removes OCI-Subject if the media type of the subject contains this part.
fn silence_subject(
    store: &mut Store,
    request: &ApiRequest,
    response: &mut ApiResponse,
    part: &str,
) {
    if let Some(digest) = response.header("oci-subject")
        && is_of_type(store, request, digest, part)
    {
        response.remove("oci-subject");
    }
}
