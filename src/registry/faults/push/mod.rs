//! Faults of pushing.

pub(super) mod at_once;
pub(super) mod cancel;
pub(super) mod chunk_refused;
pub(super) mod chunked;
pub(super) mod declined;
pub(super) mod digests;
pub(super) mod manifests;
pub(super) mod manifests_refused;
pub(super) mod many;
pub(super) mod monolithic;
pub(super) mod mount;
pub(super) mod mount_again;
pub(super) mod server_errors;
pub(super) mod single_post;
pub(super) mod streamed;
pub(super) mod subject;
pub(super) mod tag_params;
pub(super) mod tags;
pub(super) mod transfer_coding;
pub(super) mod two_digests;
pub(super) mod upload_urls;
