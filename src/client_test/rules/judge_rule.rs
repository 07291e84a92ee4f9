//! The rules by name.

use super::{fallback, http, uploads};
use crate::client_test::trial::Trial;
use crate::traffic::{AppliesTo, Finding, Rule, first_violation, retries, sessions};

/// Compares the requests of a trial with a rule.
pub fn judge_rule(rule: Rule, trial: &Trial) -> Finding {
    let found = match rule.applies() {
        AppliesTo::EachExchange(check) => {
            let found = trial.traffic.iter();
            first_violation(found.filter_map(|one| Some(check(one)?.shown_by(one.number))))
        }
        AppliesTo::EachSession(check) => {
            let sessions = sessions(&trial.traffic);
            first_violation(sessions.iter().map(check))
        }
        AppliesTo::Together | AppliesTo::Trial => check_of_trial(rule).and_then(|of| of(trial)),
    };
    found.unwrap_or_else(|| Finding::not_exercised("the client sent no such request"))
}

/// The check of a rule that needs more than single requests and upload sessions.
fn check_of_trial(rule: Rule) -> Option<fn(&Trial) -> Option<Finding>> {
    Some(match rule {
        Rule::ManifestComplete => http::manifest_complete,
        Rule::SessionClosed => |trial| Some(uploads::session_closed(trial)),
        Rule::UploadCancelled => |trial| Some(uploads::cancelled(trial)),
        Rule::CancelFailureIgnored => |trial| Some(uploads::failure_ignored(trial)),
        Rule::LastIsTag => http::last_is_tag,
        Rule::NoNamespace => http::no_namespace,
        Rule::RetryAfter => |trial| first_violation(retries(&trial.traffic)),
        Rule::ReferrersFallback => |trial| Some(fallback::read(trial)),
        Rule::FallbackPull => |trial| Some(fallback::pull(trial)),
        Rule::FallbackPush => |trial| Some(fallback::push(trial)),
        Rule::FallbackIndex => |trial| Some(fallback::index(trial)),
        Rule::FallbackAppend => |trial| Some(fallback::append(trial)),
        Rule::FallbackOnce => |trial| Some(fallback::once(trial)),
        Rule::FallbackArtifactType => |trial| Some(fallback::artifact_type(trial)),
        Rule::FallbackKept => |trial| Some(fallback::kept(trial)),
        Rule::FallbackUnexpected => |trial| Some(fallback::unexpected(trial)),
        Rule::FallbackConfigType => |trial| Some(fallback::config_type(trial)),
        Rule::DeleteFallbackPull => |trial| Some(fallback::delete_pull(trial)),
        Rule::DeleteFallbackRemove => |trial| Some(fallback::delete_remove(trial)),
        Rule::DeleteFallbackPush => |trial| Some(fallback::delete_push(trial)),
        Rule::FallbackAnnotations => |trial| Some(fallback::annotations(trial)),
        // `applies` says how these are compared; the two about credentials are for traffic alone, since scenarios have two
        // other hosts, and know what is secret.
        Rule::ManifestReference
        | Rule::ManifestPutReference
        | Rule::ManifestAccept
        | Rule::ManifestContentType
        | Rule::ManifestContentTypeBare
        | Rule::ManifestMediaType
        | Rule::ManifestMediaTypeAgrees
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
        | Rule::CredentialsStay
        | Rule::CredentialsStayOnPort
        | Rule::UserAgent => return None,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_that_needs_a_trial_has_a_check() {
        let schema = crate::data::schema_of::<Rule>();
        let listed = schema["oneOf"].as_array().unwrap();
        assert!(!listed.is_empty());
        for one in listed {
            let rule: Rule = serde_json::from_value(one["const"].clone()).unwrap();
            let checked = check_of_trial(rule).is_some();
            match rule.applies() {
                AppliesTo::Trial => assert!(checked, "{rule:?}"),
                AppliesTo::EachExchange(_) | AppliesTo::EachSession(_) => {
                    assert!(!checked, "{rule:?}");
                }
                // Scenarios have two other hosts, and know what is secret: these two are for traffic.
                AppliesTo::Together => {
                    let stay = matches!(rule, Rule::CredentialsStay | Rule::CredentialsStayOnPort);
                    assert_eq!(checked, !stay, "{rule:?}");
                }
            }
        }
    }
}
