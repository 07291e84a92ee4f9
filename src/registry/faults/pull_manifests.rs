//! Faults of pulling that show on one route to manifests, or for one kind of them alone.

use super::*;
use crate::registry::api_response::NO_LENGTH;

pub const FAULTS: &[Fault] = &[
    response(
        "index-get-206",
        &["manifest-get-status"],
        "An index is served with 206.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                a.status = 206;
            }
        },
    ),
    response(
        "tag-get-202",
        &["manifest-get-status"],
        "By its tag, a manifest is served with 202.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) {
                a.status = 202;
            }
        },
    ),
    response(
        "index-written-anew",
        &["manifest-get-content", "manifest-get-by-tag"],
        "Indexes are served as JSON written anew; images are not.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                edit(a, |_| {});
            }
        },
    ),
    response(
        "manifest-stripped",
        &["manifest-get-content", "manifest-get-by-tag"],
        "White space at the end of a manifest is cut off.",
        |c, a| {
            if got_manifest(c, a) {
                a.body = a.body.trim_ascii_end().to_vec().into();
            }
        },
    ),
    response(
        "manifest-cut",
        &["manifest-get-content", "manifest-get-by-tag"],
        "Manifests are cut after a MiB.",
        |c, a| {
            if got_manifest(c, a) {
                a.body = a.body.slice(..a.body.len().min(MIB));
            }
        },
    ),
    response(
        "tag-gives-child",
        &["manifest-get-digest-matches"],
        "By its tag, an index is served with its first image's digest.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) && is_index(a) {
                let child = serde_json::from_slice::<Value>(&a.body).ok();
                let child = child.and_then(|v| {
                    v.pointer("/manifests/0/digest")?
                        .as_str()
                        .map(str::to_owned)
                });
                a.set("Docker-Content-Digest", child.unwrap_or_default());
            }
        },
    ),
    response(
        "docker-type-lost",
        &["manifest-get-content-type-as-pushed"],
        "Docker's manifests are served with the type of OCI images.",
        |c, a| {
            if got_manifest(c, a) && kind_of(a).contains("docker") {
                a.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    response(
        "unregistered-type-lost",
        &["manifest-get-content-type-as-pushed"],
        "Manifests of unregistered types are served as plain JSON.",
        |c, a| {
            if got_manifest(c, a) && kind_of(a).contains("example") {
                a.set("Content-Type", "application/json");
            }
        },
    ),
    response(
        "index-type-lost",
        &["manifest-get-content-type-as-pushed"],
        "Indexes are served with the type of images.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                a.set("Content-Type", "application/vnd.oci.image.manifest.v1+json");
            }
        },
    ),
    response(
        "index-type-parameters",
        &["manifest-get-content-type-bare"],
        "The type of an index has a parameter.",
        |c, a| {
            if got_manifest(c, a) && is_index(a) {
                let kind = kind_of(a) + ";charset=utf-8";
                a.set("Content-Type", kind);
            }
        },
    ),
    response(
        "first-accept-alone",
        &["manifest-get-accept"],
        "Only the first type of an Accept header is looked at.",
        |c, a| {
            let first = c
                .header("accept")
                .and_then(|accept| accept.split(',').next());
            let other = first.is_some_and(|first| first != "*/*" && first.trim() != kind_of(a));
            if got_manifest(c, a) && other {
                *a = ApiResponse::error(404, "MANIFEST_UNKNOWN", "not of this type");
            }
        },
    ),
    response(
        "accept-needed",
        &["manifest-get-any-accept"],
        "A manifest is not found without an Accept header.",
        |c, a| {
            if got_manifest(c, a) && c.header("accept").is_none_or(|accept| accept == "*/*") {
                *a = ApiResponse::error(404, "MANIFEST_UNKNOWN", "say what you accept");
            }
        },
    ),
    response(
        "tag-get-no-digest",
        &["manifest-get-digest"],
        "By its tag, a manifest is served without its digest.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "tag-get-config-digest",
        &["manifest-get-digest-matches"],
        "By its tag, an image is served with the digest of its config.",
        |c, a| {
            if got_manifest(c, a) && by_tag(c) {
                let config = serde_json::from_slice::<Value>(&a.body).ok();
                let config =
                    config.and_then(|v| v.pointer("/config/digest")?.as_str().map(str::to_owned));
                if let Some(config) = config {
                    a.set("Docker-Content-Digest", config);
                }
            }
        },
    ),
    response(
        "manifest-digest-quoted",
        &["manifest-get-digest-matches"],
        "The digest of a manifest stands in quotes.",
        |c, a| {
            if got_manifest(c, a) {
                let digest = a.header("docker-content-digest").unwrap_or_default();
                let quoted = format!("\"{digest}\"");
                a.set("Docker-Content-Digest", quoted);
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
        |c, a| {
            if got_manifest(c, a) || head_manifest(c, a) {
                bare_digest(a);
            }
        },
    ),
    response(
        "sha512-manifest-no-digest",
        &["manifest-get-digest"],
        "By sha512, a manifest is served without its digest.",
        |c, a| {
            if got_manifest(c, a) && sha512(c) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "manifest-missing-empty",
        &["manifest-get-missing"],
        "A missing tag is answered with 200 and an empty object.",
        |c, a| {
            if c.is("GET") && a.status == 404 && by_tag(c) {
                *a = ApiResponse::json(
                    200,
                    "application/vnd.oci.image.manifest.v1+json",
                    &serde_json::json!({}),
                );
            }
        },
    ),
    response(
        "digest-missing-400",
        &["manifest-get-missing"],
        "A missing digest is answered with 400, a missing tag is not.",
        |c, a| {
            let by_digest = matches!(c.endpoint, Endpoint::Manifest(..)) && !by_tag(c);
            if c.is("GET") && a.status == 404 && by_digest {
                a.status = 400;
            }
        },
    ),
    response(
        "second-repository-missing-403",
        &["manifest-get-missing"],
        "A missing manifest of the second repository is answered with 403.",
        |c, a| {
            let manifest = matches!(c.endpoint, Endpoint::Manifest(..));
            if c.is("GET") && a.status == 404 && manifest && second(c) {
                *a = ApiResponse::error(403, "DENIED", "no");
            }
        },
    ),
    response(
        "second-repository-500",
        &["manifest-get-status"],
        "Manifests of the second repository are answered with 500.",
        |c, a| {
            if got_manifest(c, a) && second(c) {
                *a = ApiResponse::new(500);
            }
        },
    ),
    response(
        "unknown-repository-head-400",
        &["pull-unknown-repository"],
        "HEAD in an unknown repository is answered with 400.",
        |c, a| {
            if c.is("HEAD")
                && a.status == 404
                && c.endpoint
                    .repository()
                    .is_some_and(|name| name.contains("absent"))
            {
                a.status = 400;
            }
        },
    ),
    response(
        "marks-in-names-400",
        &["pull-unknown-repository"],
        "Names with two underscores are refused.",
        |c, a| {
            if c.endpoint
                .repository()
                .is_some_and(|name| name.contains("__"))
            {
                *a = ApiResponse::error(400, "NAME_INVALID", "no");
            }
        },
    ),
    response(
        "index-head-404",
        &["manifest-head-status"],
        "HEAD of an index is answered with 404.",
        |c, a| {
            if head_manifest(c, a) && is_index(a) {
                a.status = 404;
            }
        },
    ),
    response(
        "tag-head-405",
        &["manifest-head-status"],
        "HEAD of a tag is answered with 405.",
        |c, a| {
            if head_manifest(c, a) && by_tag(c) {
                a.status = 405;
            }
        },
    ),
    response(
        "index-head-no-digest",
        &["manifest-head-digest"],
        "HEAD of an index has no digest.",
        |c, a| {
            if head_manifest(c, a) && is_index(a) {
                a.remove("docker-content-digest");
            }
        },
    ),
    response(
        "index-head-no-length",
        &["manifest-head-length"],
        "HEAD of an index has no length.",
        |c, a| {
            if head_manifest(c, a) && is_index(a) {
                a.set(NO_LENGTH, "1");
            }
        },
    ),
    response(
        "tag-head-length-off",
        &["manifest-head-length-matches"],
        "HEAD of a tag has a length of one byte more.",
        |c, a| {
            if head_manifest(c, a) && by_tag(c) {
                a.set("Content-Length", (a.body.len() + 1).to_string());
            }
        },
    ),
    response(
        "tag-head-missing-405",
        &["manifest-head-missing"],
        "HEAD of a missing tag is answered with 405.",
        |c, a| {
            if c.is("HEAD") && a.status == 404 && by_tag(c) {
                a.status = 405;
            }
        },
    ),
];

fn by_tag(request: &ApiRequest) -> bool {
    matches!(&request.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'))
}

fn kind_of(response: &ApiResponse) -> String {
    response
        .header("content-type")
        .unwrap_or_default()
        .to_owned()
}

fn is_index(response: &ApiResponse) -> bool {
    kind_of(response).contains("index")
}

fn bare_digest(response: &mut ApiResponse) {
    let digest = response.header("docker-content-digest").unwrap_or_default();
    let bare = digest.split(':').nth(1).unwrap_or_default().to_owned();
    response.set("Docker-Content-Digest", bare);
}
