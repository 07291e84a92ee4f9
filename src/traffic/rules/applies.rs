//! The rules by name.

use super::{manifests, requests, uploads};
use crate::traffic::finding::Finding;
use crate::traffic::rule::Rule;
use crate::traffic::session::Session;
use crate::traffic::wire_exchange::WireExchange;

/// What a rule is compared with.
#[derive(Debug, Clone, Copy)]
pub enum Applies {
    /// Each exchange by itself; nothing where it is not about such requests.
    ToExchange(fn(&WireExchange) -> Option<Finding>),
    /// Each upload session.
    ToSession(fn(&Session) -> Finding),
    /// The hosts of all requests together.
    ToHosts,
    /// A trial: it needs what the client was asked for, how it ended, or what the registry stores.
    ToTrial,
}

impl Rule {
    /// What the rule is compared with.
    pub const fn applies(self) -> Applies {
        use Applies::{ToExchange, ToHosts, ToSession, ToTrial};
        match self {
            Self::ManifestReference => ToExchange(manifests::reference),
            Self::ManifestPutReference => ToExchange(manifests::put_reference),
            Self::ManifestAccept => ToExchange(manifests::accept),
            Self::ManifestContentType => ToExchange(manifests::content_type),
            Self::ManifestContentTypeBare => ToExchange(manifests::content_type_bare),
            Self::ManifestMediaType => ToExchange(manifests::media_type),
            Self::ManifestMediaTypeAgrees => ToExchange(manifests::media_type_agrees),
            Self::ManifestComplete => ToExchange(manifests::complete),
            Self::SinglePostLength => ToExchange(uploads::single_post_length),
            Self::SinglePostDigest => ToExchange(uploads::single_post_digest),
            Self::ChunkRangeInclusive => ToExchange(uploads::chunk_range_inclusive),
            Self::ChunkRangeForm => ToExchange(uploads::chunk_range_form),
            Self::ClosingDigest => ToExchange(uploads::closing_digest),
            Self::UserAgent => ToExchange(requests::user_agent),
            Self::SinglePostContinues => ToSession(uploads::single_post_continues),
            Self::ChunkedOpenLength => ToSession(uploads::chunked_open_length),
            Self::ChunkFirst => ToSession(uploads::chunk_first),
            Self::ChunkOrder => ToSession(uploads::chunk_order),
            Self::ChunkMinimum => ToSession(uploads::chunk_minimum),
            Self::ChunkLocation => ToSession(uploads::chunk_location),
            Self::StatusLocation => ToSession(uploads::status_location),
            Self::UploadLocation => ToSession(uploads::upload_location),
            Self::DigestAlgorithm => ToSession(uploads::digest_algorithm),
            Self::CredentialsStay => ToHosts,
            Self::SessionClosed
            | Self::UploadCancelled
            | Self::CancelFailureIgnored
            | Self::LastIsTag
            | Self::NoNamespace
            | Self::RetryAfter
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
            | Self::FallbackAnnotations => ToTrial,
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
