//! Fixtures that have to be there already, because the target takes no pushes or the user wants none.

use std::collections::HashSet;

use bytes::Bytes;
use http::Method;

use super::evidence::{Evidence, Stop};
use super::fixtures::Key;
use super::plan::Plan;
use super::runner::Runner;
use super::scope::Scope;
use super::world::World;
use crate::fixture::{Made, Seed};
use crate::suite::Suites;
use crate::target::Request;
use crate::template::Value;

/// The shared fixtures of the cases that only read: each with the key of its repository and its content. Those whose
/// algorithm is not sha256 belong to a feature that only a push finds out about.
///
/// # Errors
/// When a fixture cannot be made.
pub fn shared_fixtures(
    plan: &Plan,
    suites: &Suites,
    seed: u32,
    repos: [&str; 2],
) -> Result<Vec<(Key, Made)>, String> {
    let (mut seen, mut all) = (HashSet::new(), Vec::new());
    for instance in plan.chosen.iter().filter(|instance| !instance.writes) {
        let mut scope = Scope::new(&suites.fixtures, Seed::new(seed), None);
        for (name, value) in [("repo", repos[0]), ("repo2", repos[1])] {
            scope.set(name, Value::from(value));
        }
        for (name, value) in &instance.values {
            scope.set(name, Value::from(value.as_str()));
        }
        for given in instance.case.given.values() {
            let key = Key {
                fixture: given.fixture.clone(),
                algorithm: scope.text(&given.algorithm).map_err(|e| e.to_string())?,
                repo: scope.text(&given.repo).map_err(|e| e.to_string())?,
            };
            if key.algorithm == "sha256" && seen.insert(key.clone()) {
                let made = key.make(&suites.fixtures, &Seed::new(seed), repos[0])?;
                all.push((key, made));
            }
        }
    }
    Ok(all)
}

/// Whether any content of the run's seed is in the registry before the run, left there by an earlier one.
pub async fn seed_was_used(world: &World, plan: &Plan) -> bool {
    let settings = &world.settings;
    let repos = [settings.repo.as_str(), &settings.repo2];
    let Ok(all) = shared_fixtures(plan, &world.suites, settings.seed, repos) else {
        return false;
    };
    let paths = all.iter().flat_map(|(key, made)| {
        let paths = paths(made).into_iter();
        paths.map(|(path, accept)| (format!("/v2/{}/{path}", key.repo), accept))
    });
    let looked = paths.map(|(path, accept)| async move {
        let mut url = world.target.base().clone();
        url.set_path(&path);
        let sent = world.target.send(Request {
            method: Method::HEAD,
            url,
            headers: vec![("Accept".to_owned(), accept)],
            body: Bytes::new(),
            step: "Look whether it is there already".to_owned(),
        });
        let reply = world.ending.unless(sent).await;
        let answer = reply.ok().and_then(|reply| reply.answer.ok());
        answer.is_some_and(|answer| (200..300).contains(&answer.status))
    });
    futures_util::future::join_all(looked).await.contains(&true)
}

/// Looks for content: every blob by its digest, every manifest by its digest and its tag.
pub async fn look_for(world: &World, made: &Made, repo: &str) -> Evidence {
    let mut runner = Runner::new(world);
    let mut missing = None;
    for (path, accept) in paths(made) {
        let mut url = world.target.base().clone();
        url.set_path(&format!("/v2/{repo}/{path}"));
        let sent = runner.send(Request {
            method: Method::HEAD,
            url,
            headers: vec![("Accept".to_owned(), accept)],
            body: Bytes::new(),
            step: format!("Look for {path}"),
        });
        match sent.await {
            Ok(reply) if matches!(&reply.answer, Ok(answer) if answer.status == 200) => {}
            Ok(_) => missing = missing.or(Some(path)),
            Err(stop) => {
                let mut evidence = runner.into_evidence();
                evidence.stopped = Some(stop);
                return evidence;
            }
        }
    }
    let mut evidence = runner.into_evidence();
    evidence.stopped = missing.map(|path| {
        let seed = world.settings.seed;
        Stop::Error(format!(
            "{path} is not in {repo}, and nothing is pushed: `assay fixtures export DIR --seed {seed}` writes what has to be there"
        ))
    });
    evidence
}

fn paths(made: &Made) -> Vec<(String, String)> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_text);
    let mut paths = Vec::new();
    for blob in &made.blobs {
        let digest = text(blob, "digest").unwrap_or_default();
        paths.push((format!("blobs/{digest}"), "*/*".to_owned()));
    }
    for manifest in &made.manifests {
        let accept = text(&manifest.value, "media_type").unwrap_or_default();
        for reference in text(&manifest.value, "digest")
            .into_iter()
            .chain(manifest.tag.clone())
        {
            paths.push((format!("manifests/{reference}"), accept.clone()));
        }
    }
    paths
}
