//! Artifacts with a subject, and their lists.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::parts::{
    IMAGE, INDEX, Image, LARGEST_MANIFEST, Outcome, Request, digest_like, digest_of, text,
};
use super::push::Put;
use super::transport::Client;

impl Client {
    pub(super) async fn attach(&mut self, image: &Image, kind: &str) -> Outcome<String> {
        let (subject, media_type, digest) = self.manifest(image, &image.reference).await?;
        let empty = b"{}";
        self.put_blob(image, empty, &digest_of(empty)).await?;
        let described = json!({"mediaType": "application/vnd.oci.empty.v1+json", "digest": digest_of(empty), "size": empty.len()});
        let mut artifact = json!({
            "schemaVersion": 2, "mediaType": IMAGE, "artifactType": kind, "config": described, "layers": [described],
            "subject": {"mediaType": media_type, "digest": digest, "size": subject.len()},
            "annotations": {"org.example.note": "attached"},
        });
        if self.has_habit("empty-artifact-type") {
            artifact["artifactType"] = json!("");
            artifact["config"]["mediaType"] = json!(kind);
        }
        if self.has_habit("empty-annotations") {
            artifact["annotations"] = json!({});
        }
        let bytes = artifact.to_string().into_bytes();
        let own = self.artifact_digest(&digest, &bytes);
        let put = self.put_manifest(image, &own, &bytes, IMAGE).await?;
        self.list_if_needed(image, &digest, &artifact, &bytes, &put)
            .await?;
        Ok(own)
    }

    /// Adds a manifest to the list of its subject's referrers, if the registry does not.
    pub(super) async fn list_if_needed(
        &mut self,
        image: &Image,
        subject: &str,
        artifact: &Value,
        bytes: &[u8],
        put: &Put,
    ) -> Outcome<()> {
        let needed = !put.listed || self.does_wrong("always-lists");
        if !needed || self.does_wrong("no-fallback") {
            return Ok(());
        }
        let tag = self.referrers_tag(subject);
        let mut list = match self.does_wrong("fallback-not-pulled") {
            true => Vec::new(),
            false => self.list(image, &tag).await?.unwrap_or_default(),
        };
        let one = self.descriptor(artifact, bytes, &self.artifact_digest(subject, bytes));
        match self.wrong.as_str() {
            "fallback-empty" => list.clear(),
            "fallback-twice" => list.extend([one.clone(), one]),
            "fallback-alone" => list = vec![one],
            _ => list.push(one),
        }
        self.put_list(image, &tag, &list, artifact).await
    }

    fn referrers_tag(&self, digest: &str) -> String {
        let (algorithm, encoded) = digest.split_once(':').unwrap_or_default();
        let most = match self.does_wrong("long-tag") {
            true => 100,
            false => 64,
        };
        let encoded: String = encoded.chars().take(most).collect();
        let own = if self.does_wrong("other-tag") {
            "-referrers"
        } else {
            ""
        };
        format!("{algorithm}-{encoded}{own}")
    }

    /// The list under a tag; nothing where there is no such tag.
    async fn list(&mut self, image: &Image, tag: &str) -> Outcome<Option<Vec<Value>>> {
        let request = Request::new(Method::GET, image.url(&format!("manifests/{tag}"))?);
        let request = request.header("accept", &format!("{INDEX}, {IMAGE}"));
        let response = self.send(request).await?;
        if response.status() == StatusCode::NOT_FOUND {
            return Ok(None);
        }
        let bytes = self.read(response, LARGEST_MANIFEST).await?;
        let list: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        if text(&list, "mediaType") != INDEX && !self.does_wrong("any-list") {
            return Err(format!("{tag} is no list"));
        }
        let listed = list.get("manifests").and_then(Value::as_array).cloned();
        Ok(Some(listed.unwrap_or_default()))
    }

    /// The digest of an artifact; a client may choose the algorithm of its subject.
    fn artifact_digest(&self, subject: &str, bytes: &[u8]) -> String {
        match self.has_habit("one-algorithm") {
            true => digest_like(subject, bytes),
            false => digest_of(bytes),
        }
    }

