//! A shared fixture: pushed by the first case that needs it, or looked for where nothing is pushed.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;

use super::content::may_lack;
use super::existing::substitute;
use super::look::look_for;
use super::push::push;
use crate::engine::context::RunContext;
use crate::engine::evidence::{Evidence, Stop};
use crate::engine::retry::CaseRetry;
use crate::engine::runner::Caller;
use crate::engine::shared_fixtures::{FixtureKey, FixtureSetup};
use crate::fixture::Seed;
use crate::template::Value;

/// The fixture: provided now, unless another case did so before.
pub async fn shared_fixture(context: &RunContext, key: &FixtureKey) -> Arc<FixtureSetup> {
    let cell = context.fixtures.cell(key);
    let provided =
        cell.get_or_init(|| async { Arc::new(provide_shared(context, key).boxed().await) });
    provided.await.clone()
}

async fn provide_shared(context: &RunContext, key: &FixtureKey) -> FixtureSetup {
    let began = Instant::now();
    let caller = &Caller {
        name: key.id(&context.settings.repo),
        observed: true,
        ahead: true,
    };
    if !context.settings.existing.is_empty() {
        let (value, evidence) = substitute(context, caller, key).await;
        return setup(context, key, value, evidence, began, true);
    }
    let looked_for = context.looks_for_content().await;
    // Existing content was made from the run's seed.
    let seed = match looked_for {
        true => Seed::new(context.settings.seed),
        false => context.seed(),
    };
    let mut attempts = CaseRetry::new(seed);
    let (value, evidence) = loop {
        let (value, mut evidence) =
            attempt(context, caller, key, &attempts.seed(), looked_for).await;
        if !attempts.should_retry(context, &mut evidence) {
            break (value, evidence);
        }
    };
    setup(context, key, value, evidence, began, looked_for)
}

fn setup(
    context: &RunContext,
    key: &FixtureKey,
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
    caller: &Caller,
    key: &FixtureKey,
    seed: &Seed,
    looked_for: bool,
) -> (Value, Evidence) {
    match key.make(&context.suites.fixtures, seed, &context.settings.repo) {
        Ok(made) if looked_for => {
            let found = look_for(context, caller, &made, &key.repo, may_lack(&made)).await;
            (made.value, found)
        }
        Ok(made) => (
            made.value.clone(),
            push(context, caller, &made, &key.repo).await,
        ),
        Err(error) => {
            let evidence = Evidence {
                stopped: Some(Stop::Error(error)),
                ..Evidence::default()
            };
            (Value::from(""), evidence)
        }
    }
}
