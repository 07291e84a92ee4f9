//! Faults of DELETE on an upload session.

use crate::registry::fault::Fault;
use crate::registry::faults::predicates::on_upload;
use crate::registry::faults::rows::{after, before, status, switch};
use crate::registry::faults::store_edits::{session, store_blob};
use crate::registry::response_edit::{At, on};

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    status("upload-cancel-200", &["upload-cancel-status"],
        "DELETE on an upload session returns 200 instead of 204.", on("DELETE", At::Upload, 204), 200),
    switch("upload-cancel-in-words", &["upload-cancel-ends"],
        "DELETE on an upload session returns 204 and the session stays.", |switches| switches.ignore_cancel = true),
    status("upload-cancel-twice", &["upload-cancel-session-unknown"],
        "DELETE on an unknown upload session returns 204 instead of 404.", on("DELETE", At::Upload, 404), 204),
    status("upload-cancel-gone-410", &["upload-cancel-session-unknown-status"],
        "DELETE on an unknown upload session returns 410 instead of 404.", on("DELETE", At::Upload, 404), 410),
];

pub const FAULTS: &[Fault] = &[
    before(
        "upload-cancel-stores",
        &["upload-cancel-ends"],
        "The registry stores the bytes of a cancelled upload as a blob.",
        |store, request| {
            if request.is("DELETE")
                && let Some(bytes) = session(store, request).map(|upload| upload.bytes.clone())
            {
                store_blob(store, request, bytes.freeze());
            }
            None
        },
    ),
    before(
        "upload-cancelled-bytes-return",
        &["upload-cancel-apart"],
        "Every later upload session of the repository starts with the bytes of a cancelled one.",
        |store, request| {
            let name = request.endpoint.repository()?.to_owned();
            let key = (name, "cancelled".to_owned());
            let writes = request.is("PATCH") || request.is("PUT");
            if request.is("DELETE") {
                let bytes = session(store, request)?.bytes.clone();
                store.tombstones.insert(key, bytes.freeze());
            } else if writes && session(store, request)?.bytes.is_empty() {
                let bytes = store.tombstones.get(&key)?.clone();
                session(store, request)?.bytes.extend_from_slice(&bytes);
                request.headers.retain(|(name, _)| name != "content-range");
            }
            None
        },
    ),
    after(
        "upload-cancel-ends-others",
        &["upload-cancel-apart"],
        "DELETE on an upload session ends all upload sessions of the repository.",
        |store, request, response| {
            if on_upload(request, response, "DELETE", 204) {
                let name = request.endpoint.repository().unwrap_or_default();
                store.uploads.retain(|(of, _), _| of != name);
            }
        },
    ),
];
