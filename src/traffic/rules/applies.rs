//! The rules by name.

use super::{manifests, requests, uploads};
use crate::traffic::finding::Finding;
use crate::traffic::rule::Rule;
use crate::traffic::session::Session;
use crate::traffic::wire_exchange::WireExchange;

/// What a rule is compared with.
#[derive(Debug, Clone, Copy)]
pub enum AppliesTo {
    /// Each exchange by itself; nothing where it is not about such requests.
    EachExchange(fn(&WireExchange) -> Option<Finding>),
    /// Each upload session.
    EachSession(fn(&Session) -> Finding),
    /// All exchanges together.
    Together,
    /// A trial: it needs what the client was asked for, how it ended, or what the registry stores.
    Trial,
}

impl Rule {
    /// What the rule is compared with.
    pub const fn applies(self) -> AppliesTo {
        use AppliesTo::{EachExchange, EachSession, Together, Trial};
        match self {
            Self::ManifestReference => EachExchange(manifests::reference),
            Self::ManifestPutReference => EachExchange(manifests::put_reference),
            Self::ManifestAccept => EachExchange(manifests::accept),
            Self::ManifestContentType => EachExchange(manifests::content_type),
            Self::ManifestContentTypeBare => EachExchange(manifests::content_type_bare),
            Self::ManifestMediaType => EachExchange(manifests::media_type),
            Self::ManifestMediaTypeAgrees => EachExchange(manifests::media_type_agrees),
            Self::SinglePostLength => EachExchange(uploads::single_post_length),
            Self::SinglePostDigest => EachExchange(uploads::single_post_digest),
            Self::ChunkRangeInclusive => EachExchange(uploads::chunk_range_inclusive),
            Self::ChunkRangeForm => EachExchange(uploads::chunk_range_form),
            Self::ClosingDigest => EachExchange(uploads::closing_digest),
            Self::UserAgent => EachExchange(requests::user_agent),
            Self::SinglePostContinues => EachSession(uploads::single_post_continues),
            Self::ChunkedOpenLength => EachSession(uploads::chunked_open_length),
            Self::ChunkFirst => EachSession(uploads::chunk_first),
            Self::ChunkOrder => EachSession(uploads::chunk_order),
            Self::ChunkMinimum => EachSession(uploads::chunk_minimum),
            Self::ChunkLocation => EachSession(uploads::chunk_location),
            Self::StatusLocation => EachSession(uploads::status_location),
            Self::UploadLocation => EachSession(uploads::upload_location),
            Self::DigestAlgorithm => EachSession(uploads::digest_algorithm),
            Self::CredentialsStay | Self::CredentialsStayOnPort | Self::RetryAfter => Together,
            Self::ManifestComplete
            | Self::SessionClosed
            | Self::UploadCancelled
            | Self::CancelFailureIgnored
            | Self::LastIsTag
            | Self::NoNamespace
            | Self::ReferrersFallback
            | Self::FallbackPull
            | Self::FallbackPush
            | Self::FallbackIndex
            | Self::FallbackAppend
            | Self::FallbackOnce
            | Self::FallbackArtifactType
            | Self::FallbackKept
            | Self::FallbackUnexpected
            | Self::FallbackConfigType
            | Self::DeleteFallbackPull
            | Self::DeleteFallbackRemove
            | Self::DeleteFallbackPush
            | Self::FallbackAnnotations => Trial,
        }
    }

    /// Whether it is violated where a header is missing that recordings leave out.
    pub const fn needs_every_header(self) -> bool {
        matches!(
            self,
            Self::UserAgent | Self::SinglePostLength | Self::ChunkedOpenLength
        )
    }
}
