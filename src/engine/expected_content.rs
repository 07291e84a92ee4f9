//! Content that has to be there already, because the target takes no pushes or the user wants none.

use std::collections::HashSet;

use http::Method;

use super::context::RunContext;
use super::evidence::{Evidence, Stop};
use super::plan::{Instance, Plan};
use super::provision::{Source, chunked_view, may_lack, prepare, scope_of, source};
use super::runner::Runner;
use crate::client::Request;
use crate::endpoint::Endpoint;
use crate::fixture::{Made, Seed};
use crate::suite::Suites;
use crate::template::Value;

/// What it is for to ask for content before anything is written.
pub const LOOK: &str = "Look whether it is there already";

/// Content that the cases which only read look for.
#[derive(Debug)]
pub struct ExpectedContent {
    /// What it is.
    pub made: Made,
    /// The repository.
    pub repo: String,
    /// Whether several cases share it.
    pub shared: bool,
    /// Whether the registry may refuse it, or cannot be asked for it by every client.
    pub refusable: bool,
}

/// All content of the cases that only read.
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

/// The content of a case, each with a name that tells it from all other content.
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

/// Whether any shared content of the run's seed is in the registry before the run, left there by an earlier one.
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
        let exchanged = context.cancellation.unless(sent).await;
        let answer = exchanged.ok().and_then(|exchanged| exchanged.response.ok());
        answer.is_some_and(|answer| (200..300).contains(&answer.status))
    });
    futures_util::future::join_all(looked).await.contains(&true)
}

fn request(method: Method, url: url::Url, accept: String) -> Request {
    Request {
        headers: vec![("Accept".to_owned(), accept)],
        ..Request::bare(method, url, LOOK)
    }
}

/// Looks for content: every blob by its digest, every manifest by its digest and its tag. Where some of it is missing
/// that the registry `may_lack`, what it belongs to is left out, and counts neither for the registry nor against it.
pub async fn look_for(context: &RunContext, made: &Made, repo: &str, may_lack: bool) -> Evidence {
    let mut runner = Runner::new(context);
    let found = find_all(context, &mut runner, made, repo).await;
    let mut evidence = runner.into_evidence();
    match found {
        Ok(None) => {}
        Ok(Some(path)) if may_lack => {
            evidence.stopped = Some(Stop::Declined);
            evidence.notes.push(format!(
                "{path} does not exist, and nothing is pushed: whether the registry accepts it is unknown"
            ));
        }
        Ok(Some(path)) => {
            let seed = context.settings.seed;
            evidence.stopped = Some(Stop::Error(format!(
                "{path} does not exist, and nothing is pushed: `assay fixtures export DIR --seed {seed}` writes the content that must exist"
            )));
        }
        Err(stop) => evidence.stopped = Some(stop),
    }
    evidence
}

/// The path of the first part that is not there.
async fn find_all(
    context: &RunContext,
    runner: &mut Runner<'_>,
    made: &Made,
    repo: &str,
) -> Result<Option<String>, Stop> {
    for (endpoint, accept) in endpoints(made, repo) {
        // A registry that answers HEAD wrongly may have it all the same: what is wrong is found by the case.
        let mut there = false;
        for method in [Method::HEAD, Method::GET] {
            let url = endpoint.url(context.target.base());
            let exchanged = runner.send(request(method, url, accept.clone())).await?;
            there = matches!(&exchanged.response, Ok(answer) if answer.status == 200);
            if there {
                break;
            }
        }
        if !there {
            return Ok(Some(endpoint.path().unwrap_or_default()));
        }
    }
    Ok(None)
}

fn endpoints(made: &Made, repo: &str) -> Vec<(Endpoint, String)> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_text);
    let mut endpoints = Vec::new();
    for blob in &made.blobs {
        let digest = text(blob, "digest").unwrap_or_default();
        endpoints.push((Endpoint::blob(repo, digest), "*/*".to_owned()));
    }
    for manifest in &made.manifests {
        let accept = text(&manifest.value, "media_type").unwrap_or_default();
        for reference in text(&manifest.value, "digest")
            .into_iter()
            .chain(manifest.tag.clone())
        {
            endpoints.push((Endpoint::manifest(repo, reference), accept.clone()));
        }
    }
    endpoints
}
