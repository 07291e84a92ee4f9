//! The requests that a transfer needs, in one repository.

use bytes::Bytes;
use http::Method;
use url::Url;

use super::artifact::{Descriptor, INDEX, MANIFEST};
use super::error::PublishError;
use crate::client::{RegistryClient, Request, Response, error_summary};
use crate::endpoint::{ANY_MANIFEST, Endpoint, is_digest};
use crate::fixture::is_digest_of;

/// A repository of a registry.
pub struct Repository<'a> {
    pub client: &'a RegistryClient,
    pub name: &'a str,
}

/// A manifest as the registry sent it.
pub struct FoundManifest {
    pub descriptor: Descriptor,
    pub bytes: Bytes,
}

impl Repository<'_> {
    /// Pushes a blob, unless the repository has it.
    ///
    /// # Errors
    /// When the registry refuses it or does not respond.
    pub async fn push_blob(
        &self,
        what: &str,
        bytes: Bytes,
        digest: &str,
    ) -> Result<(), PublishError> {
        let what = format!("push {what}");
        let blob = Endpoint::blob(self.name, digest);
        let (_, known) = self.send(&what, self.request(Method::HEAD, &blob)).await?;
        if known.status == 200 {
            return Ok(());
        }
        let uploads = Endpoint::Uploads {
            repository: self.name.to_owned(),
        };
        let (from, opened) = self
            .expect(&what, self.request(Method::POST, &uploads), 202)
            .await?;
        let mut session = opened
            .location(&from)
            .ok_or_else(|| PublishError::Malformed {
                what: what.clone(),
                problem: "POST that opens an upload session returned no Location that is a URL"
                    .to_owned(),
            })?;
        session.query_pairs_mut().append_pair("digest", digest);
        let mut close = Request::bare(Method::PUT, session, what.clone());
        close
            .headers
            .push(header("Content-Type", "application/octet-stream"));
        close.body = bytes;
        self.expect(&what, close, 201).await.map(drop)
    }

    /// Pushes a manifest. Returns whether the registry keeps the list of the subject's referrers: it says so with OCI-Subject
    /// (section "Pushing Manifests with Subject").
    ///
    /// # Errors
    /// When the registry refuses it or does not respond.
    pub async fn push_manifest(
        &self,
        reference: &str,
        media_type: &str,
        bytes: Bytes,
    ) -> Result<bool, PublishError> {
        let what = "push the manifest";
        let mut put = self.request(Method::PUT, &Endpoint::manifest(self.name, reference));
        put.headers.push(header("Content-Type", media_type));
        put.body = bytes;
        let (_, response) = self.expect(what, put, 201).await?;
        Ok(response.headers.contains_key("oci-subject"))
    }

    /// Pulls a manifest, and checks its digest if `reference` is one; none where it does not exist.
    ///
    /// # Errors
    /// When the registry refuses it, sends other bytes, or does not respond.
    pub async fn manifest(&self, reference: &str) -> Result<Option<FoundManifest>, PublishError> {
        let what = format!("pull the manifest {reference}");
        let mut get = self.request(Method::GET, &Endpoint::manifest(self.name, reference));
        get.headers.push(header("Accept", ANY_MANIFEST));
        let (url, response) = self.send(&what, get).await?;
        match response.status {
            404 => return Ok(None),
            200 => {}
            _ => return Err(self.refused(&what, &Method::GET, &url, &response)),
        }
        let bytes = whole(&what, &response)?;
        let media_type = media_type(&bytes, &response);
        let descriptor = Descriptor::of(&media_type, &bytes);
        if is_digest(reference) && is_digest_of(reference, &bytes) != Some(true) {
            return Err(PublishError::Malformed {
                what,
                problem: format!(
                    "the registry sent a manifest with the digest {}",
                    descriptor.digest
                ),
            });
        }
        let descriptor = match is_digest(reference) {
            true => Descriptor {
                digest: reference.to_owned(),
                ..descriptor
            },
            false => descriptor,
        };
        Ok(Some(FoundManifest { descriptor, bytes }))
    }

    /// Pulls a blob, and checks its size and digest.
    ///
    /// # Errors
    /// When the registry refuses it, sends other bytes, or does not respond.
    pub async fn blob(&self, what: &str, wanted: &Descriptor) -> Result<Bytes, PublishError> {
        let what = format!("pull {what}");
        let get = self.request(Method::GET, &Endpoint::blob(self.name, &*wanted.digest));
        let (_, response) = self.expect(&what, get, 200).await?;
        let bytes = whole(&what, &response)?;
        let fits = bytes.len() as u64 == wanted.size;
        match is_digest_of(&wanted.digest, &bytes) {
            Some(true) if fits => Ok(bytes),
            _ => Err(PublishError::Malformed {
                what,
                problem: "the registry sent other bytes than the manifest's digest and size name"
                    .to_owned(),
            }),
        }
    }

    /// The list of a digest's referrers; none where the registry does not support the referrers API.
    ///
    /// # Errors
    /// When the registry refuses it or does not respond.
    pub async fn referrers(&self, digest: &str) -> Result<Option<Bytes>, PublishError> {
        let what = "list the referrers";
        let endpoint = Endpoint::Referrers {
            repository: self.name.to_owned(),
            digest: digest.to_owned(),
        };
        let mut get = self.request(Method::GET, &endpoint);
        get.headers.push(header("Accept", INDEX));
        let (url, response) = self.send(what, get).await?;
        match response.status {
            200 => whole(what, &response).map(Some),
            404 => Ok(None),
            _ => Err(self.refused(what, &Method::GET, &url, &response)),
        }
    }

    fn request(&self, method: Method, endpoint: &Endpoint) -> Request {
        Request::bare(method, endpoint.url(self.client.base()), String::new())
    }

    /// The URL that answered, and the response.
    async fn send(&self, what: &str, request: Request) -> Result<(Url, Response), PublishError> {
        let sent = self.client.send(request).await;
        let response = sent.response.map_err(|reason| PublishError::NoResponse {
            what: what.to_owned(),
            reason: Box::new(reason),
        })?;
        Ok((sent.url, response))
    }

    async fn expect(
        &self,
        what: &str,
        request: Request,
        status: u16,
    ) -> Result<(Url, Response), PublishError> {
        let method = request.method.clone();
        let (url, response) = self.send(what, request).await?;
        match response.status == status {
            true => Ok((url, response)),
            false => Err(self.refused(what, &method, &url, &response)),
        }
    }

    fn refused(&self, what: &str, method: &Method, url: &Url, response: &Response) -> PublishError {
        let message = error_summary(&response.body).unwrap_or_default();
        let message = self.client.redact(&message);
        PublishError::Refused {
            what: what.to_owned(),
            method: method.to_string(),
            path: self.client.redact(url.path()),
            status: response.status,
            message: match message.is_empty() {
                true => message,
                false => format!(": {message}"),
            },
            hint: match response.status {
                401 | 403 => {
                    ". Log in as a user with the right to do this: --username, or the login of docker or podman"
                }
                404 => {
                    ". Check the name; some registries require that the repository is created first"
                }
                413 => ". Publish fewer files with --format",
                _ => "",
            },
        }
    }
}

/// The body of a response, where it arrived whole.
fn whole(what: &str, response: &Response) -> Result<Bytes, PublishError> {
    match &response.broken {
        None => Ok(response.body.clone()),
        Some(problem) => Err(PublishError::Malformed {
            what: what.to_owned(),
            problem: problem.clone(),
        }),
    }
}

/// The media type that a manifest names, or else the response.
fn media_type(bytes: &[u8], response: &Response) -> String {
    #[derive(serde::Deserialize)]
    struct Named {
        #[serde(rename = "mediaType")]
        media_type: Option<String>,
    }
    let named: Option<Named> = serde_json::from_slice(bytes).ok();
    let header = response.headers.get("content-type");
    let header = header.and_then(|value| value.to_str().ok());
    named
        .and_then(|named| named.media_type)
        .or_else(|| header.map(|value| value.split(';').next().unwrap_or(value).trim().to_owned()))
        .unwrap_or_else(|| MANIFEST.to_owned())
}

fn header(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}
