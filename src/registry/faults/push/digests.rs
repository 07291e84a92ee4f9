//! Faults of the digests of pushed blobs.

use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::set_digest;
use crate::registry::faults::predicates::{
    EMPTY_DIGEST, closes_upload, closing_digest, digest_starts_with, in_one_piece, second,
};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{close_unverified, session};
use crate::registry::grammar::digest_like;
use crate::registry::response_edit::{ANY, At, PUT_UPLOAD, on};

pub const FAULTS: &[Fault] = &[
    fault("blob-digest-trusted")
        .violates(&["blob-verify"])
        .title("The registry does not verify digests of blobs.")
        .switch(|switches| switches.skip_blob_digest_check = true),
    fault("blob-refused-and-stored")
        .violates(&[
            "blob-verify-not-stored",
            "manifest-verify-not-stored",
            "single-post-verify-not-stored",
        ])
        .title("The registry refuses content with a wrong digest and stores the content.")
        .switch(|switches| switches.store_despite_wrong_digest = true),
    fault("blob-mismatch-409")
        .violates(&["blob-digest-mismatch-status"])
        .title("PUT of a blob with a wrong digest returns 409 instead of 400.")
        .status(on("PUT", At::Upload, 400), 409),
    fault("blob-malformed-404")
        .violates(&["blob-digest-malformed-status"])
        .title("PUT of a blob with a malformed digest returns 404 instead of 400.")
        .status(on("PUT", At::Upload, 400), 404),
    fault("blob-unsupported-409")
        .violates(&["blob-digest-unsupported-status"])
        .title("PUT of a blob with an unsupported digest algorithm returns 409 instead of 400.")
        .status(
            on("PUT", At::Upload, 400).if_request(|request| digest_starts_with(request, "assay")),
            409,
        ),
    fault("algorithm-500")
        .violates(&["upload-algorithm-status"])
        .title("POST with a digest-algorithm parameter returns 500.")
        .error(ANY.query("digest-algorithm"), 500, "UNSUPPORTED", "no"),
    fault("algorithm-unknown-404")
        .violates(&["upload-algorithm-unsupported-status"])
        .title("POST with an unsupported digest-algorithm returns 404 instead of 400.")
        .status(ANY.status(400).query("digest-algorithm"), 404),
    fault("sha512-lost")
        .violates(&["upload-algorithm-kept"])
        .title("PUT of a blob with a sha512 digest returns 500.")
        .error(
            PUT_UPLOAD.if_request(|request| digest_starts_with(request, "sha512")),
            500,
            "UNSUPPORTED",
            "no",
        ),
    fault("blob-digest-replaced")
        .violates(&["blob-verify"])
        .title("A blob that is pushed under a wrong digest is accepted under its own.")
        .request(|request| {
            let own = closing_digest(request)
                .filter(|_| in_one_piece(request))
                .and_then(|digest| digest_like(digest, &request.body));
            if let Some(own) = own {
                set_digest(request, own);
            }
        }),
    fault("blob-overwritten")
        .violates(&["blob-put-kept"])
        .title("PUT under the digest of an existing blob replaces the blob with any bytes.")
        .before(|store, request| {
            let there = store
                .blob(request.endpoint.repository()?, closing_digest(request)?)
                .is_some();
            there.then(|| close_unverified(store, request))?
        }),
    fault("blob-sha512-trusted")
        .violates(&["blob-verify"])
        .title("The registry does not verify sha512 digests of blobs.")
        .before(|store, request| {
            let sha512 = closing_digest(request)?.starts_with("sha512:");
            sha512.then(|| close_unverified(store, request))?
        }),
    fault("blob-nothing-trusted")
        .violates(&["blob-verify"])
        .title("The registry stores an empty blob under any digest.")
        .before(|store, request| {
            closing_digest(request)?;
            let empty = request.body.is_empty() && session(store, request)?.bytes.is_empty();
            empty.then(|| close_unverified(store, request))?
        }),
    fault("blob-any-digest")
        .violates(&["blob-verify"])
        .title("The registry stores a blob under a malformed digest.")
        .before(|store, request| {
            let known = digest_like(closing_digest(request)?, b"").is_some_and(|one| {
                one.len() == request.query("digest").map_or(0, str::len)
                    && request.query("digest").map(str::to_lowercase).as_deref()
                        == request.query("digest")
            });
            (!known).then(|| close_unverified(store, request))?
        }),
    fault("blob-digest-beginning-compared")
        .violates(&["blob-verify"])
        .title("The registry ignores the last character when it verifies the digest of a blob.")
        .request(|request| {
            let named = request.query("digest").unwrap_or_default();
            let right = digest_like(named, &request.body).unwrap_or_default();
            let alike = named.len() == right.len() && named.get(..70) == right.get(..70);
            if closes_upload(request) && alike {
                set_digest(request, right);
            }
        }),
    fault("blob-digest-trusted-second-repository")
        .violates(&["blob-verify"])
        .title("The registry does not verify digests of blobs in the second repository.")
        .request(|request| {
            let named = request.query("digest").unwrap_or_default();
            let right = digest_like(named, &request.body)
                .filter(|_| second(request) && closes_upload(request));
            if let (Some(right), false) = (right, request.body.is_empty()) {
                set_digest(request, right);
            }
        }),
    fault("blob-digest-completed")
        .violates(&["blob-digest-malformed-status"])
        .title("The registry accepts a digest in capitals and a digest without its algorithm.")
        .before(|store, request| {
            let digest = closing_digest(request)?.to_ascii_lowercase();
            let encoded = digest.trim_start_matches("sha256:");
            let whole = format!("sha256:{encoded}");
            let matches = digest_like(&whole, &request.body).as_ref() == Some(&whole);
            let name = request.endpoint.repository().filter(|_| matches)?;
            store.put_blob(name, &whole, request.body.clone());
            Some(ApiResponse::new(201).with("Location", format!("/v2/{name}/blobs/{whole}")))
        }),
    fault("blob-empty-digest-trusted")
        .violates(&["blob-verify-not-stored"])
        .title("The registry stores any bytes under the digest of the empty blob.")
        .before(|store, request| {
            let nothing = closes_upload(request)
                && request.query("digest") == Some(EMPTY_DIGEST)
                && !request.body.is_empty();
            let name = request.endpoint.repository().filter(|_| nothing)?;
            store.put_blob(name, EMPTY_DIGEST, request.body.clone());
            Some(ApiResponse::new(201).with("Location", format!("/v2/{name}/blobs/{EMPTY_DIGEST}")))
        }),
];
