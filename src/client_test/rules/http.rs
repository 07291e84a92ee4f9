//! Rules for all requests.

use std::time::Duration;

use serde_json::Value;

use crate::client_test::alter::url_at;
use crate::client_test::finding::Finding;
use crate::client_test::trial::Trial;
use crate::client_test::wire::{Seen, TOKEN_PATH};
use crate::registry::Endpoint;

/// How much earlier than Retry-After says a request may come: the time has whole seconds.
const TOLERANCE: Duration = Duration::from_millis(250);

pub fn user_agent(seen: &Seen) -> Option<Finding> {
    let agent = seen.request.header("user-agent");
    let actual = agent.map_or("no User-Agent".to_owned(), |it| format!("User-Agent: {it}"));
    let holds = agent.is_some_and(|agent| !agent.trim().is_empty());
    Some(Finding::of(holds, "a User-Agent", actual))
}

/// The bundled registry is no proxy.
pub fn no_namespace(seen: &Seen) -> Option<Finding> {
    if seen.request.endpoint == Endpoint::Unknown || seen.request.path == TOKEN_PATH {
        return None;
    }
    let namespace = seen.request.query("ns");
    let actual = namespace.map_or("none".to_owned(), |it| format!("ns={it}"));
    Some(Finding::of(namespace.is_none(), "no ns parameter", actual))
}

/// A tag is not a number that counts tags: the tags of the bundled registry are letters.
pub fn last_is_tag(seen: &Seen) -> Option<Finding> {
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

/// Whether requests that were refused with Retry-After are sent again too early.
pub fn retry_after(trial: &Trial) -> Finding {
    let found = trial.seen.iter().enumerate().filter_map(|(at, seen)| {
        let wait = seen.response.header("retry-after")?.parse().ok()?;
        let wait = Duration::from_secs(wait);
        let url = url_at("", &seen.request);
        let again = trial.seen.iter().skip(at + 1).find(|later| {
            later.request.method == seen.request.method && url_at("", &later.request) == url
        })?;
        let after = again.at.duration_since(seen.at);
        let expected = format!(
            "the same request after {} s at the earliest",
            wait.as_secs()
        );
        let actual = format!("after {:.1} s", after.as_secs_f64());
        Some(Finding::of(after + TOLERANCE >= wait, expected, actual).shown_by(at))
    });
    Finding::over(found, "the client did not send the refused request again")
}
