//! Rules for registries without the referrers API: the client reads and maintains the list under the referrers tag.

use serde_json::Value;

use crate::client_test::content::INDEX_TYPE;
use crate::client_test::exchanges::Seen;
use crate::client_test::format::Action;
use crate::client_test::trial::Trial;
use crate::fixture::{Algorithm, digest_of, referrers_tag};
use crate::registry::{ApiResponse, Endpoint};
use crate::traffic::Finding;

/// The referrers tag of the trial.
fn tag(trial: &Trial) -> String {
    referrers_tag(&trial.content.subject().0.digest)
}

fn is_tag_request(seen: &Seen, methods: &[&str], tag: &str) -> bool {
    let of_tag =
        matches!(&seen.request.endpoint, Endpoint::Manifest(_, reference) if reference == tag);
    of_tag && methods.contains(&seen.request.method.as_str())
}

fn first(trial: &Trial, methods: &[&str]) -> Option<usize> {
    let tag = tag(trial);
    trial
        .seen
        .iter()
        .position(|seen| is_tag_request(seen, methods, &tag))
}

/// The artifact that the client pushed: its exchange, digest and manifest.
fn artifact(trial: &Trial) -> Option<(usize, Value)> {
    trial.seen.iter().enumerate().find_map(|(at, seen)| {
        let pushed =
            matches!(seen.request.endpoint, Endpoint::Manifest(..)) && seen.request.is("PUT");
        let manifest: Value = serde_json::from_slice(&seen.request.body).ok()?;
        let attached = manifest.get("subject").is_some_and(|it| !it.is_null());
        (pushed && attached && seen.response.succeeds()).then_some((at, manifest))
    })
}

/// What the referrers tag leads to after the trial.
fn stored(trial: &Trial) -> Option<ApiResponse> {
    let response = trial.stored_at(&trial.name, &format!("manifests/{}", tag(trial)));
    (response.status == 200).then_some(response)
}

/// The list under the referrers tag after the trial.
fn list(trial: &Trial) -> Option<Value> {
    serde_json::from_slice(&stored(trial)?.body).ok()
}

/// The media type of a manifest: its field, which a manifest may lack, or its Content-Type.
fn media_type(manifest: &[u8], content_type: Option<&str>) -> Option<String> {
    let manifest: Value = serde_json::from_slice(manifest).unwrap_or_default();
    let field = manifest.get("mediaType").and_then(Value::as_str);
    let bare = |header: &str| header.split(';').next().unwrap_or(header).trim().to_owned();
    field.map(str::to_owned).or_else(|| content_type.map(bare))
}

/// The digests of the artifact that the client pushed, or deleted: a descriptor may have any of them.
fn digests(trial: &Trial) -> Vec<String> {
    if trial.setup.asked.action == Action::Delete {
        return vec![trial.content.root().0.digest.clone()];
    }
    let pushed = artifact(trial).and_then(|(at, _)| trial.seen.get(at));
    let algorithms = [Algorithm::Sha256, Algorithm::Sha512];
    pushed.map_or_else(Vec::new, |seen| {
        algorithms
            .map(|algorithm| digest_of(&seen.request.body, algorithm))
            .into()
    })
}

/// Whether a descriptor is of the artifact.
fn is_of(descriptor: &Value, digests: &[String]) -> bool {
    let digest = descriptor.get("digest").and_then(Value::as_str);
    digest.is_some_and(|digest| digests.iter().any(|one| one == digest))
}

/// The descriptors in the list.
fn listed(trial: &Trial) -> Vec<Value> {
    let list = list(trial).unwrap_or_default();
    let listed = list.get("manifests").and_then(Value::as_array).cloned();
    listed.unwrap_or_default()
}

/// The descriptors of the artifact in the list.
fn descriptors(trial: &Trial) -> Vec<Value> {
    let digests = digests(trial);
    let listed = listed(trial).into_iter();
    listed.filter(|one| is_of(one, &digests)).collect()
}

/// A rule that needs an artifact that the client pushed.
fn with_artifact(trial: &Trial, rule: impl Fn(&Value) -> Finding) -> Finding {
    match artifact(trial) {
        Some((at, manifest)) => rule(&manifest).shown_by(at),
        None => Finding::not_exercised("the client pushed no manifest with a subject"),
    }
}

