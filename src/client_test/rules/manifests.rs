//! Rules for requests for manifests.

use serde_json::Value;

use crate::client_test::finding::Finding;
use crate::client_test::wire::Seen;
use crate::registry::{DigestKind, Endpoint, digest_kind, is_tag};

/// The reference of a request for a manifest with one of these methods.
fn reference_of<'a>(seen: &'a Seen, methods: &[&str]) -> Option<&'a str> {
    match &seen.request.endpoint {
        Endpoint::Manifest(_, reference) if methods.contains(&seen.request.method.as_str()) => {
            Some(reference)
        }
        _ => None,
    }
}

fn tag_or_digest(reference: &str) -> Finding {
    let holds = is_tag(reference) || digest_kind(reference) != DigestKind::None;
    Finding::of(holds, "a tag or a digest", format!("`{reference}`"))
}

pub fn reference(seen: &Seen) -> Option<Finding> {
    reference_of(seen, &["GET", "HEAD"]).map(tag_or_digest)
}

pub fn put_reference(seen: &Seen) -> Option<Finding> {
    reference_of(seen, &["PUT"]).map(tag_or_digest)
}

pub fn accept(seen: &Seen) -> Option<Finding> {
    reference_of(seen, &["GET", "HEAD"])?;
    let accept = seen
        .request
        .headers
        .iter()
        .filter(|(name, _)| name == "accept");
    let accept: Vec<&str> = accept.map(|(_, value)| value.as_str()).collect();
    let accept = accept.join(", ");
    let holds = accept.contains("manifest") || accept.contains("image.index");
    let actual = match accept.is_empty() {
        true => "no Accept".to_owned(),
        false => format!("Accept: {accept}"),
    };
    Some(Finding::of(
        holds,
        "an Accept header with the types of manifests",
        actual,
    ))
}

/// The Content-Type of a manifest that is pushed.
fn pushed_type(seen: &Seen) -> Option<Option<&str>> {
    reference_of(seen, &["PUT"])?;
    Some(seen.request.header("content-type"))
}

fn with_type(value: Option<&str>) -> String {
    value.map_or_else(
        || "no Content-Type".to_owned(),
        |it| format!("Content-Type: {it}"),
    )
}

pub fn content_type(seen: &Seen) -> Option<Finding> {
    let value = pushed_type(seen)?;
    let holds = value.is_some_and(|value| value.contains('/'));
    Some(Finding::of(holds, "a Content-Type", with_type(value)))
}

pub fn content_type_bare(seen: &Seen) -> Option<Finding> {
    let value = pushed_type(seen)??;
    let holds = !value.contains(';');
    Some(Finding::of(
        holds,
        "a Content-Type without parameters",
        with_type(Some(value)),
    ))
}

fn media_type_field(seen: &Seen) -> Option<String> {
    let manifest: Value = serde_json::from_slice(&seen.request.body).ok()?;
    manifest.get("mediaType")?.as_str().map(str::to_owned)
}

pub fn media_type(seen: &Seen) -> Option<Finding> {
    pushed_type(seen)?;
    let field = media_type_field(seen);
    let actual = field
        .as_deref()
        .map_or("no mediaType".to_owned(), |it| format!("`{it}`"));
    Some(Finding::of(field.is_some(), "a mediaType field", actual))
}

pub fn media_type_agrees(seen: &Seen) -> Option<Finding> {
    let value = pushed_type(seen)?;
    let field = media_type_field(seen)?;
    let bare = value.map(|value| value.split(';').next().unwrap_or(value).trim());
    let expected = format!("Content-Type: {field}");
    Some(Finding::of(
        bare == Some(&field),
        expected,
        with_type(value),
    ))
}

/// The bundled registry refuses a manifest whose content it does not have.
pub fn complete(seen: &Seen) -> Option<Finding> {
    pushed_type(seen)?;
    let unknown = seen.response.status == 404
        && seen.answer.is_none()
        && String::from_utf8_lossy(&seen.response.body).contains("BLOB_UNKNOWN");
    let actual = format!("status {}", seen.response.status);
    Some(Finding::of(
        !unknown,
        "all referenced content pushed before",
        actual,
    ))
}
