//! What a trial is about: an image, another image of the same repository, and where they lie on disk for a push.

use std::io;
use std::path::Path;

use bytes::Bytes;
use rand::Rng as _;
use serde_json::{Value, json};

use super::format::ContentKind;
use crate::fixture::{Algorithm, digest_of};

pub const IMAGE_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar";

/// The path of the only file of a layer.
const PAYLOAD_PATH: &str = "payload.txt";

/// The bytes of that file, unless the layer is to be large.
const PAYLOAD: usize = 4096;
const LARGE_PAYLOAD: usize = 3 * 1024 * 1024;

/// Annotations that make a manifest nearly 4 MB long, the size that every registry accepts.
const LARGE_ANNOTATION: usize = 3_900_000;

/// By how much a wrong size in a manifest differs.
const WRONG_BY: usize = 512;

/// Bytes with their digest.
#[derive(Debug, Clone)]
pub struct Blob {
    pub bytes: Bytes,
    pub digest: String,
}

/// An image of one layer.
#[derive(Debug, Clone)]
pub struct Image {
    pub config: Blob,
    /// An uncompressed archive: a compressed one would be checked by its compression, too.
    pub layer: Blob,
    pub manifest: Blob,
    /// The content of the layer's file: what a client unpacks.
    pub payload: Bytes,
}

/// The content of a trial.
#[derive(Debug)]
pub struct Content {
    pub image: Image,
    /// Another image of the same repository.
    pub other: Image,
    /// The index of the image, where the trial is about one.
    pub index: Option<Blob>,
}

impl Blob {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        let digest = digest_of(&bytes, Algorithm::Sha256);
        Self { bytes, digest }
    }

    fn descriptor(&self, media_type: &str) -> Value {
        json!({"mediaType": media_type, "digest": self.digest, "size": self.bytes.len()})
    }
}

impl Content {
    /// New content, which no client has seen.
    ///
    /// # Errors
    /// None in practice: the archive is written to memory.
    pub fn new(kind: ContentKind) -> io::Result<Self> {
        let image = Image::new(kind)?;
        let index = (kind == ContentKind::Index).then(|| {
            let mut child = image.manifest.descriptor(IMAGE_TYPE);
            set(
                &mut child,
                "platform",
                json!({"architecture": "amd64", "os": "linux"}),
            );
            let index = json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [child]});
            Blob::new(index.to_string())
        });
        Ok(Self {
            image,
            other: Image::new(ContentKind::Image)?,
            index,
        })
    }

    /// The manifest that the tag leads to, with its media type.
    pub fn root(&self) -> (&Blob, &'static str) {
        match &self.index {
            Some(index) => (index, INDEX_TYPE),
            None => (&self.image.manifest, IMAGE_TYPE),
        }
    }
}

/// Sets a member of an object.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

impl Image {
    fn new(kind: ContentKind) -> io::Result<Self> {
        let length = match kind {
            ContentKind::LargeLayer => LARGE_PAYLOAD,
            _ => PAYLOAD,
        };
        let payload = payload(length);
        let layer = Blob::new(archive(&payload)?);
        let config = json!({
            "created": "2026-01-01T00:00:00Z", "architecture": "amd64", "os": "linux",
            "config": {"Labels": {"org.example.trial": hex::encode(rand::random::<[u8; 8]>())}},
            "rootfs": {"type": "layers", "diff_ids": [layer.digest]},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "trial"}],
        });
        let config = Blob::new(config.to_string());
        let mut described = layer.descriptor(LAYER_TYPE);
        let length = layer.bytes.len();
        match kind {
            ContentKind::SizeTooLarge => set(&mut described, "size", json!(length + WRONG_BY)),
            ContentKind::SizeTooSmall => set(&mut described, "size", json!(length - WRONG_BY)),
            _ => {}
        }
        let mut manifest = json!({
            "schemaVersion": 2, "mediaType": IMAGE_TYPE,
            "config": config.descriptor(CONFIG_TYPE), "layers": [described],
        });
        if kind == ContentKind::LargeManifest {
            set(
                &mut manifest,
                "annotations",
                json!({"org.example.text": "x".repeat(LARGE_ANNOTATION)}),
            );
        }
        Ok(Self {
            config,
            layer,
            manifest: Blob::new(manifest.to_string()),
            payload,
        })
    }

    /// Writes the image as an OCI image layout that is an archive of docker's, too.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_layout(&self, folder: &Path, tag: &str, reference: &str) -> io::Result<()> {
        let blobs = folder.join("blobs/sha256");
        std::fs::create_dir_all(&blobs)?;
        let path_of = |blob: &Blob| format!("blobs/{}", blob.digest.replace(':', "/"));
        for blob in [&self.config, &self.layer, &self.manifest] {
            std::fs::write(folder.join(path_of(blob)), &blob.bytes)?;
        }
        let mut root = self.manifest.descriptor(IMAGE_TYPE);
        set(
            &mut root,
            "annotations",
            json!({
                "org.opencontainers.image.ref.name": tag, "io.containerd.image.name": reference,
            }),
        );
        set(
            &mut root,
            "platform",
            json!({"architecture": "amd64", "os": "linux"}),
        );
        let index = json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [root]});
        std::fs::write(folder.join("index.json"), index.to_string())?;
        let version = json!({"imageLayoutVersion": "1.0.0"});
        std::fs::write(folder.join("oci-layout"), version.to_string())?;
        let docker = json!([{
            "Config": path_of(&self.config), "RepoTags": [reference], "Layers": [path_of(&self.layer)],
        }]);
        std::fs::write(folder.join("manifest.json"), docker.to_string())
    }
}

/// Writes a folder as an archive.
///
/// # Errors
/// When a file cannot be read or written.
pub fn write_archive(folder: &Path, path: &Path) -> io::Result<()> {
    let mut builder = tar::Builder::new(std::fs::File::create(path)?);
    builder.append_dir_all(".", folder)?;
    builder.into_inner().map(drop)
}

/// Random letters and digits: text does not look like an archive or a compressed one.
fn payload(length: usize) -> Bytes {
    let mut bytes = vec![0; length / 2];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes).into()
}

fn archive(payload: &[u8]) -> io::Result<Vec<u8>> {
    let mut header = tar::Header::new_ustar();
    header.set_size(payload.len() as u64);
    header.set_mode(0o644);
    header.set_mtime(1_767_225_600);
    header.set_entry_type(tar::EntryType::Regular);
    let mut builder = tar::Builder::new(Vec::new());
    builder.append_data(&mut header, PAYLOAD_PATH, payload)?;
    builder.into_inner()
}
