//! Pulls, lists of tags, deletion.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::parts::{
    IMAGE, INDEX, Image, LARGEST_MANIFEST, Outcome, Request, descriptors, digest_of, header,
};
use super::transport::Client;

impl Client {
    /// A manifest, its media type and the digest of its bytes.
    pub(super) async fn manifest(
        &mut self,
        image: &Image,
        reference: &str,
    ) -> Outcome<(Vec<u8>, String, String)> {
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
        let digest = digest_of(&bytes);
        let by_digest = reference.contains(':');
        if by_digest && digest != reference && !self.does_wrong("trusts-manifests") {
            return Err(format!("manifest {reference} has the digest {digest}"));
        }
        let mut result = digest.clone();
        if let Some(named) = named.filter(|named| !by_digest && *named != digest) {
            if !self.does_wrong("trusts-headers") {
                return Err(format!("the header says {named}, the bytes {digest}"));
            }
            result = named;
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
        let digest = descriptor
            .get("digest")
            .and_then(Value::as_str)
            .ok_or("no digest")?;
        let size = descriptor
            .get("size")
            .and_then(Value::as_u64)
            .ok_or("no size")?;
        let request = Request::new(Method::GET, image.url(&format!("blobs/{digest}"))?);
        let response = self.send(request).await?;
        if !response.status().is_success() {
            return Err(format!("blob {digest}: {}", response.status()));
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
        if digest_of(&bytes) != digest && !self.does_wrong("trusts-blobs") {
            return Err(format!("blob {digest} has another digest"));
        }
        Ok(bytes)
    }

    /// The manifest of an image; that of an index leads to its first image.
    pub(super) async fn image(&mut self, image: &Image) -> Outcome<(Value, Vec<u8>)> {
        let (mut bytes, media_type, digest) = self.manifest(image, &image.reference).await?;
        if media_type == INDEX {
            let index: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            let child = index.pointer("/manifests/0/digest").and_then(Value::as_str);
            let child = child.ok_or("an index without images")?.to_owned();
            bytes = self.manifest(image, &child).await?.0;
        } else if self.does_wrong("trusts-headers") && digest != digest_of(&bytes) {
            bytes = self.manifest(image, &digest).await?.0;
        }
        Ok((
            serde_json::from_slice(&bytes).map_err(|error| error.to_string())?,
            bytes,
        ))
    }

    pub(super) async fn pull(&mut self, image: &Image, out: &Path) -> Outcome<String> {
        let base =
            Url::parse(&format!("http://{}/v2/", image.host)).map_err(|error| error.to_string())?;
        let base = self.send(Request::new(Method::GET, base)).await?;
        let legacy = header(&base, "docker-distribution-api-version");
        if self.does_wrong("needs-legacy-headers") && legacy.is_none() {
            return Err("not a registry".to_owned());
        }
        let (manifest, _) = self.image(image).await?;
        let mut blobs = Vec::new();
        for descriptor in descriptors(&manifest) {
            blobs.push(self.blob(image, &descriptor).await?);
        }
        for blob in blobs {
            let name = digest_of(&blob).replace(':', "-");
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

    pub(super) async fn delete(&mut self, image: &Image) -> Outcome<String> {
        let url = image.url(&format!("manifests/{}", image.reference))?;
        let response = self.send(Request::new(Method::DELETE, url)).await?;
        match response.status().is_success() {
            true => Ok("deleted".to_owned()),
            false => Err(format!("not deleted: {}", response.status())),
        }
    }
}
