//! What is in the registry before a case starts: pushed, or looked for where nothing is pushed.

use std::time::Instant;

use futures_util::future::join_all;

use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use super::expected_content::look_for;
use super::fixtures::{Key, push};
use super::plan::Instance;
use super::scope::Scope;
use super::slot::ExecutionSlot;
use crate::fixture::{Chunking, Made, ManifestPush, Seed, make};
use crate::suite::{Case, Given, Setup, SetupKind, Suites};
use crate::template::{Record, Value};

/// A fixture that a case is given.
pub enum Source {
    /// One that all cases share.
    Shared(Key),
    /// One for the case alone, in this repository.
    Own(Made, String),
}

/// What a case makes and has in the registry before it starts.
pub struct Placed {
    /// The blob or manifest.
    pub made: Made,
    /// The repository.
    pub repo: String,
}

impl Case {
    /// Whether anything is in the registry before it starts.
    pub fn builds(&self) -> bool {
        !self.given.is_empty() || !self.setup.is_empty()
    }
}

/// The names and values that a case starts with; its content is drawn from `seed`.
pub fn scope_of<'a>(
    suites: &'a Suites,
    instance: &'a Instance,
    seed: &Seed,
    repos: [&str; 2],
) -> Scope<'a> {
    let content = Some(&instance.case.content);
    let mut scope = Scope::new(&suites.fixtures, seed.clone(), content);
    let [repo, repo2] = repos;
    scope.set("repo", Value::from(repo));
    scope.set("repo2", Value::from(repo2));
    let absent = format!("{repo}/absent-{}", seed.token());
    scope.set("absent_repo", Value::from(absent));
    for (name, value) in &instance.values {
        scope.set(name, Value::from(value.as_str()));
    }
    scope
}

/// Where a fixture that a case is given comes from.
///
/// # Errors
/// When it cannot be made.
pub fn source(
    suites: &Suites,
    given: &Given,
    seed: &Seed,
    scope: &mut Scope<'_>,
) -> Result<Source, String> {
    let algorithm = scope.text(&given.algorithm).map_err(|e| e.to_string())?;
    let repo = scope.text(&given.repo).map_err(|e| e.to_string())?;
    let fixture = given.fixture.clone();
    if !given.own {
        return Ok(Source::Shared(Key {
            fixture,
            algorithm,
            repo,
        }));
    }
    let algorithm = algorithm.parse().map_err(|e| format!("{e}"))?;
    let made = make(&suites.fixtures, &fixture, seed, algorithm).map_err(|e| e.to_string())?;
    Ok(Source::Own(made, repo))
}

/// A fixture as the case sees it: a blob perhaps in chunks.
/// Nothing where it has fewer bytes than it is to have chunks.
pub fn chunked_view(value: Value, given: &Given) -> Option<Value> {
    let (Some(count), Value::Record(record)) = (given.chunks, &value) else {
        return Some(value);
    };
    let mut record: Record = (**record).clone();
    let bytes = record.get("bytes").and_then(Value::as_bytes)?;
    record.insert("chunks".to_owned(), Chunking::split(&bytes, count));
    (bytes.len() >= count).then(|| Value::record(record))
}

/// Whether a case needs what nothing that is there already can stand for.
fn needs_own(case: &Case) -> bool {
    !case.setup.is_empty() || case.given.values().any(|one| one.own)
}

/// What a case makes and has in the registry.
///
/// # Errors
/// When it cannot be made.
pub fn prepare(before: &Setup, scope: &mut Scope<'_>) -> Result<Placed, String> {
    let value = scope.value(&before.content).map_err(|e| e.to_string())?;
    let repo = scope.text(&before.repo).map_err(|e| e.to_string())?;
    let (mut blobs, mut manifests) = (Vec::new(), Vec::new());
    match &before.kind {
        SetupKind::Blob => blobs.push(value.clone()),
        SetupKind::Manifest(tag) => {
            let tag = tag.as_ref().map(|tag| scope.text(tag)).transpose();
            let tag = tag.map_err(|e| e.to_string())?;
            let value = value.clone();
            manifests.push(ManifestPush { value, tag });
        }
    }
    let made = Made {
        value,
        blobs,
        manifests,
    };
    Ok(Placed { made, repo })
}

