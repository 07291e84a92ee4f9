//! Faults of connections that close, bodies that break off, and content codings, at every endpoint.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::{ApiResponse, Delivery};
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{got_blob, got_manifest, got_referrers, got_tags};
use crate::registry::faults::rows::fault;
use crate::registry::response_edit::{
    ANY, At, GET_BLOB, GET_MANIFEST, MOUNT, REFERRERS_LIST, TAGS_LIST,
};
use crate::registry::store::Store;

pub const FAULTS: &[Fault] = &[
    fault("tags-n-zero-closed")
        .violates(&["tags-n-zero"])
        .title("The connection is closed instead of a response to GET on the tags list with n=0.")
        .closed(
            ANY.method("GET")
                .at(At::TagList)
                .if_request(|request| request.query("n") == Some("0")),
        ),
    fault("tags-n-closed")
        .violates(&["tags-status"])
        .title("The connection is closed instead of a response to GET on the tags list with n.")
        .closed(ANY.method("GET").at(At::TagList).query("n")),
    fault("blob-get-closed")
        .violates(&["blob-get-status"])
        .title("The connection is closed instead of a response to GET on a blob.")
        .closed(ANY.method("GET").at(At::Blob)),
    fault("blob-head-closed")
        .violates(&["blob-head-status"])
        .title("The connection is closed instead of a response to HEAD on a blob.")
        .closed(ANY.method("HEAD").at(At::Blob)),
    fault("manifest-get-closed")
        .violates(&["manifest-get-status"])
        .title("The connection is closed instead of a response to GET on a manifest.")
        .closed(ANY.method("GET").at(At::Manifest)),
    fault("manifest-head-closed")
        .violates(&["manifest-head-status"])
        .title("The connection is closed instead of a response to HEAD on a manifest.")
        .closed(ANY.method("HEAD").at(At::Manifest)),
    fault("manifest-put-closed")
        .violates(&["manifest-put-status"])
        .title("The connection is closed instead of a response to PUT on a manifest.")
        .closed(ANY.method("PUT").at(At::Manifest)),
    fault("chunk-closed")
        .violates(&["chunk-status"])
        .title("The connection is closed instead of a response to PATCH.")
        .closed(ANY.method("PATCH").at(At::Upload)),
    fault("blob-put-closed")
        .violates(&["blob-put-status"])
        .title("The connection is closed instead of a response to the PUT that closes an upload.")
        .closed(ANY.method("PUT").at(At::Upload)),
    fault("mount-closed")
        .violates(&["mount-declined-status"])
        .title("The connection is closed instead of a response to a mount.")
        .closed(MOUNT),
    fault("referrers-closed")
        .violates(&["referrers-status"])
        .title("The connection is closed instead of a response to GET on the referrers.")
        .closed(ANY.method("GET").at(At::Referrers)),
    fault("manifest-gzip-named")
        .violates(&["manifest-get-content"])
        .title("GET on a manifest has Content-Encoding gzip, and a body that is not gzip.")
        .header(GET_MANIFEST, "Content-Encoding", "gzip"),
    fault("blob-gzip-named")
        .violates(&["blob-get-content"])
        .title("GET on a blob has Content-Encoding gzip, and a body that is not gzip.")
        .header(GET_BLOB, "Content-Encoding", "gzip"),
    fault("tags-gzip-named")
        .violates(&["tags-json"])
        .title("GET on the tags list has Content-Encoding gzip, and a body that is not gzip.")
        .header(TAGS_LIST, "Content-Encoding", "gzip"),
    fault("referrers-gzip-named")
        .violates(&["referrers-index"])
        .title("GET on the referrers has Content-Encoding gzip, and a body that is not gzip.")
        .header(REFERRERS_LIST, "Content-Encoding", "gzip"),
    fault("blob-first-get-empty")
        .violates(&["blob-get-content"])
        .title(
            "The first GET on each blob has its Content-Length, and the connection closes \
             before the first byte.",
        )
        .after(|store, request, response| {
            if got_blob(request, response) {
                break_off_first(store, request, response, 0);
            }
        }),
    fault("manifest-first-get-cut")
        .violates(&["manifest-get-content"])
        .title("The first GET on each manifest breaks off after 20 bytes.")
        .after(|store, request, response| {
            if got_manifest(request, response) {
                break_off_first(store, request, response, 20);
            }
        }),
    fault("tags-first-get-cut")
        .violates(&["tags-json"])
        .title("The first GET on each URL of a tags list breaks off after 10 bytes.")
        .after(|store, request, response| {
            if got_tags(request, response) {
                break_off_first(store, request, response, 10);
            }
        }),
    fault("referrers-first-get-cut")
        .violates(&["referrers-index"])
        .title("The first GET on each URL of a list of referrers breaks off after 10 bytes.")
        .after(|store, request, response| {
            if got_referrers(request, response) {
                break_off_first(store, request, response, 10);
            }
        }),
    fault("gzip-unasked")
        .violates(&["content-coding-identity"])
        .title(
            "GET on a manifest by tag is gzip, although the request has Accept-Encoding identity.",
        )
        .response(|request, response| {
            let by_tag =
                matches!(&request.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'));
            let asked = request.header("accept-encoding") != Some("identity");
            if got_manifest(request, response) && by_tag && !asked {
                response.gzip();
            }
        }),
];

/// Breaks off the first response for each URL after so many bytes.
fn break_off_first(
    store: &mut Store,
    request: &ApiRequest,
    response: &mut ApiResponse,
    bytes: usize,
) {
    if store
        .served
        .insert(format!("{} {:?}", request.path, request.query))
    {
        response.delivery = Delivery::BrokenOff(bytes);
    }
}
