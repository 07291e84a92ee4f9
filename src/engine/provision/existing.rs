//! Existing content of the registry that replaces fixtures (`--existing`).
//!
//! A manifest is taken as its tag returns it. The content that it refers to must have the digests and sizes of its
//! descriptors. From there on the cases test it like a fixture.

use http::Method;
use serde_json::Value as Json;

use crate::client::Request;
use crate::endpoint::{ANY_MANIFEST, Endpoint};
use crate::engine::context::RunContext;
use crate::engine::evidence::{Evidence, Stop};
use crate::engine::matching::ParsedResponse;
use crate::engine::runner::{Caller, Runner};
use crate::engine::shared_fixtures::FixtureKey;
use crate::fixture::{Algorithm, ExistingPart, Fixture, blob, is_digest_of};
use crate::record::{Check, CheckVerdict};
use crate::suite::Suites;
use crate::template::{Record, Value};

/// The largest blob that is pulled to be tested, in bytes.
const MAX_BLOB: u64 = 16 * 1024 * 1024;

/// The requirement that a manifest which an index refers to is checked for.
const MANIFEST_CONTENT: &str = "manifest-get-content";

/// The requirement that a blob which a manifest refers to is checked for.
const BLOB_CONTENT: &str = "blob-get-content";

/// Checks that the suites have all that `--existing` needs.
///
/// # Errors
/// The requirement that the catalogue does not have.
pub fn check_substitutes(suites: &Suites) -> Result<(), String> {
    let mut needed = [MANIFEST_CONTENT, BLOB_CONTENT].into_iter();
    match needed.find(|id| suites.catalogue.get(id).is_none()) {
        None => Ok(()),
        Some(id) => Err(format!(
            "--existing checks content for requirement `{id}`, which the catalogue does not have"
        )),
    }
}

/// The existing content that replaces a fixture. The evidence is stopped where there is none.
pub async fn substitute(
    context: &RunContext,
    caller: &Caller,
    key: &FixtureKey,
) -> (Value, Evidence) {
    let mut search = Search {
        context,
        runner: Runner::new(context, caller.clone()),
        checks: Vec::new(),
    };
    let fixture = context.suites.fixtures.get(&key.fixture);
    let here = key.repo == context.settings.repo && key.algorithm == "sha256";
    let found = match fixture.filter(|_| here).map(|one| (one, one.existing)) {
        Some((fixture, Some(part))) => search.find(fixture, part).await,
        _ => Ok(None),
    };
    let found = found.map_err(|stop| search.runner.redacted(stop));
    let mut evidence = search.runner.into_evidence();
    evidence.checks.extend(search.checks);
    let broken = evidence
        .checks
        .iter()
        .position(|one| one.verdict.is_broken());
    match (found, broken) {
        (_, Some(first)) => evidence.stopped = Some(Stop::Broken(first)),
        (Ok(Some(value)), None) => return (value, evidence),
        (Ok(None), None) => {
            evidence.reason = Some(format!(
                "No content that --existing names can replace fixture `{}`, and nothing is pushed",
                key.fixture
            ));
            evidence.stopped = Some(Stop::Skipped);
        }
        (Err(stop), None) => evidence.stopped = Some(stop),
    }
    (Value::from(""), evidence)
}

/// The search for the content that replaces one fixture.
struct Search<'w> {
    context: &'w RunContext,
    runner: Runner<'w>,
    checks: Vec<Check>,
}

/// A descriptor in somebody else's manifest.
struct Descriptor {
    media_type: String,
    digest: String,
    size: u64,
}

