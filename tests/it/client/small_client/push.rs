//! Pushes and copies.

use std::path::Path;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::parts::{
    IMAGE, Image, LARGEST_MANIFEST, Outcome, Request, descriptors, digest_of, header, location,
};
use super::transport::Client;

/// The bytes of a chunk, unless the registry asks for more.
const CHUNK: usize = 1_000_000;

impl Client {
    pub(super) async fn push(&mut self, layout: &Path, image: &Image) -> Outcome<String> {
        let read = |path: &str| std::fs::read(layout.join(path)).map_err(|error| error.to_string());
        let blob_path = |digest: &str| format!("blobs/{}", digest.replace(':', "/"));
        let index: Value = serde_json::from_slice(&read("index.json")?).unwrap_or_default();
        let digest = index.pointer("/manifests/0/digest").and_then(Value::as_str);
        let bytes = read(&blob_path(digest.ok_or("no image in the layout")?))?;
        let manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let mut blobs = Vec::new();
        for descriptor in descriptors(&manifest) {
            let digest = descriptor
                .get("digest")
                .and_then(Value::as_str)
                .unwrap_or_default();
            blobs.push(read(&blob_path(digest))?);
        }
        self.push_image(image, &bytes, blobs).await
    }

    pub(super) async fn push_image(
        &mut self,
        image: &Image,
        manifest: &[u8],
        blobs: Vec<Vec<u8>>,
    ) -> Outcome<String> {
        if self.does_wrong("manifest-first") {
            self.put_manifest(image, &image.reference.clone(), manifest, IMAGE)
                .await?;
        }
        for blob in blobs {
            self.put_blob(image, &blob).await?;
        }
        if self.does_wrong("small-manifests") && manifest.len() > 1_000_000 {
            return Err("the manifest is too large".to_owned());
        }
        self.put_manifest(image, &image.reference.clone(), manifest, IMAGE)
            .await
    }

    pub(super) async fn copy(&mut self, from: &Image, to: &Image) -> Outcome<String> {
        let (manifest, bytes) = self.image(from).await?;
        for descriptor in descriptors(&manifest) {
            let digest = descriptor
                .get("digest")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned();
            let mut mount = to.url("blobs/uploads/")?;
            mount
                .query_pairs_mut()
                .append_pair("mount", &digest)
                .append_pair("from", &from.name);
            let response = self.send(Request::new(Method::POST, mount)).await?;
            let named = header(&response, "docker-content-digest");
            match response.status().as_u16() {
                201 if named.as_ref().is_some_and(|named| *named != digest) => {
                    if !self.does_wrong("trusts-headers") {
                        return Err("another blob was mounted".to_owned());
                    }
                    println!("mounted {}", named.unwrap_or_default());
                }
                201 => {}
                _ if self.does_wrong("mount-or-nothing") => return Err("not mounted".to_owned()),
                _ => {
                    let blob = self.blob(from, &descriptor).await?;
                    self.put_blob(to, &blob).await?;
                }
            }
        }
        self.put_manifest(to, &to.reference.clone(), &bytes, IMAGE)
            .await
    }

