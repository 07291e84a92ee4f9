//! Shared fixtures: each is pushed once, by the first case that asks for it, or found there where the target takes no
//! pushes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use futures_util::future::join_all;
use tokio::sync::OnceCell;

use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use super::existing_content::substitute;
use super::expected_content::look_for;
use super::provision::may_lack;
use super::retry::CaseRetry;
use super::runner::Runner;
use super::scope::Scope;
use crate::fixture::{Algorithm, Fixtures, Made, Seed, make};
use crate::suite::PUSHES;
use crate::template::Value;

/// What tells one push of a fixture from another.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The fixture.
    pub fixture: String,
    /// Its digest algorithm.
    pub algorithm: String,
    /// The repository that it is in.
    pub repo: String,
}

impl Key {
    /// The name of the set-up: `set-up-small-image`, with what is unusual about it.
    pub fn id(&self, main_repository: &str) -> String {
        let mut id = format!("set-up-{}", self.fixture);
        if self.algorithm != "sha256" {
            id = format!("{id}/{}", self.algorithm);
        }
        if self.repo != main_repository {
            id.push_str("/repo2");
        }
        id
    }
}

/// A fixture that was pushed, or could not be.
#[derive(Debug)]
pub struct FixtureSetup {
    /// The set-up's name.
    pub id: String,
    /// The fixture.
    pub fixture: String,
    /// What it holds.
    pub value: Value,
    /// Whether it was looked for, and not pushed.
    pub looked_for: bool,
    /// How the push, or the search, went.
    pub evidence: Evidence,
    /// When it was over.
    pub at: Instant,
}

/// The shared fixtures of a run.
#[derive(Debug, Default)]
pub struct SharedFixtures {
    cells: Mutex<HashMap<Key, Arc<OnceCell<Arc<FixtureSetup>>>>>,
}

impl SharedFixtures {
    /// The fixture, pushed now unless it was before; looked for where the target takes no pushes.
    pub async fn get(&self, context: &RunContext, key: &Key) -> Arc<FixtureSetup> {
        let cell = match self.cells.lock() {
            Ok(mut cells) => cells.entry(key.clone()).or_default().clone(),
            Err(_) => Arc::default(),
        };
        cell.get_or_init(|| async { Arc::new(provide_shared(context, key).await) })
            .await
            .clone()
    }

    /// Every fixture that was pushed or tried, or that existing content stands for, by the names of their set-ups.
    pub fn all(&self) -> Vec<Arc<FixtureSetup>> {
        let mut all: Vec<Arc<FixtureSetup>> = match self.cells.lock() {
            Ok(cells) => cells
                .values()
                .filter_map(|cell| cell.get().cloned())
                .filter(|pushed| pushed.evidence.stopped != Some(Stop::Skipped))
                .collect(),
            Err(_) => Vec::new(),
        };
        all.sort_by(|a, b| a.id.cmp(&b.id));
        all
    }
}

impl Key {
    /// The content.
    ///
    /// # Errors
    /// When there is no such fixture or algorithm, or the fixture's text refers to what there is not.
    pub fn make(
        &self,
        fixtures: &Fixtures,
        seed: &Seed,
        main_repository: &str,
    ) -> Result<Made, String> {
        let algorithm = self.algorithm.parse::<Algorithm>();
        let algorithm = algorithm.map_err(|error| error.to_string())?;
        let seed = seed.of(&self.id(main_repository));
        make(fixtures, &self.fixture, &seed, algorithm).map_err(|error| error.to_string())
    }
}

async fn provide_shared(context: &RunContext, key: &Key) -> FixtureSetup {
    let began = Instant::now();
    if !context.settings.existing.is_empty() {
        let (value, evidence) = substitute(context, key).await;
        return pushed(context, key, value, evidence, began, true);
    }
    let looked_for = context.looks_for_content().await;
    // What is there already was made for the whole run, whichever part of it this is.
    let seed = match looked_for {
        true => Seed::new(context.settings.seed),
        false => context.seed(),
    };
    let mut attempts = CaseRetry::new(seed);
    let (value, evidence) = loop {
        let (value, mut evidence) = attempt(context, key, &attempts.seed(), looked_for).await;
        if !attempts.should_retry(context, &mut evidence) {
            break (value, evidence);
        }
    };
    pushed(context, key, value, evidence, began, looked_for)
}

fn pushed(
    context: &RunContext,
    key: &Key,
    value: Value,
    evidence: Evidence,
    began: Instant,
    looked_for: bool,
) -> FixtureSetup {
    FixtureSetup {
        id: key.id(&context.settings.repo),
        fixture: key.fixture.clone(),
        value,
        looked_for,
        evidence: Evidence {
            took: began.elapsed(),
            ..evidence
        },
        at: Instant::now(),
    }
}

async fn attempt(
    context: &RunContext,
    key: &Key,
    seed: &Seed,
    looked_for: bool,
) -> (Value, Evidence) {
    match key.make(&context.suites.fixtures, seed, &context.settings.repo) {
        Ok(made) if looked_for => {
            let found = look_for(context, &made, &key.repo, may_lack(&made)).await;
            (made.value, found)
        }
        Ok(made) => (made.value.clone(), push(context, &made, &key.repo).await),
        Err(error) => {
            let evidence = Evidence {
                stopped: Some(Stop::Error(error)),
                ..Evidence::default()
            };
            (Value::from(""), evidence)
        }
    }
}

/// Pushes content by the suites' own procedures: its blobs side by side, then its manifests in order.
pub async fn push(context: &RunContext, made: &Made, repo: &str) -> Evidence {
    let [push_blob, push_manifest] = PUSHES;
    let mut whole = Evidence::default();
    let blobs = made.blobs.iter().map(|blob| {
        let with = vec![("blob".to_owned(), blob.clone())];
        run_procedure(context, push_blob, with, repo)
    });
    for part in join_all(blobs).await {
        whole.append(part);
    }
    for manifest in &made.manifests {
        if whole.stopped.is_some() {
            break;
        }
        let reference = match &manifest.tag {
            Some(tag) => Value::from(tag.as_str()),
            None => manifest
                .value
                .get("digest")
                .cloned()
                .unwrap_or_else(|| Value::from("")),
        };
        let with = vec![
            ("manifest".to_owned(), manifest.value.clone()),
            ("reference".to_owned(), reference),
        ];
        whole.append(run_procedure(context, push_manifest, with, repo).await);
    }
    whole
}

async fn run_procedure(
    context: &RunContext,
    name: &str,
    with: Vec<(String, Value)>,
    repo: &str,
) -> Evidence {
    let mut scope = Scope::new(&context.suites.fixtures, context.seed(), None);
    for (name, value) in [("repo", repo), ("repo2", &context.settings.repo2)] {
        scope.set(name, Value::from(value));
    }
    let mut runner = Runner::new(context);
    runner.call(name, with, &mut scope, None).await;
    runner.into_evidence()
}
