//! Faults of GET on a manifest.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::faults::edits::{append_space, bare_digest, replace};
use crate::registry::faults::matching::{ANY, At, GET_MANIFEST, on};
use crate::registry::faults::model::Fault;
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, by_tag, got_manifest, has_code, has_two_underscores, head_manifest,
    in_absent_repository, of_sha512, second,
};
use crate::registry::faults::rows::{
    after, before, empty, error, header, response, status, switch, without,
};
use crate::registry::store::Repository;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("manifest-get-203", &["manifest-get-status"],
        "A manifest is served with 203.", GET_MANIFEST, 203),
    without("manifest-get-no-digest", &["manifest-get-digest"],
        "A manifest is served without its digest.", GET_MANIFEST, "docker-content-digest"),
    header("manifest-get-wrong-digest", &["manifest-get-digest-matches"],
        "A manifest is served with another digest.", GET_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    without("manifest-get-no-type", &["manifest-get-content-type"],
        "A manifest is served without its type.", GET_MANIFEST, "content-type"),
    header("manifest-get-plain-type", &["manifest-get-content-type-as-pushed"],
        "A manifest is served as plain JSON.", GET_MANIFEST, "Content-Type", "application/json"),
    status("manifest-missing-400", &["manifest-get-missing"],
        "A missing manifest is answered with 400.", on("GET", At::Manifest, 404), 400),
    switch("manifests-in-all-repositories", &["manifest-get-other-repository"],
        "A manifest of one repository is served in all.", |switches| switches.shared_manifests = true),
    switch("tags-regardless-of-case", &["manifest-get-missing"],
        "A tag is found in capitals and small letters alike.", |switches| switches.fold_tags = true),
    status("unknown-repository-403", &["pull-unknown-repository"],
        "A pull from an unknown repository is answered with 403.",
        ANY.method("GET").status(404).if_response(|response| has_code(response, "NAME_UNKNOWN")), 403),
    status("tag-get-202", &["manifest-get-status"],
        "By its tag, a manifest is served with 202.", on("GET", At::Tag, 200), 202),
    without("tag-get-no-digest", &["manifest-get-digest"],
        "By its tag, a manifest is served without its digest.", on("GET", At::Tag, 200), "docker-content-digest"),
    without("sha512-manifest-no-digest", &["manifest-get-digest"],
        "By sha512, a manifest is served without its digest.",
        GET_MANIFEST.if_request(of_sha512), "docker-content-digest"),
    status("digest-missing-400", &["manifest-get-missing"],
        "A missing digest is answered with 400, a missing tag is not.", on("GET", At::Digest, 404), 400),
    error("second-repository-missing-403", &["manifest-get-missing"],
        "A missing manifest of the second repository is answered with 403.",
        on("GET", At::Manifest, 404).if_request(second), 403, "DENIED", "no"),
    empty("second-repository-500", &["manifest-get-status"],
        "Manifests of the second repository are answered with 500.", GET_MANIFEST.if_request(second), 500),
    status("unknown-repository-head-400", &["pull-unknown-repository"],
        "HEAD in an unknown repository is answered with 400.",
        ANY.method("HEAD").status(404).if_request(in_absent_repository), 400),
    error("marks-in-names-400", &["pull-unknown-repository"],
        "Names with two underscores are refused.", ANY.if_request(has_two_underscores), 400, "NAME_INVALID", "no"),
];

