//! The names of rules for the requests of a client.

use serde::Deserialize;

/// A rule for the requests of a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A manifest is requested by a tag or a digest.
    ManifestReference,
    /// A manifest is pushed to a tag or a digest.
    ManifestPutReference,
    /// A request for a manifest has an Accept header with a type of manifests.
    ManifestAccept,
    /// A pushed manifest has a Content-Type.
    ManifestContentType,
    /// The Content-Type of a pushed manifest has no parameters.
    ManifestContentTypeBare,
    /// A pushed manifest has a mediaType field.
    ManifestMediaType,
    /// The mediaType field of a pushed manifest is its Content-Type.
    ManifestMediaTypeAgrees,
    /// What a pushed manifest references is in the repository.
    ManifestComplete,
    /// A single POST has the length of its blob.
    SinglePostLength,
    /// A single POST has the digest of its blob.
    SinglePostDigest,
    /// A single POST that is answered with 202 is followed by a PUT.
    SinglePostContinues,
    /// The POST that opens a chunked upload has a Content-Length of 0.
    ChunkedOpenLength,
    /// Content-Range names the first and the last byte of the chunk.
    ChunkRangeInclusive,
    /// Content-Range is two numbers joined by a hyphen.
    ChunkRangeForm,
    /// The first chunk starts at byte 0.
    ChunkFirst,
    /// Each chunk starts where the previous one ended.
    ChunkOrder,
    /// Every chunk but the last has the minimum length.
    ChunkMinimum,
    /// A chunk goes to the Location of the previous response.
    ChunkLocation,
    /// The request after a question for the state of an upload session goes to the Location of the answer.
    StatusLocation,
    /// The first request of an upload session goes to the Location that opened it.
    UploadLocation,
    /// An upload session is closed with PUT.
    SessionClosed,
    /// The PUT that closes an upload session has the digest of the blob.
    ClosingDigest,
    /// An upload session is cancelled after a failure.
    UploadCancelled,
    /// An upload session that cannot be cancelled is left alone.
    CancelFailureIgnored,
    /// An upload session for a digest of another algorithm than sha256 is opened with the algorithm.
    DigestAlgorithm,
    /// The parameter `last` is a tag of the list.
    LastIsTag,
    /// Credentials go to no other host.
    CredentialsStay,
    /// Credentials go to no other port of their host.
    CredentialsStayOnPort,
    /// There is no `ns` parameter.
    NoNamespace,
    /// Every request has a User-Agent.
    UserAgent,
    /// A request that was refused with Retry-After is not sent again before that time.
    RetryAfter,
    /// After a 404 from the referrers API, the referrers tag is requested.
    ReferrersFallback,
    /// The referrers tag is requested before it is pushed.
    FallbackPull,
    /// The referrers tag is pushed.
    FallbackPush,
    /// The list under the referrers tag starts as an image index.
    FallbackIndex,
    /// The list under the referrers tag has the artifact.
    FallbackAppend,
    /// The list under the referrers tag has the artifact once.
    FallbackOnce,
    /// The list under the referrers tag has the artifact's type.
    FallbackArtifactType,
    /// What was in the list under the referrers tag is still in it.
    FallbackKept,
    /// A manifest under the referrers tag that is not a list is left as it is, and the client fails.
    FallbackUnexpected,
    /// The list under the referrers tag has the type of the config, where the artifact has no type.
    FallbackConfigType,
    /// After a manifest with a subject is deleted, the list under the referrers tag is pulled.
    DeleteFallbackPull,
    /// After a manifest with a subject is deleted, the list under the referrers tag does not have it.
    DeleteFallbackRemove,
    /// After a manifest with a subject is deleted, the list under the referrers tag is pushed.
    DeleteFallbackPush,
    /// The list under the referrers tag has the artifact's annotations.
    FallbackAnnotations,
}
