//! What a registry leaves out, or keeps for itself, and is still legal.

use super::push::before;
use super::{Variant, legal};
use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::Deviation;

pub const VARIANTS: &[Variant] = &[
    legal(
        "single-post-501",
        "A single POST is answered with 501.",
        |o| {
            before(o, |_, c| {
                let posted = c.is("POST") && c.query("digest").is_some();
                posted.then(|| ApiResponse::error(501, "UNSUPPORTED", "open a session"))
            });
        },
    ),
    legal("mount-501", "A mount is answered with 501.", |o| {
        before(o, |_, c| {
            let mounts = c.is("POST") && c.query("mount").is_some();
            mounts.then(|| ApiResponse::error(501, "UNSUPPORTED", "push the blob"))
        });
    }),
    legal(
        "sha512-501",
        "A session for sha512 is answered with 501.",
        |o| {
            before(o, |_, c| {
                let sha512 = c.query("digest-algorithm") == Some("sha512");
                let digest = c
                    .query("digest")
                    .is_some_and(|one| one.starts_with("sha512:"));
                (c.is("POST") && (sha512 || digest))
                    .then(|| ApiResponse::error(501, "UNSUPPORTED", "sha256 only"))
            });
        },
    ),
    legal(
        "tags-pushed-once",
        "A tag cannot be pushed twice, not even with the same manifest: 403.",
        |o| {
            before(o, |s, c| {
                let Endpoint::Manifest(name, tag) = &c.endpoint else {
                    return None;
                };
                let there = s.repositories.get(name)?.tags.contains_key(tag);
                (c.is("PUT") && there)
                    .then(|| ApiResponse::error(403, "DENIED", "the tag is there"))
            });
        },
    ),
    legal(
        "answers-by-turns",
        "For half a second after a push, every second request finds nothing.",
        |o| {
            o.quirks.push(Deviation::After(|s, c, a| {
                let Endpoint::Manifest(name, at) = &c.endpoint else {
                    return;
                };
                let repository = s.repositories.get(name);
                let manifest = repository.and_then(|repository| {
                    let digest = repository.tags.get(at).map_or(at, |tag| &tag.digest);
                    repository.manifests.get(digest)
                });
                let young = manifest.is_some_and(|one| one.since.elapsed().as_millis() < 500);
                let reads = c.is("GET") || c.is("HEAD");
                if young && reads && s.next() % 2 == 0 {
                    *a = ApiResponse::error(404, "MANIFEST_UNKNOWN", "not here yet");
                }
            }));
        },
    ),
];
