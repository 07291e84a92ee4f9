//! Faults of error responses.

use serde_json::json;

use crate::registry::api_request::Endpoint;
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::{edit_json, edit_list, first_error};
use crate::registry::faults::predicates::in_absent_repository;
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::ANY;

pub const FAULTS: &[Fault] = &[
    fault("too-many-never-back")
        .violates(&["too-many-requests-retry-after"])
        .title("A 429 response has no Retry-After.")
        .switch(|switches| switches.rate_limit_without_retry_after = true),
    fault("too-many-other-code")
        .violates(&["error-code-toomanyrequests"])
        .title("A 429 response has the code DENIED.")
        .switch(|switches| switches.rate_limit_with_code_denied = true),
    fault("unknown-repository-no-challenge")
        .violates(&["unauthorized-challenge"])
        .title("A 401 response has no WWW-Authenticate.")
        .error(
            ANY.status(404).if_request(in_absent_repository),
            401,
            "UNAUTHORIZED",
            "who are you?",
        ),
    fault("method-not-allowed-no-allow")
        .violates(&["method-not-allowed-allow"])
        .title("DELETE on a blob returns 405 without an Allow header.")
        .before(|_, request| {
            let of_blob = matches!(request.endpoint, Endpoint::Blob(..));
            (request.is("DELETE") && of_blob)
                .then(|| ApiResponse::error(405, "UNSUPPORTED", "blobs cannot be deleted"))
        }),
    fault("too-many-back-in-fractions")
        .violates(&["too-many-requests-retry-after"])
        .title("A 429 response has a fraction of a second in Retry-After.")
        .before(|store, _| {
            store.counter.is_multiple_of(60).then(|| {
                ApiResponse::error(429, "TOOMANYREQUESTS", "too many requests")
                    .with("Retry-After", "0.5")
            })
        }),
    fault("errors-bare")
        .violates(&["error-body-shape"])
        .title("Error bodies are a bare error without the errors list.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_json(response, |value| {
                    *value = value.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        }),
    fault("errors-no-code")
        .violates(&["error-code"])
        .title("Errors have no code.")
        .response(|_, response| {
            first_error(response, |error| {
                error.as_object_mut().map(|members| members.remove("code"));
            });
        }),
    fault("errors-small-letters")
        .violates(&["error-code-form"])
        .title("Error codes are in lower case.")
        .response(|_, response| {
            first_error(response, |error| {
                error["code"] = json!(error["code"].as_str().unwrap_or_default().to_lowercase())
            });
        }),
    fault("errors-own-codes")
        .violates(&["error-code-known"])
        .title("Error codes are not codes of the specification.")
        .response(|_, response| {
            first_error(response, |error| error["code"] = json!("SOMETHING_WRONG"));
        }),
    fault("errors-message-number")
        .violates(&["error-message"])
        .title("Error messages are numbers.")
        .response(|_, response| {
            first_error(response, |error| error["message"] = json!(7));
        }),
    fault("errors-one-code")
        .violates(&[
            "error-code-blob-unknown",
            "error-code-manifest-unknown",
            "error-code-digest-invalid",
            "error-code-blob-upload-unknown",
            "error-code-name-unknown",
            "error-code-name-invalid",
            "error-code-manifest-invalid",
        ])
        .title("Every error has the code UNSUPPORTED.")
        .response(|_, response| {
            first_error(response, |error| error["code"] = json!("UNSUPPORTED"));
        }),
    fault("errors-empty-list")
        .violates(&["error-body-some"])
        .title("Error bodies have an empty errors list.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_json(response, |value| value["errors"] = json!([]));
            }
        }),
    fault("errors-null")
        .violates(&["error-body-shape"])
        .title("Error bodies are null.")
        .response(|_, response| {
            if response.status >= 400 {
                response.body = "null".into();
            }
        }),
    fault("errors-text")
        .violates(&["error-body-shape"])
        .title("Error bodies are a JSON string.")
        .response(|_, response| {
            if response.status >= 400 {
                response.body = "\"no\"".into();
            }
        }),
    fault("errors-object")
        .violates(&["error-body-shape"])
        .title("The errors member of an error body is an object instead of a list.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_json(response, |value| {
                    value["errors"] = value.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        }),
    fault("errors-code-number")
        .violates(&["error-code"])
        .title("Error codes are numbers.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |errors| {
                    errors
                        .iter_mut()
                        .for_each(|error| error["code"] = json!(404))
                });
            }
        }),
    fault("errors-code-hyphen")
        .violates(&["error-code-form"])
        .title("Error codes have hyphens instead of underscores.")
        .response(|_, response| {
            if response.status >= 400 {
                edit_list(response, "/errors", |errors| {
                    for error in errors {
                        error["code"] =
                            json!(error["code"].as_str().unwrap_or_default().replace('_', "-"));
                    }
                });
            }
        }),
    fault("unknown-repository-denied")
        .violates(&["error-code-unauthorized"])
        .title("A 401 response has the code NAME_UNKNOWN.")
        .response(|request, response| {
            if response.status == 404 && in_absent_repository(request) {
                *response = ApiResponse::error(401, "NAME_UNKNOWN", "no")
                    .with("WWW-Authenticate", "Basic realm=\"r\"");
            }
        }),
];
