//! Faults of manifests that the registry must refuse.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::recode;
use crate::registry::faults::predicates::{digest_of, pushes_index, refused_manifest, tag_of};
use crate::registry::faults::rows::{after, before, request, response, switch};
use crate::registry::faults::store_edits::{repository_of, store_refused, store_unverified};
use crate::registry::grammar::digest_like;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("manifest-digest-trusted", &["manifest-verify"],
        "The registry does not verify digests of manifests.", |switches| switches.skip_manifest_digest_check = true),
    switch("manifest-any", &["manifest-put-invalid"],
        "The registry accepts any bytes as a manifest.", |switches| switches.accept_any_manifest = true),
];

pub const FAULTS: &[Fault] = &[
    request(
        "manifest-digest-replaced",
        &["manifest-verify"],
        "A manifest that is pushed under a wrong digest is accepted under its own.",
        |request| {
            let own = digest_of(request).and_then(|digest| digest_like(digest, &request.body));
            if let (true, Some(own), Endpoint::Manifest(_, digest)) =
                (request.is("PUT"), own, &mut request.endpoint)
            {
                *digest = own;
            }
        },
    ),
    response(
        "manifest-blob-unknown-code",
        &[
            "manifest-missing-content-error",
            "error-code-manifest-blob-unknown",
        ],
        "A manifest with missing content is refused with the code MANIFEST_INVALID.",
        |_, response| {
            recode(response, "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID");
        },
    ),
    after(
        "manifest-refused-and-stored",
        &["manifest-refused-not-stored"],
        "The registry refuses a manifest with missing content and stores the manifest.",
        |store, request, response| {
            if refused_manifest(request, response) {
                store_refused(store, request);
            }
        },
    ),
    after(
        "manifest-refused-untags",
        &["manifest-refused-not-stored"],
        "A refused push deletes the tag.",
        |store, request, response| {
            if refused_manifest(request, response)
                && let (Some(name), Some(tag)) = (request.endpoint.repository(), tag_of(request))
                && let Some(repository) = store.repositories.get_mut(name)
            {
                repository.tags.remove(tag);
            }
        },
    ),
    before(
        "manifest-overwritten",
        &["manifest-verify"],
        "PUT under the digest of an existing manifest replaces the manifest with any bytes.",
        |store, request| {
            let known = repository_of(store, request)?
                .manifests
                .contains_key(digest_of(request)?);
            known.then(|| store_unverified(store, request))?
        },
    ),
    before(
        "manifest-sha512-trusted",
        &["manifest-verify"],
        "The registry does not verify sha512 digests of manifests.",
        |store, request| {
            let sha512 = digest_of(request)?.starts_with("sha512:");
            sha512.then(|| store_unverified(store, request))?
        },
    ),
    before(
        "index-digest-trusted",
        &["manifest-verify"],
        "The registry does not verify digests of indexes.",
        |store, request| {
            digest_of(request)?;
            pushes_index(request).then(|| store_unverified(store, request))?
        },
    ),
    response(
        "manifest-malformed-digest-201",
        &["manifest-verify"],
        "PUT of a manifest under a malformed digest returns 201.",
        |request, response| {
            let malformed = |at: &str| at.contains(':') && at.len() < 71;
            if request.is("PUT")
                && response.status == 400
                && matches!(&request.endpoint, Endpoint::Manifest(_, at) if malformed(at))
            {
                *response = ApiResponse::new(201).with("Location", request.path.clone());
            }
        },
    ),
];
