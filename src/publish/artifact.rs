//! The manifest of a report: an OCI image manifest with an artifact type, an empty config, and a layer for each file
//! (image specification, "Guidelines for Artifact Usage").

use std::collections::BTreeMap;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::fixture::{Algorithm, digest_of};
use crate::record::Run;
use crate::report::{self, Format, RenderError};

/// The artifact type of a report.
pub const ARTIFACT_TYPE: &str = "application/vnd.oci-assay.report.v1+json";

pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The media type of an empty config (image specification, "Guidance for an Empty Descriptor").
const EMPTY: &str = "application/vnd.oci.empty.v1+json";

/// The content of an empty config.
pub(super) const EMPTY_CONFIG: &[u8] = b"{}";

/// The annotation with the name of a file: clients that pull artifacts write the layer to it.
const TITLE: &str = "org.opencontainers.image.title";
pub(super) const CREATED: &str = "org.opencontainers.image.created";

/// A descriptor (image specification, "OCI Content Descriptors").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    pub media_type: String,
    pub digest: String,
    pub size: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    pub fn of(media_type: &str, bytes: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: digest_of(bytes, Algorithm::Sha256),
            size: bytes.len() as u64,
            artifact_type: None,
            annotations: BTreeMap::new(),
        }
    }

    /// The name of the file that the descriptor is for.
    pub fn title(&self) -> Option<&str> {
        self.annotations.get(TITLE).map(String::as_str)
    }
}

/// A manifest, as far as a report needs it. Other manifests are read too: what they lack is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    pub schema_version: u8,
    #[serde(default)]
    pub media_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<Descriptor>,
    #[serde(default)]
    pub layers: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of a run with these files.
    pub fn of(run: &Run, files: &[ReportFile], subject: Option<Descriptor>) -> Self {
        Self {
            schema_version: 2,
            media_type: MANIFEST.to_owned(),
            artifact_type: Some(ARTIFACT_TYPE.to_owned()),
            config: Some(Descriptor::of(EMPTY, EMPTY_CONFIG)),
            layers: files.iter().map(ReportFile::descriptor).collect(),
            subject,
            annotations: annotations(run),
        }
    }

    /// Whether it is a report.
    pub fn is_report(&self) -> bool {
        self.artifact_type.as_deref() == Some(ARTIFACT_TYPE)
    }
}

/// What a list of referrers shows of a report. The time is that of the run, so that the same report has the same digest.
fn annotations(run: &Run) -> BTreeMap<String, String> {
    let of_assay = |name: &str| format!("vnd.oci-assay.{name}");
    BTreeMap::from([
        (CREATED.to_owned(), run.started.clone()),
        (of_assay("verdict"), run.verdict.to_string()),
        (of_assay("target"), run.target.url.clone()),
        (of_assay("spec"), run.spec.to_string()),
        (of_assay("version"), run.tool.version.clone()),
    ])
}

/// A file of a report.
#[derive(Debug, Clone)]
pub struct ReportFile {
    pub format: Format,
    pub bytes: Bytes,
}

impl ReportFile {
    /// The files of a run: report.json first, which every artifact has.
    ///
    /// # Errors
    /// When a format cannot express the run.
    pub fn all(run: &Run, formats: &[Format]) -> Result<Vec<Self>, RenderError> {
        let others = formats.iter().filter(|format| **format != Format::Json);
        let all = std::iter::once(&Format::Json).chain(others);
        all.map(|format| {
            let text = report::render(run, *format)?;
            Ok(Self {
                format: *format,
                bytes: text.into(),
            })
        })
        .collect()
    }

    fn descriptor(&self) -> Descriptor {
        let mut descriptor = Descriptor::of(media_type(self.format), &self.bytes);
        let title = (TITLE.to_owned(), self.format.file().to_owned());
        descriptor.annotations.extend([title]);
        descriptor
    }
}

const fn media_type(format: Format) -> &'static str {
    match format {
        Format::Json | Format::Har => "application/json",
        Format::Junit => "application/xml",
        Format::Html => "text/html",
        Format::Markdown => "text/markdown",
        Format::Official => "application/yaml",
        Format::Badge => "image/svg+xml",
    }
}

/// The format whose file has this name.
pub fn format_of(title: &str) -> Option<Format> {
    let mut formats = Format::ALL.iter().copied();
    formats.find(|format| format.file() == title)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_report_is_an_artifact_with_an_empty_config() {
        let run = sample::all_states();
        let files = ReportFile::all(&run, &[Format::Html, Format::Json]).unwrap();
        let image = Descriptor::of(MANIFEST, b"image");
        let manifest = Manifest::of(&run, &files, Some(image.clone()));
        let json = serde_json::to_value(&manifest).unwrap();
        assert_eq!(json["artifactType"], ARTIFACT_TYPE);
        assert_eq!(json["config"]["mediaType"], EMPTY);
        assert_eq!(
            json["config"]["digest"],
            "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
        );
        assert_eq!(json["layers"][0]["annotations"][TITLE], "report.json");
        assert_eq!(json["layers"][1]["mediaType"], "text/html");
        assert_eq!(json["subject"]["digest"], image.digest.as_str());
        assert_eq!(
            json["annotations"]["vnd.oci-assay.verdict"],
            "non-conformant"
        );
        let read: Manifest = serde_json::from_value(json).unwrap();
        assert_eq!(read, manifest);
        assert!(read.is_report());
    }

    #[test]
    fn every_file_has_a_format_of_its_own() {
        for format in Format::ALL {
            assert_eq!(format_of(format.file()), Some(*format));
        }
        assert_eq!(format_of("../report.json"), None);
    }
}
