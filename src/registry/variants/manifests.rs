//! Variants of pushed manifests and tags.

use super::variant::{Variant, permitted};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::{before, on_request, on_response};

/// The fields of manifests and indexes (image specification, version 1.1).
const FIELDS: [&str; 8] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "config",
    "layers",
    "manifests",
    "subject",
    "annotations",
];

pub const VARIANTS: &[Variant] = &[
    permitted(
        "tags-stay-403",
        "Tags are immutable: a push to another manifest is refused with 403.",
        |options| {
            options.mutable_tags = false;
            on_response(options, |request, response| {
                if request.is("PUT") && response.status == 409 {
                    response.status = 403;
                }
            });
        },
    ),
    permitted(
        "tags-keep-their-type",
        "A tag cannot be moved to a manifest of another media type: 400.",
        |options| {
            before(options, |store, request| {
                let Endpoint::Manifest(name, at) = &request.endpoint else {
                    return None;
                };
                let repository = store.repositories.get(name)?;
                let known = &repository.tags.get(at)?.digest;
                let known = &repository.manifests.get(known)?.media_type;
                let other =
                    request.is("PUT") && request.header("content-type") != Some(known.as_str());
                other.then(|| {
                    ApiResponse::error(
                        400,
                        "MANIFEST_INVALID",
                        "the tag has a manifest of another media type",
                    )
                })
            });
        },
    ),
    permitted(
        "missing-content-400",
        "A manifest that references missing content is refused with 400.",
        |options| {
            on_response(options, |request, response| {
                if request.is("PUT")
                    && response.status == 404
                    && matches!(request.endpoint, Endpoint::Manifest(..))
                {
                    response.status = 400;
                }
            });
        },
    ),
    permitted(
        "missing-content-footnote",
        "A manifest that references missing content is refused with 404 and the code BLOB_UNKNOWN.",
        |options| {
            on_response(options, |request, response| {
                if request.is("PUT")
                    && response.status == 404
                    && matches!(request.endpoint, Endpoint::Manifest(..))
                {
                    *response =
                        ApiResponse::error(404, "BLOB_UNKNOWN", "the content does not exist");
                }
            });
        },
    ),
    permitted(
        "manifests-any",
        "Any body is accepted as a manifest.",
        |options| {
            options.sparse_manifests = true;
            options.switches.accept_any_manifest = true;
        },
    ),
    permitted(
        "types-by-body",
        "The `mediaType` field decides the media type of a manifest, not `Content-Type`.",
        |options| {
            on_request(options, |request| {
                let body: Option<serde_json::Value> = serde_json::from_slice(&request.body).ok();
                let kind = body
                    .as_ref()
                    .and_then(|body| body.get("mediaType")?.as_str());
                let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
                if let Some(kind) = kind.filter(|_| of_manifest && request.is("PUT")) {
                    request.headers.retain(|(name, _)| name != "content-type");
                    request
                        .headers
                        .push(("content-type".to_owned(), kind.to_owned()));
                }
            });
        },
    ),
    permitted(
        "untyped-manifests-501",
        "Manifests without the `mediaType` field are refused with 501.",
        |options| {
            before(options, |_, request| {
                let manifest = sent_manifest(request)?;
                manifest.get("mediaType").is_none().then(|| {
                    ApiResponse::error(501, "UNSUPPORTED", "the manifest has no mediaType")
                })
            });
        },
    ),
    permitted(
        "platforms-required",
        "Indexes that list a manifest without a platform are refused with 400.",
        |options| {
            before(options, |_, request| {
                let index = sent_manifest(request)?;
                let listed = index.get("manifests")?.as_array()?;
                let lacks = listed.iter().any(|one| one.get("platform").is_none());
                lacks.then(|| ApiResponse::error(400, "MANIFEST_INVALID", "a platform is missing"))
            });
        },
    ),
    permitted(
        "manifest-limit",
        "Manifests are limited to 4 MB.",
        |options| options.manifest_limit = 4_000_000,
    ),
    permitted(
        "manifest-no-limit",
        "Manifests have no size limit of their own.",
        |options| options.manifest_limit = options.body_limit,
    ),
    permitted(
        "manifest-location-by-digest",
        "The `Location` of a pushed manifest has its digest, not the tag.",
        |options| {
            on_response(options, |request, response| {
                let digest = response.header("docker-content-digest").map(str::to_owned);
                if let (true, 201, Endpoint::Manifest(name, _), Some(digest)) = (
                    request.is("PUT"),
                    response.status,
                    &request.endpoint,
                    digest,
                ) {
                    response.set(
                        "Location",
                        format!("{}/v2/{name}/manifests/{digest}", request.origin),
                    );
                }
            });
        },
    ),
    permitted(
        "tag-params-some",
        "Only the first four `tag` parameters are accepted.",
        |options| {
            on_request(options, |request| {
                let mut tags = 0;
                request.query.retain(|(name, _)| {
                    tags += usize::from(name == "tag");
                    name != "tag" || tags <= 4
                });
            });
        },
    ),
    permitted(
        "tag-params-414",
        "More than ten `tag` parameters are refused with 414.",
        |options| {
            before(options, |_, request| {
                let tags = request
                    .query
                    .iter()
                    .filter(|(name, _)| name == "tag")
                    .count();
                (tags > 10).then(|| ApiResponse::new(414))
            });
        },
    ),
    permitted(
        "tag-params-one-header",
        "One `OCI-Tag` header names all tags.",
        |options| {
            on_response(options, |_, response| {
                let tags = response
                    .headers
                    .iter()
                    .filter(|(name, _)| name == "OCI-Tag");
                let tags: Vec<&str> = tags.map(|(_, tag)| tag.as_str()).collect();
                if tags.len() > 1 {
                    let tags = tags.join(", ");
                    response.set("OCI-Tag", tags);
                }
            });
        },
    ),
    permitted(
        "subject-index-silent",
        "The response to an index with a subject has no `OCI-Subject`.",
        |options| {
            on_response(options, |request, response| {
                let kind = request.header("content-type").unwrap_or_default();
                if request.is("PUT") && kind.contains("index") {
                    response.remove("oci-subject");
                }
            });
        },
    ),
    permitted(
        "odd-json-refused",
        "Manifests with integers above 2^53, or with two members of one name, are refused with 400.",
        |options| {
            before(options, |_, request| {
                let text = String::from_utf8_lossy(&request.body);
                let odd =
                    text.contains("9007199254740993") || text.contains(r#""org.example.twice":1,"#);
                let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
                (odd && of_manifest)
                    .then(|| ApiResponse::error(400, "MANIFEST_INVALID", "the JSON is not valid"))
            });
        },
    ),
    permitted(
        "unknown-fields-refused",
        "Manifests with fields that the image specification does not define are refused with 400.",
        |options| {
            before(options, |_, request| {
                let manifest: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
                let mut fields = manifest.as_object()?.keys();
                let unknown = fields.any(|field| !FIELDS.contains(&field.as_str()));
                let pushed =
                    request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..));
                (unknown && pushed)
                    .then(|| ApiResponse::error(400, "MANIFEST_INVALID", "a field is not known"))
            });
        },
    ),
    permitted(
        "indexes-refused",
        "Indexes and manifest lists are refused with 415.",
        |options| {
            before(options, |_, request| {
                let of_manifest = matches!(request.endpoint, Endpoint::Manifest(..));
                let pushed = request.is("PUT") && of_manifest;
                let kind = request.header("content-type").filter(|_| pushed)?;
                let list = kind.contains("image.index") || kind.contains("manifest.list");
                list.then(|| ApiResponse::error(415, "UNSUPPORTED", "indexes are not supported"))
            });
        },
    ),
    permitted(
        "descriptors-once",
        "Manifests that list one descriptor twice are refused with 400.",
        |options| {
            before(options, |_, request| {
                let manifest: serde_json::Value = serde_json::from_slice(&request.body).ok()?;
                let list = manifest.get("layers").or_else(|| manifest.get("manifests"));
                let list = list?.as_array()?;
                let twice = list.first().is_some_and(|first| list.get(1) == Some(first));
                (twice && request.is("PUT")).then(|| {
                    ApiResponse::error(400, "MANIFEST_INVALID", "a descriptor is there twice")
                })
            });
        },
    ),
    permitted(
        "referrers-tags-refused",
        "Tags of the form of the referrers tag schema are refused with 400.",
        |options| {
            before(options, |_, request| match &request.endpoint {
                Endpoint::Manifest(_, tag) if tag.starts_with("sha256-") && request.is("PUT") => {
                    Some(ApiResponse::error(
                        400,
                        "TAG_INVALID",
                        "the tag is reserved for referrers",
                    ))
                }
                _ => None,
            });
        },
    ),
    permitted(
        "tags-ending-in-stops-refused",
        "Tags that end with a full stop are refused with 400.",
        |options| {
            before(options, |_, request| match &request.endpoint {
                Endpoint::Manifest(_, tag) if tag.ends_with('.') && request.is("PUT") => Some(
                    ApiResponse::error(400, "TAG_INVALID", "no file can have this name"),
                ),
                _ => None,
            });
        },
    ),
    permitted(
        "media-type-needed",
        "A manifest without a `mediaType` is refused with 400.",
        |options| {
            before(options, |_, request| {
                let manifest = sent_manifest(request)?;
                manifest
                    .get("mediaType")
                    .is_none()
                    .then(|| ApiResponse::error(400, "MANIFEST_INVALID", "mediaType is missing"))
            });
        },
    ),
];

/// The manifest that a request pushes, if it is JSON.
fn sent_manifest(request: &ApiRequest) -> Option<serde_json::Value> {
    let pushes = request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..));
    pushes.then(|| serde_json::from_slice(&request.body).ok())?
}
