//! Artifacts with a subject, and their lists.

use reqwest::Method;
use serde_json::{Value, json};

use super::parts::{IMAGE, INDEX, Image, LARGEST_MANIFEST, Outcome, Request, digest_of};
use super::transport::Client;

impl Client {
    pub(super) async fn attach(&mut self, image: &Image, kind: &str) -> Outcome<String> {
        let (subject, media_type, digest) = self.manifest(image, &image.reference).await?;
        let empty = b"{}";
        self.put_blob(image, empty).await?;
        let described = json!({"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(empty), "size": empty.len()});
        let artifact = json!({
            "schemaVersion": 2, "mediaType": IMAGE, "artifactType": kind, "config": described, "layers": [described],
            "subject": {"mediaType": media_type, "digest": digest, "size": subject.len()},
            "annotations": {"org.example.note": "attached"},
        });
        let bytes = artifact.to_string().into_bytes();
        let own = digest_of(&bytes);
        let listed = self.put_manifest(image, &own, &bytes, IMAGE).await?;
        if !listed.contains("listed") && !self.does_wrong("no-fallback") {
            self.list_under_tag(image, &digest, &artifact, &bytes)
                .await?;
        }
        Ok(own)
    }

    pub(super) async fn list_under_tag(
        &mut self,
        image: &Image,
        subject: &str,
        artifact: &Value,
        bytes: &[u8],
    ) -> Outcome<()> {
        let mut tag = subject.replace(':', "-");
        if self.does_wrong("other-tag") {
            tag.push_str("-referrers");
        }
        let known = match self.does_wrong("fallback-not-pulled") {
            true => None,
            false => self.manifest(image, &tag).await.ok(),
        };
        let known: Value = known
            .and_then(|(bytes, ..)| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        let mut list = known
            .get("manifests")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let mut one = json!({
            "mediaType": IMAGE, "digest": digest_of(bytes), "size": bytes.len(),
            "artifactType": artifact.get("artifactType"), "annotations": artifact.get("annotations"),
        });
        if let Some(fields) = one.as_object_mut() {
            match self.wrong.as_str() {
                "fallback-without-type" => drop(fields.remove("artifactType")),
                "fallback-without-annotations" => drop(fields.remove("annotations")),
                _ => {}
            }
        }
        match self.wrong.as_str() {
            "fallback-empty" => {}
            "fallback-twice" => list.extend([one.clone(), one]),
            _ => list.push(one),
        }
        let media_type = if self.does_wrong("fallback-as-image") {
            IMAGE
        } else {
            INDEX
        };
        let mut index = json!({"schemaVersion": 2, "mediaType": media_type, "manifests": list});
        if media_type == IMAGE {
            index["config"] = artifact.get("config").cloned().unwrap_or_default();
            index["layers"] = json!([]);
        }
        self.put_manifest(image, &tag, index.to_string().as_bytes(), media_type)
            .await
            .map(drop)
    }

    pub(super) async fn referrers(&mut self, image: &Image) -> Outcome<String> {
        let digest = self.manifest(image, &image.reference).await?.2;
        let url = image.url(&format!("referrers/{digest}"))?;
        let response = self.send(Request::new(Method::GET, url)).await?;
        let bytes = match response.status().is_success() {
            true => self.read(response, LARGEST_MANIFEST).await?,
            false if self.does_wrong("no-fallback") => return Err("no referrers API".to_owned()),
            false => self.manifest(image, &digest.replace(':', "-")).await?.0,
        };
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}
