//! What a trial is about: an image, another image of the same repository, and where they lie on disk for a push.

use std::io;
use std::path::Path;

use bytes::Bytes;
use serde_json::{Value, json};

use super::format::ContentKind;
use super::layer::Layer;
use crate::fixture::{Algorithm, digest_of};

pub const IMAGE_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
pub const INDEX_TYPE: &str = "application/vnd.oci.image.index.v1+json";
const CONFIG_TYPE: &str = "application/vnd.oci.image.config.v1+json";
const LAYER_TYPE: &str = "application/vnd.oci.image.layer.v1.tar";

/// The media types of an image's blobs.
#[derive(Debug, Clone, Copy)]
pub struct BlobTypes<'a> {
    pub config: &'a str,
    pub layer: &'a str,
}

impl BlobTypes<'static> {
    /// Those of OCI.
    pub const OCI: Self = Self {
        config: CONFIG_TYPE,
        layer: LAYER_TYPE,
    };
}

/// Annotations that make a manifest nearly 4 MB long, the size that every registry accepts.
const LARGE_ANNOTATION: usize = 3_900_000;

/// By how much a wrong size in a manifest differs.
const WRONG_BY: usize = 512;

/// The annotation of an image that has a subject.
const SUBJECT_ANNOTATION: (&str, &str) = ("org.example.note", "about another image");

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
    /// The indexes that lead to the image, the outermost first.
    pub indexes: Vec<Blob>,
    /// Whether the image is an artifact of the other one.
    has_subject: bool,
}

impl Blob {
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self::with(bytes, Algorithm::Sha256)
    }

    fn with(bytes: impl Into<Bytes>, algorithm: Algorithm) -> Self {
        let bytes = bytes.into();
        let digest = digest_of(&bytes, algorithm);
        Self { bytes, digest }
    }

    pub fn descriptor(&self, media_type: &str) -> Value {
        json!({"mediaType": media_type, "digest": self.digest, "size": self.bytes.len()})
    }
}

impl Content {
    /// New content, which no client has seen. Hostile paths in it lead to `outside`.
    ///
    /// # Errors
    /// None in practice: the archive is written to memory.
    pub fn new(kind: ContentKind, outside: &Path, types: BlobTypes<'_>) -> io::Result<Self> {
        let other = Image::new(ContentKind::Image, None, outside, types)?;
        let has_subject = kind == ContentKind::Subject;
        let subject = has_subject.then_some(&other.manifest);
        let image = Image::new(kind, subject, outside, types)?;
        let levels = match kind {
            ContentKind::Index => 1,
            ContentKind::NestedIndex => 2,
            _ => 0,
        };
        let mut indexes = Vec::new();
        let mut child = image.manifest.descriptor(IMAGE_TYPE);
        for _ in 0..levels {
            let platform = json!({"architecture": "amd64", "os": "linux"});
            set(&mut child, "platform", platform);
            let index = json!({"schemaVersion": 2, "mediaType": INDEX_TYPE, "manifests": [child]});
            let index = Blob::new(index.to_string());
            child = index.descriptor(INDEX_TYPE);
            indexes.insert(0, index);
        }
        Ok(Self {
            image,
            other,
            indexes,
            has_subject,
        })
    }

    /// The manifest that the tag leads to, with its media type.
    pub fn root(&self) -> (&Blob, &'static str) {
        match self.indexes.first() {
            Some(index) => (index, INDEX_TYPE),
            None => (&self.image.manifest, IMAGE_TYPE),
        }
    }

    /// Writes the image as an OCI image layout that is an archive of docker's, too. A subject of it is in the layout.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn write_layout(&self, folder: &Path, tag: &str, reference: &str) -> io::Result<()> {
        self.image.write_blobs(folder)?;
        if self.has_subject {
            self.other.write_blobs(folder)?;
        }
        self.image.write_names(folder, tag, reference)
    }

    /// The manifest whose referrers the trial is about, with its media type.
    pub fn subject(&self) -> (&Blob, &'static str) {
        match self.has_subject {
            true => (&self.other.manifest, IMAGE_TYPE),
            false => self.root(),
        }
    }
}

/// The path of a blob in a layout.
fn path_of(blob: &Blob) -> String {
    format!("blobs/{}", blob.digest.replace(':', "/"))
}

/// Sets a member of an object.
fn set(object: &mut Value, name: &str, value: Value) {
    if let Value::Object(members) = object {
        members.insert(name.to_owned(), value);
    }
}

impl Image {
    fn new(
        kind: ContentKind,
        subject: Option<&Blob>,
        outside: &Path,
        types: BlobTypes<'_>,
    ) -> io::Result<Self> {
        let algorithm = match kind {
            ContentKind::Sha512 => Algorithm::Sha512,
            _ => Algorithm::Sha256,
        };
        let Layer { archive, payload } = Layer::new(kind, outside)?;
        let layer = Blob::with(archive, algorithm);
        // Clients compute the digests of unpacked layers by themselves, with sha256.
        let unpacked = digest_of(&layer.bytes, Algorithm::Sha256);
        let config = json!({
            "created": "2026-01-01T00:00:00Z", "architecture": "amd64", "os": "linux",
            "config": {"Labels": {"org.example.trial": hex::encode(rand::random::<[u8; 8]>())}},
            "rootfs": {"type": "layers", "diff_ids": [unpacked]},
            "history": [{"created": "2026-01-01T00:00:00Z", "created_by": "trial"}],
        });
        let config = Blob::with(config.to_string(), algorithm);
        let mut described = layer.descriptor(types.layer);
        let length = layer.bytes.len();
        match kind {
            ContentKind::SizeTooLarge => set(&mut described, "size", json!(length + WRONG_BY)),
            ContentKind::SizeTooSmall => set(&mut described, "size", json!(length - WRONG_BY)),
            _ => {}
        }
        let mut manifest = json!({
            "schemaVersion": 2, "mediaType": IMAGE_TYPE,
            "config": config.descriptor(types.config), "layers": [described],
        });
        if kind == ContentKind::LargeManifest {
            let text = "x".repeat(LARGE_ANNOTATION);
            set(
                &mut manifest,
                "annotations",
                json!({"org.example.text": text}),
            );
        }
        if let Some(subject) = subject {
            set(&mut manifest, "subject", subject.descriptor(IMAGE_TYPE));
            let (name, value) = SUBJECT_ANNOTATION;
            set(&mut manifest, "annotations", json!({name: value}));
        }
        Ok(Self {
            config,
            layer,
            manifest: Blob::with(manifest.to_string(), algorithm),
            payload,
        })
    }

    fn write_blobs(&self, folder: &Path) -> io::Result<()> {
        for blob in [&self.config, &self.layer, &self.manifest] {
            let path = folder.join(path_of(blob));
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            std::fs::write(path, &blob.bytes)?;
        }
        Ok(())
    }

    /// Writes the files of a layout that name the image: those of OCI, and that of docker's archives.
    fn write_names(&self, folder: &Path, tag: &str, reference: &str) -> io::Result<()> {
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
