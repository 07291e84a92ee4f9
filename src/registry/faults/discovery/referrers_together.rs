//! Faults of referrers that are pushed at the same time, or before and after their subject.

use std::time::Duration;

use serde_json::Value;

use crate::registry::api_request::Endpoint;
use crate::registry::fault::Fault;
use crate::registry::faults::edits::edit_list;
use crate::registry::faults::predicates::{got_referrers, put_manifest};
use crate::registry::faults::rows::fault;
use crate::registry::faults::store_edits::{pushed_manifest, repository_of};

/// How close two pushes are that a race loses one of.
const TOGETHER: Duration = Duration::from_secs(2);

pub const FAULTS: &[Fault] = &[
    fault("referrers-together-lost")
        .violates(&["referrers-complete"])
        .title(
            "Of two referrers of one subject that are pushed within two seconds, one is not \
             listed.",
        )
        .after(|store, request, response| {
            let Some(repository) =
                repository_of(store, request).filter(|_| got_referrers(request, response))
            else {
                return;
            };
            let times = |digest: &Value| {
                let manifest = repository.manifests.get(digest.as_str()?)?;
                Some(manifest.since)
            };
            edit_list(response, "/manifests", |list| {
                let all: Vec<_> = list
                    .iter()
                    .filter_map(|one| times(one.get("digest")?))
                    .collect();
                list.retain(|one| {
                    let own = one.get("digest").and_then(times);
                    let later = |own: &std::time::Instant| {
                        all.iter().any(|other| {
                            other > own && other.saturating_duration_since(*own) < TOGETHER
                        })
                    };
                    !own.as_ref().is_some_and(later)
                });
            });
        }),
    fault("subject-push-unlists")
        .violates(&["referrers-complete"])
        .title(
            "PUT of a manifest removes the referrers that were pushed before this manifest \
             from its referrers list.",
        )
        .after(|store, request, response| {
            if !put_manifest(request, response)
                || !matches!(request.endpoint, Endpoint::Manifest(..))
            {
                return;
            }
            let Some(digest) = response.header("docker-content-digest") else {
                return;
            };
            let digest = digest.to_owned();
            if pushed_manifest(store, request, response).is_some()
                && let Some(repository) = repository_of(store, request)
            {
                let mut referrers = repository.manifests.values_mut();
                while let Some(referrer) =
                    referrers.find(|one| one.subject.as_deref() == Some(&digest))
                {
                    referrer.subject = None;
                }
            }
        }),
];
