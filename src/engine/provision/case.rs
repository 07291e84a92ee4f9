//! Providing the content that a case needs before it starts: pushed, or looked for where nothing is pushed.

use std::time::Instant;

use futures_util::future::join_all;

use super::content::{Prepared, Source, chunked_view, prepare, source};
use super::push_or_look_for::push_or_look_for;
use super::shared::shared_fixture;
use crate::engine::context::RunContext;
use crate::engine::evidence::{Evidence, Stop};
use crate::engine::plan::Instance;
use crate::engine::provisioning::Provisioning;
use crate::engine::runner::Caller;
use crate::engine::scope::Scope;
use crate::engine::shared_fixtures::FixtureKey;
use crate::engine::slot::ExecutionSlot;
use crate::fixture::{Made, Seed};
use crate::suite::{Case, Setup, SetupKind};
use crate::template::Value;

/// Whether a case needs content for itself alone, which existing content cannot replace.
fn needs_own(case: &Case) -> bool {
    !case.setup.is_empty() || case.given.values().any(|one| one.own)
}

/// Provides the content that a case needs and sets its names in `scope`. Returns when the last of it was written.
///
/// The last content of a serial case is written when the other cases are over: a read that shows it shows all of theirs.
///
/// # Errors
/// Why the case cannot go on.
pub async fn provide(
    context: &RunContext,
    (instance, caller): (&Instance, &Caller),
    seed: &Seed,
    scope: &mut Scope<'_>,
    slot: &mut ExecutionSlot,
    evidence: &mut Evidence,
) -> Result<Option<Instant>, Stop> {
    let case = &instance.case;
    if !context.settings.existing.is_empty() && needs_own(case) {
        let why = "The case needs content for itself alone, and nothing is pushed (--existing)";
        evidence.reason = Some(why.to_owned());
        return Err(Stop::Skipped);
    }
    let mut changed = provide_given(context, (case, caller), seed, scope, evidence).await?;
    let tags = |before: &Setup| matches!(before.kind, SetupKind::Manifest(Some(_)));
    if !instance.writes_tags && !case.setup.iter().any(tags) {
        slot.stop_disturbing();
    }
    let mut groups = case.setup.chunk_by(are_blobs).peekable();
    while let Some(group) = groups.next() {
        if groups.peek().is_none() {
            slot.wait_for_turn(&context.cancellation).await?;
        }
        provide_group(context, caller, group, scope, evidence).await?;
        changed = Some(Instant::now());
    }
    if slot.wait_for_turn(&context.cancellation).await? {
        changed = Some(Instant::now());
    }
    // Existing content is visible at once.
    let waits = case.builds() && context.provisioning().await == Provisioning::Push;
    Ok(changed.filter(|_| waits))
}

/// Whether both are blobs, which are pushed in parallel: no blob refers to another.
fn are_blobs(one: &Setup, next: &Setup) -> bool {
    matches!((&one.kind, &next.kind), (SetupKind::Blob, SetupKind::Blob))
}

/// Provides neighbours of a set-up in parallel.
async fn provide_group(
    context: &RunContext,
    caller: &Caller,
    group: &[Setup],
    scope: &mut Scope<'_>,
    evidence: &mut Evidence,
) -> Result<(), Stop> {
    let mut prepared = Vec::new();
    for before in group {
        let content = prepare(before, scope).map_err(Stop::Error)?;
        prepared.push((before, content));
    }
    let pushed = prepared.iter().map(|(before, Prepared { made, repo })| {
        provide_one(context, caller, made, repo, Some(before))
    });
    for part in join_all(pushed).await {
        evidence.append(part);
    }
    evidence.stopped.take().map_or(Ok(()), Err)
}

/// Provides the fixtures that a case is given, in parallel, and sets their names. Returns when the last was written.
async fn provide_given(
    context: &RunContext,
    (case, caller): (&Case, &Caller),
    seed: &Seed,
    scope: &mut Scope<'_>,
    evidence: &mut Evidence,
) -> Result<Option<Instant>, Stop> {
    let mut sources = Vec::new();
    for (name, given) in &case.given {
        let source = source(&context.suites, given, &seed.of(name), scope).map_err(Stop::Error)?;
        sources.push(source);
    }
    let provided = sources.into_iter().map(|source| async move {
        let mut part = Evidence::default();
        let value = match source {
            Source::Shared(key) => shared(context, &key, &mut part).await,
            Source::Own(made, repo) => {
                part = provide_one(context, caller, &made, &repo, None).await;
                let done = (made.value, Instant::now());
                part.stopped.take().map_or(Ok(done), Err)
            }
        };
        (value, part)
    });
    let mut changed = None;
    for ((name, given), (value, mut part)) in case.given.iter().zip(join_all(provided).await) {
        match value {
            Ok((value, at)) => match chunked_view(value, given) {
                Some(value) => {
                    scope.set(name, value);
                    changed = changed.max(Some(at));
                }
                None => {
                    let why = format!(
                        "The content that replaces fixture `{}` is too small for chunks",
                        given.fixture
                    );
                    part.reason = Some(why);
                    part.stopped = Some(Stop::Skipped);
                }
            },
            Err(stop) => part.stopped = Some(stop),
        }
        evidence.append(part);
    }
    evidence.stopped.take().map_or(Ok(changed), Err)
}

async fn shared(
    context: &RunContext,
    key: &FixtureKey,
    evidence: &mut Evidence,
) -> Result<(Value, Instant), Stop> {
    let setup = shared_fixture(context, key).await;
    evidence.set_ups.push(setup.id.clone());
    match &setup.evidence.stopped {
        None => Ok((setup.value.clone(), setup.at)),
        Some(stop @ (Stop::Declined | Stop::Skipped)) => {
            evidence.reason.clone_from(&setup.evidence.reason);
            Err(stop.clone())
        }
        Some(_) => Err(Stop::Blocked(setup.id.clone())),
    }
}

/// Provides content of a case. Where a registry may refuse it, a refusal declines it.
async fn provide_one(
    context: &RunContext,
    caller: &Caller,
    made: &Made,
    repo: &str,
    before: Option<&Setup>,
) -> Evidence {
    let refusable = before.is_some_and(|before| before.refusable);
    let how = context.provisioning().await;
    let mut part = push_or_look_for(context, caller, (made, repo), how, refusable).await;
    if refusable && was_refused(&part) {
        part.checks.clear();
        part.declined
            .extend(before.and_then(|one| one.declines.clone()));
        part.reason = Some("The target refuses to store it".to_owned());
        part.stopped = Some(Stop::Declined);
    }
    part
}

/// Whether a push ended with a response that refuses it: a 4xx, or 501 (not implemented).
fn was_refused(part: &Evidence) -> bool {
    let status = part.exchanges.last().and_then(|one| one.status);
    let refused = status.is_some_and(|status| matches!(status, 400..=499 | 501));
    refused && matches!(part.stopped, Some(Stop::Broken(_)))
}
