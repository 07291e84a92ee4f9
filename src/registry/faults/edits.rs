//! Changes that faults make to requests and to the bodies and headers of responses.

use serde_json::{Map, Value, json};

use super::predicates::{got_referrers, got_tags};
use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;

/// Changes a JSON body; leaves any other body.
pub fn edit_json(response: &mut ApiResponse, change: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&response.body) {
        change(&mut value);
        response.body = value.to_string().into();
    }
}

/// Changes the list at a JSON pointer of a body.
pub fn edit_list(response: &mut ApiResponse, pointer: &str, change: impl FnOnce(&mut Vec<Value>)) {
    edit_json(response, |value| {
        if let Some(list) = value.pointer_mut(pointer).and_then(Value::as_array_mut) {
            change(list);
        }
    });
}

/// Replaces a part of a body.
pub fn replace(response: &mut ApiResponse, part: &str, other: &str) {
    let text = String::from_utf8_lossy(&response.body);
    if text.contains(part) {
        response.body = text.replace(part, other).into();
    }
}

/// Appends a space to a body.
pub fn append_space(response: &mut ApiResponse) {
    response.body = [&response.body[..], b" "].concat().into();
}

/// Takes the last byte off a body.
pub fn drop_last_byte(response: &mut ApiResponse) {
    let end = response.body.len().saturating_sub(1);
    response.body = response.body.slice(..end);
}

/// Removes the algorithm from a Docker-Content-Digest.
pub fn bare_digest(response: &mut ApiResponse) {
    let digest = response.header("docker-content-digest").unwrap_or_default();
    let bare = digest.split(':').nth(1).unwrap_or_default().to_owned();
    response.set("Docker-Content-Digest", bare);
}

/// Adds one to the end of a Range.
pub fn raise_range_end(response: &mut ApiResponse) {
    let end = response
        .header("range")
        .and_then(|range| range.strip_prefix("0-")?.parse::<usize>().ok());
    if let Some(end) = end {
        response.set("Range", format!("0-{}", end + 1));
    }
}

/// Makes the Content-Range of a chunk start at this byte, and end where the body of the request ends.
pub fn move_content_range(request: &mut ApiRequest, first: usize) {
    let last = first.saturating_add(request.body.len()).saturating_sub(1);
    for (name, value) in &mut request.headers {
        if name == "content-range" {
            *value = format!("{first}-{last}");
        }
    }
}

pub fn set_digest(request: &mut ApiRequest, digest: String) {
    request.query.retain(|(name, _)| name != "digest");
    request.query.push(("digest".to_owned(), digest));
}

/// Replaces a code in an error body.
pub fn recode(response: &mut ApiResponse, from: &str, to: &str) {
    let body = String::from_utf8_lossy(&response.body).replace(from, to);
    if response.status >= 400 {
        response.body = body.into();
    }
}

/// Changes the first error of an error body.
pub fn first_error(response: &mut ApiResponse, change: impl FnOnce(&mut Value)) {
    if response.status >= 400 {
        edit_json(response, |value| {
            if let Some(error) = value.pointer_mut("/errors/0") {
                change(error);
            }
        });
    }
}

/// Refuses a manifest whose string at a JSON pointer contains this part.
pub fn refuse_subject(request: &ApiRequest, pointer: &str, part: &str) -> Option<ApiResponse> {
    let manifest: Value = serde_json::from_slice(&request.body).ok()?;
    let refused = manifest.pointer(pointer)?.as_str()?.contains(part);
    let refused = refused && matches!(request.endpoint, Endpoint::Manifest(..));
    refused.then(|| ApiResponse::error(400, "MANIFEST_INVALID", "this is no subject"))
}

/// Answers a DELETE of certain tags with 202, without deleting them.
pub fn fake_tag_deletion(request: &ApiRequest, such: fn(&str) -> bool) -> Option<ApiResponse> {
    let of_tag = matches!(&request.endpoint, Endpoint::Manifest(_, tag) if such(tag));
    (request.is("DELETE") && of_tag).then(|| ApiResponse::new(202))
}

/// Keeps some of the tags in a list.
pub fn keep_tags(response: &mut ApiResponse, wanted: impl Fn(&str) -> bool) {
    edit_list(response, "/tags", |tags| {
        tags.retain(|tag| tag.as_str().is_none_or(&wanted));
    });
}

/// Changes the Link of a tags list.
pub fn relink(
    request: &ApiRequest,
    response: &mut ApiResponse,
    change: impl FnOnce(String) -> String,
) {
    if let Some(link) = response.header("link").map(str::to_owned)
        && got_tags(request, response)
    {
        response.set("Link", change(link));
    }
}

/// Removes the parameters of a Link.
pub fn drop_rel(response: &mut ApiResponse) {
    if let Some(link) = response.header("link") {
        let bare = link.split(';').next().unwrap_or_default().to_owned();
        response.set("Link", bare);
    }
}

/// Changes every descriptor of a referrers list.
pub fn each_referrer(
    request: &ApiRequest,
    response: &mut ApiResponse,
    change: impl Fn(&mut Value),
) {
    if got_referrers(request, response) {
        edit_list(response, "/manifests", |list| {
            list.iter_mut().for_each(change)
        });
    }
}

/// Removes a member of a descriptor.
pub fn drop_key(descriptor: &mut Value, key: &str) {
    if let Some(members) = descriptor.as_object_mut() {
        members.remove(key);
    }
}

/// Changes the value of every annotation in a referrers list.
pub fn edit_annotations(
    request: &ApiRequest,
    response: &mut ApiResponse,
    change: fn(&str) -> String,
) {
    if !got_referrers(request, response) {
        return;
    }
    edit_list(response, "/manifests", |list| {
        let annotations = list.iter_mut().filter_map(|one| one.get_mut("annotations"));
        for value in annotations
            .filter_map(Value::as_object_mut)
            .flat_map(|all| all.values_mut())
        {
            *value = value.as_str().map(change).into();
        }
    });
}

/// A referrers list without referrers.
pub fn empty_index() -> ApiResponse {
    let kind = "application/vnd.oci.image.index.v1+json";
    ApiResponse::json(
        200,
        kind,
        &json!({"schemaVersion": 2, "mediaType": kind, "manifests": []}),
    )
}

/// Changes every extension of a list.
pub fn edit_extensions(
    response: &mut ApiResponse,
    change: impl Fn(&mut Map<String, Value>) -> Option<Value>,
) {
    edit_list(response, "/extensions", |list| {
        for one in list.iter_mut().filter_map(Value::as_object_mut) {
            change(one);
        }
    });
}
