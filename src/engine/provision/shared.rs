//! A shared fixture: pushed by the first case that needs it, or looked for where nothing is pushed.

use std::sync::Arc;
use std::time::Instant;

use futures_util::FutureExt;

use super::existing::substitute;
use super::push_or_look_for::push_or_look_for;
use crate::client::Priority;
use crate::engine::context::RunContext;
use crate::engine::evidence::{Evidence, Stop};
use crate::engine::provisioning::Provisioning;
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
        priority: Priority::First,
    };
    if !context.settings.existing.is_empty() {
        let (value, evidence) = substitute(context, caller, key).await;
        return setup(context, key, value, evidence, began, Provisioning::LookFor);
    }
    let how = context.provisioning().await;
    let mut attempts = CaseRetry::new(context.seed());
    let (value, evidence) = loop {
        let (value, mut evidence) = attempt(context, caller, key, &attempts.seed(), how).await;
        if !attempts.should_retry(context, &mut evidence) {
            break (value, evidence);
        }
    };
    setup(context, key, value, evidence, began, how)
}

fn setup(
    context: &RunContext,
    key: &FixtureKey,
    value: Value,
    evidence: Evidence,
    began: Instant,
    provisioning: Provisioning,
) -> FixtureSetup {
    FixtureSetup {
        id: key.id(&context.settings.repo),
        fixture: key.fixture.clone(),
        value,
        provisioning,
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
    how: Provisioning,
) -> (Value, Evidence) {
    match key.make(&context.suites.fixtures, seed, &context.settings.repo) {
        Ok(made) => {
            let provided = push_or_look_for(context, caller, (&made, &key.repo), how, false).await;
            (made.value, provided)
        }
        Err(error) => {
            let evidence = Evidence {
                stopped: Some(Stop::Error(error)),
                ..Evidence::default()
            };
            (Value::from(""), evidence)
        }
    }
}
