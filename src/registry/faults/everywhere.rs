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
