//! Faults that show in every answer.

use serde_json::json;

use super::*;

pub const FAULTS: &[Fault] = &[
    response(
        "base-204",
        &["base-status"],
        "The base is answered with 204.",
        |c, a| {
            if c.endpoint == Endpoint::Base {
                *a = ApiResponse::new(204);
            }
        },
    ),
    response(
        "errors-bare",
        &["error-body-shape"],
        "Error bodies are an error without a list.",
        |_, a| {
            if a.status >= 400 {
                edit(a, |v| {
                    *v = v.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "errors-no-code",
        &["error-code"],
        "Errors have no code.",
        |_, a| {
            first_error(a, |e| {
                e.as_object_mut().map(|o| o.remove("code"));
            });
        },
    ),
    response(
        "errors-small-letters",
        &["error-code-form"],
        "Codes are in small letters.",
        |_, a| {
            first_error(a, |e| {
                e["code"] = json!(e["code"].as_str().unwrap_or_default().to_lowercase())
            });
        },
    ),
    response(
        "errors-own-codes",
        &["error-code-known"],
        "Codes are the registry's own.",
        |_, a| {
            first_error(a, |e| e["code"] = json!("SOMETHING_WRONG"));
        },
    ),
    response(
        "errors-message-number",
        &["error-message"],
        "Messages are numbers.",
        |_, a| {
            first_error(a, |e| e["message"] = json!(7));
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
        "Every error is UNSUPPORTED.",
        |_, a| {
            first_error(a, |e| e["code"] = json!("UNSUPPORTED"));
        },
    ),
    response(
        "warning-199",
        &["warning-code"],
        "A warning has the code 199.",
        |_, a| a.set("Warning", "199 - \"hm\""),
    ),
    response(
        "warning-agent",
        &["warning-agent"],
        "A warning names an agent.",
        |_, a| a.set("Warning", "299 registry \"hm\""),
    ),
    response(
        "warning-date",
        &["warning-date"],
        "A warning has a date.",
        |_, a| a.set("Warning", "299 - \"hm\" \"Wed, 21 Oct 2015 07:28:00 GMT\""),
    ),
    response(
        "warning-long",
        &["warning-size"],
        "Warnings are longer than they may be.",
        |_, a| a.set("Warning", format!("299 - \"{}\"", "h".repeat(4200))),
    ),
    response(
        "namespace-of-its-own",
        &["proxy-namespace-value"],
        "The OCI-Namespace header names the registry itself.",
        |c, a| {
            if c.query("ns").is_some() {
                a.set("OCI-Namespace", "registry.example.com");
            }
        },
    ),
    response(
        "errors-empty-list",
        &["error-body-some"],
        "Error bodies have an empty list of errors.",
        |_, a| {
            if a.status >= 400 {
                edit(a, |v| v["errors"] = json!([]));
            }
        },
    ),
    response(
        "errors-null",
        &["error-body-shape"],
        "Error bodies are null.",
        |_, a| {
            if a.status >= 400 {
                a.body = "null".into();
            }
        },
    ),
    response(
        "errors-text",
        &["error-body-shape"],
        "Error bodies are a text in JSON.",
        |_, a| {
            if a.status >= 400 {
                a.body = "\"no\"".into();
            }
        },
    ),
    response(
        "errors-object",
        &["error-body-shape"],
        "Error bodies have one error in place of a list.",
        |_, a| {
            if a.status >= 400 {
                edit(a, |v| {
                    v["errors"] = v.pointer("/errors/0").cloned().unwrap_or_default()
                });
            }
        },
    ),
    response(
        "errors-code-number",
        &["error-code"],
        "Codes are numbers.",
        |_, a| {
            if a.status >= 400 {
                edit_list(a, "/errors", |errors| {
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
        "Codes are written with hyphens.",
        |_, a| {
            if a.status >= 400 {
                edit_list(a, "/errors", |errors| {
                    for error in errors {
                        error["code"] =
                            json!(error["code"].as_str().unwrap_or_default().replace('_', "-"));
                    }
                });
            }
        },
    ),
    switch(
        "too-many-never-back",
        &["too-many-requests-retry-after"],
        "A 429 does not say when to come back.",
        |b| b.too_many_no_time = true,
    ),
    switch(
        "too-many-other-code",
        &["error-code-toomanyrequests"],
        "A 429 has the code DENIED.",
        |b| b.too_many_denied = true,
    ),
    response(
        "unknown-repository-no-challenge",
        &["unauthorized-challenge"],
        "A 401 does not say how to log in.",
        |c, a| {
            if unknown_repository(c, a) {
                *a = ApiResponse::error(401, "UNAUTHORIZED", "who are you?");
            }
        },
    ),
    response(
        "unknown-repository-denied",
        &["error-code-unauthorized"],
        "A 401 has the code DENIED.",
        |c, a| {
            if unknown_repository(c, a) {
                *a = ApiResponse::error(401, "DENIED", "no")
                    .with("WWW-Authenticate", "Basic realm=\"r\"");
            }
        },
    ),
    response(
        "warnings-long-together",
        &["warning-size"],
        "Several warnings are longer together than they may be.",
        |_, a| {
            for _ in 0..3 {
                a.headers.push((
                    "Warning".to_owned(),
                    format!("299 - \"{}\"", "h".repeat(1400)),
                ));
            }
        },
    ),
    response(
        "warning-second-agent",
        &["warning-agent"],
        "The second of two warnings names an agent.",
        |_, a| {
            a.set("Warning", "299 - \"hm\"");
            a.headers
                .push(("Warning".to_owned(), "299 registry \"hm\"".to_owned()));
        },
    ),
];

fn first_error(response: &mut ApiResponse, change: impl FnOnce(&mut Value)) {
    if response.status >= 400 {
        edit(response, |value| {
            if let Some(error) = value.pointer_mut("/errors/0") {
                change(error);
            }
        });
    }
}

fn unknown_repository(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 404
        && request
            .endpoint
            .repository()
            .is_some_and(|name| name.contains("absent"))
}
