//! Cleanup: deleting the content that a run pushed. It has no effect on any verdict.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use futures_util::{StreamExt, stream};
use tokio::time::Instant;
use url::Url;

use super::evidence::cut;
use super::ledger::Artifact;
use crate::client::{RegistryClient, Request};
use crate::record::{Leftover, LeftoverKind, not_tried};

/// How many deletions wait to be sent at once: the client decides how many are in flight.
const AT_ONCE: usize = 512;

/// After so many refusals without a success that concern every item of a kind, the others are not tried.
const REFUSALS: usize = 3;

/// The order of deletion: content that others refer to may be refused until they are deleted.
const STAGES: [&[LeftoverKind]; 3] = [
    &[LeftoverKind::Upload, LeftoverKind::Tag],
    &[LeftoverKind::Manifest],
    &[LeftoverKind::Blob],
];

/// How often manifests are tried: one that an index refers to may be refused until the index is deleted.
const ROUNDS: usize = 3;

/// The longest reference, in bytes, that a record names in a command.
const MAX_COMMAND: usize = 4 * 1024;

/// The result of a deletion.
enum Deleted {
    /// It does not exist any more, or never did.
    Gone,
    /// It still exists.
    Left(Refusal),
}

/// Why an item still exists.
#[derive(Debug, Clone, Default)]
struct Refusal {
    reason: String,
    /// Whether the same is to be expected for every item of the kind: deletion is not supported or not permitted, or there is
    /// no response.
    general: bool,
}

impl Refusal {
    fn of_status(status: u16) -> Self {
        Self {
            reason: format!("DELETE returned {status}"),
            general: matches!(status, 400 | 401 | 403 | 405 | 501),
        }
    }

    fn general(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            general: true,
        }
    }
}

/// Deletes items, and returns those that are left. No request is sent after `time`. Of the kinds that the registry is not
/// known to delete (`deletes`), a few items are tried first.
pub async fn cleanup(
    target: &RegistryClient,
    items: Vec<Artifact>,
    deletes: &HashSet<LeftoverKind>,
    time: Duration,
) -> Vec<Leftover> {
    let until = Instant::now() + time;
    let mut left = Vec::new();
    for kinds in STAGES {
        let kinds = kinds.iter().map(|kind| {
            let of_kind = items.iter().filter(|item| item.kind == *kind);
            let of_kind = of_kind.cloned().collect();
            delete_kind(target, *kind, of_kind, deletes.contains(kind), until)
        });
        left.extend(join_all(kinds).await.into_iter().flatten());
    }
    // Most registries delete a tag with its manifest.
    let manifests_went = items.iter().any(|item| {
        let kept = left.iter().any(|(known, _)| known == item);
        item.kind == LeftoverKind::Manifest && !kept
    });
    let (tags, mut others): (Vec<_>, Vec<_>) = left
        .into_iter()
        .partition(|(item, _)| item.kind == LeftoverKind::Tag && manifests_went);
    others.extend(still_there(target, tags, until).await);
    others.sort_by_key(|(item, _)| item.kind);
    others
        .into_iter()
        .map(|(item, refusal)| leftover(target, item, refusal.reason))
        .collect()
}

/// Keeps all items, for one reason.
pub fn keep_all(target: &RegistryClient, items: Vec<Artifact>, reason: &str) -> Vec<Leftover> {
    let items = items.into_iter();
    items
        .map(|item| leftover(target, item, reason.to_owned()))
        .collect()
}

fn leftover(target: &RegistryClient, item: Artifact, reason: String) -> Leftover {
    // A command that is cut deletes nothing.
    let request = delete(target, &item).filter(|_| item.reference.len() <= MAX_COMMAND);
    Leftover {
        kind: item.kind,
        repository: item.repo,
        curl: request.map_or_else(String::new, |request| target.curl(&request)),
        reference: match item.kind {
            LeftoverKind::Upload => cut(target.redact(&item.reference)),
            LeftoverKind::Tag | LeftoverKind::Manifest | LeftoverKind::Blob => item.reference,
        },
        reason,
    }
}

/// Deletes all items of one kind. Returns those that are left, and why.
async fn delete_kind(
    target: &RegistryClient,
    kind: LeftoverKind,
    items: Vec<Artifact>,
    mut is_deleted: bool,
    until: Instant,
) -> Vec<(Artifact, Refusal)> {
    let items = items.into_iter();
    let mut waiting: Vec<_> = items.map(|item| (item, Refusal::default())).collect();
    for _ in 0..ROUNDS {
        let before = waiting.len();
        waiting = match is_deleted {
            true => delete_some(target, waiting, until).await,
            false => delete_all(target, waiting, until).await,
        };
        let refused_all = waiting.len() == before;
        is_deleted |= !refused_all;
        if waiting.is_empty() || refused_all || kind != LeftoverKind::Manifest {
            break;
        }
    }
    waiting
}

