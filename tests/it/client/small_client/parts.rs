//! Images, requests, and what is read of responses.

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Response};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha512};
use url::Url;

pub(super) const IMAGE: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// The largest manifest that the client reads.
pub(super) const LARGEST_MANIFEST: u64 = 8 * 1024 * 1024;

pub(super) type Outcome<T> = Result<T, String>;

/// `host:port/name:tag` or `host:port/name@digest`, after `https://` where the registry speaks TLS.
#[derive(Clone)]
pub(super) struct Image {
    scheme: &'static str,
    pub(super) host: String,
    pub(super) name: String,
    pub(super) reference: String,
}

impl Image {
    pub(super) fn parse(text: &str) -> Outcome<Self> {
        let (scheme, text) = match text.strip_prefix("https://") {
            Some(text) => ("https", text),
            None => ("http", text),
        };
        let (host, rest) = text.split_once('/').ok_or("an image has a host")?;
        let (name, reference) = rest
            .split_once('@')
            .or_else(|| rest.rsplit_once(':'))
            .unwrap_or((rest, ""));
        Ok(Self {
            scheme,
            host: host.to_owned(),
            name: name.to_owned(),
            reference: reference.to_owned(),
        })
    }

    pub(super) fn url(&self, path: &str) -> Outcome<Url> {
        self.at(&format!("{}/{path}", self.name))
    }

    /// A URL below `/v2/`.
    pub(super) fn at(&self, path: &str) -> Outcome<Url> {
        let text = format!("{}://{}/v2/{path}", self.scheme, self.host);
        Url::parse(&text).map_err(|error| format!("{text}: {error}"))
    }
}

pub(super) fn digest_of(bytes: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(bytes)))
}

/// The digest of the bytes, of the algorithm of another one.
pub(super) fn digest_like(known: &str, bytes: &[u8]) -> String {
    match known.starts_with("sha512:") {
        true => format!("sha512:{}", hex(&Sha512::digest(bytes))),
        false => digest_of(bytes),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A text of a JSON object, or an empty one.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// A request that may be sent again.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Vec<u8>>,
    /// Whether the body is sent without its length.
    pub(super) streamed: bool,
}

impl Request {
    pub(super) fn new(method: Method, url: Url) -> Self {
        Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: None,
            streamed: false,
        }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    pub(super) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }
}

pub(super) fn header(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

pub(super) fn location(response: &Response) -> Outcome<Url> {
    let target = header(response, "location").ok_or("no Location")?;
    response
        .url()
        .join(&target)
        .map_err(|error| error.to_string())
}

/// The config and the layers of an image.
pub(super) fn descriptors(manifest: &Value) -> Vec<Value> {
    let layers = manifest.get("layers").and_then(Value::as_array).cloned();
    manifest
        .get("config")
        .cloned()
        .into_iter()
        .chain(layers.unwrap_or_default())
        .collect()
}
