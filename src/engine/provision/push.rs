//! Pushing content with the procedures of the suites.

use futures_util::future::join_all;

use crate::engine::context::RunContext;
use crate::engine::evidence::Evidence;
use crate::engine::runner::{Caller, Runner};
use crate::engine::scope::Scope;
use crate::fixture::Made;
use crate::suite::PUSHES;
use crate::template::Value;

/// Pushes content with the procedures of the suites: its blobs in parallel, then its manifests in order.
pub async fn push(context: &RunContext, caller: &Caller, made: &Made, repo: &str) -> Evidence {
    let [push_blob, push_manifest] = PUSHES;
    let mut whole = Evidence::default();
    let blobs = made.blobs.iter().map(|blob| {
        let with = vec![("blob".to_owned(), blob.clone())];
        run_procedure(context, caller, push_blob, with, repo)
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
        whole.append(run_procedure(context, caller, push_manifest, with, repo).await);
    }
    whole
}

async fn run_procedure(
    context: &RunContext,
    caller: &Caller,
    name: &str,
    with: Vec<(String, Value)>,
    repo: &str,
) -> Evidence {
    let mut scope = Scope::new(&context.suites.fixtures, context.seed(), None);
    for (name, value) in [("repo", repo), ("repo2", &context.settings.repo2)] {
        scope.set(name, Value::from(value));
    }
    let mut runner = Runner::new(context, caller.clone());
    runner.call_procedure(name, with, &mut scope, None).await;
    runner.into_evidence()
}
