//! Deliberate violations: each breaks one requirement, and as little else as it can.
//!
//! A fault is a row in the file of its category. Most change an answer ([`How::Answer`]) or a call
//! ([`How::Call`]); others do something to what the registry holds, before a call is handled
//! ([`How::Before`]) or after ([`How::After`]); what lies deeper switches something in [`Breaks`] on
//! ([`How::Break`]).

mod corners;
mod discovery;
mod everywhere;
mod extras;
mod management;
mod management_corners;
mod neighbours;
mod pull;
mod push_accepted;
mod push_blobs;
mod push_chunked;
mod push_chunks;
mod push_corners;
mod push_manifests;
mod push_mounted;
mod push_whole;
mod referrers_corners;
mod referrers_lists;
mod routes_blobs;
mod routes_manifests;
mod tags_corners;
mod tags_lists;

use std::time::Instant;

use serde_json::Value;

use super::answer::Answer;
use super::call::{Call, Endpoint};
use super::options::Breaks;
use super::store::{Repository, Store, Tag};

/// A deliberate violation.
#[derive(Debug)]
pub struct Fault {
    /// Its name for ever.
    pub id: &'static str,
    /// The requirements that it breaks: it is noticed when one of them is named.
    pub breaks: &'static [&'static str],
    /// What it does, in a sentence.
    pub title: &'static str,
    /// How.
    pub(super) how: How,
}

/// How a fault goes about it.
#[derive(Debug, Clone, Copy)]
pub enum How {
    /// Changes a finished answer.
    Answer(fn(&Call, &mut Answer)),
    /// Changes a call before it is handled.
    Call(fn(&mut Call)),
    /// Sees what the registry holds before a call is handled: may change both, or answer instead.
    Before(fn(&mut Store, &mut Call) -> Option<Answer>),
    /// Sees what the registry holds once a call was handled: may change it, and the answer.
    After(fn(&mut Store, &Call, &mut Answer)),
    /// Switches something on.
    Break(fn(&mut Breaks)),
}

/// Every fault, in the order of the categories.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    pull::FAULTS
        .iter()
        .chain(routes_manifests::FAULTS)
        .chain(routes_blobs::FAULTS)
        .chain(push_whole::FAULTS)
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
        .chain(neighbours::FAULTS)
        .chain(corners::FAULTS)
        .chain(tags_corners::FAULTS)
        .chain(referrers_corners::FAULTS)
        .chain(push_corners::FAULTS)
        .chain(management_corners::FAULTS)
        .chain(everywhere::FAULTS)
        .chain(extras::FAULTS)
}

/// The fault of that name.
pub fn fault(id: &str) -> Option<&'static Fault> {
    faults().find(|fault| fault.id == id)
}

const fn answer(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    change: fn(&Call, &mut Answer),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: How::Answer(change),
    }
}

const fn call(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    change: fn(&mut Call),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: How::Call(change),
    }
}

const fn before(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    act: fn(&mut Store, &mut Call) -> Option<Answer>,
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: How::Before(act),
    }
}

const fn after(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    act: fn(&mut Store, &Call, &mut Answer),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: How::After(act),
    }
}

const fn switch(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: fn(&mut Breaks),
) -> Fault {
    Fault {
        id,
        breaks,
        title,
        how: How::Break(on),
    }
}

/// Whether a call is about the second of the repositories that a run uses.
fn second(call: &Call) -> bool {
    let name = call.endpoint.repository().unwrap_or_default();
    name.ends_with("two") || name.ends_with('2')
}

/// Whether a call got a manifest.
fn got_manifest(call: &Call, answer: &Answer) -> bool {
    call.is("GET") && answer.status == 200 && matches!(call.endpoint, Endpoint::Manifest(..))
}

/// Whether a call looked for a manifest by HEAD and found it.
fn head_manifest(call: &Call, answer: &Answer) -> bool {
    call.is("HEAD") && answer.status == 200 && matches!(call.endpoint, Endpoint::Manifest(..))
}

/// Whether a call pushed a manifest.
fn put_manifest(call: &Call, answer: &Answer) -> bool {
    call.is("PUT") && answer.status == 201 && matches!(call.endpoint, Endpoint::Manifest(..))
}

/// Whether a call got a blob, or a part of one.
fn got_blob(call: &Call, answer: &Answer) -> bool {
    call.is("GET") && answer.succeeds() && matches!(call.endpoint, Endpoint::Blob(..))
}

/// Whether a call looked for a blob by HEAD and found it.
fn head_blob(call: &Call, answer: &Answer) -> bool {
    call.is("HEAD") && answer.status == 200 && matches!(call.endpoint, Endpoint::Blob(..))
}

/// Whether a call did this to an upload session, and what came was this status.
fn on_upload(call: &Call, answer: &Answer, method: &str, status: u16) -> bool {
    call.is(method) && answer.status == status && matches!(call.endpoint, Endpoint::Upload(..))
}

/// Whether a call opened an upload session by a plain POST.
fn opened(call: &Call, answer: &Answer) -> bool {
    matches!(call.endpoint, Endpoint::Uploads(_)) && answer.status == 202
}

/// Whether a call closed an upload: in chunks, with nothing or a chunk in the PUT, or with a whole blob.
fn closed(call: &Call, answer: &Answer, chunked: bool) -> bool {
    let in_chunks = call.body.is_empty() || call.header("content-range").is_some();
    on_upload(call, answer, "PUT", 201) && in_chunks == chunked
}

/// Whether a call listed tags.
fn got_tags(call: &Call, answer: &Answer) -> bool {
    answer.status == 200 && matches!(call.endpoint, Endpoint::Tags(_))
}

/// Whether a call listed referrers.
fn got_referrers(call: &Call, answer: &Answer) -> bool {
    answer.status == 200 && matches!(call.endpoint, Endpoint::Referrers(..))
}

/// Changes a JSON body.
fn edit(answer: &mut Answer, change: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice::<Value>(&answer.body) {
        change(&mut value);
        answer.body = value.to_string().into();
    }
}

/// Changes a list in a JSON body.
fn edit_list(answer: &mut Answer, pointer: &str, change: impl FnOnce(&mut Vec<Value>)) {
    edit(answer, |value| {
        if let Some(list) = value.pointer_mut(pointer).and_then(Value::as_array_mut) {
            change(list);
        }
    });
}

/// Changes every referrer that is listed.
fn each(call: &Call, answer: &mut Answer, change: impl Fn(&mut Value)) {
    if got_referrers(call, answer) {
        edit_list(answer, "/manifests", |list| {
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
fn sha512(call: &Call) -> bool {
    call.path.contains("sha512:")
}

/// A MiB, in bytes.
const MIB: usize = 1024 * 1024;

/// Lists a tag that leads nowhere, unless there is such a tag.
fn lead_nowhere(repository: &mut Repository, tag: &str) {
    let nowhere = Tag {
        digest: String::new(),
        since: Instant::now(),
        before: None,
    };
    repository.tags.entry(tag.to_owned()).or_insert(nowhere);
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