/// Puts all that a case builds on into the registry, or finds it there, and names it. When the last of it was written.
///
/// Of a case that runs alone, the last thing is put there when the others are over: what shows it shows all of theirs.
///
/// # Errors
/// Why the case cannot go on.
pub async fn provide(
    context: &RunContext,
    instance: &Instance,
    seed: &Seed,
    scope: &mut Scope<'_>,
    slot: &mut ExecutionSlot,
    evidence: &mut Evidence,
) -> Result<Option<Instant>, Stop> {
    let case = &instance.case;
    if !context.settings.existing.is_empty() && needs_own(case) {
        let why = "it needs content of its own beside what --existing names, and nothing is pushed";
        evidence.notes.push(why.to_owned());
        return Err(Stop::Skipped);
    }
    let mut changed = give(context, case, seed, scope, evidence).await?;
    let last = case.setup.len().saturating_sub(1);
    for (index, before) in case.setup.iter().enumerate() {
        if index == last {
            slot.come(&context.cancellation).await?;
        }
        let Placed { made, repo } = prepare(before, scope).map_err(Stop::Error)?;
        put(context, &made, &repo, Some(before), evidence).await?;
        changed = Some(Instant::now());
    }
    if slot.come(&context.cancellation).await? {
        changed = Some(Instant::now());
    }
    // What was there all along needs no time to show.
    let waits = case.builds() && !context.looks_for_content().await;
    Ok(changed.filter(|_| waits))
}

/// Puts the fixtures that a case is given into the registry, side by side, and names them. When the last was written.
async fn give(
    context: &RunContext,
    case: &Case,
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
            Source::Own(made, repo) => put(context, &made, &repo, None, &mut part)
                .await
                .map(|()| (made.value, Instant::now())),
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
                    let why = format!("what stands for {} is too small to be cut", given.fixture);
                    part.notes.push(why);
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
    key: &Key,
    evidence: &mut Evidence,
) -> Result<(Value, Instant), Stop> {
    let pushed = context.fixtures.get(context, key).await;
    evidence.set_ups.push(pushed.id.clone());
    match &pushed.evidence.stopped {
        None => Ok((pushed.value.clone(), pushed.at)),
        Some(stop @ (Stop::Declined | Stop::Skipped)) => {
            evidence.notes.extend(pushed.evidence.notes.clone());
            Err(stop.clone())
        }
        Some(_) => Err(Stop::Blocked(pushed.id.clone())),
    }
}

/// Pushes content of a case, or finds it there.
async fn put(
    context: &RunContext,
    made: &Made,
    repo: &str,
    before: Option<&Setup>,
    evidence: &mut Evidence,
) -> Result<(), Stop> {
    let refusable = before.is_some_and(|before| before.refusable);
    let mut part = match context.looks_for_content().await {
        true => look_for(context, made, repo, refusable || may_lack(made)).await,
        false => push(context, made, repo).await,
    };
    if refusable && was_refused(&part) {
        part.checks.clear();
        part.declined
            .extend(before.and_then(|one| one.declines.clone()));
        part.notes.push("the target refuses to store it".to_owned());
        part.stopped = Some(Stop::Declined);
    }
    evidence.append(part);
    evidence.stopped.take().map_or(Ok(()), Err)
}

/// Whether content may be missing where it was to be loaded beforehand: by another algorithm than sha256, few clients
/// can load anything.
pub fn may_lack(made: &Made) -> bool {
    let digest = made.value.get("digest").and_then(Value::as_text);
    !digest.is_some_and(|digest| digest.starts_with("sha256:"))
}

/// Whether a push ended with an answer that says that the registry does not want it.
fn was_refused(part: &Evidence) -> bool {
    let status = part.exchanges.last().and_then(|one| one.status);
    let refused = status.is_some_and(|status| (400..500).contains(&status));
    refused && matches!(part.stopped, Some(Stop::Broken(_)))
}
