//! Publishing a report.

use super::artifact::{Descriptor, EMPTY_CONFIG, MANIFEST, Manifest, ReportFile};
use super::error::PublishError;
use super::referrers;
use super::repository::Repository;
use crate::client::Settings;
use crate::record::Run;

/// A report in a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The digest of its manifest.
    pub digest: String,
    /// The digest of the image that it is about.
    pub subject: Option<String>,
    /// The size of all files, in bytes.
    pub size: u64,
}

/// Pushes a report: its files first, then the manifest, by `tag` or else by its digest. `subject` is a tag or a digest of
/// the same repository.
///
/// # Errors
/// When a file is too large, the subject does not exist, or the registry refuses a request or does not respond.
pub async fn publish(
    repository: &Repository<'_>,
    run: &Run,
    files: &[ReportFile],
    tag: Option<&str>,
    subject: Option<&str>,
) -> Result<Published, PublishError> {
    let limit = Settings::default().largest_body;
    if let Some(file) = files.iter().find(|file| file.bytes.len() > limit) {
        return Err(PublishError::TooLarge {
            file: file.format.file(),
            size: file.bytes.len(),
            limit,
        });
    }
    let subject = match subject {
        Some(reference) => Some(find_subject(repository, reference).await?),
        None => None,
    };
    let manifest = Manifest::of(run, files, subject.clone());
    for (file, layer) in files.iter().zip(&manifest.layers) {
        let bytes = file.bytes.clone();
        repository
            .push_blob(file.format.file(), bytes, &layer.digest)
            .await?;
    }
    if let Some(config) = &manifest.config {
        repository
            .push_blob("the empty config", EMPTY_CONFIG.into(), &config.digest)
            .await?;
    }
    let bytes = serde_json::to_vec(&manifest).map_err(|error| PublishError::Malformed {
        what: "write the manifest".to_owned(),
        problem: error.to_string(),
    })?;
    let pushed = Descriptor::of(MANIFEST, &bytes);
    let reference = tag.unwrap_or(&pushed.digest);
    let listed = repository
        .push_manifest(reference, MANIFEST, bytes.into())
        .await?;
    if let Some(subject) = &subject
        && !listed
    {
        referrers::add_to_tag(repository, &subject.digest, &manifest, pushed.clone()).await?;
    }
    Ok(Published {
        digest: pushed.digest,
        subject: subject.map(|subject| subject.digest),
        size: manifest.layers.iter().map(|layer| layer.size).sum(),
    })
}

/// The descriptor of the image that a report is about, without its annotations.
async fn find_subject(
    repository: &Repository<'_>,
    reference: &str,
) -> Result<Descriptor, PublishError> {
    match repository.manifest(reference).await? {
        Some(found) => Ok(found.descriptor),
        None => Err(PublishError::Malformed {
            what: "find the subject".to_owned(),
            problem: format!(
                "there is no manifest {reference} in {}: push the image first",
                repository.name
            ),
        }),
    }
}