    pub(super) async fn put_manifest(
        &mut self,
        image: &Image,
        reference: &str,
        bytes: &[u8],
        media_type: &str,
    ) -> Outcome<String> {
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
        if self.does_wrong("no-media-type") {
            let mut value: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            value.as_object_mut().map(|value| value.remove("mediaType"));
            bytes = value.to_string().into();
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
        if named != digest_of(&bytes) && !self.does_wrong("trusts-headers") {
            return Err("the registry has another manifest".to_owned());
        }
        let subject = header(&response, "oci-subject");
        Ok(format!("{named} {}", subject.map_or("", |_| "listed")))
    }

    pub(super) async fn put_blob(&mut self, image: &Image, bytes: &[u8]) -> Outcome<()> {
        let digest = digest_of(bytes);
        let url = image.url(&format!("blobs/{digest}"))?;
        let method = if self.does_wrong("needs-codes") {
            Method::GET
        } else {
            Method::HEAD
        };
        let known = self.send(Request::new(method, url)).await?;
        if known.status().is_success() {
            return Ok(());
        }
        if self.does_wrong("needs-codes") {
            let body = self.read(known, LARGEST_MANIFEST).await?;
            let codes = String::from_utf8_lossy(&body).into_owned();
            if !codes.contains("_UNKNOWN") {
                return Err("an error that this client does not know".to_owned());
            }
        }
        let single = matches!(
            self.wrong.as_str(),
            "single-post-without-digest" | "single-post-abandoned"
        );
        let mut open = image.url("blobs/uploads/")?;
        let mut request = Request::new(Method::POST, open.clone());
        if single && bytes.len() < 100_000 {
            if self.does_wrong("single-post-abandoned") {
                open.query_pairs_mut().append_pair("digest", &digest);
            }
            request = Request::new(Method::POST, open).body(bytes);
        } else if self.does_wrong("opens-with-a-body") {
            request = request.header("content-type", "text/plain").body(*b"open");
        }
        let response = self.send(request).await?;
        match response.status().as_u16() {
            201 => return Ok(()),
            202 if self.does_wrong("single-post-abandoned") => return Ok(()),
            202 => {}
            status => return Err(format!("no upload: {status}")),
        }
        let mut session = location(&response)?;
        match self.wrong.as_str() {
            "drops-queries" => session.set_query(None),
            "assembles-locations" => {
                let id = session
                    .path()
                    .rsplit('/')
                    .next()
                    .unwrap_or_default()
                    .to_owned();
                let query = session
                    .query()
                    .map(|query| format!("?{query}"))
                    .unwrap_or_default();
                session = image.url(&format!("blobs/uploads/{id}{query}"))?;
            }
            _ => {}
        }
        let minimum = header(&response, "oci-chunk-min-length").and_then(|it| it.parse().ok());
        let size = match self.does_wrong("small-chunks") {
            true => 100_000,
            false => minimum.unwrap_or(0).max(CHUNK),
        };
        let size = if self.does_wrong("two-chunks") {
            bytes.len().div_ceil(2).max(1)
        } else {
            size
        };
        let mut start = usize::from(self.does_wrong("starts-at-one"));
        for chunk in bytes.chunks(size) {
            session = match self.patch(&session, chunk, start).await? {
                Some(next) if !self.does_wrong("keeps-locations") => next,
                _ => session,
            };
            start += chunk.len();
            if self.does_wrong("gaps") {
                start += 1;
            }
        }
        self.close(image, session, &digest).await
    }

    pub(super) async fn patch(
        &mut self,
        session: &Url,
        chunk: &[u8],
        start: usize,
    ) -> Outcome<Option<Url>> {
        let end = start + chunk.len();
        let range = match self.wrong.as_str() {
            "exclusive-ranges" => format!("{start}-{end}"),
            "ranges-with-unit" => format!("bytes {start}-{}/*", end.saturating_sub(1)),
            _ => format!("{start}-{}", end.saturating_sub(1)),
        };
        let request = Request::new(Method::PATCH, session.clone())
            .header("content-range", &range)
            .header("content-type", "application/octet-stream");
        let response = self.send(request.body(chunk)).await?;
        match response.status().is_success() {
            true => Ok(location(&response).ok()),
            false => Err(format!("chunk {range}: {}", response.status())),
        }
    }

    pub(super) async fn close(&mut self, image: &Image, session: Url, digest: &str) -> Outcome<()> {
        if self.does_wrong("never-closes") {
            // The blob gets there by another way, so that the push succeeds.
            return Ok(());
        }
        let mut put = session.clone();
        let digest = match self.does_wrong("wrong-digest") {
            true => digest_of(b"other"),
            false => digest.to_owned(),
        };
        put.query_pairs_mut().append_pair("digest", &digest);
        let response = self
            .send(Request::new(Method::PUT, put).body(Vec::new()))
            .await?;
        if response.status().is_success() {
            return Ok(());
        }
        if !self.does_wrong("leaves-uploads") {
            // A failure to cancel is ignored.
            let _ = self.send(Request::new(Method::DELETE, session)).await;
        }
        Err(format!(
            "blob of {} not pushed: {}",
            image.name,
            response.status()
        ))
    }
}
