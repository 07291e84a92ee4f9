//! Looking for content that must exist already, because the target takes no pushes or the user wants none.

use http::Method;

use crate::client::Request;
use crate::endpoint::Endpoint;
use crate::engine::context::RunContext;
use crate::engine::evidence::{Evidence, Stop};
use crate::engine::request::LOOK;
use crate::engine::runner::{Caller, Runner};
use crate::fixture::Made;
use crate::template::Value;

/// Looks for content: every blob by its digest, every manifest by its digest and its tag. Where content is missing that the
/// registry `may_lack`, the result is declined: it counts neither for the registry nor against it.
pub async fn look_for(
    context: &RunContext,
    caller: &Caller,
    made: &Made,
    repo: &str,
    may_lack: bool,
) -> Evidence {
    let mut runner = Runner::new(context, caller.clone());
    let found = first_missing(context, &mut runner, made, repo).await;
    let found = found.map_err(|stop| runner.redacted(stop));
    let mut evidence = runner.into_evidence();
    match found {
        Ok(None) => {}
        Ok(Some(path)) if may_lack => {
            evidence.stopped = Some(Stop::Declined);
            evidence.reason = Some(format!(
                "{path} does not exist, and nothing is pushed: it is unknown whether the registry accepts it"
            ));
        }
        Ok(Some(path)) => {
            let seed = context.settings.seed;
            // The reason is the same for every case: reports name it once.
            evidence.notes.push(format!("{path} does not exist"));
            evidence.stopped = Some(Stop::Error(format!(
                "content that the case reads does not exist, and nothing is pushed: `assay fixtures export DIR --seed {seed}` writes the content that must exist"
            )));
        }
        Err(stop) => evidence.stopped = Some(stop),
    }
    evidence
}

/// The path of the first part that is missing.
async fn first_missing(
    context: &RunContext,
    runner: &mut Runner<'_>,
    made: &Made,
    repo: &str,
) -> Result<Option<String>, Stop> {
    for (endpoint, accept) in endpoints(made, repo) {
        // A registry with a wrong response to HEAD may have the content: the case finds the violation.
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

/// Every URL of some content, each with the Accept header of a request to it.
pub fn endpoints(made: &Made, repo: &str) -> Vec<(Endpoint, String)> {
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

/// A request that looks for content.
pub fn request(method: Method, url: url::Url, accept: String) -> Request {
    Request {
        headers: vec![("Accept".to_owned(), accept)],
        ..Request::bare(method, url, LOOK)
    }
}
