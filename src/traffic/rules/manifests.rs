//! Rules for requests for manifests.

use serde_json::Value;

use crate::endpoint::{Endpoint, is_tag};
use crate::traffic::finding::Finding;
use crate::traffic::wire_exchange::WireExchange;

/// The reference of a request for a manifest with one of these methods.
fn reference_of<'a>(exchange: &'a WireExchange, methods: &[&str]) -> Option<&'a str> {
    let request = &exchange.request;
    match &request.endpoint {
        Endpoint::Manifest { reference, .. } if methods.contains(&request.method.as_str()) => {
            Some(reference)
        }
        _ => None,
    }
}

/// Whether a text has the form of a digest, of whatever algorithm (image-spec, descriptor.md, section Digests).
fn has_digest_form(text: &str) -> bool {
    let all_of = |part: &str, marks: &str| {
        let permitted = |letter: char| letter.is_ascii_alphanumeric() || marks.contains(letter);
        !part.is_empty() && part.chars().all(permitted)
    };
    text.split_once(':')
        .is_some_and(|(algorithm, encoded)| all_of(algorithm, "+._-") && all_of(encoded, "=_-"))
}

fn tag_or_digest(reference: &str) -> Finding {
    let holds = is_tag(reference) || has_digest_form(reference);
    Finding::of(holds, "a tag or a digest", format!("`{reference}`"))
}

pub fn reference(exchange: &WireExchange) -> Option<Finding> {
    reference_of(exchange, &["GET", "HEAD"]).map(tag_or_digest)
}

pub fn put_reference(exchange: &WireExchange) -> Option<Finding> {
    reference_of(exchange, &["PUT"]).map(tag_or_digest)
}

pub fn accept(exchange: &WireExchange) -> Option<Finding> {
    reference_of(exchange, &["GET", "HEAD"])?;
    let accept = exchange.request.joined("accept");
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

/// Whether the exchange pushes a manifest.
fn pushes_manifest(exchange: &WireExchange) -> bool {
    reference_of(exchange, &["PUT"]).is_some()
}

fn with_type(value: Option<&str>) -> String {
    value.map_or_else(
        || "no Content-Type".to_owned(),
        |it| format!("Content-Type: {it}"),
    )
}

pub fn content_type(exchange: &WireExchange) -> Option<Finding> {
    if !pushes_manifest(exchange) {
        return None;
    }
    let value = exchange.sent("content-type");
    let holds = value.as_ref().is_some_and(|value| value.contains('/'));
    Some(Finding::of(
        holds,
        "a Content-Type",
        with_type(value.as_deref()),
    ))
}

pub fn content_type_bare(exchange: &WireExchange) -> Option<Finding> {
    let value = exchange
        .sent("content-type")
        .filter(|_| pushes_manifest(exchange))?;
    let holds = !value.contains(';');
    Some(Finding::of(
        holds,
        "a Content-Type without parameters",
        with_type(Some(&value)),
    ))
}

fn media_type_field(exchange: &WireExchange) -> Option<String> {
    let manifest: Value = serde_json::from_slice(&exchange.request.body.kept).ok()?;
    manifest.get("mediaType")?.as_str().map(str::to_owned)
}

pub fn media_type(exchange: &WireExchange) -> Option<Finding> {
    if !pushes_manifest(exchange) || !exchange.request.body.is_whole() {
        return None;
    }
    let field = media_type_field(exchange);
    let actual = field
        .as_deref()
        .map_or("no mediaType".to_owned(), |it| format!("`{it}`"));
    Some(Finding::of(field.is_some(), "a mediaType field", actual))
}

pub fn media_type_agrees(exchange: &WireExchange) -> Option<Finding> {
    if !pushes_manifest(exchange) {
        return None;
    }
    let value = exchange.sent("content-type");
    let field = media_type_field(exchange)?;
    let bare = value.as_deref();
    let bare = bare.map(|value| value.split(';').next().unwrap_or(value).trim());
    let expected = format!("Content-Type: {field}");
    // Types do not depend on case (RFC 9110, section 8.3.1).
    Some(Finding::of(
        bare.is_some_and(|bare| bare.eq_ignore_ascii_case(&field)),
        expected,
        with_type(value.as_deref()),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_follow_the_grammar() {
        for good in ["v1", "_a.b-c", "sha256-abc"] {
            assert!(is_tag(good), "{good}");
        }
        for bad in ["", "-a", "a b", "a/b", &"a".repeat(129)] {
            assert!(!is_tag(bad), "{bad}");
        }
        for good in ["sha256:abc", "multihash+base58:QmRZ"] {
            assert!(has_digest_form(good), "{good}");
        }
        for bad in ["sha256:", ":abc", "v1", "v1@sha256:abc"] {
            assert!(!has_digest_form(bad), "{bad}");
        }
    }
}
