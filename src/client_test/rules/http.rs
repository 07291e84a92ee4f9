//! Rules for requests that need what the bundled registry is.

use serde_json::Value;

use crate::client_test::exchanges::{Seen, TOKEN_PATH};
use crate::client_test::format::Action;
use crate::client_test::trial::Trial;
use crate::registry::Endpoint;
use crate::traffic::{Finding, first_violation};

/// Compares each request with a check, where it is about such requests.
fn each(trial: &Trial, check: impl Fn(&Seen) -> Option<Finding>) -> Finding {
    let seen = trial.seen.iter().enumerate();
    let found = seen.filter_map(|(at, one)| Some(check(one)?.shown_by(at)));
    first_violation(found).unwrap_or_else(Finding::no_such_request)
}

/// The bundled registry is no proxy.
pub fn no_namespace(trial: &Trial) -> Finding {
    each(trial, namespace)
}

fn namespace(seen: &Seen) -> Option<Finding> {
    if seen.request.endpoint == Endpoint::Unknown || seen.request.path == TOKEN_PATH {
        return None;
    }
    let namespace = seen.request.query("ns");
    let actual = namespace.map_or("none".to_owned(), |it| format!("ns={it}"));
    Some(Finding::of(namespace.is_none(), "no ns parameter", actual))
}

/// A tag is not a number that counts tags: the tags of the bundled registry are letters.
pub fn last_is_tag(trial: &Trial) -> Finding {
    each(trial, last)
}

fn last(seen: &Seen) -> Option<Finding> {
    let Endpoint::Tags(_) = &seen.request.endpoint else {
        return None;
    };
    let last = seen.request.query("last")?;
    let numeric = last.bytes().all(|byte| byte.is_ascii_digit());
    let body: Value = serde_json::from_slice(&seen.response.body).unwrap_or_default();
    let is_list = body.get("tags").is_some() || !seen.response.succeeds();
    Some(Finding::of(
        !numeric && is_list,
        "a tag",
        format!("last={last}"),
    ))
}

/// The image of a trial has one layer: a manifest that a client pushes for it references a config and a layer. In which order
/// content is pushed is the client's choice.
pub fn manifest_complete(trial: &Trial) -> Finding {
    match trial.setup.asked.action {
        Action::Push | Action::Copy => each(trial, complete),
        _ => Finding::no_such_request(),
    }
}

fn complete(seen: &Seen) -> Option<Finding> {
    let puts = matches!(seen.request.endpoint, Endpoint::Manifest(..)) && seen.request.is("PUT");
    let manifest: Value = serde_json::from_slice(&seen.request.body).ok()?;
    // An index references no blobs, and Docker's first schema has other fields.
    let of_image = puts
        && manifest.get("manifests").is_none()
        && manifest.get("schemaVersion") == Some(&Value::from(2));
    let has_config = manifest.pointer("/config/digest").is_some();
    let has_layer = manifest.pointer("/layers/0/digest").is_some();
    let shown = |has: bool, what: &str| format!("{} {what}", if has { "a" } else { "no" });
    let actual = format!(
        "{}, {}",
        shown(has_config, "config"),
        shown(has_layer, "layer")
    );
    let expected = "a manifest with the config and the layer of the image";
    of_image.then(|| Finding::of(has_config && has_layer, expected, actual))
}
