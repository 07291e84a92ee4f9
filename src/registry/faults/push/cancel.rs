//! Faults of DELETE on an upload session.

use crate::registry::fault::Fault;
use crate::registry::faults::rows::{before, status, switch};
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

pub const FAULTS: &[Fault] = &[before(
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
)];
