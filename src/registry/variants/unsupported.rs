//! Variants that refuse an optional feature, or answer inconsistently.

use super::variant::{Variant, permitted};
use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::{after, before};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "single-post-501",
        "A single POST is refused with 501.",
        |options| {
            before(options, |_, request| {
                let posted = request.is("POST") && request.query("digest").is_some();
                posted.then(|| {
                    ApiResponse::error(501, "UNSUPPORTED", "a single POST is not supported")
                })
            });
        },
    ),
    permitted("mount-501", "A mount is refused with 501.", |options| {
        before(options, |_, request| {
            let mounts = request.is("POST") && request.query("mount").is_some();
            mounts.then(|| ApiResponse::error(501, "UNSUPPORTED", "mounts are not supported"))
        });
    }),
    permitted(
        "sha512-501",
        "A POST for a sha512 digest is refused with 501.",
        |options| {
            before(options, |_, request| {
                let sha512 = request.query("digest-algorithm") == Some("sha512");
                let digest = request
                    .query("digest")
                    .is_some_and(|one| one.starts_with("sha512:"));
                (request.is("POST") && (sha512 || digest))
                    .then(|| ApiResponse::error(501, "UNSUPPORTED", "only sha256 is supported"))
            });
        },
    ),
    permitted(
        "tag-list-denied-401",
        "This user may not list tags: 401.",
        |options| {
            before(options, |_, request| {
                let list = matches!(request.endpoint, Endpoint::Tags(_));
                list.then(|| unauthorized("you may not list tags"))
            });
        },
    ),
    permitted(
        "tag-list-denied-401-code",
        "This user may not list tags: 401, with the code DENIED.",
        |options| {
            before(options, |_, request| {
                let list = matches!(request.endpoint, Endpoint::Tags(_));
                list.then(|| {
                    ApiResponse::error(401, "DENIED", "you may not list tags")
                        .with("WWW-Authenticate", "Basic realm=\"r\"")
                })
            });
        },
    ),
    permitted(
        "tag-list-denied-403",
        "This user may not list tags: 403.",
        |options| {
            before(options, |_, request| {
                let list = matches!(request.endpoint, Endpoint::Tags(_));
                list.then(|| ApiResponse::error(403, "DENIED", "you may not list tags"))
            });
        },
    ),
    permitted(
        "referrers-denied-401",
        "This user may not list referrers: 401.",
        |options| {
            before(options, |_, request| {
                let list = matches!(request.endpoint, Endpoint::Referrers(..));
                list.then(|| unauthorized("you may not list referrers"))
            });
        },
    ),
    permitted(
        "tags-pushed-once",
        "A tag cannot be pushed twice, not even with the same manifest: 403.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Manifest(name, tag) = &request.endpoint else {
                    return None;
                };
                let there = store.repositories.get(name)?.tags.contains_key(tag);
                (request.is("PUT") && there)
                    .then(|| ApiResponse::error(403, "DENIED", "the tag exists and is immutable"))
            });
        },
    ),
    permitted(
        "answers-by-turns",
        "For half a second after a push, every second request for the manifest is answered with 404.",
        |options| {
            after(options, |store, request, response| {
                let Endpoint::Manifest(name, at) = &request.endpoint else {
                    return;
                };
                let repository = store.repositories.get(name);
                let manifest = repository.and_then(|repository| {
                    let digest = repository.tags.get(at).map_or(at, |tag| &tag.digest);
                    repository.manifests.get(digest)
                });
                let young = manifest.is_some_and(|one| one.since.elapsed().as_millis() < 500);
                if young && request.reads() && store.next() % 2 == 0 {
                    *response =
                        ApiResponse::error(404, "MANIFEST_UNKNOWN", "the manifest does not exist");
                }
            });
        },
    ),
    permitted(
        "names-of-two-parts",
        "A repository name of three parts or more is refused with 400.",
        |options| {
            before(options, |_, request| {
                let parts = request.endpoint.repository()?.split('/').count();
                (parts > 2).then(|| ApiResponse::error(400, "NAME_INVALID", "a name has two parts"))
            });
        },
    ),
];

/// A refusal with a challenge.
fn unauthorized(why: &str) -> ApiResponse {
    ApiResponse::error(401, "UNAUTHORIZED", why).with("WWW-Authenticate", "Basic realm=\"r\"")
}
