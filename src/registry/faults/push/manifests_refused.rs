//! Faults of manifests that the registry must refuse.

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::recode;
use crate::registry::faults::predicates::{digest_of, pushes_index, refused_manifest, tag_of};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{repository_of, store_refused, store_unverified};
use crate::registry::grammar::digest_like;

pub const FAULTS: &[Fault] = &[
    fault("manifest-digest-trusted")
        .violates(&["manifest-verify"])
        .title("The registry does not verify digests of manifests.")
        .switch(|switches| switches.skip_manifest_digest_check = true),
    fault("manifest-any")
        .violates(&["manifest-put-invalid"])
        .title("The registry accepts any bytes as a manifest.")
        .switch(|switches| switches.accept_any_manifest = true),
    fault("manifest-digest-replaced")
        .violates(&["manifest-verify"])
        .title("A manifest that is pushed under a wrong digest is accepted under its own.")
        .request(|request| {
            let own = digest_of(request).and_then(|digest| digest_like(digest, &request.body));
            if let (true, Some(own), Endpoint::Manifest(_, digest)) =
                (request.is("PUT"), own, &mut request.endpoint)
            {
                *digest = own;
            }
        }),
    fault("manifest-blob-unknown-code")
        .violates(&[
            "manifest-missing-content-error",
            "error-code-manifest-blob-unknown",
        ])
        .title("A manifest with missing content is refused with the code MANIFEST_INVALID.")
        .response(|_, response| {
            recode(response, "MANIFEST_BLOB_UNKNOWN", "MANIFEST_INVALID");
        }),
    fault("manifest-refused-and-stored")
        .violates(&["manifest-refused-not-stored"])
        .title("The registry refuses a manifest with missing content and stores the manifest.")
        .after(|store, request, response| {
            if refused_manifest(request, response) {
                store_refused(store, request);
            }
        }),
    fault("manifest-refused-untags")
        .violates(&["manifest-refused-not-stored"])
        .title("A refused push deletes the tag.")
        .after(|store, request, response| {
            if refused_manifest(request, response)
                && let (Some(name), Some(tag)) = (request.endpoint.repository(), tag_of(request))
                && let Some(repository) = store.repositories.get_mut(name)
            {
                repository.tags.remove(tag);
            }
        }),
    fault("manifest-overwritten")
        .violates(&["manifest-verify"])
        .title("PUT under the digest of an existing manifest replaces the manifest with any bytes.")
        .before(|store, request| {
            let known = repository_of(store, request)?
                .manifests
                .contains_key(digest_of(request)?);
            known.then(|| store_unverified(store, request))?
        }),
    fault("manifest-sha512-trusted")
        .violates(&["manifest-verify"])
        .title("The registry does not verify sha512 digests of manifests.")
        .before(|store, request| {
            let sha512 = digest_of(request)?.starts_with("sha512:");
            sha512.then(|| store_unverified(store, request))?
        }),
    fault("index-digest-trusted")
        .violates(&["manifest-verify"])
        .title("The registry does not verify digests of indexes.")
        .before(|store, request| {
            digest_of(request)?;
            pushes_index(request).then(|| store_unverified(store, request))?
        }),
    fault("manifest-malformed-digest-201")
        .violates(&["manifest-verify"])
        .title("PUT of a manifest under a malformed digest returns 201.")
        .response(|request, response| {
            let malformed = |at: &str| at.contains(':') && at.len() < 71;
            if request.is("PUT")
                && response.status == 400
                && matches!(&request.endpoint, Endpoint::Manifest(_, at) if malformed(at))
            {
                *response = ApiResponse::new(201).with("Location", request.path.clone());
            }
        }),
];