impl Search<'_> {
    async fn find(&mut self, fixture: &Fixture, part: ExistingPart) -> Result<Option<Value>, Stop> {
        for tag in &self.context.settings.existing {
            let page = self
                .pull(Endpoint::manifest(self.repo(), tag), ANY_MANIFEST)
                .await?;
            let Some(json) = page.json().filter(|_| page.http.status == 200) else {
                let (repo, status) = (&self.context.settings.repo, page.http.status);
                return Err(Stop::Error(format!(
                    "GET the manifest {repo}:{tag} (--existing): expected status 200 and JSON, got status {status}"
                )));
            };
            let found = match part {
                ExistingPart::Index => self.index(fixture, json).await?,
                ExistingPart::Image => self.image(fixture, json).await?,
                ExistingPart::Config => return self.one(descriptor(json.get("config"))).await,
                ExistingPart::SmallestLayer => {
                    return self.one(layers(json).into_iter().next()).await;
                }
                ExistingPart::LargestLayer => return self.one(layers(json).pop()).await,
            };
            if let Some(mut parts) = found {
                parts.append(&mut manifest(&page));
                parts.insert("tag".into(), Value::from(tag.as_str()));
                return Ok(Some(Value::record(parts)));
            }
        }
        Ok(None)
    }

    /// The blobs of the fixture, taken from an image; nothing if the content is no image.
    async fn image(&mut self, fixture: &Fixture, json: &Json) -> Result<Option<Record>, Stop> {
        let Some(config) = self.one(descriptor(json.get("config"))).await? else {
            return Ok(None);
        };
        let layer = self.one(layers(json).into_iter().next()).await?;
        let layer = layer.unwrap_or_else(|| config.clone());
        let blob = |name: &String| match name.as_str() {
            "config" => (name.clone(), config.clone()),
            _ => (name.clone(), layer.clone()),
        };
        let manifest = fixture.manifest();
        let names = manifest.into_iter().flat_map(|one| one.blobs.keys());
        Ok(Some(names.map(blob).collect()))
    }

    /// The parts of the fixture, taken from an index in their order; nothing if the content is no index. If the index
    /// has fewer manifests, its first one stands for the rest.
    async fn index(&mut self, fixture: &Fixture, json: &Json) -> Result<Option<Record>, Stop> {
        let listed = json.get("manifests").and_then(Json::as_array);
        let mut listed = listed
            .into_iter()
            .flatten()
            .filter_map(|one| descriptor(Some(one)));
        let Some(first) = listed.next() else {
            return Ok(None);
        };
        let first = self.child(&first).await?;
        let names = fixture
            .manifest()
            .into_iter()
            .flat_map(|one| one.parts.keys());
        let mut children = Record::new();
        for (position, name) in names.enumerate() {
            let other = if position == 0 { None } else { listed.next() };
            let child = match other {
                Some(descriptor) => self.child(&descriptor).await?,
                None => first.clone(),
            };
            children.insert(name.clone(), child);
        }
        Ok(Some(children))
    }

    async fn child(&mut self, descriptor: &Descriptor) -> Result<Value, Stop> {
        let page = self
            .pull(
                Endpoint::manifest(self.repo(), &descriptor.digest),
                &descriptor.media_type,
            )
            .await?;
        self.check(MANIFEST_CONTENT, descriptor, &page)?;
        Ok(Value::record(manifest(&page)))
    }

    /// A blob that is small enough to be pulled.
    async fn one(&mut self, descriptor: Option<Descriptor>) -> Result<Option<Value>, Stop> {
        let Some(descriptor) = descriptor.filter(|one| one.size <= MAX_BLOB) else {
            return Ok(None);
        };
        let page = self
            .pull(Endpoint::blob(self.repo(), &descriptor.digest), "*/*")
            .await?;
        self.check(BLOB_CONTENT, &descriptor, &page)?;
        let bytes = page.http.body.to_vec();
        let algorithm = algorithm_of(&descriptor.digest);
        Ok(Some(Value::record(blob(
            bytes,
            algorithm,
            &descriptor.media_type,
        ))))
    }

    /// Checks that the content of a descriptor exists, with that digest and size.
    fn check(
        &mut self,
        requirement: &str,
        descriptor: &Descriptor,
        response: &ParsedResponse,
    ) -> Result<(), Stop> {
        let (spec, catalogue) = (self.context.settings.spec, &self.context.suites.catalogue);
        check_substitutes(&self.context.suites).map_err(Stop::Error)?;
        let Some(level) = catalogue.level(requirement, spec) else {
            return Ok(());
        };
        let Descriptor { digest, size, .. } = descriptor;
        let (status, body) = (response.http.status, &response.http.body);
        let right = status == 200
            && body.len() as u64 == *size
            && is_digest_of(digest, body) != Some(false);
        let verdict = match right {
            true => CheckVerdict::Pass,
            false => CheckVerdict::broken(level),
        };
        let expected = format!("status 200 and the {size} bytes of {digest}");
        let actual = match (status, right) {
            (200, true) => expected.clone(),
            (200, false) => format!("{} bytes of another digest or size", body.len()),
            (status, _) => format!("status {status}"),
        };
        let mut check = Check {
            expected,
            actual,
            exchange: self.runner.exchange_count().checked_sub(1),
            ..Check::new(requirement, level, verdict)
        };
        let difference = check.difference();
        check.message = format!("GET content that an existing manifest refers to: {difference}");
        self.checks.push(check);
        Ok(())
    }

    fn repo(&self) -> String {
        self.context.settings.repo.clone()
    }

    async fn pull(&mut self, endpoint: Endpoint, accept: &str) -> Result<ParsedResponse, Stop> {
        let url = endpoint.url(self.context.target.base());
        let step = "GET existing content";
        let request = Request {
            headers: vec![("Accept".to_owned(), accept.to_owned())],
            ..Request::bare(Method::GET, url, step)
        };
        let exchanged = self.runner.send(request.clone()).await?;
        self.runner.parse_response(&request, exchanged)
    }
}

