//! Variants of availability, and of the headers of every response.

use super::variant::{Variant, permitted};
use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::{before, on_response};

pub const VARIANTS: &[Variant] = &[
    permitted(
        "unavailable-now-and-then",
        "Every fiftieth request is refused with 503 and no body.",
        |options| {
            before(options, |store, _| {
                let busy = store.counter.is_multiple_of(50);
                busy.then(|| ApiResponse::new(503).with("Retry-After", "0"))
            });
        },
    ),
    permitted(
        "gateway-errors-now-and-then",
        "A gateway answers every fiftieth request in place of the registry: 502 or 504, with a page.",
        |options| {
            before(options, |store, _| {
                let status = if store.counter.is_multiple_of(100) {
                    504
                } else {
                    502
                };
                store.counter.is_multiple_of(50).then(|| {
                    ApiResponse::new(status)
                        .with("Content-Type", "text/html")
                        .body("<html><body>The upstream server did not answer</body></html>")
                })
            });
        },
    ),
    permitted(
        "manifest-put-429-first",
        "The first push of each manifest or tag is refused with 429.",
        |options| {
            before(options, |store, request| {
                let manifest = matches!(request.endpoint, Endpoint::Manifest(..));
                let first =
                    request.is("PUT") && manifest && store.served.insert(request.path.clone());
                first.then(|| ApiResponse::error(429, "TOOMANYREQUESTS", "push it again"))
            });
        },
    ),
    permitted(
        "docker-headers",
        "Every response has `Docker-Distribution-Api-Version`.",
        |options| {
            on_response(options, |_, response| {
                response.set("Docker-Distribution-Api-Version", "registry/2.0")
            })
        },
    ),
];
