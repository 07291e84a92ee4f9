//! Faults of referrers that are pushed in an unusual form, that two repositories have, or whose neighbours are deleted.

use serde_json::Value;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{
    by_digest, by_tag, none_listed, of_sha512, put_manifest, reference,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{pushed_manifest, repository_of};
use crate::registry::response_edit::REFERRERS_LIST;
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("referrers-of-unknown-sha512-404")
        .violates(&["referrers-not-404"])
        .title("GET on the referrers of a sha512 digest without referrers returns 404.")
        .error(
            REFERRERS_LIST
                .if_request(of_sha512)
                .if_response(none_listed),
            404,
            "MANIFEST_UNKNOWN",
            "no",
        ),
    fault("referrers-of-blob-404")
        .violates(&["referrers-not-404"])
        .title("GET on the referrers of the digest of a blob returns 404.")
        .after(|store, request, response| {
            if let Endpoint::Referrers(name, digest) = &request.endpoint
                && store.blob(name, digest).is_some()
            {
                *response = ApiResponse::error(404, "MANIFEST_UNKNOWN", "this is a blob");
            }
        }),
    fault("referrers-decorated-subject-lost")
        .violates(&["referrers-complete"])
        .title("The referrers list omits manifests whose subject has annotations.")
        .after(|store, request, response| {
            let of_subject = subject_annotations(request);
            forget_subject_if(store, request, response, of_subject);
        }),
    fault("subject-decorated-silent")
        .violates(&["subject-header"])
        .title("PUT of a manifest whose subject has annotations returns no OCI-Subject.")
        .after(|_, request, response| {
            if put_manifest(request, response) && subject_annotations(request) {
                response.remove("oci-subject");
            }
        }),
    fault("referrers-by-sha512-lost")
        .violates(&["referrers-complete"])
        .title("The referrers list omits manifests that were pushed by sha512 digest.")
        .after(|store, request, response| {
            forget_subject_if(store, request, response, of_sha512(request));
        }),
    fault("referrers-known-elsewhere-lost")
        .violates(&["referrers-complete"])
        .title("The referrers list omits manifests that another repository had before.")
        .after(|store, request, response| {
            let digest = response.header("docker-content-digest").unwrap_or_default();
            let holders = store.repositories.values();
            let known = holders.filter(|one| one.manifests.contains_key(digest));
            let known = known.count() > 1;
            forget_subject_if(store, request, response, known);
        }),
    fault("referrers-deleted-elsewhere-lost")
        .violates(&["referrers-complete"])
        .title(
            "DELETE on a manifest removes the manifest from the referrers lists of all \
             repositories.",
        )
        .before(|store, request| {
            let digest = deleted_digest(request)?.to_owned();
            let own = request.endpoint.repository()?.to_owned();
            let others = store
                .repositories
                .iter_mut()
                .filter(|(name, _)| **name != own);
            for manifest in others.filter_map(|(_, one)| one.manifests.get_mut(&digest)) {
                manifest.subject = None;
            }
            None
        }),
    fault("referrer-deleted-others-lost")
        .violates(&["referrers-complete"])
        .title("DELETE on a referrer empties the referrers list of its subject.")
        .before(|store, request| {
            let digest = deleted_digest(request)?.to_owned();
            let repository = repository_of(store, request)?;
            let subject = repository.manifests.get(&digest)?.subject.clone()?;
            for manifest in repository.manifests.values_mut() {
                if manifest.subject.as_ref() == Some(&subject) {
                    manifest.subject = None;
                }
            }
            None
        }),
    fault("referrers-of-untagged-lost")
        .violates(&["referrers-complete"])
        .title("DELETE on a tag empties the referrers list of the manifest that it leads to.")
        .before(|store, request| {
            let tag = reference(request)?.to_owned();
            if !request.is("DELETE") || !by_tag(request) {
                return None;
            }
            let repository = repository_of(store, request)?;
            let digest = repository.tags.get(&tag)?.digest.clone();
            for manifest in repository.manifests.values_mut() {
                if manifest.subject.as_ref() == Some(&digest) {
                    manifest.subject = None;
                }
            }
            None
        }),
];

/// The digest of a manifest that a request deletes.
fn deleted_digest(request: &ApiRequest) -> Option<&str> {
    let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
    reference(request).filter(|_| of_manifest && request.is("DELETE") && by_digest(request))
}

/// Whether a request pushes a manifest whose subject has annotations.
fn subject_annotations(request: &ApiRequest) -> bool {
    let manifest = serde_json::from_slice::<Value>(&request.body);
    manifest.is_ok_and(|manifest| manifest.pointer("/subject/annotations").is_some())
}

/// Forgets the subject of a manifest that was pushed.
fn forget_subject_if(
    store: &mut Store,
    request: &ApiRequest,
    response: &ApiResponse,
    forgotten: bool,
) {
    if forgotten
        && put_manifest(request, response)
        && let Some(manifest) = pushed_manifest(store, request, response)
    {
        manifest.subject = None;
    }
}
