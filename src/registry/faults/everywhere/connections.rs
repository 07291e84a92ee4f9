//! Faults of connections that close, bodies that break off, and content codings, at every endpoint.

use crate::registry::api_request::{ApiRequest, Endpoint};
use crate::registry::api_response::{ApiResponse, Delivery};
use crate::registry::fault::Fault;
use crate::registry::faults::predicates::{got_blob, got_manifest, got_referrers, got_tags};
use crate::registry::faults::rows::{after, closed, header, response};
use crate::registry::response_edit::{
    ANY, At, GET_BLOB, GET_MANIFEST, MOUNT, On, REFERRERS_LIST, TAGS_LIST,
};
use crate::registry::store::Store;

const fn named_gzip(
    id: &'static str,
    breaks: &'static [&'static str],
    title: &'static str,
    on: On,
) -> Fault {
    header(id, breaks, title, on, "Content-Encoding", "gzip")
}

#[rustfmt::skip]
pub const TABLE: &[Fault] = &[
    closed("tags-n-zero-closed", &["tags-n-zero"],
        "The connection is closed instead of a response to GET on the tags list with n=0.",
        ANY.method("GET").at(At::TagList).if_request(|request| request.query("n") == Some("0"))),
    closed("tags-n-closed", &["tags-status"],
        "The connection is closed instead of a response to GET on the tags list with n.",
        ANY.method("GET").at(At::TagList).query("n")),
    closed("blob-get-closed", &["blob-get-status"],
        "The connection is closed instead of a response to GET on a blob.", ANY.method("GET").at(At::Blob)),
    closed("blob-head-closed", &["blob-head-status"],
        "The connection is closed instead of a response to HEAD on a blob.", ANY.method("HEAD").at(At::Blob)),
    closed("manifest-get-closed", &["manifest-get-status"],
        "The connection is closed instead of a response to GET on a manifest.", ANY.method("GET").at(At::Manifest)),
    closed("manifest-head-closed", &["manifest-head-status"],
        "The connection is closed instead of a response to HEAD on a manifest.", ANY.method("HEAD").at(At::Manifest)),
    closed("manifest-put-closed", &["manifest-put-status"],
        "The connection is closed instead of a response to PUT on a manifest.", ANY.method("PUT").at(At::Manifest)),
    closed("chunk-closed", &["chunk-status"],
        "The connection is closed instead of a response to PATCH.", ANY.method("PATCH").at(At::Upload)),
    closed("blob-put-closed", &["blob-put-status"],
        "The connection is closed instead of a response to the PUT that closes an upload.", ANY.method("PUT").at(At::Upload)),
    closed("mount-closed", &["mount-declined-status"],
        "The connection is closed instead of a response to a mount.", MOUNT),
    closed("referrers-closed", &["referrers-status"],
        "The connection is closed instead of a response to GET on the referrers.", ANY.method("GET").at(At::Referrers)),
    named_gzip("manifest-gzip-named", &["manifest-get-content"],
        "GET on a manifest has Content-Encoding gzip, and a body that is not gzip.", GET_MANIFEST),
    named_gzip("blob-gzip-named", &["blob-get-content"],
        "GET on a blob has Content-Encoding gzip, and a body that is not gzip.", GET_BLOB),
    named_gzip("tags-gzip-named", &["tags-json"],
        "GET on the tags list has Content-Encoding gzip, and a body that is not gzip.", TAGS_LIST),
    named_gzip("referrers-gzip-named", &["referrers-index"],
        "GET on the referrers has Content-Encoding gzip, and a body that is not gzip.", REFERRERS_LIST),
];

pub const FAULTS: &[Fault] = &[
    after(
        "blob-first-get-empty",
        &["blob-get-content"],
        "The first GET on each blob has its Content-Length, and the connection closes before the first byte.",
        |store, request, response| {
            if got_blob(request, response) {
                break_off_first(store, request, response, 0);
            }
        },
    ),
    after(
        "manifest-first-get-cut",
        &["manifest-get-content"],
        "The first GET on each manifest breaks off after 20 bytes.",
        |store, request, response| {
            if got_manifest(request, response) {
                break_off_first(store, request, response, 20);
            }
        },
    ),
    after(
        "tags-first-get-cut",
        &["tags-json"],
        "The first GET on each URL of a tags list breaks off after 10 bytes.",
        |store, request, response| {
            if got_tags(request, response) {
                break_off_first(store, request, response, 10);
            }
        },
    ),
    after(
        "referrers-first-get-cut",
        &["referrers-index"],
        "The first GET on each URL of a list of referrers breaks off after 10 bytes.",
        |store, request, response| {
            if got_referrers(request, response) {
                break_off_first(store, request, response, 10);
            }
        },
    ),
    response(
        "gzip-unasked",
        &["content-coding-identity"],
        "GET on a manifest by tag is gzip, although the request has Accept-Encoding identity.",
        |request, response| {
            let by_tag =
                matches!(&request.endpoint, Endpoint::Manifest(_, at) if !at.contains(':'));
            let asked = request.header("accept-encoding") != Some("identity");
            if got_manifest(request, response) && by_tag && !asked {
                response.gzip();
            }
        },
    ),
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
