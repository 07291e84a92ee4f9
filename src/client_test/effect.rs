//! What an action of a client has to bring about.

use super::format::{Action, Attached};
use super::setup::{ARTIFACT_TYPE, MORE_TAGS, OTHER_TYPE, TAG};
use super::trial::Trial;
use crate::fixture::referrers_tag;

/// Whether the action of a trial had its effect.
///
/// # Errors
/// What the action did not do.
pub fn effect(trial: &Trial) -> Result<(), String> {
    let output = trial.output();
    let (root, _) = trial.content.root();
    match trial.setup.asked.action {
        Action::Pull if trial.landed.expected => Ok(()),
        Action::Pull => Err(trial.landed.describe().to_owned()),
        Action::Push => is_complete(trial, &trial.name),
        Action::Copy => is_complete(trial, &trial.copy),
        Action::Tags => [TAG].iter().chain(&MORE_TAGS).try_for_each(|tag| {
            let listed = output.split(|letter: char| !letter.is_alphanumeric());
            match listed.into_iter().any(|word| word == *tag) {
                true => Ok(()),
                false => Err(format!("the tag `{tag}` is not in the output")),
            }
        }),
        Action::Delete => {
            let deleted = match trial.setup.asked.by_digest {
                true => root.digest.as_str(),
                false => TAG,
            };
            match trial
                .stored_at(&trial.name, &format!("manifests/{deleted}"))
                .status
            {
                404 => Ok(()),
                _ => Err(format!("`{deleted}` still exists")),
            }
        }
        Action::Attach => is_listed(trial),
        Action::Referrers => lists(trial, &output),
        Action::Resolve => contains(&output, &root.digest),
    }
}

fn contains(output: &str, text: &str) -> Result<(), String> {
    match output.contains(text) {
        true => Ok(()),
        false => Err(format!("the output does not contain `{text}`")),
    }
}

/// The client lists what is attached, and nothing else.
fn lists(trial: &Trial, output: &str) -> Result<(), String> {
    let asked = &trial.setup.asked;
    match asked.attached {
        Attached::Nothing | Attached::NoList => finds_nothing(output),
        Attached::Artifact => contains(output, ARTIFACT_TYPE),
        Attached::TwoArtifacts => {
            contains(output, ARTIFACT_TYPE)?;
            match (output.contains(OTHER_TYPE), asked.filtered) {
                (false, false) => contains(output, OTHER_TYPE),
                (true, true) => Err(format!("the output contains `{OTHER_TYPE}`, too")),
                _ => Ok(()),
            }
        }
    }
}

/// # Errors
/// What the client lists although it is not attached.
pub fn finds_nothing(output: &str) -> Result<(), String> {
    match output.contains(ARTIFACT_TYPE) {
        true => Err(format!("the output contains `{ARTIFACT_TYPE}`")),
        false => Ok(()),
    }
}

/// The artifact is in the list of referrers, of the API or under the tag.
fn is_listed(trial: &Trial) -> Result<(), String> {
    let (subject, _) = trial.content.subject();
    let paths = [
        format!("referrers/{}", subject.digest),
        format!("manifests/{}", referrers_tag(&subject.digest)),
    ];
    let lists = paths.iter().any(|path| {
        let response = trial.stored_at(&trial.name, path);
        let body = String::from_utf8_lossy(&response.body).into_owned();
        response.status == 200 && body.contains(ARTIFACT_TYPE)
    });
    match lists {
        true => Ok(()),
        false => Err("no list of referrers has the artifact".to_owned()),
    }
}

/// # Errors
/// What is missing of the image under the tag.
fn is_complete(trial: &Trial, name: &str) -> Result<(), String> {
    let read = |path: &str| trial.stored_at(name, path);
    let reference = match trial.setup.asked.by_digest {
        true => trial.content.root().0.digest.as_str(),
        false => TAG,
    };
    let manifest = read(&format!("manifests/{reference}"));
    if manifest.status != 200 {
        return Err(format!("`{reference}` does not exist in {name}"));
    }
    let manifest: serde_json::Value = serde_json::from_slice(&manifest.body).unwrap_or_default();
    let layers = manifest.get("layers").and_then(|it| it.as_array());
    let children = manifest.get("manifests").and_then(|it| it.as_array());
    let lists = [layers, children].into_iter().flatten().flatten();
    let named: Vec<&str> = lists
        .chain(manifest.get("config"))
        .filter_map(|one| one.get("digest")?.as_str())
        .collect();
    if named.is_empty() {
        return Err("the manifest names no content".to_owned());
    }
    for digest in named {
        let kinds = ["blobs", "manifests"];
        // A redirect leads to content that exists.
        let exists = kinds
            .iter()
            .any(|kind| read(&format!("{kind}/{digest}")).status < 400);
        if !exists {
            return Err(format!("{name} lacks {digest}"));
        }
    }
    Ok(())
}
