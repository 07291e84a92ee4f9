//! The registry of a trial, before the client comes.

use serde_json::json;

use super::content::{Blob, Content, IMAGE_TYPE, INDEX_TYPE, Image};
use super::format::{Action, LoginKind};
use super::scenario::Setup;
use super::secrets::{Secrets, USER};
use crate::registry::{self, ApiRequest, Options, Scheme, StoredContent};

/// The tag of the image.
pub const TAG: &str = "v1";

/// The tags of the repository where a client lists them: more than a page of the variant `tags-paged`.
pub const MORE_TAGS: [&str; 7] = ["a", "b", "c", "d", "e", "f", "g"];

/// The artifact type of what a client attaches, or finds attached.
pub const ARTIFACT_TYPE: &str = "application/vnd.example.trial";

/// The annotation of the artifact that a client finds attached.
pub const ANNOTATION: (&str, &str) = ("org.example.trial", "attached");

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
        options.login.scheme = match setup.login {
            LoginKind::None => Scheme::Open,
            LoginKind::Basic => Scheme::Basic,
            LoginKind::Bearer => Scheme::Bearer,
        };
    }
    options
}

/// Fills the registry with what the action needs.
///
/// # Errors
/// A sentence, if the registry refuses a manifest.
pub fn fill(
    stored: &StoredContent,
    name: &str,
    setup: &Setup,
    content: &Content,
) -> Result<(), String> {
    if setup.action == Action::Push {
        return Ok(());
    }
    for image in [&content.other, &content.image] {
        put_image(stored, name, image)?;
    }
    let (root, media_type) = content.root();
    put_manifest(stored, name, &root.digest, media_type, root)?;
    put_manifest(stored, name, TAG, media_type, root)?;
    match setup.action {
        Action::Tags => {
            for tag in MORE_TAGS {
                put_manifest(stored, name, tag, media_type, root)?;
            }
        }
        Action::Referrers => attach(stored, name, root, media_type)?,
        _ => {}
    }
    Ok(())
}

fn put_image(stored: &StoredContent, name: &str, image: &Image) -> Result<(), String> {
    for blob in [&image.config, &image.layer] {
        stored.put_blob(name, &blob.digest, blob.bytes.clone());
    }
    put_manifest(
        stored,
        name,
        &image.manifest.digest,
        IMAGE_TYPE,
        &image.manifest,
    )
}

fn put_manifest(
    stored: &StoredContent,
    name: &str,
    reference: &str,
    media_type: &str,
    manifest: &Blob,
) -> Result<(), String> {
    let path = format!("/v2/{name}/manifests/{reference}");
    let mut request = ApiRequest::new("PUT", "http://localhost", &path);
    let header = ("content-type".to_owned(), media_type.to_owned());
    request.headers.push(header);
    request.body = manifest.bytes.clone();
    let response = stored.request(&request);
    match response.status {
        201 => Ok(()),
        status => Err(format!(
            "the bundled registry refuses {path} of the scenario: {status} {}",
            String::from_utf8_lossy(&response.body)
        )),
    }
}

/// An artifact whose subject is the image, and its list under the referrers tag for a registry without the API.
fn attach(
    stored: &StoredContent,
    name: &str,
    subject: &Blob,
    media_type: &str,
) -> Result<(), String> {
    let empty = Blob::new("{}");
    stored.put_blob(name, &empty.digest, empty.bytes.clone());
    let artifact = artifact(subject, media_type);
    put_manifest(stored, name, &artifact.digest, IMAGE_TYPE, &artifact)?;
    let listed = ApiRequest::new(
        "GET",
        "http://localhost",
        &format!("/v2/{name}/referrers/{}", subject.digest),
    );
    if stored.request(&listed).status == 200 {
        return Ok(());
    }
    let list = json!({
        "schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [{
            "mediaType": IMAGE_TYPE, "digest": artifact.digest, "size": artifact.bytes.len(),
            "artifactType": ARTIFACT_TYPE, "annotations": {ANNOTATION.0: ANNOTATION.1},
        }],
    });
    let tag = subject.digest.replace(':', "-");
    put_manifest(stored, name, &tag, INDEX_TYPE, &Blob::new(list.to_string()))
}

/// The artifact that is attached to a subject.
pub fn artifact(subject: &Blob, media_type: &str) -> Blob {
    let empty = Blob::new("{}");
    let described = json!({
        "mediaType": "application/vnd.oci.empty.v1+json", "digest": empty.digest, "size": empty.bytes.len(),
    });
    let manifest = json!({
        "schemaVersion": 2, "mediaType": IMAGE_TYPE, "artifactType": ARTIFACT_TYPE,
        "config": described, "layers": [described],
        "subject": {"mediaType": media_type, "digest": subject.digest, "size": subject.bytes.len()},
        "annotations": {ANNOTATION.0: ANNOTATION.1},
    });
    Blob::new(manifest.to_string())
}