/// Deletes items of one kind: a few first, and the others unless all of these were refused for a general reason.
async fn delete_all(
    target: &RegistryClient,
    mut waiting: Vec<(Artifact, Refusal)>,
    until: Instant,
) -> Vec<(Artifact, Refusal)> {
    let others = waiting.split_off(waiting.len().min(REFUSALS));
    let tried = waiting.len();
    let mut left = delete_some(target, waiting, until).await;
    let general = left.iter().all(|(_, refusal)| refusal.general);
    if left.len() < tried || tried < REFUSALS || !general {
        left.extend(delete_some(target, others, until).await);
        return left;
    }
    let reason = left
        .last()
        .map_or_else(String::new, |(_, refusal)| not_tried(&refusal.reason));
    let refusal = Refusal::general(reason);
    left.extend(others.into_iter().map(|(item, _)| (item, refusal.clone())));
    left
}

async fn delete_some(
    target: &RegistryClient,
    items: Vec<(Artifact, Refusal)>,
    until: Instant,
) -> Vec<(Artifact, Refusal)> {
    let tried = stream::iter(items).map(|(item, _)| async {
        let deleted = tokio::time::timeout_at(until, delete_one(target, &item)).await;
        match deleted {
            Ok(Deleted::Gone) => None,
            Ok(Deleted::Left(why)) => Some((item, why)),
            Err(_) => Some((item, Refusal::general("the time for the cleanup was over"))),
        }
    });
    let tried = tried.buffer_unordered(AT_ONCE);
    tried.filter_map(std::future::ready).collect().await
}

async fn delete_one(target: &RegistryClient, item: &Artifact) -> Deleted {
    let Some(mut request) = delete(target, item) else {
        return Deleted::Left(Refusal {
            reason: "its address is not a URL".to_owned(),
            general: false,
        });
    };
    if item.kind == LeftoverKind::Upload {
        match present_url(target, &request).await {
            Ok(None) => {}
            Ok(Some(url)) => request.url = url,
            Err(gone) => return gone,
        }
    }
    let exchanged = target.send(request.clone()).await;
    match exchanged.response {
        Ok(answer) if answer.succeeded() => Deleted::Gone,
        // The state of an upload cannot be seen with HEAD.
        Ok(answer) if matches!(answer.status, 400 | 404 | 410) => match item.kind {
            LeftoverKind::Upload => Deleted::Gone,
            _ => match is_there(target, &request).await {
                false => Deleted::Gone,
                true => Deleted::Left(Refusal::of_status(answer.status)),
            },
        },
        Ok(answer) => Deleted::Left(Refusal::of_status(answer.status)),
        Err(failure) => Deleted::Left(Refusal::general(failure.to_string())),
    }
}

/// The present URL of an upload: a registry that keeps the state in the URL refuses to cancel an upload under an earlier
/// one. Only one of the same origin counts.
///
/// # Errors
/// The upload does not exist any more.
async fn present_url(target: &RegistryClient, cancel: &Request) -> Result<Option<Url>, Deleted> {
    let step = "Ask for the present URL of the upload";
    let url = cancel.url.clone();
    let exchanged = target
        .send(Request::bare(http::Method::GET, url, step))
        .await;
    let Ok(answer) = exchanged.response else {
        return Ok(None);
    };
    if matches!(answer.status, 404 | 410) {
        return Err(Deleted::Gone);
    }
    let url = answer
        .location(&exchanged.url)
        .filter(|_| answer.succeeded());
    Ok(url.filter(|url| url.origin() == cancel.url.origin()))
}

/// Whether an item can still be pulled.
async fn is_there(target: &RegistryClient, request: &Request) -> bool {
    let exchanged = target
        .send(Request {
            method: http::Method::HEAD,
            step: "Check whether it is deleted".to_owned(),
            ..request.clone()
        })
        .await;
    exchanged
        .response
        .map_or(true, |answer| !matches!(answer.status, 400 | 404 | 410))
}

/// Those tags that can still be pulled.
async fn still_there(
    target: &RegistryClient,
    tags: Vec<(Artifact, Refusal)>,
    until: Instant,
) -> Vec<(Artifact, Refusal)> {
    let asked = stream::iter(tags).map(|(item, why)| async {
        let there = match delete(target, &item) {
            Some(request) => tokio::time::timeout_at(until, is_there(target, &request)).await,
            None => Ok(true),
        };
        there.unwrap_or(true).then_some((item, why))
    });
    let asked = asked.buffer_unordered(AT_ONCE);
    asked.filter_map(std::future::ready).collect().await
}

fn delete(target: &RegistryClient, item: &Artifact) -> Option<Request> {
    let step = format!("Delete the {} that the run pushed", item.kind);
    Some(Request::bare(
        http::Method::DELETE,
        item.url(target.base())?,
        step,
    ))
}
