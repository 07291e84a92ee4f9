//! Deliberate violations: each breaks one requirement, and as little else as it can.
//!
//! A fault is a row in the file of its category. Most change an answer ([`Deviation::ApiResponse`]) or a call
//! ([`Deviation::ApiRequest`]); others do something to what the registry holds, before a call is handled
//! ([`Deviation::Before`]) or after ([`Deviation::After`]); what lies deeper switches something in [`FaultSwitches`] on
//! ([`Deviation::Break`]).

mod deletion_effects;
mod discovery;
mod docker_v2;
mod edge_cases;
mod everywhere;
mod management;
mod management_edge_cases;
mod pull;
mod pull_blobs;
mod pull_manifests;
mod push_accepted;
mod push_blobs;
mod push_chunked;
mod push_chunks;
mod push_edge_cases;
mod push_manifests;
mod push_monolithic;
mod push_mounted;
mod referrers_edge_cases;
mod referrers_lists;
mod tags_edge_cases;
mod tags_lists;

use std::time::Instant;

use serde_json::Value;

use super::api_request::{ApiRequest, Endpoint};
use super::api_response::ApiResponse;
use super::deviation::Deviation;
use super::fault::Fault;
use super::fault_switches::FaultSwitches;
use super::store::{Repository, Store, Tag};

/// Every fault, in the order of the categories.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    pull::FAULTS
        .iter()
        .chain(pull_manifests::FAULTS)
        .chain(pull_blobs::FAULTS)
        .chain(push_monolithic::FAULTS)
        .chain(push_chunked::FAULTS)
        .chain(push_mounted::FAULTS)
        .chain(push_accepted::FAULTS)
        .chain(push_blobs::FAULTS)
        .chain(push_chunks::FAULTS)
        .chain(push_manifests::FAULTS)
        .chain(discovery::FAULTS)
        .chain(tags_lists::FAULTS)
        .chain(referrers_lists::FAULTS)
        .chain(management::FAULTS)
        .chain(deletion_effects::FAULTS)
        .chain(edge_cases::FAULTS)
        .chain(tags_edge_cases::FAULTS)
        .chain(referrers_edge_cases::FAULTS)
        .chain(push_edge_cases::FAULTS)
        .chain(management_edge_cases::FAULTS)
        .chain(everywhere::FAULTS)
        .chain(docker_v2::FAULTS)
}

/// The fault of that name.
pub fn fault(id: &str) -> Option<&'static Fault> {
    faults().find(|fault| fault.id == id)
}

const fn response(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    change: fn(&ApiRequest, &mut ApiResponse),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: Deviation::ApiResponse(change),
    }
}

const fn request(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    change: fn(&mut ApiRequest),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: Deviation::ApiRequest(change),
    }
}

const fn before(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    act: fn(&mut Store, &mut ApiRequest) -> Option<ApiResponse>,
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: Deviation::Before(act),
    }
}

const fn after(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    act: fn(&mut Store, &ApiRequest, &mut ApiResponse),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: Deviation::After(act),
    }
}

const fn switch(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: fn(&mut FaultSwitches),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: Deviation::Break(on),
    }
}

/// Whether a call is about the second of the repositories that a run uses.
fn second(request: &ApiRequest) -> bool {
    request.in_second_repository
}

/// Whether a call got a manifest.
fn got_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("GET")
        && response.status == 200
        && matches!(request.endpoint, Endpoint::Manifest(..))
}

/// Whether a call looked for a manifest by HEAD and found it.
fn head_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("HEAD")
        && response.status == 200
        && matches!(request.endpoint, Endpoint::Manifest(..))
}

/// Whether a call pushed a manifest.
fn put_manifest(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("PUT")
        && response.status == 201
        && matches!(request.endpoint, Endpoint::Manifest(..))
}

/// Whether a call got a blob, or a part of one.
fn got_blob(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("GET") && response.succeeds() && matches!(request.endpoint, Endpoint::Blob(..))
}

/// Whether a call looked for a blob by HEAD and found it.
fn head_blob(request: &ApiRequest, response: &ApiResponse) -> bool {
    request.is("HEAD") && response.status == 200 && matches!(request.endpoint, Endpoint::Blob(..))
}

/// Whether a call did this to an upload session, and what came was this status.
fn on_upload(request: &ApiRequest, response: &ApiResponse, method: &str, status: u16) -> bool {
    request.is(method)
        && response.status == status
        && matches!(request.endpoint, Endpoint::Upload(..))
}

/// Whether a call opened an upload session by a plain POST.
fn opened(request: &ApiRequest, response: &ApiResponse) -> bool {
    matches!(request.endpoint, Endpoint::Uploads(_)) && response.status == 202
}

/// Whether a call closed an upload: in chunks, with nothing or a chunk in the PUT, or with a whole blob.
fn closed(request: &ApiRequest, response: &ApiResponse, chunked: bool) -> bool {
    let in_chunks = request.body.is_empty() || request.header("content-range").is_some();
    on_upload(request, response, "PUT", 201) && in_chunks == chunked
}

/// Whether a call listed tags.
fn got_tags(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && matches!(request.endpoint, Endpoint::Tags(_))
}

/// Whether a call listed referrers.
fn got_referrers(request: &ApiRequest, response: &ApiResponse) -> bool {
    response.status == 200 && matches!(request.endpoint, Endpoint::Referrers(..))
}

/// Changes a JSON body.
fn edit(response: &mut ApiResponse, change: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&response.body) {
        change(&mut value);
        response.body = value.to_string().into();
    }
}

/// Changes a list in a JSON body.
fn edit_list(response: &mut ApiResponse, pointer: &str, change: impl FnOnce(&mut Vec<Value>)) {
    edit(response, |value| {
        if let Some(list) = value.pointer_mut(pointer).and_then(Value::as_array_mut) {
            change(list);
        }
    });
}

/// Changes every referrer that is listed.
fn each(request: &ApiRequest, response: &mut ApiResponse, change: impl Fn(&mut Value)) {
    if got_referrers(request, response) {
        edit_list(response, "/manifests", |list| {
            list.iter_mut().for_each(change)
        });
    }
}

/// Takes a member out of a descriptor.
fn drop_key(descriptor: &mut Value, key: &str) {
    if let Some(members) = descriptor.as_object_mut() {
        members.remove(key);
    }
}

/// Whether a call names a sha512 digest.
fn sha512(request: &ApiRequest) -> bool {
    request.path.contains("sha512:")
}

/// A MiB, in bytes.
const MIB: usize = 1024 * 1024;

/// Lists a tag that leads nowhere, unless there is such a tag.
fn lead_nowhere(repository: &mut Repository, tag: &str) {
    let missing_repository = Tag {
        digest: String::new(),
        since: Instant::now(),
        before: None,
    };
    repository
        .tags
        .entry(tag.to_owned())
        .or_insert(missing_repository);
}

/// A digest that is right for nothing.
const WRONG: &str = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::faults;

    #[test]
    fn every_fault_has_a_name_of_its_own_and_breaks_something() {
        let mut ids = HashSet::new();
        for fault in faults() {
            assert!(ids.insert(fault.id), "{} stands twice", fault.id);
            assert!(!fault.breaks.is_empty(), "{} breaks nothing", fault.id);
            assert!(fault.title.ends_with('.'), "{} has no sentence", fault.id);
        }
    }
}
