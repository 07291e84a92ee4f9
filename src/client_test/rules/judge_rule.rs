//! The rules by name.

use super::{fallback, http, uploads};
use crate::client_test::trial::Trial;
use crate::traffic::{AppliesTo, Finding, Rule, first_violation, retries, sessions};

/// Compares the requests of a trial with a rule.
pub fn judge_rule(rule: Rule, trial: &Trial) -> Finding {
    let nothing = || Finding::not_exercised("the client sent no such request");
    match rule.applies() {
        AppliesTo::EachExchange(check) => {
            let found = trial.traffic.iter();
            let found = found.filter_map(|one| Some(check(one)?.shown_by(one.number)));
            first_violation(found).unwrap_or_else(nothing)
        }
        AppliesTo::EachSession(check) => {
            let sessions = sessions(&trial.traffic);
            first_violation(sessions.iter().map(check)).unwrap_or_else(nothing)
        }
        AppliesTo::Together | AppliesTo::Trial => of_trial(rule, trial).unwrap_or_else(nothing),
    }
}

/// Compares a trial with a rule that needs more than its requests.
fn of_trial(rule: Rule, trial: &Trial) -> Option<Finding> {
    Some(match rule {
        Rule::SessionClosed => uploads::session_closed(trial),
        Rule::UploadCancelled => uploads::cancelled(trial),
        Rule::CancelFailureIgnored => uploads::failure_ignored(trial),
        Rule::LastIsTag => http::last_is_tag(trial)?,
        Rule::NoNamespace => http::no_namespace(trial)?,
        Rule::RetryAfter => first_violation(retries(&trial.traffic))?,
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
        // Scenarios have two other hosts, and know what is secret.
        Rule::CredentialsStay | Rule::CredentialsStayOnPort => return None,
        // These look at one exchange or at one upload session.
        Rule::ManifestReference
        | Rule::ManifestPutReference
        | Rule::ManifestAccept
        | Rule::ManifestContentType
        | Rule::ManifestContentTypeBare
        | Rule::ManifestMediaType
        | Rule::ManifestMediaTypeAgrees
        | Rule::ManifestComplete
        | Rule::SinglePostLength
        | Rule::SinglePostDigest
        | Rule::SinglePostContinues
        | Rule::ChunkedOpenLength
        | Rule::ChunkRangeInclusive
        | Rule::ChunkRangeForm
        | Rule::ChunkFirst
        | Rule::ChunkOrder
        | Rule::ChunkMinimum
        | Rule::ChunkLocation
        | Rule::StatusLocation
        | Rule::UploadLocation
        | Rule::ClosingDigest
        | Rule::DigestAlgorithm
        | Rule::UserAgent => return None,
    })
}
