//! Faults of the referrers of an index, of a Docker image, and of a subject with a referrers tag.

use bytes::Bytes;

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::got_referrers;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{is_of_type, repository_of};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("referrers-of-index-unlisted")
        .violates(&["referrers-complete"])
        .title("The referrers list of an index is empty.")
        .after(|store, request, response| {
            unlist_referrers_of(store, request, response, "image.index")
        }),
    fault("referrers-of-docker-image-unlisted")
        .violates(&["referrers-complete"])
        .title("The referrers list of a Docker image is empty.")
        .after(|store, request, response| unlist_referrers_of(store, request, response, "docker")),
    fault("referrers-tag-replaces-list")
        .violates(&["referrers-complete"])
        .title(
            "The referrers list of a subject is the index under its referrers tag, if this \
             tag exists.",
        )
        .after(|store, request, response| {
            if let Some(index) = under_referrers_tag(store, request)
                && got_referrers(request, response)
            {
                response.body = index;
            }
        }),
];

/// Empties the referrers list of a subject whose media type contains this part.
fn unlist_referrers_of(
    store: &mut Store,
    request: &ApiRequest,
    response: &mut ApiResponse,
    part: &str,
) {
    if let Endpoint::Referrers(_, digest) = &request.endpoint
        && got_referrers(request, response)
        && is_of_type(store, request, digest, part)
    {
        edit_list(response, "/manifests", Vec::clear);
    }
}

/// The manifest under the referrers tag of the requested subject.
fn under_referrers_tag(store: &mut Store, request: &ApiRequest) -> Option<Bytes> {
    let Endpoint::Referrers(_, digest) = &request.endpoint else {
        return None;
    };
    let repository = repository_of(store, request)?;
    let tag = repository.tags.get(&digest.replace(':', "-"))?;
    let manifest = repository.manifests.get(&tag.digest)?;
    Some(manifest.bytes.clone())
}
