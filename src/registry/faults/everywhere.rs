//! Faults that show in every answer.

use serde_json::json;

use super::*;

pub const FAULTS: &[Fault] = &[
    answer(
        "base-204",
        &["base-status"],
        "The base is answered with 204.",
        |c, a| {
            if c.endpoint == Endpoint::Base {
                *a = Answer::new(204);
            }
        },
    ),
    answer(
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
    answer(
        "errors-no-code",
        &["error-code"],
        "Errors have no code.",
        |_, a| {
            first_error(a, |e| {
                e.as_object_mut().map(|o| o.remove("code"));
            });
        },
    ),
    answer(
        "errors-small-letters",
        &["error-code-form"],
        "Codes are in small letters.",
        |_, a| {
            first_error(a, |e| {
                e["code"] = json!(e["code"].as_str().unwrap_or_default().to_lowercase())
            });
        },
    ),
    answer(
        "errors-own-codes",
        &["error-code-known"],
        "Codes are the registry's own.",
        |_, a| {
            first_error(a, |e| e["code"] = json!("SOMETHING_WRONG"));
        },
    ),
    answer(
        "errors-message-number",
        &["error-message"],
        "Messages are numbers.",
        |_, a| {
            first_error(a, |e| e["message"] = json!(7));
        },
    ),
    answer(
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
    answer(
        "warning-199",
        &["warning-code"],
        "A warning has the code 199.",
        |_, a| a.set("Warning", "199 - \"hm\""),
    ),
    answer(
        "warning-agent",
        &["warning-agent"],
        "A warning names an agent.",
        |_, a| a.set("Warning", "299 registry \"hm\""),
    ),
    answer(
        "warning-date",
        &["warning-date"],
        "A warning has a date.",
        |_, a| a.set("Warning", "299 - \"hm\" \"Wed, 21 Oct 2015 07:28:00 GMT\""),
    ),
    answer(
        "warning-long",
        &["warning-size"],
        "Warnings are longer than they may be.",
        |_, a| a.set("Warning", format!("299 - \"{}\"", "h".repeat(4200))),
    ),
    answer(
        "namespace-of-its-own",
        &["proxy-namespace-value"],
        "The OCI-Namespace header names the registry itself.",
        |c, a| {
            if c.query("ns").is_some() {
                a.set("OCI-Namespace", "registry.example.com");
            }
        },
    ),
    answer(
        "errors-empty-list",
        &["error-body-some"],
        "Error bodies have an empty list of errors.",
        |_, a| {
            if a.status >= 400 {
                edit(a, |v| v["errors"] = json!([]));
            }
        },
    ),
    answer(
        "errors-null",
        &["error-body-shape"],
        "Error bodies are null.",
        |_, a| {
            if a.status >= 400 {
                a.body = "null".into();
            }
        },
    ),
    answer(
        "errors-text",
        &["error-body-shape"],
        "Error bodies are a text in JSON.",
        |_, a| {
            if a.status >= 400 {
                a.body = "\"no\"".into();
            }
        },
    ),
    answer(
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
    answer(
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
    answer(
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
    answer(
        "unknown-repository-no-challenge",
        &["unauthorized-challenge"],
        "A 401 does not say how to log in.",
        |c, a| {
            if unknown_repository(c, a) {
                *a = Answer::error(401, "UNAUTHORIZED", "who are you?");
            }
        },
    ),
    answer(
        "unknown-repository-denied",
        &["error-code-unauthorized"],
        "A 401 has the code DENIED.",
        |c, a| {
            if unknown_repository(c, a) {
                *a = Answer::error(401, "DENIED", "no")
                    .with("WWW-Authenticate", "Basic realm=\"r\"");
            }
        },
    ),
    answer(
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
    answer(
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

fn first_error(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if answer.status >= 400 {
        edit(answer, |value| {
            if let Some(error) = value.pointer_mut("/errors/0") {
                change(error);
            }
        });
    }
}

fn unknown_repository(call: &Call, answer: &Answer) -> bool {
    answer.status == 404
        && call
            .endpoint
            .repository()
            .is_some_and(|name| name.contains("absent"))
}