    fn descriptor(&self, artifact: &Value, bytes: &[u8], digest: &str) -> Value {
        let config = artifact.pointer("/config/mediaType");
        let own = artifact.get("artifactType").filter(|kind| *kind != "");
        let kind = match self.does_wrong("no-config-type") {
            true => own,
            false => own.or(config),
        };
        let mut one = json!({"mediaType": IMAGE, "digest": digest, "size": bytes.len()});
        if let Some(kind) = kind.filter(|_| !self.does_wrong("fallback-without-type")) {
            one["artifactType"] = kind.clone();
        }
        let annotations = artifact.get("annotations");
        if let Some(all) = annotations.filter(|_| !self.does_wrong("fallback-without-annotations"))
        {
            one["annotations"] = all.clone();
        }
        match self.wrong.as_str() {
            "more-annotations" => one["annotations"]["org.example.by"] = json!("small"),
            "empty-annotations" => drop(one.as_object_mut().map(|one| one.remove("annotations"))),
            _ => {}
        }
        one
    }

    async fn put_list(
        &mut self,
        image: &Image,
        tag: &str,
        list: &[Value],
        artifact: &Value,
    ) -> Outcome<()> {
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
        if self.has_habit("list-without-type") {
            index.as_object_mut().map(|index| index.remove("mediaType"));
        }
        let bytes = index.to_string();
        self.put_manifest(image, tag, bytes.as_bytes(), media_type)
            .await
            .map(drop)
    }

    /// The referrers of an image, of one artifact type or of all.
    pub(super) async fn referrers(&mut self, image: &Image, kind: Option<&str>) -> Outcome<String> {
        let digest = self.manifest(image, &image.reference).await?.2;
        let mut url = image.url(&format!("referrers/{digest}"))?;
        if let Some(kind) = kind {
            url.query_pairs_mut().append_pair("artifactType", kind);
        }
        let response = self.send(Request::new(Method::GET, url)).await?;
        let found = match response.status().is_success() {
            true => {
                let bytes = self.read(response, LARGEST_MANIFEST).await?;
                let index: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                let list = index.get("manifests").and_then(Value::as_array).cloned();
                list.unwrap_or_default()
            }
            false if self.does_wrong("no-fallback") => return Err("no referrers API".to_owned()),
            false => {
                let tag = self.referrers_tag(&digest);
                match self.list(image, &tag).await {
                    Ok(Some(list)) => list,
                    Ok(None) | Err(_) if self.does_wrong("needs-list") => {
                        return Err("no list of referrers".to_owned());
                    }
                    Ok(None) | Err(_) => Vec::new(),
                }
            }
        };
        let wanted = |one: &Value| {
            let of_kind = kind.is_none_or(|kind| text(one, "artifactType") == kind);
            of_kind || self.does_wrong("trusts-filters")
        };
        let found: Vec<&Value> = found.iter().filter(|one| wanted(one)).collect();
        Ok(json!(found).to_string())
    }

    pub(super) async fn delete(&mut self, image: &Image) -> Outcome<String> {
        let by_digest = image.reference.contains(':');
        let (bytes, ..) = self.manifest(image, &image.reference).await?;
        let manifest: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let url = image.url(&format!("manifests/{}", image.reference))?;
        let response = self.send(Request::new(Method::DELETE, url)).await?;
        if !response.status().is_success() {
            return Err(format!("not deleted: {}", response.status()));
        }
        if let Some(subject) = manifest.get("subject").filter(|_| by_digest) {
            let digest = text(subject, "digest");
            self.unlist(image, digest, &manifest).await?;
        }
        Ok("deleted".to_owned())
    }

    /// Removes a deleted manifest from the list under the tag, if the registry has no list of its own.
    async fn unlist(&mut self, image: &Image, subject: &str, deleted: &Value) -> Outcome<()> {
        let url = image.url(&format!("referrers/{subject}"))?;
        let api = self.send(Request::new(Method::GET, url)).await?;
        if api.status() != StatusCode::NOT_FOUND || self.does_wrong("delete-only") {
            return Ok(());
        }
        let tag = self.referrers_tag(subject);
        let list = match self.does_wrong("delete-not-pulled") {
            true => Some(Vec::new()),
            false => self.list(image, &tag).await?,
        };
        let Some(mut list) = list else {
            return Ok(());
        };
        if !self.does_wrong("delete-not-removed") {
            list.retain(|one| text(one, "digest") != image.reference);
        }
        self.put_list(image, &tag, &list, deleted).await
    }
}
