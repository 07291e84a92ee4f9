//! Deleting what a run pushed: side by side, within bounds, and none of it part of a verdict.

use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use tokio::time::Instant;

use super::ledger::Thing;
use crate::record::{LeftBehind, LeftKind};
use crate::target::{Request, Target};

/// How many deletions are sent at once.
const AT_ONCE: usize = 64;

/// After so many refusals, and no success, no more is asked for of the same kind.
const REFUSALS: usize = 3;

/// What is deleted in which order: what others lead to may be refused until they are gone.
const STAGES: [&[LeftKind]; 3] = [
    &[LeftKind::Upload, LeftKind::Tag],
    &[LeftKind::Manifest],
    &[LeftKind::Blob],
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
pub async fn clean(target: &Target, things: Vec<Thing>, time: Duration) -> Vec<LeftBehind> {
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
        thing.kind == LeftKind::Manifest && !kept
    });
    let (tags, mut others): (Vec<_>, Vec<_>) = left
        .into_iter()
        .partition(|(thing, _)| thing.kind == LeftKind::Tag && manifests_went);
    others.extend(still_there(target, tags, until).await);
    others.sort_by_key(|(thing, _)| thing.kind);
    others
        .into_iter()
        .map(|(thing, reason)| left_behind(target, thing, reason))
        .collect()
}

/// What is left as it is, for one reason.
pub fn leave(target: &Target, things: Vec<Thing>, reason: &str) -> Vec<LeftBehind> {
    let things = things.into_iter();
    things
        .map(|thing| left_behind(target, thing, reason.to_owned()))
        .collect()
}

fn left_behind(target: &Target, thing: Thing, reason: String) -> LeftBehind {
    let request = delete(target, &thing);
    LeftBehind {
        kind: thing.kind,
        repository: thing.repo,
        curl: request.map_or_else(String::new, |request| target.curl(&request)),
        reference: match thing.kind {
            LeftKind::Upload => target.shown(&thing.reference),
            LeftKind::Tag | LeftKind::Manifest | LeftKind::Blob => thing.reference,
        },
        reason,
    }
}

/// Deletes all things of one kind; those that are left, and why.
async fn delete_kind(
    target: &Target,
    kind: LeftKind,
    things: Vec<Thing>,
    until: Instant,
) -> Vec<(Thing, String)> {
    let things = things.into_iter();
    let mut waiting: Vec<_> = things.map(|thing| (thing, String::new())).collect();
    for _ in 0..ROUNDS {
        let before = waiting.len();
        waiting = delete_all(target, waiting, until).await;
        let refused_all = waiting.len() == before;
        if waiting.is_empty() || refused_all || kind != LeftKind::Manifest {
            break;
        }
    }
    waiting
}

/// Deletes things of one kind: a few first, and the others where it is of any use.
async fn delete_all(
    target: &Target,
    mut waiting: Vec<(Thing, String)>,
    until: Instant,
) -> Vec<(Thing, String)> {
    let others = waiting.split_off(waiting.len().min(REFUSALS));
    let tried = waiting.len();
    let mut left = delete_some(target, waiting, until).await;
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
    target: &Target,
    things: Vec<(Thing, String)>,
    until: Instant,
) -> Vec<(Thing, String)> {
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

async fn delete_one(target: &Target, thing: &Thing) -> Deleted {
    let Some(request) = delete(target, thing) else {
        return Deleted::Left("its address is no URL".to_owned());
    };
    let reply = target.send(request.clone()).await;
    match reply.answer {
        Ok(answer) if (200..300).contains(&answer.status) => Deleted::Gone,
        // Of an upload there is nothing more to see.
        Ok(answer) if matches!(answer.status, 400 | 404 | 410) => match thing.kind {
            LeftKind::Upload => Deleted::Gone,
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
async fn is_there(target: &Target, request: &Request) -> bool {
    let reply = target
        .send(Request {
            method: http::Method::HEAD,
            step: "See whether it is gone".to_owned(),
            ..request.clone()
        })
        .await;
    reply
        .answer
        .map_or(true, |answer| !matches!(answer.status, 400 | 404 | 410))
}

/// Those of them that can still be pulled.
async fn still_there(
    target: &Target,
    tags: Vec<(Thing, String)>,
    until: Instant,
) -> Vec<(Thing, String)> {
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

fn delete(target: &Target, thing: &Thing) -> Option<Request> {
    let step = format!("Delete the {} that the run pushed", thing.kind);
    Some(Request::bare(
        http::Method::DELETE,
        thing.url(target.base())?,
        step,
    ))
}
