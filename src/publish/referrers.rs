//! The referrers of an image: the API, and the tag that clients keep where a registry does not have it (section "Referrers
//! Tag Schema").

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::artifact::{ARTIFACT_TYPE, CREATED, Descriptor, INDEX, Manifest};
use super::error::PublishError;
use super::reference::is_sha_digest;
use super::repository::Repository;
use crate::fixture::referrers_tag;

/// The part of an index that is read.
#[derive(Debug, Deserialize)]
struct Index {
    #[serde(default)]
    manifests: Vec<Descriptor>,
}

/// The newest report among the referrers of a digest, by the time of its run.
///
/// # Errors
/// When the registry refuses the list, or it is malformed.
pub async fn newest_report(
    repository: &Repository<'_>,
    digest: &str,
) -> Result<Option<Descriptor>, PublishError> {
    let what = "list the referrers";
    let listed: Index = match repository.referrers(digest).await? {
        Some(bytes) => read(what, &bytes)?,
        None => match repository.manifest(&referrers_tag(digest)).await? {
            Some(found) => read(what, &found.bytes)?,
            None => return Ok(None),
        },
    };
    Ok(newest(listed.manifests))
}

fn newest(manifests: Vec<Descriptor>) -> Option<Descriptor> {
    let reports = manifests
        .into_iter()
        .filter(|one| one.artifact_type.as_deref() == Some(ARTIFACT_TYPE))
        // A digest is a part of messages and of paths.
        .filter(|one| is_sha_digest(&one.digest));
    reports.max_by(|a, b| a.annotations.get(CREATED).cmp(&b.annotations.get(CREATED)))
}

/// Adds a report to the tag that lists the referrers of its subject. Two clients at once may lose an entry: the tag schema
/// has no remedy.
///
/// # Errors
/// When the registry refuses it, or the tag is something else than an index.
pub async fn add_to_tag(
    repository: &Repository<'_>,
    subject: &str,
    manifest: &Manifest,
    pushed: Descriptor,
) -> Result<(), PublishError> {
    let tag = referrers_tag(subject);
    let what = "add the report to the referrers tag";
    let malformed = |problem: String| PublishError::Malformed {
        what: what.to_owned(),
        problem,
    };
    // The other entries stay as they are, with whatever they contain.
    let mut index: Value = match repository.manifest(&tag).await? {
        Some(found) => read(what, &found.bytes)?,
        None => json!({ "schemaVersion": 2, "mediaType": INDEX, "manifests": [] }),
    };
    let Some(manifests) = index.get_mut("manifests").and_then(Value::as_array_mut) else {
        return Err(malformed(format!("the tag {tag} is no image index")));
    };
    let listed = Descriptor {
        artifact_type: manifest.artifact_type.clone(),
        annotations: manifest.annotations.clone(),
        ..pushed
    };
    manifests.retain(|one| one.get("digest").and_then(Value::as_str) != Some(&listed.digest));
    manifests.push(serde_json::to_value(&listed).map_err(|error| malformed(error.to_string()))?);
    let bytes = index.to_string().into_bytes();
    repository.push_manifest(&tag, INDEX, bytes.into()).await?;
    Ok(())
}

fn read<T: DeserializeOwned>(what: &str, bytes: &[u8]) -> Result<T, PublishError> {
    serde_json::from_slice(bytes).map_err(|error| PublishError::Malformed {
        what: what.to_owned(),
        problem: format!("the response is no image index: {error}"),
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_newest_report_is_chosen_and_nothing_else() {
        let one = |kind: &str, created: &str| {
            let mut descriptor = Descriptor::of(kind, created.as_bytes());
            descriptor.artifact_type = Some(kind.to_owned());
            descriptor
                .annotations
                .insert(CREATED.to_owned(), created.to_owned());
            descriptor
        };
        let old = one(ARTIFACT_TYPE, "2026-01-01T00:00:00Z");
        let new = one(ARTIFACT_TYPE, "2026-02-01T00:00:00Z");
        let signature = one("application/x-signature", "2027-01-01T00:00:00Z");
        let mut forged = one(ARTIFACT_TYPE, "2027-01-01T00:00:00Z");
        forged.digest = "sha256:\u{1b}[2J\n::error::no".to_owned();
        let found = newest(vec![old, new.clone(), signature.clone(), forged]);
        assert_eq!(found, Some(new));
        assert_eq!(newest(vec![signature]), None);
    }
}
