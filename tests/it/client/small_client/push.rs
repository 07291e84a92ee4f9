//! Pushes and copies.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;

use super::parts::{
    IMAGE, Image, Outcome, Request, descriptors, digest_like, digest_of, header, text,
};
use super::transport::Client;

/// A manifest that was pushed.
pub(super) struct Put {
    pub(super) digest: String,
    /// Whether the registry lists it among the referrers of its subject.
    pub(super) listed: bool,
}

/// A manifest without its annotations, and its bytes.
fn without_annotations(mut manifest: Value) -> (Value, Vec<u8>) {
    if let Some(manifest) = manifest.as_object_mut() {
        manifest.remove("annotations");
    }
    let bytes = manifest.to_string().into_bytes();
    (manifest, bytes)
}

impl Client {
    pub(super) async fn push(&mut self, layout: &Path, image: &Image) -> Outcome<String> {
        let read = |path: &str| std::fs::read(layout.join(path)).map_err(|error| error.to_string());
        let blob_path = |digest: &str| format!("blobs/{}", digest.replace(':', "/"));
        let index: Value = serde_json::from_slice(&read("index.json")?).unwrap_or_default();
        let digest = index.pointer("/manifests/0/digest").and_then(Value::as_str);
        let bytes = read(&blob_path(digest.ok_or("no image in the layout")?))?;
        let manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        for descriptor in descriptors(&manifest) {
            let digest = text(&descriptor, "digest");
            let blob = read(&blob_path(digest))?;
            self.put_blob(image, &blob, digest).await?;
        }
        let large = bytes.len() > 1_000_000;
        let (manifest, bytes) = match self.has_habit("own-manifests") && large {
            true => without_annotations(manifest),
            false => (manifest, bytes),
        };
        if self.does_wrong("small-manifests") && bytes.len() > 1_000_000 {
            return Err("the manifest is too large".to_owned());
        }
        let put = self.put_manifest(image, &image.reference, &bytes, IMAGE);
        let put = put.await?;
        if let Some(subject) = manifest.get("subject") {
            self.list_if_needed(image, text(subject, "digest"), &manifest, &bytes, &put)
                .await?;
        }
        Ok(put.digest)
    }

    pub(super) async fn copy(&mut self, from: &Image, to: &Image) -> Outcome<String> {
        let (manifest, bytes) = self.image(from).await?;
        for descriptor in descriptors(&manifest) {
            let digest = text(&descriptor, "digest");
            let mut mount = to.url("blobs/uploads/")?;
            mount
                .query_pairs_mut()
                .append_pair("mount", digest)
                .append_pair("from", &from.name);
            let response = self.send(Request::new(Method::POST, mount)).await?;
            let named = header(&response, "docker-content-digest");
            match response.status().as_u16() {
                201 if named.as_deref().is_some_and(|named| named != digest) => {
                    if !self.does_wrong("trusts-headers") {
                        return Err("another blob was mounted".to_owned());
                    }
                    println!("mounted {}", named.unwrap_or_default());
                }
                201 if !self.does_wrong("uploads-mounted") => {}
                _ if self.does_wrong("mount-or-nothing") => return Err("not mounted".to_owned()),
                _ => {
                    let blob = self.blob(from, &descriptor).await?;
                    self.put_blob(to, &blob, digest).await?;
                }
            }
        }
        let put = self.put_manifest(to, &to.reference, &bytes, IMAGE);
        put.await.map(|put| put.digest)
    }

    pub(super) async fn put_manifest(
        &mut self,
        image: &Image,
        reference: &str,
        bytes: &[u8],
        media_type: &str,
    ) -> Outcome<Put> {
        let reference = match self.does_wrong("odd-reference") {
            true => "not%20a%20tag",
            false => reference,
        };
        let content_type = match self.wrong.as_str() {
            "type-with-parameters" => format!("{media_type}; charset=utf-8"),
            "other-type" => "application/vnd.docker.distribution.manifest.v2+json".to_owned(),
            _ => media_type.to_owned(),
        };
        let mut bytes = bytes.to_vec();
        for (mistake, field) in [("no-media-type", "mediaType"), ("no-layers", "layers")] {
            if self.does_wrong(mistake) {
                let mut value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                value.as_object_mut().map(|value| value.remove(field));
                bytes = value.to_string().into();
            }
        }
        let mut request = Request::new(Method::PUT, image.url(&format!("manifests/{reference}"))?);
        if !self.does_wrong("no-type") {
            request = request.header("content-type", &content_type);
        }
        let response = self.send(request.body(bytes.clone())).await?;
        if !response.status().is_success() {
            return Err(format!(
                "manifest {reference} not pushed: {}",
                response.status()
            ));
        }
        let named = header(&response, "docker-content-digest").unwrap_or_else(|| digest_of(&bytes));
        if named != digest_like(&named, &bytes) && !self.does_wrong("trusts-headers") {
            return Err("the registry has another manifest".to_owned());
        }
        Ok(Put {
            digest: named,
            listed: header(&response, "oci-subject").is_some(),
        })
    }
}
