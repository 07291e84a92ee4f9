//! Faults of GET on a manifest.

use serde_json::{Value, json};

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{append_space, bare_digest, replace};
use crate::registry::faults::predicates::{
    MIB, WRONG_DIGEST, by_tag, got_manifest, has_two_underscores, head_manifest,
    in_absent_repository, of_sha512, second,
};
use crate::registry::faults::rows::{
    after, before, empty, error, header, response, status, switch, without,
};
use crate::registry::response_edit::{ANY, At, GET_MANIFEST, on};
use crate::registry::store::Repository;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("manifest-get-203", &["manifest-get-status"],
        "GET on a manifest returns 203 instead of 200.", GET_MANIFEST, 203),
    error("manifest-above-4-mib-500", &["manifest-get-status"],
        "GET on a manifest of more than 4 MiB returns 500.",
        GET_MANIFEST.if_response(|response| response.body.len() > 4 * MIB), 500, "UNKNOWN", "too large"),
    without("manifest-get-no-digest", &["manifest-get-digest"],
        "GET on a manifest returns no Docker-Content-Digest.", GET_MANIFEST, "docker-content-digest"),
    header("manifest-get-wrong-digest", &["manifest-get-digest-matches"],
        "GET on a manifest returns a wrong Docker-Content-Digest.",
        GET_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    without("manifest-get-no-type", &["manifest-get-content-type"],
        "GET on a manifest returns no Content-Type.", GET_MANIFEST, "content-type"),
    header("manifest-get-plain-type", &["manifest-get-content-type-as-pushed"],
        "GET on a manifest returns the Content-Type application/json.",
        GET_MANIFEST, "Content-Type", "application/json"),
    status("manifest-missing-400", &["manifest-get-missing"],
        "GET on a missing manifest returns 400 instead of 404.", on("GET", At::Manifest, 404), 400),
    switch("manifests-in-all-repositories", &["manifest-get-other-repository"],
        "Every repository serves the manifests of all repositories.", |switches| switches.serve_manifests_of_all_repositories = true),
    switch("tags-regardless-of-case", &["manifest-get-missing"],
        "The registry ignores case when it looks up a tag.", |switches| switches.ignore_case_of_tags = true),
    status("tag-get-202", &["manifest-get-status"],
        "GET on a manifest by tag returns 202 instead of 200.", on("GET", At::ManifestByTag, 200), 202),
    without("tag-get-no-digest", &["manifest-get-digest"],
        "GET on a manifest by tag returns no Docker-Content-Digest.",
        on("GET", At::ManifestByTag, 200), "docker-content-digest"),
    without("sha512-manifest-no-digest", &["manifest-get-digest"],
        "GET on a manifest by sha512 digest returns no Docker-Content-Digest.",
        GET_MANIFEST.if_request(of_sha512), "docker-content-digest"),
    status("digest-missing-400", &["manifest-get-missing"],
        "GET on a missing manifest by digest returns 400 instead of 404.", on("GET", At::ManifestByDigest, 404), 400),
    error("second-repository-missing-403", &["manifest-get-missing"],
        "GET on a missing manifest in the second repository returns 403 instead of 404.",
        on("GET", At::Manifest, 404).if_request(second), 403, "DENIED", "no"),
    empty("second-repository-500", &["manifest-get-status"],
        "GET on a manifest in the second repository returns 500.", GET_MANIFEST.if_request(second), 500),
    status("unknown-repository-head-400", &["pull-unknown-repository"],
        "HEAD in an unknown repository returns 400 instead of 404.",
        ANY.method("HEAD").status(404).if_request(in_absent_repository), 400),
    error("marks-in-names-400", &["name-grammar-accepted"],
        "The registry refuses repository names with two underscores.",
        ANY.if_request(has_two_underscores), 400, "NAME_INVALID", "no"),
];

pub const FAULTS: &[Fault] = &[
    after(
        "manifest-now-and-then-500",
        &["manifest-get-status"],
        "Every fourth GET on a manifest returns 500.",
        |store, request, response| {
            if got_manifest(request, response) && store.next() % 4 == 0 {
                *response = ApiResponse::new(500);
            }
        },
    ),
    response(
        "manifest-get-other-bytes",
        &["manifest-get-content"],
        "GET on a manifest appends a space to the bytes.",
        |request, response| {
            if got_manifest(request, response) {
                append_space(response);
            }
        },
    ),
    response(
        "manifest-get-without-urls",
        &["manifest-put-bytes"],
        "GET on a manifest renames the urls field of a layer.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"urls\":", ",\"unnamed\":");
            }
        },
    ),
    response(
        "manifest-get-tag-other-bytes",
        &["manifest-get-by-tag"],
        "GET on a manifest by tag appends a space to the bytes.",
        |request, response| {
            if got_manifest(request, response) && by_tag(request) {
                append_space(response);
            }
        },
    ),
    response(
        "manifest-get-type-parameters",
        &["manifest-get-content-type-bare"],
        "GET on a manifest adds a parameter to the Content-Type.",
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
        &["manifest-get-content"],
        "GET on a manifest removes trailing white space.",
        |request, response| {
            if got_manifest(request, response) {
                response.body = response.body.trim_ascii_end().to_vec().into();
            }
        },
    ),
    response(
        "manifest-line-separator-escaped",
        &["manifest-get-content", "manifest-put-bytes"],
        "GET on a manifest escapes the line separator U+2028.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, "\u{2028}", "\\u2028");
            }
        },
    ),
    response(
        "manifest-emoji-lost",
        &["manifest-get-content", "manifest-put-bytes"],
        "GET on a manifest replaces characters outside the Basic Multilingual Plane with question marks.",
        |request, response| {
            if got_manifest(request, response) {
                replace(response, "\u{1f600}", "?");
            }
        },
    ),
    response(
        "manifest-cut",
        &["manifest-get-content"],
        "GET on a manifest returns at most 1 MiB.",
        |request, response| {
            if got_manifest(request, response) {
                response.body = response.body.slice(..response.body.len().min(MIB));
            }
        },
    ),
    response(
        "tag-get-config-digest",
        &["manifest-get-digest-matches"],
        "GET on an image by tag returns the digest of its config in Docker-Content-Digest.",
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
        "The Docker-Content-Digest of a manifest has quotation marks around it.",
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
        &["manifest-get-digest-matches"],
        "The Docker-Content-Digest of a manifest has no algorithm.",
        |request, response| {
            if got_manifest(request, response) || head_manifest(request, response) {
                bare_digest(response);
            }
        },
    ),
    response(
        "manifest-missing-empty",
        &["manifest-get-missing"],
        "GET on a missing tag returns 200 with an empty JSON object.",
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
        "An unknown repository serves the content of all repositories.",
        |store, request| {
            let unknown = !store
                .repositories
                .contains_key(request.endpoint.repository()?);
            let (Endpoint::Manifest(name, digest) | Endpoint::Blob(name, digest)) =
                &mut request.endpoint
            else {
                return None;
            };
            let mut all = store.repositories.iter().filter(|_| unknown);
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
