//! The registry of a trial, before the client comes.

use serde_json::{Value, json};

use super::asked::Setup;
use super::content::{Blob, Content, IMAGE_TYPE, INDEX_TYPE, Image};
use super::format::{Action, Attached, ContentKind, LoginKind};
use super::secrets::{Secrets, USER};
use crate::fixture::referrers_tag;
use crate::registry::{self, ApiRequest, Options, Scheme, StoredContent};

/// The tag of the image.
pub const TAG: &str = "v1";

/// The tags of the repository where a client lists them: more than a page of the variant `tags-paged`.
pub const MORE_TAGS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

/// The artifact type of what a client attaches, or finds attached.
pub const ARTIFACT_TYPE: &str = "application/vnd.example.trial";

/// The artifact type of what else is attached.
pub const OTHER_TYPE: &str = "application/vnd.example.unwanted";

/// The annotation of the artifacts that a client finds attached.
const ANNOTATION: (&str, &str) = ("org.example.trial", "attached");

/// The options of the bundled registry for a trial.
pub fn options(setup: &Setup, secrets: &Secrets) -> Options {
    let mut options = Options::default();
    let variants = setup.variants.iter();
    for variant in variants.filter_map(|id| registry::variant(id)) {
        (variant.set)(&mut options);
    }
    options.faults = setup
        .faults
        .iter()
        .filter_map(|id| registry::fault(id))
        .collect();
    options.login.user(USER, secrets.password());
    if options.login.scheme == Scheme::Open {
        options.login.scheme = match setup.asked.login {
            LoginKind::None => Scheme::Open,
            LoginKind::Basic => Scheme::Basic,
            LoginKind::Bearer => Scheme::Bearer,
        };
    }
    options
}

/// A repository of the registry that a trial fills.
pub struct Repository<'a> {
    pub stored: &'a StoredContent,
    pub name: &'a str,
}

impl Repository<'_> {
    /// Puts what the action needs.
    ///
    /// # Errors
    /// A sentence, if the registry refuses a manifest.
    pub fn fill(&self, setup: &Setup, content: &Content) -> Result<(), String> {
        if setup.asked.action == Action::Push {
            return Ok(());
        }
        for image in [&content.other, &content.image] {
            self.put_image(image)?;
        }
        for index in content.indexes.iter().rev() {
            self.put_manifest(&index.digest, INDEX_TYPE, index)?;
        }
        let (root, media_type) = content.root();
        self.put_manifest(TAG, media_type, root)?;
        if setup.asked.action == Action::Tags {
            for tag in MORE_TAGS {
                self.put_manifest(tag, media_type, root)?;
            }
        }
        let (subject, media_type) = content.subject();
        let mut listed = Vec::new();
        if setup.asked.content == ContentKind::Subject {
            listed.push(root.descriptor(IMAGE_TYPE));
        }
        match setup.asked.attached {
            Attached::Nothing => {}
            Attached::Artifact => {
                listed.push(self.attach(subject, media_type, ARTIFACT_TYPE)?);
            }
            Attached::TwoArtifacts => {
                for kind in [ARTIFACT_TYPE, OTHER_TYPE] {
                    listed.push(self.attach(subject, media_type, kind)?);
                }
            }
            Attached::NoList => {
                let tag = referrers_tag(&subject.digest);
                return self.put_manifest(&tag, IMAGE_TYPE, &content.other.manifest);
            }
        }
        self.list_under_tag(subject, &listed)
    }

    fn put_blob(&self, blob: &Blob) {
        self.stored
            .put_blob(self.name, &blob.digest, blob.bytes.clone());
    }

    fn put_image(&self, image: &Image) -> Result<(), String> {
        self.put_blob(&image.config);
        self.put_blob(&image.layer);
        self.put_manifest(&image.manifest.digest, IMAGE_TYPE, &image.manifest)
    }

    fn put_manifest(
        &self,
        reference: &str,
        media_type: &str,
        manifest: &Blob,
    ) -> Result<(), String> {
        let path = format!("/v2/{}/manifests/{reference}", self.name);
        let mut request = ApiRequest::new("PUT", "http://localhost", &path);
        let header = ("content-type".to_owned(), media_type.to_owned());
        request.headers.push(header);
        request.body = manifest.bytes.clone();
        let response = self.stored.request(&request);
        match response.status {
            201 => Ok(()),
            status => Err(format!(
                "the bundled registry refuses {path} of the scenario: {status} {}",
                String::from_utf8_lossy(&response.body)
            )),
        }
    }

    /// Puts an artifact whose subject is the image; gives its descriptor, as a list of referrers has it.
    fn attach(&self, subject: &Blob, media_type: &str, kind: &str) -> Result<Value, String> {
        let empty = Blob::new("{}");
        self.put_blob(&empty);
        let described = empty.descriptor("application/vnd.oci.empty.v1+json");
        let annotations = json!({ANNOTATION.0: ANNOTATION.1});
        let manifest = json!({
            "schemaVersion": 2, "mediaType": IMAGE_TYPE, "artifactType": kind,
            "config": described, "layers": [described],
            "subject": subject.descriptor(media_type), "annotations": annotations,
        });
        let artifact = Blob::new(manifest.to_string());
        self.put_manifest(&artifact.digest, IMAGE_TYPE, &artifact)?;
        Ok(json!({
            "mediaType": IMAGE_TYPE, "digest": artifact.digest, "size": artifact.bytes.len(),
            "artifactType": kind, "annotations": annotations,
        }))
    }

    /// Puts the list of referrers under its tag, where the registry has no API for it.
    fn list_under_tag(&self, subject: &Blob, listed: &[Value]) -> Result<(), String> {
        let path = format!("/v2/{}/referrers/{}", self.name, subject.digest);
        let api = ApiRequest::new("GET", "http://localhost", &path);
        if listed.is_empty() || self.stored.request(&api).status == 200 {
            return Ok(());
        }
        let list = json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": listed});
        let tag = referrers_tag(&subject.digest);
        self.put_manifest(&tag, INDEX_TYPE, &Blob::new(list.to_string()))
    }
}
