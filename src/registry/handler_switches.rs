//! Switches inside the handlers, for faults and permitted variants that no change of a request or response can express.

/// Behaviour of the handlers that violates the specification, or a version of it. Faults switch it on (`Deviation::Switch`), and
/// variants of the versions that permit it.
#[derive(Debug, Clone, Default)]
pub struct HandlerSwitches {
    /// Blobs are stored without a check of their digest.
    pub skip_blob_digest_check: bool,
    /// Blobs of a single POST are stored without a check of their digest.
    pub skip_single_post_digest_check: bool,
    /// Manifests are stored without a check of their digest.
    pub skip_manifest_digest_check: bool,
    /// Content with a wrong digest is refused, but stored.
    pub store_despite_wrong_digest: bool,
    /// Manifests are parsed and serialized again, which changes their bytes.
    pub reserialize_manifests: bool,
    /// Chunks are accepted in any order.
    pub accept_chunks_in_any_order: bool,
    /// The bytes of refused chunks are appended.
    pub append_refused_chunks: bool,
    /// A refused chunk ends its session.
    pub end_session_on_refused_chunk: bool,
    /// Chunks that overlap the uploaded bytes are accepted.
    pub accept_overlapping_chunks: bool,
    /// A `Content-Range` that differs from the length of the chunk is accepted.
    pub skip_chunk_length_check: bool,
    /// The closing PUT accepts a chunk out of order.
    pub accept_final_chunk_in_any_order: bool,
    /// The body of the closing PUT is ignored after other chunks, and the digest is not checked.
    pub drop_final_chunk: bool,
    /// All upload sessions have the same id.
    pub share_one_upload_session: bool,
    /// An upload session can be used after its closing PUT.
    pub keep_closed_sessions: bool,
    /// A cancelled upload session can still be used.
    pub ignore_cancel: bool,
    /// Blobs of one repository can be pulled from all.
    pub serve_blobs_of_all_repositories: bool,
    /// Manifests of one repository can be pulled from all.
    pub serve_manifests_of_all_repositories: bool,
    /// A mount is answered with 201, but nothing is mounted.
    pub ignore_mount: bool,
    /// A push to an existing tag succeeds, but does not move the tag.
    pub ignore_tag_moves: bool,
    /// Tags are looked up in lower case.
    pub ignore_case_of_tags: bool,
    /// The deletion of a tag is answered with 202, but not done.
    pub ignore_tag_deletion: bool,
    /// The deletion of a manifest is answered with 202, but not done.
    pub ignore_manifest_deletion: bool,
    /// The deletion of a blob is answered with 202, but not done.
    pub ignore_blob_deletion: bool,
    /// The tags of a deleted manifest still serve it.
    pub keep_tags_of_deleted_manifests: bool,
    /// The deletion of a tag deletes all tags of its manifest.
    pub delete_all_tags_of_manifest: bool,
    /// Deleted manifests are still listed as referrers.
    pub list_deleted_referrers: bool,
    /// Referrers of all repositories are listed.
    pub list_referrers_of_all_repositories: bool,
    /// Referrers of a missing subject are not listed.
    pub omit_referrers_of_missing_subject: bool,
    /// Manifests with a missing subject are refused.
    pub refuse_missing_subject: bool,
    /// Manifests with an empty list of layers are refused.
    pub refuse_manifests_without_layers: bool,
    /// Manifests are limited to 1 MiB.
    pub refuse_manifests_above_1_mib: bool,
    /// `OCI-Tag` confirms `tag` parameters, but no tag is created.
    pub ignore_tag_params: bool,
    /// Invalid tags are accepted.
    pub accept_invalid_tags: bool,
    /// Invalid repository names are accepted.
    pub accept_invalid_names: bool,
    /// A page of tags begins with the tag of `last`.
    pub include_last: bool,
    /// `last` is ignored without `n`.
    pub ignore_last_without_n: bool,
    /// Every sixtieth request is answered with 429, without `Retry-After`.
    pub rate_limit_without_retry_after: bool,
    /// Every sixtieth request is answered with 429 and the code DENIED.
    pub rate_limit_with_code_denied: bool,
    /// The tags of all repositories are listed.
    pub list_tags_of_all_repositories: bool,
    /// Numbers in tags are sorted by their value.
    pub sort_tags_by_number: bool,
    /// Tags are sorted by their bytes.
    pub sort_tags_by_bytes: bool,
    /// Tags are sorted by length.
    pub sort_tags_by_length: bool,
    /// The referrers of referrers are listed too.
    pub list_referrers_of_referrers: bool,
    /// Referrers without a tag are not listed.
    pub omit_untagged_referrers: bool,
    /// The filter of referrers matches a prefix of the artifact type.
    pub filter_by_prefix: bool,
    /// Every second tag is not listed.
    pub omit_every_second_tag: bool,
    /// Parameters of a Content-Type are refused.
    pub refuse_media_type_parameters: bool,
    /// A body that is not a JSON object is accepted as a manifest.
    pub accept_any_manifest: bool,
}