/// The only descriptor of the artifact; rules about its fields need one.
fn with_descriptor(trial: &Trial, rule: impl Fn(&Value, &Value) -> Finding) -> Finding {
    match (artifact(trial), descriptors(trial).first()) {
        (Some((at, manifest)), Some(one)) => rule(&manifest, one).shown_by(at),
        _ => Finding::not_exercised("the list under the referrers tag lacks the artifact"),
    }
}

/// After a 404 from the API, the tag is requested.
pub fn read(trial: &Trial) -> Finding {
    let refused = trial.seen.iter().position(|seen| {
        matches!(seen.request.endpoint, Endpoint::Referrers(..)) && seen.response.status == 404
    });
    let asked = first(trial, &["GET", "HEAD"]);
    let expected = "a request for the referrers tag";
    match (refused, asked) {
        (_, Some(at)) => Finding::holds(expected, "a request").shown_by(at),
        (Some(at), None) => Finding::violated(expected, "none").shown_by(at),
        (None, None) => Finding::not_exercised("the client does not ask for referrers"),
    }
}

/// The list is pulled before it is pushed.
pub fn pull(trial: &Trial) -> Finding {
    let expected = "a request for the referrers tag before the push to it";
    match (first(trial, &["PUT"]), first(trial, &["GET", "HEAD"])) {
        (None, _) => Finding::not_exercised("the client does not push the referrers tag"),
        (Some(put), Some(get)) if get < put => {
            Finding::holds(expected, "a request before").shown_by(get)
        }
        (Some(put), _) => Finding::violated(expected, "none before").shown_by(put),
    }
}

/// The list is pushed to the tag.
pub fn push(trial: &Trial) -> Finding {
    with_artifact(trial, |_| {
        let pushed = first(trial, &["PUT"]).is_some();
        let actual = if pushed { "a PUT" } else { "no PUT" };
        Finding::of(pushed, "PUT of the list to the referrers tag", actual)
    })
}

/// A registry that answers with OCI-Subject lists the artifact by itself: the tag is not pushed after that.
pub fn needless(trial: &Trial) -> Finding {
    let listed = artifact(trial).map(|(at, _)| at).filter(|at| {
        let response = trial.seen.get(*at).map(|seen| &seen.response);
        response.is_some_and(|it| it.header("oci-subject").is_some())
    });
    let Some(listed) = listed else {
        return Finding::not_exercised("the client got no OCI-Subject");
    };
    let tag = tag(trial);
    let later = trial.seen.iter().enumerate().skip(listed + 1);
    let mut puts = later.filter(|(_, seen)| is_tag_request(seen, &["PUT"], &tag));
    let expected = "no PUT of the referrers tag after OCI-Subject";
    match puts.next() {
        Some((at, _)) => Finding::violated(expected, "a PUT").shown_by(at),
        None => Finding::holds(expected, "none").shown_by(listed),
    }
}

/// The list is an image index.
pub fn index(trial: &Trial) -> Finding {
    let Some(list) = stored(trial) else {
        return Finding::not_exercised("the referrers tag does not exist");
    };
    let found = media_type(&list.body, list.header("content-type"));
    let holds = found.as_deref() == Some(INDEX_TYPE);
    let actual = found.unwrap_or_else(|| "no media type".to_owned());
    Finding::of(holds, "an image index under the referrers tag", actual)
}

/// The list has the artifact. A client that pushes no list violates another requirement.
pub fn append(trial: &Trial) -> Finding {
    if !trial.seen.iter().any(pushes_index) {
        return Finding::not_exercised("the client pushes no image index");
    }
    with_artifact(trial, |_| {
        let listed = descriptors(trial).len();
        let actual = format!("{listed} descriptors of it");
        Finding::of(
            listed > 0,
            "the artifact in the list under the referrers tag",
            actual,
        )
    })
}

fn pushes_index(seen: &Seen) -> bool {
    let pushed = matches!(seen.request.endpoint, Endpoint::Manifest(..)) && seen.request.is("PUT");
    let content_type = seen.request.header("content-type");
    pushed && media_type(&seen.request.body, content_type).as_deref() == Some(INDEX_TYPE)
}

/// The list has the artifact once.
pub fn once(trial: &Trial) -> Finding {
    with_descriptor(trial, |_, _| {
        let listed = descriptors(trial).len();
        Finding::of(
            listed == 1,
            "one descriptor",
            format!("{listed} descriptors"),
        )
    })
}

