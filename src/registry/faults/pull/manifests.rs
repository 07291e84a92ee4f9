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
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::{ANY, At, GET_MANIFEST, on};
use crate::registry::store::Repository;

pub const FAULTS: &[Fault] = &[
    fault("manifest-get-203")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest returns 203 instead of 200.")
        .status(GET_MANIFEST, 203),
    fault("manifest-above-4-mib-500")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest of more than 4 MiB returns 500.")
        .error(
            GET_MANIFEST.if_response(|response| response.body.len() > 4 * MIB),
            500,
            "UNKNOWN",
            "too large",
        ),
    fault("manifest-get-no-digest")
        .violates(&["manifest-get-digest"])
        .title("GET on a manifest returns no Docker-Content-Digest.")
        .without(GET_MANIFEST, "docker-content-digest"),
    fault("manifest-get-wrong-digest")
        .violates(&["manifest-get-digest-matches"])
        .title("GET on a manifest returns a wrong Docker-Content-Digest.")
        .header(GET_MANIFEST, "Docker-Content-Digest", WRONG_DIGEST),
    fault("manifest-get-no-type")
        .violates(&["manifest-get-content-type"])
        .title("GET on a manifest returns no Content-Type.")
        .without(GET_MANIFEST, "content-type"),
    fault("manifest-get-plain-type")
        .violates(&["manifest-get-content-type-as-pushed"])
        .title("GET on a manifest returns the Content-Type application/json.")
        .header(GET_MANIFEST, "Content-Type", "application/json"),
    fault("manifest-missing-400")
        .violates(&["manifest-get-missing"])
        .title("GET on a missing manifest returns 400 instead of 404.")
        .status(on("GET", At::Manifest, 404), 400),
    fault("manifests-in-all-repositories")
        .violates(&["manifest-get-other-repository"])
        .title("Every repository serves the manifests of all repositories.")
        .switch(|switches| switches.serve_manifests_of_all_repositories = true),
    fault("tags-regardless-of-case")
        .violates(&["manifest-get-missing"])
        .title("The registry ignores case when it looks up a tag.")
        .switch(|switches| switches.ignore_case_of_tags = true),
    fault("tag-get-202")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest by tag returns 202 instead of 200.")
        .status(on("GET", At::ManifestByTag, 200), 202),
    fault("tag-get-no-digest")
        .violates(&["manifest-get-digest"])
        .title("GET on a manifest by tag returns no Docker-Content-Digest.")
        .without(on("GET", At::ManifestByTag, 200), "docker-content-digest"),
    fault("sha512-manifest-no-digest")
        .violates(&["manifest-get-digest"])
        .title("GET on a manifest by sha512 digest returns no Docker-Content-Digest.")
        .without(GET_MANIFEST.if_request(of_sha512), "docker-content-digest"),
    fault("digest-missing-400")
        .violates(&["manifest-get-missing"])
        .title("GET on a missing manifest by digest returns 400 instead of 404.")
        .status(on("GET", At::ManifestByDigest, 404), 400),
    fault("second-repository-missing-403")
        .violates(&["manifest-get-missing"])
        .title("GET on a missing manifest in the second repository returns 403 instead of 404.")
        .error(
            on("GET", At::Manifest, 404).if_request(second),
            403,
            "DENIED",
            "no",
        ),
    fault("second-repository-500")
        .violates(&["manifest-get-status"])
        .title("GET on a manifest in the second repository returns 500.")
        .empty(GET_MANIFEST.if_request(second), 500),
    fault("unknown-repository-head-400")
        .violates(&["pull-unknown-repository"])
        .title("HEAD in an unknown repository returns 400 instead of 404.")
        .status(
            ANY.method("HEAD")
                .status(404)
                .if_request(in_absent_repository),
            400,
        ),
    fault("marks-in-names-400")
        .violates(&["name-grammar-accepted"])
        .title("The registry refuses repository names with two underscores.")
        .error(
            ANY.if_request(has_two_underscores),
            400,
            "NAME_INVALID",
            "no",
        ),
    fault("manifest-now-and-then-500")
        .violates(&["manifest-get-status"])
        .title("Every fourth GET on a manifest returns 500.")
        .after(|store, request, response| {
            if got_manifest(request, response) && store.next() % 4 == 0 {
                *response = ApiResponse::new(500);
            }
        }),
    fault("manifest-get-other-bytes")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest appends a space to the bytes.")
        .response(|request, response| {
            if got_manifest(request, response) {
                append_space(response);
            }
        }),
    fault("manifest-get-without-urls")
        .violates(&["manifest-put-bytes"])
        .title("GET on a manifest renames the urls field of a layer.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, ",\"urls\":", ",\"unnamed\":");
            }
        }),
    fault("manifest-get-tag-other-bytes")
        .violates(&["manifest-get-by-tag"])
        .title("GET on a manifest by tag appends a space to the bytes.")
        .response(|request, response| {
            if got_manifest(request, response) && by_tag(request) {
                append_space(response);
            }
        }),
    fault("manifest-get-type-parameters")
        .violates(&["manifest-get-content-type-bare"])
        .title("GET on a manifest adds a parameter to the Content-Type.")
        .response(|request, response| {
            if got_manifest(request, response) {
                let kind = response
                    .header("content-type")
                    .unwrap_or_default()
                    .to_owned();
                response.set("Content-Type", kind + "; charset=utf-8");
            }
        }),
    fault("manifest-stripped")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest removes trailing white space.")
        .response(|request, response| {
            if got_manifest(request, response) {
                response.body = response.body.trim_ascii_end().to_vec().into();
            }
        }),
    fault("manifest-line-separator-escaped")
        .violates(&["manifest-get-content", "manifest-put-bytes"])
        .title("GET on a manifest escapes the line separator U+2028.")
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "\u{2028}", "\\u2028");
            }
        }),
    fault("manifest-emoji-lost")
        .violates(&["manifest-get-content", "manifest-put-bytes"])
        .title(
            "GET on a manifest replaces characters outside the Basic Multilingual Plane with \
             question marks.",
        )
        .response(|request, response| {
            if got_manifest(request, response) {
                replace(response, "\u{1f600}", "?");
            }
        }),
    fault("manifest-cut")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest returns at most 1 MiB.")
        .response(|request, response| {
            if got_manifest(request, response) {
                response.body = response.body.slice(..response.body.len().min(MIB));
            }
        }),
    fault("tag-get-config-digest")
        .violates(&["manifest-get-digest-matches"])
        .title("GET on an image by tag returns the digest of its config in Docker-Content-Digest.")
        .response(|request, response| {
            if got_manifest(request, response) && by_tag(request) {
                let config = serde_json::from_slice::<Value>(&response.body).ok();
                let config = config
                    .and_then(|value| value.pointer("/config/digest")?.as_str().map(str::to_owned));
                if let Some(config) = config {
                    response.set("Docker-Content-Digest", config);
                }
            }
        }),
    fault("manifest-digest-quoted")
        .violates(&["manifest-get-digest-matches"])
        .title("The Docker-Content-Digest of a manifest has quotation marks around it.")
        .response(|request, response| {
            if got_manifest(request, response) {
                let digest = response.header("docker-content-digest").unwrap_or_default();
                let quoted = format!("\"{digest}\"");
                response.set("Docker-Content-Digest", quoted);
            }
        }),
    fault("manifest-digest-bare")
        .violates(&["manifest-get-digest-matches"])
        .title("The Docker-Content-Digest of a manifest has no algorithm.")
        .response(|request, response| {
            if got_manifest(request, response) || head_manifest(request, response) {
                bare_digest(response);
            }
        }),
    fault("manifest-missing-empty")
        .violates(&["manifest-get-missing"])
        .title("GET on a missing tag returns 200 with an empty JSON object.")
        .response(|request, response| {
            if request.is("GET") && response.status == 404 && by_tag(request) {
                *response = ApiResponse::json(
                    200,
                    "application/vnd.oci.image.manifest.v1+json",
                    &json!({}),
                );
            }
        }),
    fault("unknown-repository-has-all")
        .violates(&["manifest-get-other-repository", "blob-get-other-repository"])
        .title("An unknown repository serves the content of all repositories.")
        .before(|store, request| {
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
        }),
];
