//! The rules by name.

use super::{cancellation, fallback, http, manifests, uploads};
use crate::client_test::finding::Finding;
use crate::client_test::rule::Rule;
use crate::client_test::trial::Trial;
use crate::client_test::wire::Seen;

/// Compares the requests of a trial with a rule.
pub fn judge_rule(rule: Rule, trial: &Trial) -> Finding {
    let seen = &trial.seen;
    let all = |check: fn(&Seen) -> Option<Finding>| each(seen, check);
    match rule {
        Rule::ManifestReference => all(manifests::reference),
        Rule::ManifestPutReference => all(manifests::put_reference),
        Rule::ManifestAccept => all(manifests::accept),
        Rule::ManifestContentType => all(manifests::content_type),
        Rule::ManifestContentTypeBare => all(manifests::content_type_bare),
        Rule::ManifestMediaType => all(manifests::media_type),
        Rule::ManifestMediaTypeAgrees => all(manifests::media_type_agrees),
        Rule::ManifestComplete => all(manifests::complete),
        Rule::SinglePostLength => all(uploads::single_post_length),
        Rule::SinglePostDigest => all(uploads::single_post_digest),
        Rule::SinglePostContinues => uploads::single_post_continues(trial),
        Rule::ChunkedOpenLength => uploads::chunked_open_length(trial),
        Rule::ChunkRangeInclusive => all(uploads::chunk_range_inclusive),
        Rule::ChunkRangeForm => all(uploads::chunk_range_form),
        Rule::ChunkFirst => uploads::chunk_first(trial),
        Rule::ChunkOrder => uploads::chunk_order(trial),
        Rule::ChunkMinimum => uploads::chunk_minimum(trial),
        Rule::ChunkLocation => uploads::chunk_location(trial),
        Rule::StatusLocation => uploads::status_location(trial),
        Rule::UploadLocation => uploads::upload_location(trial),
        Rule::SessionClosed => uploads::session_closed(trial),
        Rule::ClosingDigest => all(uploads::closing_digest),
        Rule::UploadCancelled => cancellation::cancelled(trial),
        Rule::CancelFailureIgnored => cancellation::failure_ignored(trial),
        Rule::DigestAlgorithm => uploads::digest_algorithm(trial),
        Rule::LastIsTag => all(http::last_is_tag),
        Rule::NoNamespace => all(http::no_namespace),
        Rule::UserAgent => all(http::user_agent),
        Rule::RetryAfter => http::retry_after(trial),
        Rule::ReferrersFallback => fallback::read(trial),
        Rule::FallbackPull => fallback::pull(trial),
        Rule::FallbackPush => fallback::push(trial),
        Rule::FallbackIndex => fallback::index(trial),
        Rule::FallbackAppend => fallback::append(trial),
        Rule::FallbackOnce => fallback::once(trial),
        Rule::FallbackArtifactType => fallback::artifact_type(trial),
        Rule::FallbackKept => fallback::kept(trial),
        Rule::FallbackUnexpected => fallback::unexpected(trial),
        Rule::FallbackConfigType => fallback::config_type(trial),
        Rule::DeleteFallbackPull => fallback::delete_pull(trial),
        Rule::DeleteFallbackRemove => fallback::delete_remove(trial),
        Rule::DeleteFallbackPush => fallback::delete_push(trial),
        Rule::FallbackAnnotations => fallback::annotations(trial),
    }
}

/// Compares each exchange alone.
fn each(seen: &[Seen], check: fn(&Seen) -> Option<Finding>) -> Finding {
    let found = seen.iter().enumerate();
    let found = found.filter_map(|(at, one)| Some(check(one)?.shown_by(at)));
    Finding::over(found, "the client sent no such request")
}