/// What was in the list before the client came is still in it.
pub fn kept(trial: &Trial) -> Finding {
    let Some(put) = first(trial, &["PUT"]) else {
        return Finding::not_exercised("the client does not push the referrers tag");
    };
    let digests = digests(trial);
    let others = listed(trial)
        .iter()
        .filter(|one| !is_of(one, &digests))
        .count();
    let expected = "the descriptors of before in the list under the referrers tag";
    Finding::of(others > 0, expected, format!("{others} other descriptors")).shown_by(put)
}

/// A list that is no list is left as it is, and the client fails.
pub fn unexpected(trial: &Trial) -> Finding {
    let Some(read) = first(trial, &["GET"]) else {
        return Finding::not_exercised("the client does not read the referrers tag");
    };
    let expected = "a failure, and no PUT of the referrers tag";
    let put = first(trial, &["PUT"]).is_some();
    let actual = format!(
        "{}, {}",
        trial.ending(),
        if put { "a PUT" } else { "no PUT" }
    );
    let fails = !trial.succeeded() && !trial.hung();
    Finding::of(fails && !put, expected, actual).shown_by(read)
}

/// The position of the request that deleted the artifact.
fn deletion(trial: &Trial) -> Option<usize> {
    let digests = digests(trial);
    trial.seen.iter().position(|seen| {
        let of_artifact = |digest: &String| is_tag_request(seen, &["DELETE"], digest);
        digests.iter().any(of_artifact) && seen.response.succeeds()
    })
}

/// A rule for a client that deleted the artifact; `what` it has to do, and whether it did.
fn after_deletion(trial: &Trial, what: &str, did: bool) -> Finding {
    match deletion(trial) {
        Some(at) => Finding::of(did, what, if did { "done" } else { "not done" }).shown_by(at),
        None => Finding::not_exercised("the client deleted no manifest by digest"),
    }
}

/// Whoever deletes a manifest with a subject pulls the list.
pub fn delete_pull(trial: &Trial) -> Finding {
    let pulled = first(trial, &["GET"]).is_some();
    after_deletion(trial, "GET of the referrers tag", pulled)
}

/// Whoever deletes a manifest with a subject removes it from the list.
pub fn delete_remove(trial: &Trial) -> Finding {
    let removed = descriptors(trial).is_empty();
    after_deletion(trial, "a list without the deleted manifest", removed)
}

/// Whoever deletes a manifest with a subject pushes the list.
pub fn delete_push(trial: &Trial) -> Finding {
    let pushed = first(trial, &["PUT"]).is_some();
    after_deletion(trial, "PUT of the referrers tag", pushed)
}

/// The type of an artifact. An empty one is none.
fn type_of(manifest: &Value) -> Option<&Value> {
    let found = manifest.get("artifactType");
    found.filter(|it| !it.is_null() && it.as_str() != Some(""))
}

/// The descriptor of an artifact without a type has the type of its config.
pub fn config_type(trial: &Trial) -> Finding {
    with_descriptor(trial, |manifest, one| {
        match (type_of(manifest), manifest.pointer("/config/mediaType")) {
            (Some(_), _) => Finding::not_exercised("the artifact has an artifactType"),
            (None, None) => Finding::not_exercised("the artifact has no config"),
            (None, config) => has_type(config, one),
        }
    })
}

/// The descriptor has the artifact's type.
pub fn artifact_type(trial: &Trial) -> Finding {
    with_descriptor(trial, |manifest, one| match type_of(manifest) {
        Some(wanted) => has_type(Some(wanted), one),
        None => Finding::not_exercised("the artifact has no artifactType"),
    })
}

fn has_type(wanted: Option<&Value>, descriptor: &Value) -> Finding {
    let shown = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str);
        text.map_or("no artifactType".to_owned(), |it| {
            format!("artifactType {it}")
        })
    };
    let found = descriptor.get("artifactType");
    Finding::of(found == wanted, shown(wanted), shown(found))
}

/// The descriptor has all annotations of the artifact. It may have others.
pub fn annotations(trial: &Trial) -> Finding {
    with_descriptor(trial, |manifest, one| {
        let wanted = manifest.get("annotations").and_then(Value::as_object);
        let Some(wanted) = wanted.filter(|all| !all.is_empty()) else {
            return Finding::not_exercised("the artifact has no annotations");
        };
        let found = one.get("annotations");
        let has = |(name, value)| found.and_then(|it| it.get(name)) == Some(value);
        let expected = Value::Object(wanted.clone()).to_string();
        let actual = found.map_or("no annotations".to_owned(), ToString::to_string);
        Finding::of(wanted.iter().all(has), expected, actual)
    })
}
