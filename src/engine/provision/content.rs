//! The content that a case needs in the registry before it starts, and the names under which its steps refer to it.

use crate::engine::plan::Instance;
use crate::engine::scope::Scope;
use crate::engine::shared_fixtures::FixtureKey;
use crate::fixture::{Chunking, Made, ManifestPush, Seed, make};
use crate::suite::{Given, Setup, SetupKind, Suites};
use crate::template::{Record, Value};

/// A fixture that a case is given.
pub enum Source {
    /// Shared by all cases.
    Shared(FixtureKey),
    /// For this case alone, in this repository.
    Own(Made, String),
}

/// Content of a case's set-up.
pub struct Prepared {
    /// The blob or manifest.
    pub made: Made,
    pub repo: String,
}

/// The names and values that a case starts with; its content is made from `seed`.
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
        return Ok(Source::Shared(FixtureKey {
            fixture,
            algorithm,
            repo,
        }));
    }
    let algorithm = algorithm.parse().map_err(|e| format!("{e}"))?;
    let made = make(&suites.fixtures, &fixture, seed, algorithm).map_err(|e| e.to_string())?;
    Ok(Source::Own(made, repo))
}

/// A fixture as the case sees it: a blob may be divided into chunks. Nothing where it has fewer bytes than chunks.
pub fn chunked_view(value: Value, given: &Given) -> Option<Value> {
    let (Some(count), Value::Record(record)) = (given.chunks, &value) else {
        return Some(value);
    };
    let mut record: Record = (**record).clone();
    let bytes = record.get("bytes").and_then(Value::as_bytes)?;
    record.insert("chunks".to_owned(), Chunking::split(&bytes, count));
    (bytes.len() >= count).then(|| Value::record(record))
}

/// Makes content of a case's set-up.
///
/// # Errors
/// When it cannot be made.
pub fn prepare(before: &Setup, scope: &mut Scope<'_>) -> Result<Prepared, String> {
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
    Ok(Prepared { made, repo })
}

/// Whether content may be missing in a registry that it was loaded into: few clients support other algorithms than
/// sha256.
pub fn may_lack(made: &Made) -> bool {
    let digest = made.value.get("digest").and_then(Value::as_text);
    !digest.is_some_and(|digest| digest.starts_with("sha256:"))
}
