//! Faults of manifests with a subject.

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_list, refuse_subject};
use crate::registry::faults::predicates::{
    WRONG_DIGEST, digest_of, got_referrers, has_subject, pushes_index, tag_of,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{is_of_type, repository_of};
use crate::registry::response_edit::{ANY, PUT_MANIFEST};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("subject-missing-refused")
        .violates(&["subject-missing-accepted"])
        .title("The registry refuses a manifest whose subject does not exist.")
        .switch(|switches| switches.refuse_missing_subject = true),
    fault("subject-no-header")
        .violates(&["subject-header"])
        .title("PUT of a manifest with a subject returns no OCI-Subject.")
        .without(ANY, "oci-subject"),
    fault("subject-wrong-header")
        .violates(&["subject-header-value"])
        .title("PUT of a manifest with a subject returns a wrong OCI-Subject.")
        .header(ANY.if_response(has_subject), "OCI-Subject", WRONG_DIGEST),
    fault("subject-header-always")
        .violates(&["subject-header-none"])
        .title("PUT of a manifest without a subject returns an OCI-Subject.")
        .header(
            PUT_MANIFEST.if_response(|response| response.header("oci-subject").is_none()),
            "OCI-Subject",
            WRONG_DIGEST,
        ),
    fault("subject-of-index-refused")
        .violates(&["subject-missing-accepted"])
        .title("The registry refuses a manifest whose subject is an index.")
        .before(|_, request| refuse_subject(request, "/subject/mediaType", "index")),
    fault("subject-missing-sha512-refused")
        .violates(&["subject-missing-accepted"])
        .title("The registry refuses a manifest whose subject has a sha512 digest.")
        .before(|_, request| refuse_subject(request, "/subject/digest", "sha512")),
    fault("subject-header-own")
        .violates(&["subject-header-value"])
        .title("OCI-Subject is the digest of the manifest itself.")
        .response(|_, response| {
            let own = response.header("docker-content-digest").map(str::to_owned);
            if let (Some(own), Some(_)) = (own, response.header("oci-subject")) {
                response.set("OCI-Subject", own);
            }
        }),
    fault("subject-early-silent")
        .violates(&["subject-header"])
        .title("PUT of a manifest whose subject does not exist returns no OCI-Subject.")
        .after(|store, request, response| {
            let subject = response.header("oci-subject").map(str::to_owned);
            if let Some(subject) = subject
                && let Some(repository) = repository_of(store, request)
                && !repository.manifests.contains_key(&subject)
            {
                response.remove("oci-subject");
            }
        }),
    fault("subject-of-index-silent")
        .violates(&["subject-header"])
        .title("PUT of a manifest whose subject is an index returns no OCI-Subject.")
        .after(|store, request, response| silence_subject(store, request, response, "image.index")),
    fault("subject-of-docker-image-silent")
        .violates(&["subject-header"])
        .title("PUT of a manifest whose subject is a Docker image returns no OCI-Subject.")
        .after(|store, request, response| silence_subject(store, request, response, "docker")),
    fault("subject-unlisted")
        .violates(&["subject-header-kept"])
        .title(
            "PUT of a manifest with a subject returns OCI-Subject and the referrers list \
             stays empty.",
        )
        .response(|request, response| {
            if got_referrers(request, response) {
                edit_list(response, "/manifests", Vec::clear);
            }
        }),
    fault("subject-index-refused")
        .violates(&["subject-missing-accepted"])
        .title("The registry refuses an index whose subject does not exist.")
        .before(|store, request| {
            let body: Value = serde_json::from_slice(&request.body).ok()?;
            let subject = body.pointer("/subject/digest")?.as_str()?;
            let known = repository_of(store, request)
                .is_some_and(|one| one.manifests.contains_key(subject));
            (pushes_index(request) && !known)
                .then(|| ApiResponse::error(404, "MANIFEST_UNKNOWN", "there is no such subject"))
        }),
    fault("subject-header-without-referrers")
        .violates(&["subject-header-kept"])
        .title(
            "PUT of a manifest with a subject returns OCI-Subject, but the referrers API \
             returns 404.",
        )
        .before(|_, request| {
            let listed = matches!(request.endpoint, Endpoint::Referrers(..));
            listed.then(|| ApiResponse::error(404, "UNSUPPORTED", "referrers are not listed here"))
        }),
    fault("subject-header-once")
        .violates(&["subject-header"])
        .title("The second PUT by digest of a manifest with a subject returns no OCI-Subject.")
        .before(|store, request| {
            let digest = digest_of(request)?.to_owned();
            let known = repository_of(store, request)?.manifests.get(&digest)?;
            known.subject.as_ref()?;
            Some(
                ApiResponse::new(201)
                    .with("Location", request.path.clone())
                    .with("Docker-Content-Digest", digest),
            )
        }),
    fault("subject-header-by-digest")
        .violates(&["subject-header"])
        .title("PUT by tag of a manifest with a subject returns no OCI-Subject.")
        .response(|request, response| {
            if tag_of(request).is_some() {
                response.remove("oci-subject");
            }
        }),
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