/// A pulled manifest as a fixture's value: with the registry's own digest, where that is right.
fn manifest(page: &ParsedResponse) -> Record {
    let body = page.http.body.to_vec();
    let digest = page.header("docker-content-digest").unwrap_or_default();
    let algorithm = match is_digest_of(&digest, &body) {
        Some(true) => algorithm_of(&digest),
        _ => Algorithm::Sha256,
    };
    let said = page.header("content-type").unwrap_or_default();
    let media_type = said.split(';').next().unwrap_or_default().trim();
    blob(body, algorithm, media_type)
}

fn algorithm_of(digest: &str) -> Algorithm {
    let name = digest.split(':').next().unwrap_or_default();
    name.parse().unwrap_or_default()
}

fn descriptor(json: Option<&Json>) -> Option<Descriptor> {
    let text = |name: &str| json?.get(name)?.as_str().map(str::to_owned);
    Some(Descriptor {
        media_type: text("mediaType")?,
        digest: text("digest")?,
        size: json?.get("size")?.as_u64()?,
    })
}

/// The layers in the registry itself that are small enough to be pulled, the smallest first.
fn layers(json: &Json) -> Vec<Descriptor> {
    let layers = json.get("layers").and_then(Json::as_array);
    let here = layers
        .into_iter()
        .flatten()
        .filter(|one| one.get("urls").is_none());
    let mut layers: Vec<_> = here.filter_map(|one| descriptor(Some(one))).collect();
    layers.retain(|one| one.size <= MAX_BLOB);
    layers.sort_by_key(|one| one.size);
    layers
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::suite::Sources;

    #[test]
    fn there_are_fixtures_to_replace_and_requirements_to_check() {
        let suites = Suites::load(&Sources::embedded()).unwrap();
        let replaced = suites
            .fixtures
            .iter()
            .filter(|(_, one)| one.existing.is_some());
        assert!(replaced.count() >= 5);
        assert_eq!(check_substitutes(&suites), Ok(()));
    }

    #[test]
    fn the_smallest_layer_comes_first_and_foreign_ones_are_left_out() {
        let layer = |size: u64| serde_json::json!({"mediaType": "a/b", "digest": format!("sha256:{size}"), "size": size});
        let mut foreign = layer(1);
        foreign["urls"] = serde_json::json!(["https://elsewhere.example"]);
        let json =
            serde_json::json!({"layers": [layer(9), foreign, layer(3), layer(MAX_BLOB + 1)]});
        let sizes: Vec<u64> = layers(&json).iter().map(|one| one.size).collect();
        assert_eq!(sizes, [3, 9]);
    }
}
