//! Fetching a report.

use std::path::Path;

use super::artifact::{Manifest, ReportFile, format_of};
use super::error::PublishError;
use super::referrers;
use super::repository::{FoundManifest, Repository};
use crate::report::{self, Format};

/// A report that was fetched.
#[derive(Debug)]
pub struct Fetched {
    /// The digest of its manifest.
    pub digest: String,
    /// Its files: report.json first.
    pub files: Vec<ReportFile>,
    /// The names of files that no report of this version has: they were not fetched.
    pub unknown: Vec<String>,
}

/// Fetches the report at `reference`, a tag or a digest; or the newest report whose subject is the image there. `shown` names
/// it in messages. Nothing is returned unless every file has its digest and report.json can be read.
///
/// # Errors
/// When there is no report, a file has other bytes than its digest says, or the registry refuses a request or does not
/// respond.
pub async fn fetch(
    repository: &Repository<'_>,
    reference: &str,
    shown: &str,
) -> Result<Fetched, PublishError> {
    let named = pull(repository, reference, shown).await?;
    let manifest = read(&named)?;
    let (found, manifest) = match manifest.is_report() {
        true => (named, manifest),
        false => of_subject(repository, &named, &manifest, shown).await?,
    };
    let mut files: Vec<ReportFile> = Vec::new();
    let mut unknown = Vec::new();
    for layer in &manifest.layers {
        let title = layer.title().unwrap_or_default();
        match format_of(title) {
            Some(format) if files.iter().any(|file| file.format == format) => {}
            Some(format) => {
                let bytes = repository.blob(format.file(), layer).await?;
                files.push(ReportFile { format, bytes });
            }
            None => unknown.push(report::sanitize_line(title).into_owned()),
        }
    }
    files.sort_by_key(|file| file.format != Format::Json);
    match files.first() {
        Some(first) if first.format == Format::Json => {
            report::read_bytes(Path::new("report.json"), &first.bytes)?;
        }
        _ => {
            return Err(PublishError::NoReport {
                reference: shown.to_owned(),
                found: "it has no file report.json".to_owned(),
            });
        }
    }
    Ok(Fetched {
        digest: found.descriptor.digest,
        files,
        unknown,
    })
}

/// The newest report about an image.
async fn of_subject(
    repository: &Repository<'_>,
    image: &FoundManifest,
    manifest: &Manifest,
    shown: &str,
) -> Result<(FoundManifest, Manifest), PublishError> {
    let newest = referrers::newest_report(repository, &image.descriptor.digest).await?;
    let Some(newest) = newest else {
        let kind = manifest
            .artifact_type
            .as_ref()
            .unwrap_or(&image.descriptor.media_type);
        return Err(PublishError::NoReport {
            reference: shown.to_owned(),
            found: report::sanitize_line(kind).into_owned(),
        });
    };
    let found = pull(repository, &newest.digest, shown).await?;
    let manifest = read(&found)?;
    match manifest.is_report() {
        true => Ok((found, manifest)),
        false => Err(PublishError::Malformed {
            what: "list the referrers".to_owned(),
            problem: format!(
                "{} is listed as a report, and its manifest is none",
                newest.digest
            ),
        }),
    }
}

async fn pull(
    repository: &Repository<'_>,
    reference: &str,
    shown: &str,
) -> Result<FoundManifest, PublishError> {
    let found = repository.manifest(reference).await?;
    found.ok_or_else(|| PublishError::Malformed {
        what: "pull the report".to_owned(),
        problem: format!("there is no manifest {shown}"),
    })
}

fn read(found: &FoundManifest) -> Result<Manifest, PublishError> {
    serde_json::from_slice(&found.bytes).map_err(|error| PublishError::Malformed {
        what: "read the manifest".to_owned(),
        problem: error.to_string(),
    })
}