pub const FAULTS: &[Fault] = &[
    after(
        "manifest-now-and-then-500",
        &["manifest-get-status"],
        "Every fourth time, a manifest is answered with 500.",
        |store, request, response| {
            if got_manifest(request, response) && store.next() % 4 == 0 {
                *response = ApiResponse::new(500);
            }
        },
    ),
    response(
        "manifest-get-other-bytes",
        &["manifest-get-content"],
        "A manifest is served with a space more.",
        |request, response| {
            if got_manifest(request, response) {
                append_space(response);
            }
        },
    ),
    response(
        "manifest-get-without-urls",
        &["manifest-put-bytes"],
        "Where a layer is to be had elsewhere is left out when its manifest is served.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"urls\":", ",\"unnamed\":");
            }
        },
    ),
    response(
        "manifest-get-tag-other-bytes",
        &["manifest-get-by-tag"],
        "By its tag, a manifest is served with a space more.",
        |request, response| {
            if got_manifest(request, response) && by_tag(request) {
                append_space(response);
            }
        },
    ),
    response(
        "manifest-get-type-parameters",
        &["manifest-get-content-type-bare"],
        "The type of a manifest has a parameter.",
        |request, response| {
            if got_manifest(request, response) {
                let kind = response
                    .header("content-type")
                    .unwrap_or_default()
                    .to_owned();
                response.set("Content-Type", kind + "; charset=utf-8");
            }
        },
    ),
    response(
        "manifest-stripped",
        &["manifest-get-content", "manifest-get-by-tag"],
        "White space at the end of a manifest is cut off.",
        |request, response| {
            if got_manifest(request, response) {
                response.body = response.body.trim_ascii_end().to_vec().into();
            }
        },
    ),
    response(
        "manifest-cut",
        &["manifest-get-content", "manifest-get-by-tag"],
        "Manifests are cut after a MiB.",
        |request, response| {
            if got_manifest(request, response) {
                response.body = response.body.slice(..response.body.len().min(MIB));
            }
        },
    ),
    response(
        "tag-get-config-digest",
        &["manifest-get-digest-matches"],
        "By its tag, an image is served with the digest of its config.",
        |request, response| {
            if got_manifest(request, response) && by_tag(request) {
                let config = serde_json::from_slice::<Value>(&response.body).ok();
                let config = config
                    .and_then(|value| value.pointer("/config/digest")?.as_str().map(str::to_owned));
                if let Some(config) = config {
                    response.set("Docker-Content-Digest", config);
                }
            }
        },
    ),
    response(
        "manifest-digest-quoted",
        &["manifest-get-digest-matches"],
        "The digest of a manifest stands in quotes.",
        |request, response| {
            if got_manifest(request, response) {
                let digest = response.header("docker-content-digest").unwrap_or_default();
                let quoted = format!("\"{digest}\"");
                response.set("Docker-Content-Digest", quoted);
            }
        },
    ),
    response(
        "manifest-digest-bare",
        &[
            "manifest-get-digest-matches",
            "manifest-head-digest-matches",
        ],
        "The digest of a manifest lacks its algorithm.",
        |request, response| {
            if got_manifest(request, response) || head_manifest(request, response) {
                bare_digest(response);
            }
        },
    ),
    response(
        "manifest-missing-empty",
        &["manifest-get-missing"],
        "A missing tag is answered with 200 and an empty object.",
        |request, response| {
            if request.is("GET") && response.status == 404 && by_tag(request) {
                *response = ApiResponse::json(
                    200,
                    "application/vnd.oci.image.manifest.v1+json",
                    &json!({}),
                );
            }
        },
    ),
    before(
        "unknown-repository-has-all",
        &["manifest-get-other-repository", "blob-get-other-repository"],
        "In a repository that does not exist, the content of all others is found.",
        |store, request| {
            let missing_repository = !store
                .repositories
                .contains_key(request.endpoint.repository()?);
            let (Endpoint::Manifest(name, digest) | Endpoint::Blob(name, digest)) =
                &mut request.endpoint
            else {
                return None;
            };
            let mut all = store.repositories.iter().filter(|_| missing_repository);
            let has = |one: &Repository| {
                one.manifests.contains_key(digest) || one.blobs.contains_key(digest)
            };
            if let Some((known, _)) = all.find(|(_, one)| has(one)) {
                known.clone_into(name);
            }
            None
        },
    ),
];
