//! Faults of DELETE on an upload session.

use crate::registry::fault::Fault;
use crate::registry::faults::predicates::on_upload;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{session, store_blob};
use crate::registry::response_edit::{At, on};

pub const FAULTS: &[Fault] = &[
    fault("upload-cancel-200")
        .violates(&["upload-cancel-status"])
        .title("DELETE on an upload session returns 200 instead of 204.")
        .status(on("DELETE", At::Upload, 204), 200),
    fault("upload-cancel-in-words")
        .violates(&["upload-cancel-ends"])
        .title("DELETE on an upload session returns 204 and the session stays.")
        .switch(|switches| switches.ignore_cancel = true),
    fault("upload-cancel-twice")
        .violates(&["upload-cancel-session-unknown"])
        .title("DELETE on an unknown upload session returns 204 instead of 404.")
        .status(on("DELETE", At::Upload, 404), 204),
    fault("upload-cancel-gone-410")
        .violates(&["upload-cancel-session-unknown-status"])
        .title("DELETE on an unknown upload session returns 410 instead of 404.")
        .status(on("DELETE", At::Upload, 404), 410),
    fault("upload-cancel-stores")
        .violates(&["upload-cancel-ends"])
        .title("The registry stores the bytes of a cancelled upload as a blob.")
        .before(|store, request| {
            if request.is("DELETE")
                && let Some(bytes) = session(store, request).map(|upload| upload.bytes.clone())
            {
                store_blob(store, request, bytes.freeze());
            }
            None
        }),
    fault("upload-cancelled-bytes-return")
        .violates(&["upload-cancel-apart"])
        .title(
            "Every later upload session of the repository starts with the bytes of a \
             cancelled one.",
        )
        .before(|store, request| {
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
        }),
    fault("upload-cancel-ends-others")
        .violates(&["upload-cancel-apart"])
        .title("DELETE on an upload session ends all upload sessions of the repository.")
        .after(|store, request, response| {
            if on_upload(request, response, "DELETE", 204) {
                let name = request.endpoint.repository().unwrap_or_default();
                store.uploads.retain(|(of, _), _| of != name);
            }
        }),
];
