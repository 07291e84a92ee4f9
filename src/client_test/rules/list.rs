//! All rules for the requests of a client: a row each.

use serde::Deserialize;

use super::{fallback, http, sessions};
use crate::client_test::trial::Trial;
use crate::traffic::rules::{manifests, requests, uploads};
use crate::traffic::{Finding, TogetherRule, TrafficRule};

/// How a rule is checked.
#[derive(Debug, Clone, Copy)]
enum RuleCheck {
    /// By requests and upload sessions alone, which `assay proxy` sees too.
    Traffic(TrafficRule),
    /// By what the client was asked for, how it ended, or what the registry stores.
    Trial(fn(&Trial) -> Finding),
}

/// Declares the rules: of each the description, which the schema of scenarios shows, the name, and the check.
macro_rules! rules {
    ($($(#[$doc:meta])+ $name:ident => $check:expr,)+) => {
        /// A rule for the requests of a client.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        #[serde(rename_all = "kebab-case")]
        pub enum Rule {
            $($(#[$doc])+ $name,)+
        }

        impl Rule {
            const fn check(self) -> RuleCheck {
                use RuleCheck::{Traffic, Trial};
                use TrafficRule::{EachExchange, EachSession, Together};
                match self {
                    $(Self::$name => $check,)+
                }
            }
        }
    };
}

rules! {
    /// A manifest is requested by a tag or a digest.
    ManifestReference => Traffic(EachExchange(manifests::reference)),
    /// A manifest is pushed to a tag or a digest.
    ManifestPutReference => Traffic(EachExchange(manifests::put_reference)),
    /// A request for a manifest has an Accept header with a type of manifests.
    ManifestAccept => Traffic(EachExchange(manifests::accept)),
    /// A pushed manifest has a Content-Type.
    ManifestContentType => Traffic(EachExchange(manifests::content_type)),
    /// The Content-Type of a pushed manifest has no parameters.
    ManifestContentTypeBare => Traffic(EachExchange(manifests::content_type_bare)),
    /// A pushed manifest has a mediaType field.
    ManifestMediaType => Traffic(EachExchange(manifests::media_type)),
    /// The mediaType field of a pushed manifest is its Content-Type.
    ManifestMediaTypeAgrees => Traffic(EachExchange(manifests::media_type_agrees)),
    /// A pushed image's manifest references its config and all of its layers.
    ManifestComplete => Trial(http::manifest_complete),
    /// A single POST has the length of its blob.
    SinglePostLength => Traffic(EachExchange(uploads::single_post_length)),
    /// A single POST has the digest of its blob.
    SinglePostDigest => Traffic(EachExchange(uploads::single_post_digest)),
    /// A single POST that is answered with 202 is followed by a PUT.
    SinglePostContinues => Traffic(EachSession(uploads::single_post_continues)),
    /// The POST that opens a chunked upload has a Content-Length of 0.
    ChunkedOpenLength => Traffic(EachSession(uploads::chunked_open_length)),
    /// Content-Range names the first and the last byte of the chunk.
    ChunkRangeInclusive => Traffic(EachExchange(uploads::chunk_range_inclusive)),
    /// Content-Range is two numbers joined by a hyphen.
    ChunkRangeForm => Traffic(EachExchange(uploads::chunk_range_form)),
    /// The first chunk starts at byte 0.
    ChunkFirst => Traffic(EachSession(uploads::chunk_first)),
    /// Each chunk starts where the previous one ended.
    ChunkOrder => Traffic(EachSession(uploads::chunk_order)),
    /// Every chunk but the last has the minimum length.
    ChunkMinimum => Traffic(EachSession(uploads::chunk_minimum)),
    /// A chunk goes to the Location of the previous response.
    ChunkLocation => Traffic(EachSession(uploads::chunk_location)),
    /// The request after a question for the state of an upload session goes to the Location of the answer.
    StatusLocation => Traffic(EachSession(uploads::status_location)),
    /// The first request of an upload session goes to the Location that opened it.
    UploadLocation => Traffic(EachSession(uploads::upload_location)),
    /// An upload session is closed with PUT.
    SessionClosed => Trial(sessions::session_closed),
    /// The PUT that closes an upload session has the digest of the blob.
    ClosingDigest => Traffic(EachExchange(uploads::closing_digest)),
    /// An upload session is cancelled after a failure.
    UploadCancelled => Trial(sessions::cancelled),
    /// An upload session that cannot be cancelled is left alone.
    CancelFailureIgnored => Trial(sessions::failure_ignored),
    /// An upload session for a digest of another algorithm than sha256 is opened with the algorithm.
    DigestAlgorithm => Traffic(EachSession(uploads::digest_algorithm)),
    /// The parameter `last` is a tag of the list.
    LastIsTag => Trial(http::last_is_tag),
    /// Credentials go to no other host.
    CredentialsStay => Traffic(Together(TogetherRule::CredentialsStay)),
    /// Credentials go to no other port of their host.
    CredentialsStayOnPort => Traffic(Together(TogetherRule::CredentialsStayOnPort)),
    /// There is no `ns` parameter.
    NoNamespace => Trial(http::no_namespace),
    /// Every request has a User-Agent.
    UserAgent => Traffic(EachExchange(requests::user_agent)),
    /// A request that was refused with Retry-After is not sent again before that time.
    RetryAfter => Traffic(Together(TogetherRule::RetryAfter)),
    /// After a 404 from the referrers API, the referrers tag is requested.
    ReferrersFallback => Trial(fallback::read),
    /// The referrers tag is requested before it is pushed.
    FallbackPull => Trial(fallback::pull),
    /// The referrers tag is pushed.
    FallbackPush => Trial(fallback::push),
    /// The list under the referrers tag starts as an image index.
    FallbackIndex => Trial(fallback::index),
    /// The list under the referrers tag has the artifact.
    FallbackAppend => Trial(fallback::append),
    /// The list under the referrers tag has the artifact once.
    FallbackOnce => Trial(fallback::once),
    /// The list under the referrers tag has the artifact's type.
    FallbackArtifactType => Trial(fallback::artifact_type),
    /// What was in the list under the referrers tag is still in it.
    FallbackKept => Trial(fallback::kept),
    /// A manifest under the referrers tag that is not a list is left as it is, and the client fails.
    FallbackUnexpected => Trial(fallback::unexpected),
    /// The list under the referrers tag has the type of the config, where the artifact has no type.
    FallbackConfigType => Trial(fallback::config_type),
    /// After a manifest with a subject is deleted, the list under the referrers tag is pulled.
    DeleteFallbackPull => Trial(fallback::delete_pull),
    /// After a manifest with a subject is deleted, the list under the referrers tag does not have it.
    DeleteFallbackRemove => Trial(fallback::delete_remove),
    /// After a manifest with a subject is deleted, the list under the referrers tag is pushed.
    DeleteFallbackPush => Trial(fallback::delete_push),
    /// The list under the referrers tag has the artifact's annotations.
    FallbackAnnotations => Trial(fallback::annotations),
}

impl Rule {
    /// The rule as traffic is judged by it; nothing where it needs a trial.
    pub const fn of_traffic(self) -> Option<TrafficRule> {
        match self.check() {
            RuleCheck::Traffic(rule) => Some(rule),
            RuleCheck::Trial(_) => None,
        }
    }

    /// Compares a trial with the rule.
    pub fn judge(self, trial: &Trial) -> Finding {
        match self.check() {
            RuleCheck::Traffic(rule) => rule.judge(&trial.traffic),
            RuleCheck::Trial(check) => check(trial),
        }
    }
}
