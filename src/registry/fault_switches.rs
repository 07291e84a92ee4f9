//! Switches inside the handlers, for faults that no change of a request or response can express.

/// Behaviour that violates the specification; faults switch it on (`Deviation::Break`).
#[derive(Debug, Clone, Default)]
pub struct FaultSwitches {
    /// Blobs are stored without a check of their digest.
    pub trust_blob_digests: bool,
    /// Blobs of a single POST are stored without a check of their digest.
    pub trust_single_post: bool,
    /// Manifests are stored without a check of their digest.
    pub trust_manifest_digests: bool,
    /// Content with a wrong digest is refused, but stored.
    pub store_refused: bool,
    /// Manifests are parsed and serialized again, which changes their bytes.
    pub rewrite_manifests: bool,
    /// Chunks are accepted in any order.
    pub any_order: bool,
    /// The bytes of refused chunks are appended.
    pub keep_refused_chunks: bool,
    /// A refused chunk ends its session.
    pub refused_chunk_ends: bool,
    /// Chunks that overlap the uploaded bytes are accepted.
    pub overlap: bool,
    /// A `Content-Range` that differs from the length of the chunk is accepted.
    pub length_unchecked: bool,
    /// The closing PUT accepts a chunk out of order.
    pub close_any_order: bool,
    /// The body of the closing PUT is ignored after other chunks, and the digest is not checked.
    pub drop_final_chunk: bool,
    /// All upload sessions have the same id.
    pub one_session: bool,
    /// An upload session can be used after its closing PUT.
    pub sessions_never_end: bool,
    /// A cancelled upload session can still be used.
    pub cancel_in_words: bool,
    /// Blobs of one repository can be pulled from all.
    pub shared_blobs: bool,
    /// Manifests of one repository can be pulled from all.
    pub shared_manifests: bool,
    /// A mount is answered with 201, but nothing is mounted.
    pub mount_in_words: bool,
    /// A push to an existing tag succeeds, but does not move the tag.
    pub tags_stick: bool,
    /// Tags are looked up in lower case.
    pub fold_tags: bool,
    /// The deletion of a tag is answered with 202, but not done.
    pub keep_deleted_tags: bool,
    /// The deletion of a manifest is answered with 202, but not done.
    pub keep_deleted_manifests: bool,
    /// The deletion of a blob is answered with 202, but not done.
    pub keep_deleted_blobs: bool,
    /// The tags of a deleted manifest still serve it.
    pub keep_tags_of_deleted: bool,
    /// The deletion of a tag deletes all tags of its manifest.
    pub delete_all_tags: bool,
    /// Deleted manifests are still listed as referrers.
    pub keep_deleted_referrers: bool,
    /// Referrers of all repositories are listed.
    pub referrers_everywhere: bool,
    /// Referrers of a missing subject are not listed.
    pub referrers_need_subject: bool,
    /// Manifests with a missing subject are refused.
    pub refuse_missing_subject: bool,
    /// Manifests with an empty list of layers are refused.
    pub refuse_no_layers: bool,
    /// Manifests are limited to 1 MiB.
    pub small_manifests: bool,
    /// `OCI-Tag` confirms `tag` parameters, but no tag is created.
    pub tag_params_in_words: bool,
    /// Invalid tags are accepted.
    pub any_tag: bool,
    /// Invalid repository names are accepted.
    pub any_name: bool,
    /// A page of tags begins with the tag of `last`.
    pub include_last: bool,
    /// `last` is ignored without `n`.
    pub last_ignored: bool,
    /// Every sixtieth request is answered with 429, without `Retry-After`.
    pub too_many_no_time: bool,
    /// Every sixtieth request is answered with 429 and the code DENIED.
    pub too_many_denied: bool,
    /// The tags of all repositories are listed.
    pub tags_everywhere: bool,
    /// Numbers in tags are sorted by their value.
    pub tags_by_number: bool,
    /// Tags are sorted by length.
    pub tags_by_length: bool,
    /// The referrers of referrers are listed too.
    pub referrers_transitive: bool,
    /// Referrers without a tag are not listed.
    pub referrers_tagged: bool,
    /// The filter of referrers matches a prefix of the artifact type.
    pub filter_prefix: bool,
    /// Every second tag is not listed.
    pub lose_tags: bool,
    /// Parameters of a Content-Type are refused.
    pub refuse_parameters: bool,
    /// A body that is not a JSON object is accepted as a manifest.
    pub any_manifest: bool,
}
