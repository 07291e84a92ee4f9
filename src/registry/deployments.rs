//! Mistakes of deployment: what goes wrong around a registry, in its proxy, its replicas or its token server.
//!
//! None is a fault of the registry's own, and none is permitted: a run that meets one names it as the cause of the failures.

use std::time::Duration;

use super::api_request::{ApiRequest, Endpoint};
use super::api_response::ApiResponse;
use super::options::Options;
use super::quirks::{after, before, on_response};

/// A mistake of deployment.
#[derive(Debug)]
pub struct Deployment {
    /// Its permanent name.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub title: &'static str,
    /// Applies it to the options of a registry.
    pub set: fn(&mut Options),
}

/// The largest body that the proxy of `body-limit` passes on: nginx' default.
const PROXY_LIMIT: usize = 1024 * 1024;

/// How many upload sessions in use at the same time are too many.
const BUSY: usize = 6;

/// An upload session whose last request was so recent is in use.
const IN_USE: Duration = Duration::from_millis(80);

const DEPLOYMENTS: &[Deployment] = &[
    Deployment {
        id: "location-host",
        title: "Every `Location` names a host that does not exist: a proxy passes its own Host.",
        set: |options| {
            on_response(options, |request, response| {
                edit_location(request, response, without_host);
            });
        },
    },
    Deployment {
        id: "location-scheme",
        title: "Every `Location` has the other scheme, https or http: a proxy that ends TLS does not say so.",
        set: |options| {
            on_response(options, |request, response| {
                edit_location(request, response, with_other_scheme);
            });
        },
    },
    Deployment {
        id: "location-port",
        title: "Every `Location` lacks the port: a proxy passes a Host without it.",
        set: |options| {
            on_response(options, |request, response| {
                edit_location(request, response, without_port);
            });
        },
    },
    Deployment {
        id: "location-other-port",
        title: "Every `Location` has another port, where nothing listens: the registry knows only the port behind the proxy.",
        set: |options| {
            on_response(options, |request, response| {
                edit_location(request, response, with_other_port);
            });
        },
    },
    Deployment {
        id: "redirect-unanswered",
        title: "GET on a blob is redirected to a storage that clients cannot reach.",
        set: |options| {
            on_response(options, |request, response| {
                let blob = matches!(request.endpoint, Endpoint::Blob(..)) && request.is("GET");
                if blob && response.succeeds() {
                    let storage = without_host(&request.origin, &request.path);
                    *response = ApiResponse::new(307).with("Location", storage);
                }
            });
        },
    },
    Deployment {
        id: "body-limit",
        title: "A body of more than 1 MiB is refused with 413: a proxy limits it.",
        set: |options| {
            before(options, |_, request| {
                (request.body.len() > PROXY_LIMIT)
                    .then(|| page(413, "413 Request Entity Too Large"))
            });
        },
    },
    Deployment {
        id: "upload-timeout",
        title: "A body of more than 1 MiB is answered with 504: a proxy does not wait for the registry.",
        set: |options| {
            before(options, |_, request| {
                (request.body.len() > PROXY_LIMIT).then(|| page(504, "504 Gateway Time-out"))
            });
        },
    },
    Deployment {
        id: "method-blocked",
        title: "Every PATCH is refused with 403: a firewall blocks the method.",
        set: |options| {
            before(options, |_, request| {
                request.is("PATCH").then(|| page(403, "403 Forbidden"))
            });
        },
    },
    Deployment {
        id: "missing-cached",
        title: "A cache keeps each 404 for a blob or a manifest, also after the content is pushed.",
        set: |options| {
            after(options, |store, request, response| {
                let content = matches!(
                    request.endpoint,
                    Endpoint::Blob(..) | Endpoint::Manifest(..)
                );
                if !content || !request.reads() {
                    return;
                }
                if response.status == 404 {
                    store.served.insert(request.path.clone());
                } else if store.served.contains(&request.path) {
                    *response = page(404, "404 Not Found");
                }
            });
        },
    },
    Deployment {
        id: "uploads-under-load",
        title: "An upload session is lost while several are in use.",
        set: |options| {
            before(options, |store, request| {
                let busy = store.uploads.values();
                let busy = busy.filter(|upload| upload.used.elapsed() < IN_USE).count();
                let content = request.is("PATCH") || request.is("PUT");
                let upload = matches!(request.endpoint, Endpoint::Upload(..));
                (upload && content && busy > BUSY)
                    .then(|| ApiResponse::error(500, "UNKNOWN", "the upload session is lost"))
            });
        },
    },
    Deployment {
        id: "sessions-not-shared",
        title: "Every second request reaches another replica, which does not know the upload session.",
        set: |options| {
            before(options, |store, request| {
                let Endpoint::Upload(_, id) = &request.endpoint else {
                    return None;
                };
                let replica = id.bytes().map(u64::from).sum::<u64>() % 2;
                (replica != store.counter % 2).then(|| {
                    ApiResponse::error(404, "BLOB_UPLOAD_UNKNOWN", "the upload session is unknown")
                })
            });
        },
    },
    Deployment {
        id: "token-one-scope",
        title: "The token server grants only the last of several scopes.",
        set: |options| options.login.tokens.last_scope_only = true,
    },
];

/// Every mistake of deployment.
pub fn deployments() -> impl Iterator<Item = &'static Deployment> {
    DEPLOYMENTS.iter()
}

/// The mistake of deployment with this id.
pub fn deployment(id: &str) -> Option<&'static Deployment> {
    deployments().find(|one| one.id == id)
}

/// The page of a proxy.
fn page(status: u16, title: &str) -> ApiResponse {
    ApiResponse::new(status)
        .with("Content-Type", "text/html")
        .body(format!("<html><head><title>{title}</title></head></html>"))
}

/// Replaces the origin of a `Location`; `url` makes the whole URL of the origin that the client used and the path.
fn edit_location(request: &ApiRequest, response: &mut ApiResponse, url: fn(&str, &str) -> String) {
    let path = response.header("location").map(|location| {
        let path = location.strip_prefix(&request.origin);
        path.unwrap_or(location).to_owned()
    });
    if let Some(path) = path.filter(|path| path.starts_with('/')) {
        response.set("Location", url(&request.origin, &path));
    }
}

fn without_host(_: &str, path: &str) -> String {
    format!("http://registry.invalid{path}")
}

fn with_other_scheme(origin: &str, path: &str) -> String {
    match origin.strip_prefix("https://") {
        Some(host) => format!("http://{host}{path}"),
        None => format!("{}{path}", origin.replacen("http://", "https://", 1)),
    }
}

/// Port 9 is for a service that no system runs any more.
fn with_other_port(origin: &str, path: &str) -> String {
    without_port(origin, &format!(":9{path}"))
}

fn without_port(origin: &str, path: &str) -> String {
    let host = origin.rsplit_once(':').map_or(origin, |(host, _)| host);
    format!("{host}{path}")
}
