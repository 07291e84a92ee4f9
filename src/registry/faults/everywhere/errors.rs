//! Faults of error responses.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, edit_list, first_error};
use crate::registry::faults::predicates::in_absent_repository;
use crate::registry::faults::rows::{before, error, response, switch};
use crate::registry::response_edit::ANY;

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    switch("too-many-never-back", &["too-many-requests-retry-after"],
        "A 429 response has no Retry-After.", |switches| switches.rate_limit_without_retry_after = true),
    switch("too-many-other-code", &["error-code-toomanyrequests"],
        "A 429 response has the code DENIED.", |switches| switches.rate_limit_with_code_denied = true),
    error("unknown-repository-no-challenge", &["unauthorized-challenge"],
        "A 401 response has no WWW-Authenticate.",
        ANY.status(404).if_request(in_absent_repository), 401, "UNAUTHORIZED", "who are you?"),
];

pub const FAULTS: &[Fault] = &[
    before(
        "method-not-allowed-no-allow",
        &["method-not-allowed-allow"],
        "DELETE on a blob returns 405 without an Allow header.",
        |_, request| {
            let of_blob = matches!(request.endpoint, Endpoint::Blob(..));
            (request.is("DELETE") && of_blob)
                .then(|| ApiResponse::error(405, "UNSUPPORTED", "blobs cannot be deleted"))
        },
    ),
    before(
        "too-many-back-in-fractions",
        &["too-many-requests-retry-after"],
        "A 429 response has a fraction of a second in Retry-After.",
        |store, _| {
            store.counter.is_multiple_of(60).then(|| {
                ApiResponse::error(429, "TOOMANYREQUESTS", "too many requests")
                    .with("Retry-After", "0.5")
            })
        },
    ),
    response(
        "errors-bare",
        &["error-body-shape"],
        "Error bodies are a bare error without the errors list.",
        |_, response| {
            if response.status >= 400 {
                edit_json(response, |value| {
                    *value = value.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "errors-no-code",
        &["error-code"],
        "Errors have no code.",
        |_, response| {
            first_error(response, |error| {
                error.as_object_mut().map(|members| members.remove("code"));
            });
        },
    ),
    response(
        "errors-small-letters",
        &["error-code-form"],
        "Error codes are in lower case.",
        |_, response| {
            first_error(response, |error| {
                error["code"] = json!(error["code"].as_str().unwrap_or_default().to_lowercase())
            });
        },
    ),
    response(
        "errors-own-codes",
        &["error-code-known"],
        "Error codes are not codes of the specification.",
        |_, response| {
            first_error(response, |error| error["code"] = json!("SOMETHING_WRONG"));
        },
    ),
    response(
        "errors-message-number",
        &["error-message"],
        "Error messages are numbers.",
        |_, response| {
            first_error(response, |error| error["message"] = json!(7));
        },
    ),
    response(
        "errors-one-code",
        &[
            "error-code-blob-unknown",
            "error-code-manifest-unknown",
            "error-code-digest-invalid",
            "error-code-blob-upload-unknown",
            "error-code-name-unknown",
            "error-code-name-invalid",
            "error-code-manifest-invalid",
        ],
        "Every error has the code UNSUPPORTED.",
        |_, response| {
            first_error(response, |error| error["code"] = json!("UNSUPPORTED"));
        },
    ),
    response(
        "errors-empty-list",
        &["error-body-some"],
        "Error bodies have an empty errors list.",
        |_, response| {
            if response.status >= 400 {
                edit_json(response, |value| value["errors"] = json!([]));
            }
        },
    ),
    response(
        "errors-null",
        &["error-body-shape"],
        "Error bodies are null.",
        |_, response| {
            if response.status >= 400 {
                response.body = "null".into();
            }
        },
    ),
    response(
        "errors-text",
        &["error-body-shape"],
        "Error bodies are a JSON string.",
        |_, response| {
            if response.status >= 400 {
                response.body = "\"no\"".into();
            }
        },
    ),
    response(
        "errors-object",
        &["error-body-shape"],
        "The errors member of an error body is an object instead of a list.",
        |_, response| {
            if response.status >= 400 {
                edit_json(response, |value| {
                    value["errors"] = value.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "errors-code-number",
        &["error-code"],
        "Error codes are numbers.",
        |_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |errors| {
                    errors
                        .iter_mut()
                        .for_each(|error| error["code"] = json!(404))
                });
            }
        },
    ),
    response(
        "errors-code-hyphen",
        &["error-code-form"],
        "Error codes have hyphens instead of underscores.",
        |_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |errors| {
                    for error in errors {
                        error["code"] =
                            json!(error["code"].as_str().unwrap_or_default().replace('_', "-"));
                    }
                });
            }
        },
    ),
    response(
        "unknown-repository-denied",
        &["error-code-unauthorized"],
        "A 401 response has the code NAME_UNKNOWN.",
        |request, response| {
            if response.status == 404 && in_absent_repository(request) {
                *response = ApiResponse::error(401, "NAME_UNKNOWN", "no")
                    .with("WWW-Authenticate", "Basic realm=\"r\"");
            }
        },
    ),
];
