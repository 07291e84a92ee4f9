//! Faults of a registry that mixes up digests, tags, manifests and blobs, or that cannot serve an unusual manifest.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::replace;
use crate::registry::faults::predicates::{by_tag, closing_digest, got_manifest};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::repository_of;
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::GET_MANIFEST;
use crate::registry::store::Repository;

pub const FAULTS: &[Fault] = &[
    fault("attestation-get-404")
        .violates(&["manifest-get-status"])
        .title("GET on an attestation manifest of buildx returns 404; HEAD returns 200.")
        .error(
            GET_MANIFEST.if_response(|response| has(response, "application/vnd.in-toto+json")),
            404,
            "MANIFEST_UNKNOWN",
            "not an image",
        ),
    fault("index-of-attestations-get-404")
        .violates(&["manifest-get-status"])
        .title(
            "GET on an index with a manifest of the platform unknown/unknown returns 404; \
             HEAD returns 200.",
        )
        .error(
            GET_MANIFEST.if_response(|response| has(response, "unknown\",\"os\":\"unknown")),
            404,
            "MANIFEST_UNKNOWN",
            "no such platform",
        ),
    fault("digest-as-tag")
        .violates(&["manifest-get-missing", "manifest-head-missing"])
        .title(
            "A tag sha256-HEX that was never pushed leads to the manifest with the digest \
             sha256:HEX.",
        )
        .before(|store, request| {
            let digest = digest_in_tag(request)?;
            let repository = repository_of(store, request)?;
            if let Endpoint::Manifest(_, at) = &mut request.endpoint
                && !repository.tags.contains_key(at)
                && !request.method.starts_with('P')
            {
                *at = digest;
            }
            None
        }),
    fault("digest-before-tag")
        .violates(&["manifest-get-by-tag"])
        .title(
            "A tag sha256-HEX leads to the manifest with the digest sha256:HEX, also after \
             another manifest was pushed to it.",
        )
        .before(|store, request| {
            let digest = digest_in_tag(request)?;
            let repository = repository_of(store, request)?;
            if let Endpoint::Manifest(_, at) = &mut request.endpoint
                && repository.tags.contains_key(at)
                && repository.manifests.contains_key(&digest)
                && !request.method.starts_with('P')
            {
                *at = digest;
            }
            None
        }),
    fault("blob-known-elsewhere-lost")
        .violates(&["blob-get-status"])
        .title("A blob that another repository has is not stored again when it is pushed.")
        .before(|store, request| {
            let digest = closing_digest(request)?.to_owned();
            let name = request.endpoint.repository()?;
            let elsewhere =
                store.blob(name, &digest).is_none() && store.blob_anywhere(&digest).is_some();
            elsewhere.then(|| {
                ApiResponse::new(201).with("Location", format!("/v2/{name}/blobs/{digest}"))
            })
        }),
    fault("manifest-known-elsewhere-lost")
        .violates(&["manifest-get-status"])
        .title("A manifest that another repository has is not stored again when it is pushed.")
        .before(|store, request| {
            let Endpoint::Manifest(name, at) = &request.endpoint else {
                return None;
            };
            let digest = digest_like("sha256:", &request.body).filter(|_| request.is("PUT"))?;
            let has = |name: &str, repository: &Repository| {
                request.endpoint.repository() != Some(name)
                    && repository.manifests.contains_key(&digest)
            };
            let mut all = store.repositories.iter();
            let elsewhere = all.any(|(name, repository)| has(name, repository));
            let here = repository_of(store, request)
                .is_some_and(|repository| repository.manifests.contains_key(&digest));
            (elsewhere && !here).then(|| {
                ApiResponse::new(201)
                    .with("Location", format!("/v2/{name}/manifests/{at}"))
                    .with("Docker-Content-Digest", digest.clone())
            })
        }),
    fault("blob-as-manifest")
        .violates(&["manifest-get-missing", "manifest-head-missing"])
        .title("GET and HEAD on a manifest by the digest of a blob return the blob.")
        .before(|store, request| {
            let Endpoint::Manifest(_, digest) = &request.endpoint else {
                return None;
            };
            let blob = repository_of(store, request)?.blobs.get(digest)?;
            request.reads().then(|| {
                ApiResponse::new(200)
                    .with("Content-Type", "application/vnd.oci.image.manifest.v1+json")
                    .with("Docker-Content-Digest", digest.clone())
                    .body(blob.clone())
            })
        }),
    fault("tag-head-regardless-of-case")
        .violates(&["manifest-head-missing"])
        .title("HEAD on a tag ignores case.")
        .before(|store, request| {
            if request.is("HEAD") && by_tag(request) {
                let repository = repository_of(store, request)?;
                if let Endpoint::Manifest(_, at) = &mut request.endpoint
                    && !repository.tags.contains_key(at)
                {
                    let mut tags = repository.tags.keys();
                    let other = tags.find(|tag| tag.eq_ignore_ascii_case(at))?;
                    at.clone_from(other);
                }
            }
            None
        }),
    fault("numbers-rounded")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest rounds integers above 2^53.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "9007199254740993", "9007199254740992");
            }
        }),
    fault("members-joined")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest returns only the last of two members with one name.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "\"org.example.twice\":1,", "");
            }
        }),
    fault("blob-push-retypes-manifest")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title(
            "A blob with the bytes of a manifest changes the media type of the manifest to \
             application/octet-stream.",
        )
        .after(|store, request, response| {
            if let Some(digest) = closing_digest(request).filter(|_| response.status == 201)
                && let Some(repository) = repository_of(store, request)
                && let Some(manifest) = repository.manifests.get_mut(digest)
            {
                manifest.media_type = "application/octet-stream".to_owned();
            }
        }),
    fault("blob-push-hides-manifest")
        .violates(&["manifest-get-status", "manifest-head-status"])
        .title("A blob with the bytes of a manifest replaces the manifest.")
        .after(|store, request, response| {
            if let Some(digest) = closing_digest(request).filter(|_| response.status == 201)
                && let Some(repository) = repository_of(store, request)
            {
                repository.manifests.remove(digest);
            }
        }),
];

/// Whether a body has a text.
fn has(response: &ApiResponse, text: &str) -> bool {
    String::from_utf8_lossy(&response.body).contains(text)
}

/// The digest that a tag of the form `sha256-HEX` names.
fn digest_in_tag(request: &ApiRequest) -> Option<String> {
    match &request.endpoint {
        Endpoint::Manifest(_, tag) => {
            let encoded = tag.strip_prefix("sha256-")?;
            (encoded.len() == 64).then(|| format!("sha256:{encoded}"))
        }
        _ => None,
    }
}
