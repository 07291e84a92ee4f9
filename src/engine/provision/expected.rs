//! The content that the cases which only read need in the registry.

use std::collections::HashSet;

use http::Method;

use super::content::{Source, chunked_view, may_lack, prepare, scope_of, source};
use super::look::{endpoints, request};
use crate::engine::context::RunContext;
use crate::engine::plan::{Instance, Plan};
use crate::fixture::{Made, Seed};
use crate::suite::Suites;

/// Content that cases which only read need.
#[derive(Debug)]
pub struct ExpectedContent {
    /// The content.
    pub made: Made,
    /// The repository.
    pub repo: String,
    /// Whether several cases share it.
    pub shared: bool,
    /// Whether the registry may refuse it, or cannot be asked for it by every client.
    pub refusable: bool,
}

/// All content that the cases which only read need.
///
/// # Errors
/// When some of it cannot be made.
pub fn expected_content(
    plan: &Plan,
    suites: &Suites,
    seed: u32,
    repos: [&str; 2],
) -> Result<Vec<ExpectedContent>, String> {
    let (mut known, mut all) = (HashSet::new(), Vec::new());
    for instance in plan.chosen.iter().filter(|instance| !instance.writes) {
        for (id, content) in of_case(instance, suites, seed, repos)? {
            if known.insert(id) {
                all.push(content);
            }
        }
    }
    Ok(all)
}

/// The content of a case, each item with a unique name.
fn of_case(
    instance: &Instance,
    suites: &Suites,
    run: u32,
    repos: [&str; 2],
) -> Result<Vec<(String, ExpectedContent)>, String> {
    let run = Seed::new(run);
    let seed = run.of(&instance.id);
    let mut scope = scope_of(suites, instance, &seed, repos);
    let mut all = Vec::new();
    for (name, given) in &instance.case.given {
        let (id, made, repo, shared) = match source(suites, given, &seed.of(name), &mut scope)? {
            Source::Shared(key) => {
                let made = key.make(&suites.fixtures, &run, repos[0])?;
                (key.id(repos[0]), made, key.repo, true)
            }
            Source::Own(made, repo) => (format!("{}/{name}", instance.id), made, repo, false),
        };
        if let Some(value) = chunked_view(made.value.clone(), given) {
            scope.set(name, value);
        }
        let content = ExpectedContent {
            refusable: may_lack(&made),
            made,
            repo,
            shared,
        };
        all.push((id, content));
    }
    for (index, before) in instance.case.setup.iter().enumerate() {
        let placed = prepare(before, &mut scope)?;
        let content = ExpectedContent {
            made: placed.made,
            repo: placed.repo,
            shared: false,
            refusable: before.refusable,
        };
        all.push((format!("{}/before/{index}", instance.id), content));
    }
    Ok(all)
}

/// Whether the registry has shared content of the run's seed before the run: an earlier run left it.
pub async fn seed_was_used(context: &RunContext, plan: &Plan) -> bool {
    let settings = &context.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let Ok(all) = expected_content(plan, &context.suites, settings.seed, repos) else {
        return false;
    };
    let shared = all.iter().filter(|one| one.shared && !one.refusable);
    let parts = shared.flat_map(|one| endpoints(&one.made, &one.repo));
    let looked = parts.map(|(endpoint, accept)| async move {
        let url = endpoint.url(context.target.base());
        let sent = context.target.send(request(Method::HEAD, url, accept));
        let exchanged = context.cancellation.or_cancelled(sent).await;
        let answer = exchanged.ok().and_then(|exchanged| exchanged.response.ok());
        answer.is_some_and(|answer| answer.succeeded())
    });
    futures_util::future::join_all(looked).await.contains(&true)
}
