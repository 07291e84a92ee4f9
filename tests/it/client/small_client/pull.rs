//! Pulls, and lists of tags.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;

use super::parts::{
    IMAGE, INDEX, Image, LARGEST_MANIFEST, Outcome, Request, descriptors, digest_like, header, text,
};
use super::transport::Client;

/// The most manifests from a tag to an image.
const MOST_INDEXES: usize = 5;

impl Client {
    /// A manifest, its media type and the digest of its bytes.
    pub(super) async fn manifest(
        &mut self,
        image: &Image,
        reference: &str,
    ) -> Outcome<(Vec<u8>, String, String)> {
        if self.does_wrong("odd-pull-reference") {
            let odd = image.url("manifests/not%20a%20tag")?;
            self.send(Request::new(Method::GET, odd)).await?;
        }
        let mut request = Request::new(Method::GET, image.url(&format!("manifests/{reference}"))?);
        if !self.does_wrong("no-accept") {
            request = request.header("accept", &format!("{IMAGE}, {INDEX}"));
        }
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(format!("manifest {reference}: {}", response.status()));
        }
        let content_type = header(&response, "content-type").unwrap_or_default();
        let named = header(&response, "docker-content-digest");
        let bytes = self.read(response, LARGEST_MANIFEST).await?;
        let digest = digest_like(reference, &bytes);
        let by_digest = reference.contains(':');
        if by_digest && digest != reference && !self.does_wrong("trusts-manifests") {
            return Err(format!("manifest {reference} has the digest {digest}"));
        }
        let mut result = digest.clone();
        if let Some(named) = named.filter(|named| !by_digest && *named != digest) {
            match self.wrong.as_str() {
                "trusts-headers" => result = named,
                "ignores-headers" => eprintln!("ignoring {named}: it is not the digest"),
                _ => return Err(format!("the header says {named}, the bytes {digest}")),
            }
        }
        let bare = match self.does_wrong("types-with-parameters") {
            true => content_type.as_str(),
            false => content_type.split(';').next().unwrap_or_default().trim(),
        };
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
        let field = manifest
            .get("mediaType")
            .and_then(Value::as_str)
            .unwrap_or(bare);
        if field != bare && !self.does_wrong("types-that-differ") {
            return Err(format!(
                "the header says {content_type}, the manifest {field}"
            ));
        }
        Ok((bytes, field.to_owned(), result))
    }

    /// A blob that a descriptor names, verified.
    pub(super) async fn blob(&mut self, image: &Image, descriptor: &Value) -> Outcome<Vec<u8>> {
        let digest = text(descriptor, "digest");
        let size = descriptor
            .get("size")
            .and_then(Value::as_u64)
            .ok_or("no size")?;
        let request = Request::new(Method::GET, image.url(&format!("blobs/{digest}"))?);
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(format!("blob {digest}: {}", response.status()));
        }
        let named = header(&response, "docker-content-digest");
        if let Some(named) = named.filter(|named| named != digest) {
            match self.does_wrong("trusts-headers") {
                true => println!("blob {named}"),
                false => return Err(format!("the header says {named}, the descriptor {digest}")),
            }
        }
        let most = if self.does_wrong("ignores-sizes") {
            size + 1_000_000
        } else {
            size
        };
        let bytes = self.read(response, most).await?;
        if bytes.len() as u64 != size
            && !self.does_wrong("ignores-sizes")
            && !self.does_wrong("trusts-blobs")
        {
            return Err(format!("blob {digest} has {} bytes of {size}", bytes.len()));
        }
        if digest_like(digest, &bytes) != digest && !self.does_wrong("trusts-blobs") {
            return Err(format!("blob {digest} has another digest"));
        }
        Ok(bytes)
    }

    /// The manifest of an image; that of an index leads to its first one, as deep as that is an index, too.
    pub(super) async fn image(&mut self, image: &Image) -> Outcome<(Value, Vec<u8>)> {
        let mut reference = image.reference.clone();
        for _ in 0..MOST_INDEXES {
            let (bytes, media_type, digest) = self.manifest(image, &reference).await?;
            let manifest: Value =
                serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
            if media_type == INDEX {
                let inner = manifest.pointer("/manifests/0").ok_or("an empty index")?;
                if self.does_wrong("one-index") && text(inner, "mediaType") == INDEX {
                    return Err("an index in an index".to_owned());
                }
                reference = text(inner, "digest").to_owned();
            } else if self.does_wrong("trusts-headers") && digest != digest_like(&digest, &bytes) {
                reference = digest;
            } else {
                return Ok((manifest, bytes));
            }
        }
        Err("too many indexes".to_owned())
    }

    pub(super) async fn pull(&mut self, image: &Image, out: &Path) -> Outcome<String> {
        let base = self.send(Request::new(Method::GET, image.at("")?)).await?;
        let legacy = header(&base, "docker-distribution-api-version");
        if self.does_wrong("needs-legacy-headers") && legacy.is_none() {
            return Err("not a registry".to_owned());
        }
        let (manifest, _) = self.image(image).await?;
        let mut blobs = Vec::new();
        for descriptor in descriptors(&manifest) {
            let blob = self.blob(image, &descriptor).await?;
            blobs.push((text(&descriptor, "digest").replace(':', "-"), blob));
        }
        // The first one is the config.
        for (_, layer) in blobs.iter().skip(1) {
            let root = out.join("root");
            let unpacked = match self.does_wrong("unpacks-anywhere") {
                true => unpack_anywhere(layer, &root),
                false => tar::Archive::new(layer.as_slice()).unpack(&root),
            };
            if !self.does_wrong("trusts-blobs") && !self.does_wrong("ignores-sizes") {
                unpacked.map_err(|error| error.to_string())?;
            }
        }
        for (name, blob) in blobs {
            std::fs::write(out.join(name), blob).map_err(|error| error.to_string())?;
        }
        Ok("pulled".to_owned())
    }

    pub(super) async fn resolve(&mut self, image: &Image) -> Outcome<String> {
        self.manifest(image, &image.reference)
            .await
            .map(|(_, _, digest)| digest)
    }

    pub(super) async fn tags(&mut self, image: &Image) -> Outcome<String> {
        let mut next = Some(image.url("tags/list")?);
        let mut tags = Vec::new();
        if self.does_wrong("last-as-number") {
            let mut second = image.url("tags/list")?;
            second.set_query(Some("n=3&last=3"));
            self.send(Request::new(Method::GET, second)).await?;
        }
        while let Some(url) = next.take() {
            let response = self.send(Request::new(Method::GET, url)).await?;
            let link = header(&response, "link");
            let target = link
                .as_deref()
                .and_then(|link| Some(link.split_once('<')?.1.split_once('>')?.0));
            if let Some(target) = target.filter(|_| !self.does_wrong("first-page-only")) {
                next = response.url().join(target).ok();
            }
            let page: Value = serde_json::from_slice(&self.read(response, LARGEST_MANIFEST).await?)
                .map_err(|error| error.to_string())?;
            let list = page
                .get("tags")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default();
            tags.extend(
                list.iter()
                    .filter_map(|tag| tag.as_str().map(str::to_owned)),
            );
        }
        Ok(tags.join("\n"))
    }
}

/// Unpacks a layer and believes its paths.
#[cfg(not(unix))]
fn unpack_anywhere(layer: &[u8], root: &Path) -> std::io::Result<()> {
    tar::Archive::new(layer).unpack(root)
}

/// Unpacks a layer and believes its paths.
#[cfg(unix)]
fn unpack_anywhere(layer: &[u8], root: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(root)?;
    for entry in tar::Archive::new(layer).entries()? {
        let mut entry = entry?;
        let path = root.join(entry.path()?);
        let target = entry.link_name()?.map(std::borrow::Cow::into_owned);
        match (entry.header().entry_type(), target) {
            (tar::EntryType::Symlink, Some(target)) => std::os::unix::fs::symlink(target, path)?,
            (tar::EntryType::Link, Some(target)) => std::fs::hard_link(target, path)?,
            _ => {
                std::io::copy(&mut entry, &mut std::fs::File::create(path)?)?;
            }
        }
    }
    Ok(())
}
