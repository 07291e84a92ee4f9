//! Variants of pulled content, and of the headers of all responses.

use super::variant::{Variant, permitted};
use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::grammar::digest_like;
use crate::registry::quirks::{after, before, on_request, on_response};
use crate::registry::store::Store;

pub const VARIANTS: &[Variant] = &[
    permitted(
        "digests-by-sha512",
        "`Docker-Content-Digest` is a sha512 digest, even where the request has a sha256 digest.",
        |options| {
            // Whoever is told a digest may ask for it.
            before(options, |store, request| {
                if let Some(stored) = stored_endpoint(store, &request.endpoint) {
                    request.endpoint = stored;
                }
                None
            });
            on_response(options, |request, response| {
                let content = matches!(
                    request.endpoint,
                    Endpoint::Manifest(..) | Endpoint::Blob(..)
                );
                if content && response.status == 200 && request.reads() {
                    response.set(
                        "Docker-Content-Digest",
                        digest_like("sha512:", &response.body).unwrap_or_default(),
                    );
                }
            });
        },
    ),
    permitted(
        "ranges-malformed-416",
        "A range that the registry does not understand is refused with 416.",
        |options| {
            on_response(options, |request, response| {
                if request.header("range").is_some() && response.status == 200 {
                    *response =
                        ApiResponse::error(416, "UNSUPPORTED", "the range is not satisfiable");
                }
            });
        },
    ),
    permitted(
        "ranges-of-unsaid-length",
        "The `Content-Range` of a 206 response has `*` in place of the blob's length.",
        |options| {
            on_response(options, |_, response| {
                if response.status == 206 {
                    let said = response.header("content-range").unwrap_or_default();
                    let said = said.split('/').next().unwrap_or_default().to_owned() + "/*";
                    response.set("Content-Range", said);
                }
            });
        },
    ),
    permitted(
        "unavailable",
        "Every fortieth request is refused with 503, with a plain text body.",
        |options| {
            options.rate_limit_every = 40;
            on_response(options, |_, response| {
                if response.status == 429 {
                    response.status = 503;
                    response.set("Content-Type", "text/plain");
                    response.body = "unavailable".into();
                }
            });
        },
    ),
    permitted(
        "strangers-401",
        "A pull from an unknown repository is answered with 401.",
        |options| {
            on_response(options, |request, response| {
                let absent = request
                    .endpoint
                    .repository()
                    .is_some_and(|name| name.contains("absent"));
                let pulls = request.reads();
                if absent && pulls && response.status == 404 {
                    *response =
                        ApiResponse::error(401, "UNAUTHORIZED", "authentication is required")
                            .with("WWW-Authenticate", "Basic realm=\"r\"");
                }
            });
        },
    ),
    permitted(
        "accept-heeded",
        "A manifest is not found (404) if `Accept` does not include its media type.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").unwrap_or_default();
                if matches!(request.endpoint, Endpoint::Manifest(..))
                    && response.status == 200
                    && !request.accepts(kind)
                {
                    *response = ApiResponse::error(
                        404,
                        "MANIFEST_UNKNOWN",
                        "Accept does not include the manifest's media type",
                    );
                }
            });
        },
    ),
    permitted(
        "oci-types-alone",
        "Manifests of media types other than OCI's are refused with 404.",
        |options| {
            on_request(options, |request| {
                let oci = request
                    .header("content-type")
                    .is_some_and(|kind| kind.contains("vnd.oci"));
                if request.is("PUT") && matches!(request.endpoint, Endpoint::Manifest(..)) && !oci {
                    request.endpoint = Endpoint::Unknown;
                }
            });
        },
    ),
    permitted(
        "warnings",
        "Every response has `Warning` headers.",
        |options| {
            on_response(options, |_, response| {
                response.headers.push((
                    "Warning".to_owned(),
                    "299 - \"soon, \\\"really\\\" soon\"".to_owned(),
                ));
                response
                    .headers
                    .push(("Warning".to_owned(), "299 - \"a\", 299 - \"b\"".to_owned()));
            });
        },
    ),
    permitted(
        "headers-of-docker",
        "Every response has headers of Docker's protocol, and cookies.",
        |options| {
            on_response(options, |_, response| {
                response.set("Docker-Distribution-Api-Version", "registry/2.0");
                response
                    .headers
                    .push(("Set-Cookie".to_owned(), "a=b; Path=/".to_owned()));
            });
        },
    ),
    permitted(
        "answers-in-chunks",
        "Responses to GET use chunked transfer coding, without `Content-Length`.",
        |options| {
            on_response(options, |request, response| {
                if request.is("GET") && !response.body.is_empty() {
                    response.set("Transfer-Encoding", "chunked");
                }
            });
        },
    ),
    permitted(
        "json-gzipped",
        "GET of JSON is gzip in transit, and HEAD is not.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").unwrap_or_default();
                if request.is("GET") && kind.contains("json") && response.succeeds() {
                    response.gzip();
                }
            });
        },
    ),
    permitted(
        "json-gzipped-on-request",
        "GET of JSON is gzip in transit if Accept-Encoding names gzip.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").unwrap_or_default();
                let asked = request.header("accept-encoding");
                let asked = asked.is_some_and(|accept| accept.contains("gzip"));
                if asked && request.is("GET") && kind.contains("json") && response.succeeds() {
                    response.gzip();
                }
            });
        },
    ),
    permitted(
        "blobs-gzipped",
        "GET and HEAD of a whole blob are gzip in transit, with the length of the coded bytes.",
        |options| {
            on_response(options, |request, response| {
                let blob = matches!(request.endpoint, Endpoint::Blob(..));
                if blob && request.reads() && response.status == 200 {
                    response.gzip();
                }
            });
        },
    ),
    permitted(
        "digest-on-redirect",
        "Blob requests are redirected, and only the redirect has `Docker-Content-Digest`.",
        |options| {
            options.redirect_blobs = true;
            on_response(options, |request, response| {
                let Endpoint::Blob(_, digest) = &request.endpoint else {
                    return;
                };
                match response.status {
                    307 => response.set("Docker-Content-Digest", digest),
                    _ => response.remove("docker-content-digest"),
                }
            });
        },
    ),
    permitted(
        "connections-closed",
        "The connection is closed after every response.",
        |options| {
            on_response(options, |_, response| response.set("Connection", "close"));
        },
    ),
    permitted(
        "headers-in-capitals",
        "Header names begin with capital letters.",
        |options| options.title_case = true,
    ),
    permitted(
        "namespace-returned",
        "The `ns` parameter is returned in `OCI-Namespace`.",
        |options| {
            on_response(options, |request, response| {
                if let Some(ns) = request.query("ns") {
                    response.set("OCI-Namespace", ns);
                }
            });
        },
    ),
    permitted(
        "base-locked",
        "`/v2/` requires credentials (401); all other endpoints do not.",
        |options| {
            on_response(options, |request, response| {
                if request.endpoint == Endpoint::Base {
                    *response =
                        ApiResponse::error(401, "UNAUTHORIZED", "authentication is required")
                            .with("WWW-Authenticate", "Basic realm=\"r\"");
                }
            });
        },
    ),
    permitted(
        "entity-tags",
        "Content has an `ETag`; a matching `If-None-Match` is answered with 304.",
        |options| {
            on_response(options, |request, response| {
                let digest = response.header("docker-content-digest");
                let Some(tag) = digest.map(|digest| format!("\"{digest}\"")) else {
                    return;
                };
                if request.reads() && response.status == 200 {
                    if request.header("if-none-match") == Some(tag.as_str()) {
                        *response = ApiResponse::new(304);
                    }
                    response.set("ETag", tag);
                }
            });
        },
    ),
    permitted(
        "accept-heeded-406",
        "A manifest is refused with 406 if `Accept` does not include its media type.",
        |options| {
            on_response(options, |request, response| {
                let kind = response.header("content-type").unwrap_or_default();
                let accepts = request.accepts(kind);
                if matches!(request.endpoint, Endpoint::Manifest(..))
                    && response.status == 200
                    && !accepts
                {
                    *response = ApiResponse::error(406, "UNSUPPORTED", "not an accepted type");
                }
            });
        },
    ),
    permitted(
        "accept-first-image",
        "A tag of an index leads to its first image, under the digest of the image, if `Accept` names the image type alone.",
        |options| {
            after(options, |store, request, response| {
                let accept = request.header("accept").unwrap_or_default();
                let image_alone = accept == "application/vnd.oci.image.manifest.v1+json";
                let Endpoint::Manifest(name, tag) = &request.endpoint else {
                    return;
                };
                let kind = response.header("content-type").unwrap_or_default();
                if !image_alone || tag.contains(':') || !kind.contains("index") {
                    return;
                }
                let index: serde_json::Value =
                    serde_json::from_slice(&response.body).unwrap_or_default();
                let first = index
                    .pointer("/manifests/0/digest")
                    .and_then(|one| one.as_str());
                let repository = store.repositories.get(name);
                let image = first.and_then(|first| repository?.manifests.get(first));
                if let (Some(first), Some(image), 200) = (first, image, response.status) {
                    response.set("Docker-Content-Digest", first);
                    response.set("Content-Type", image.media_type.clone());
                    response.body = image.bytes.clone();
                }
            });
        },
    ),
];

/// The endpoint, by the digest that it is stored under, of content that a request names by its sha512.
fn stored_endpoint(store: &Store, endpoint: &Endpoint) -> Option<Endpoint> {
    let (Endpoint::Manifest(name, asked) | Endpoint::Blob(name, asked)) = endpoint else {
        return None;
    };
    let repository = store.repositories.get(name)?;
    asked.strip_prefix("sha512:")?;
    let is = |bytes: &[u8]| digest_like("sha512:", bytes).as_ref() == Some(asked);
    let (name, mut blobs) = (name.clone(), repository.blobs.iter());
    let mut manifests = repository.manifests.iter();
    match endpoint {
        Endpoint::Manifest(..) => manifests
            .find(|(_, manifest)| is(&manifest.bytes))
            .map(|(stored, _)| Endpoint::Manifest(name, stored.clone())),
        _ => blobs
            .find(|(_, bytes)| is(bytes))
            .map(|(stored, _)| Endpoint::Blob(name, stored.clone())),
    }
}
