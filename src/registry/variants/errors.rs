//! Variants of error bodies.

use super::variant::{Variant, permitted};
use crate::registry::api_response::ApiResponse;
use crate::registry::quirks::on_response;

pub const VARIANTS: &[Variant] = &[
    permitted(
        "errors-plain",
        "Error responses are a number in plain text.",
        |options| {
            on_response(options, |_, response| {
                on_error(response, |response| {
                    response.set("Content-Type", "text/plain");
                    response.body = "404".into();
                })
            });
        },
    ),
    permitted("errors-xml", "Error responses are XML.", |options| {
        on_response(options, |_, response| {
            on_error(response, |response| {
                response.set("Content-Type", "application/xml");
                response.body =
                    "<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code></Error>".into();
            })
        });
    }),
    permitted(
        "errors-with-more",
        "Error responses have additional fields, and two errors.",
        |options| {
            on_response(options, |_, response| {
                on_error(response, |response| {
                    let text = String::from_utf8_lossy(&response.body)
                        .replace("\"code\"", "\"trace\":\"x\",\"code\"");
                    let text = text.replace(
                        "]}",
                        ",{\"code\":\"UNSUPPORTED\",\"detail\":{\"a\":[1,null]}}],\"id\":7}",
                    );
                    response.set("Content-Type", "application/json; charset=utf-8");
                    response.body = text.into();
                })
            });
        },
    ),
    permitted(
        "errors-codes-alone",
        "Errors have a code, without message and detail.",
        |options| {
            on_response(options, |_, response| {
                on_error(response, |response| {
                    let body: serde_json::Value =
                        serde_json::from_slice(&response.body).unwrap_or_default();
                    let code = body.pointer("/errors/0/code").cloned();
                    response.body = serde_json::json!({"errors": [{"code": code}]})
                        .to_string()
                        .into();
                })
            });
        },
    ),
    permitted(
        "errors-legacy",
        "MANIFEST_INVALID is replaced by TAG_INVALID and MANIFEST_UNVERIFIED of Docker's protocol.",
        |options| {
            on_response(options, |_, response| {
                on_error(response, |response| {
                    if String::from_utf8_lossy(&response.body).contains("MANIFEST_INVALID") {
                        response.body = "{\"errors\":[{\"code\":\"TAG_INVALID\",\"message\":\"\"},{\"code\":\"MANIFEST_UNVERIFIED\"}]}".into();
                    }
                })
            });
        },
    ),
];

/// Changes a response with a 4xx status.
fn on_error(response: &mut ApiResponse, change: fn(&mut ApiResponse)) {
    if (400..500).contains(&response.status) {
        change(response);
    }
}
