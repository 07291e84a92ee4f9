//! Faults of earlier URLs of an upload session.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::ApiResponse;
use crate::registry::fault::Fault;
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::session;
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("upload-status-earlier-404")
        .violates(&["upload-status-earlier"])
        .title("GET on an earlier upload URL of an active upload returns 404.")
        .after(|store, request, response| {
            if is_earlier(store, request, response) {
                *response = ApiResponse::error(404, "BLOB_UPLOAD_UNKNOWN", "this URL is old");
            }
            name_offset(store, request, response);
        }),
    fault("upload-status-earlier-cancels")
        .violates(&["upload-status-earlier"])
        .title("GET on an earlier upload URL returns 416 and cancels the upload.")
        .after(|store, request, response| {
            if is_earlier(store, request, response)
                && let Endpoint::Upload(name, id) = &request.endpoint
            {
                store.uploads.remove(&(name.clone(), id.clone()));
                *response = ApiResponse::error(416, "BLOB_UPLOAD_INVALID", "this URL is old");
            }
            name_offset(store, request, response);
        }),
];

/// Whether a GET names an offset that its upload is past.
fn is_earlier(store: &mut Store, request: &ApiRequest, response: &ApiResponse) -> bool {
    let uploaded = session(store, request).map(|upload| upload.bytes.len().to_string());
    let named = request.query("offset").unwrap_or("0");
    request.is("GET") && response.status == 204 && uploaded.is_some_and(|now| now != named)
}

/// Adds the offset of an upload to its URL.
fn name_offset(store: &mut Store, request: &ApiRequest, response: &mut ApiResponse) {
    let uploaded = session(store, request).map(|upload| upload.bytes.len());
    if let (202 | 204, Some(uploaded), Some(url)) =
        (response.status, uploaded, response.header("location"))
    {
        let join = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{join}offset={uploaded}");
        response.set("Location", url);
    }
}
