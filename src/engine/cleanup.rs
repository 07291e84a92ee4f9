//! Deleting what a run pushed: side by side, within bounds, and none of it part of a verdict.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use super::ledger::Artifact;
use crate::client::{RegistryClient, Request};
use crate::record::{Leftover, LeftoverKind};

/// How many deletions are sent at once.
const AT_ONCE: usize = 64;

/// After so many refusals, and no success, no more is asked for of the same kind.
const REFUSALS: usize = 3;

/// What is deleted in which order: what others lead to may be refused until they are gone.
const STAGES: [&[LeftoverKind]; 3] = [
    &[LeftoverKind::Upload, LeftoverKind::Tag],
    &[LeftoverKind::Manifest],
    &[LeftoverKind::Blob],
];

/// How often manifests are tried: one that an index names may be refused until the index is gone.
const ROUNDS: usize = 3;

/// What came of a deletion.
enum Deleted {
    /// It is gone, or never was there.
    Gone,
    /// It is still there: why.
    Left(String),
}

/// Deletes, and says what is left. Nothing more is sent once `time` is over.
pub async fn cleanup(
    target: &RegistryClient,
    things: Vec<Artifact>,
    time: Duration,
) -> Vec<Leftover> {
    let until = Instant::now() + time;
    let mut left = Vec::new();
    for kinds in STAGES {
        let kinds = kinds.iter().map(|kind| {
            let of_kind = things.iter().filter(|thing| thing.kind == *kind);
            delete_kind(target, *kind, of_kind.cloned().collect(), until)
        });
        left.extend(join_all(kinds).await.into_iter().flatten());
    }
    // A tag goes with its manifest in most registries.
    let manifests_went = things.iter().any(|thing| {
        let kept = left.iter().any(|(known, _)| known == thing);
        thing.kind == LeftoverKind::Manifest && !kept
    });
    let (tags, mut others): (Vec<_>, Vec<_>) = left
        .into_iter()
        .partition(|(thing, _)| thing.kind == LeftoverKind::Tag && manifests_went);
    others.extend(still_there(target, tags, until).await);
    others.sort_by_key(|(thing, _)| thing.kind);
    others
        .into_iter()
        .map(|(thing, reason)| leftovers(target, thing, reason))
        .collect()
}

/// What is left as it is, for one reason.
pub fn leave(target: &RegistryClient, things: Vec<Artifact>, reason: &str) -> Vec<Leftover> {
    let things = things.into_iter();
    things
        .map(|thing| leftovers(target, thing, reason.to_owned()))
        .collect()
}

fn leftovers(target: &RegistryClient, thing: Artifact, reason: String) -> Leftover {
    let request = delete(target, &thing);
    Leftover {
        kind: thing.kind,
        repository: thing.repo,
        curl: request.map_or_else(String::new, |request| target.curl(&request)),
        reference: match thing.kind {
            LeftoverKind::Upload => target.redact(&thing.reference),
            LeftoverKind::Tag | LeftoverKind::Manifest | LeftoverKind::Blob => thing.reference,
        },
        reason,
    }
}

/// Deletes all things of one kind; those that are left, and why.
async fn delete_kind(
    target: &RegistryClient,
    kind: LeftoverKind,
    things: Vec<Artifact>,
    until: Instant,
) -> Vec<(Artifact, String)> {
    let things = things.into_iter();
    let mut poll: Vec<_> = things.map(|thing| (thing, String::new())).collect();
    for _ in 0..ROUNDS {
        let before = poll.len();
        poll = delete_all(target, poll, until).await;
        let refused_all = poll.len() == before;
        if poll.is_empty() || refused_all || kind != LeftoverKind::Manifest {
            break;
        }
    }
    poll
}

/// Deletes things of one kind: a few first, and the others where it is of any use.
async fn delete_all(
    target: &RegistryClient,
    mut poll: Vec<(Artifact, String)>,
    until: Instant,
) -> Vec<(Artifact, String)> {
    let others = poll.split_off(poll.len().min(REFUSALS));
    let tried = poll.len();
    let mut left = delete_some(target, poll, until).await;
    if left.len() < tried || tried < REFUSALS {
        left.extend(delete_some(target, others, until).await);
        return left;
    }
    let reason = left.last().map_or_else(String::new, |(_, reason)| {
        format!("not tried, as others were refused: {reason}")
    });
    left.extend(others.into_iter().map(|(thing, _)| (thing, reason.clone())));
    left
}

async fn delete_some(
    target: &RegistryClient,
    things: Vec<(Artifact, String)>,
    until: Instant,
) -> Vec<(Artifact, String)> {
    let tried = stream::iter(things).map(|(thing, _)| async {
        let deleted = tokio::time::timeout_at(until, delete_one(target, &thing)).await;
        match deleted {
            Ok(Deleted::Gone) => None,
            Ok(Deleted::Left(why)) => Some((thing, why)),
            Err(_) => Some((thing, "the time for the clean-up was over".to_owned())),
        }
    });
    let tried = tried.buffer_unordered(AT_ONCE);
    tried.filter_map(std::future::ready).collect().await
}

async fn delete_one(target: &RegistryClient, thing: &Artifact) -> Deleted {
    let Some(request) = delete(target, thing) else {
        return Deleted::Left("its address is no URL".to_owned());
    };
    let exchanged = target.send(request.clone()).await;
    match exchanged.response {
        Ok(answer) if (200..300).contains(&answer.status) => Deleted::Gone,
        // Of an upload there is nothing more to see.
        Ok(answer) if matches!(answer.status, 400 | 404 | 410) => match thing.kind {
            LeftoverKind::Upload => Deleted::Gone,
            _ => match is_there(target, &request).await {
                false => Deleted::Gone,
                true => Deleted::Left(format!("status {} to its deletion", answer.status)),
            },
        },
        Ok(answer) => Deleted::Left(format!("status {} to its deletion", answer.status)),
        Err(failure) => Deleted::Left(failure.to_string()),
    }
}

/// Whether something can still be pulled.
async fn is_there(target: &RegistryClient, request: &Request) -> bool {
    let exchanged = target
        .send(Request {
            method: http::Method::HEAD,
            step: "See whether it is gone".to_owned(),
            ..request.clone()
        })
        .await;
    exchanged
        .response
        .map_or(true, |answer| !matches!(answer.status, 400 | 404 | 410))
}

/// Those of them that can still be pulled.
async fn still_there(
    target: &RegistryClient,
    tags: Vec<(Artifact, String)>,
    until: Instant,
) -> Vec<(Artifact, String)> {
    let asked = stream::iter(tags).map(|(thing, why)| async {
        let there = match delete(target, &thing) {
            Some(request) => tokio::time::timeout_at(until, is_there(target, &request)).await,
            None => Ok(true),
        };
        there.unwrap_or(true).then_some((thing, why))
    });
    let asked = asked.buffer_unordered(AT_ONCE);
    asked.filter_map(std::future::ready).collect().await
}

fn delete(target: &RegistryClient, thing: &Artifact) -> Option<Request> {
    let step = format!("Delete the {} that the run pushed", thing.kind);
    Some(Request::bare(
        http::Method::DELETE,
        thing.url(target.base())?,
        step,
    ))
}
