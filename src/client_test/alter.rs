//! Which responses an answer of a scenario is for, and how it changes them.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use bytes::Bytes;

use super::content::{Blob, Content};
use super::format::{Answer, BodyChange, OtherHost, Redirect, Requested, To};
use super::hosts::Hosts;
use crate::registry::{ApiRequest, ApiResponse, Delivery, Endpoint, RepeatedBody};

/// The bytes after which an endless body ends: enough to tell a client that bounds what it takes from one that does not,
/// beyond every buffer on the way.
pub const ENDLESS: u64 = 192 * 1024 * 1024;

/// What changes are made with.
pub struct Alteration<'a> {
    pub content: &'a Content,
    pub hosts: &'a Hosts,
    pub taken: &'a Arc<AtomicU64>,
}

impl Answer {
    /// Whether it is for this request, before it is known how often it was given.
    pub fn is_for(
        &self,
        host: Option<OtherHost>,
        request: &ApiRequest,
        response: &ApiResponse,
        content: &Content,
    ) -> bool {
        self.to.host == host
            && self
                .to
                .method
                .as_ref()
                .is_none_or(|method| *method == request.method)
            && self
                .to
                .endpoint
                .is_none_or(|kind| kind.is(&request.endpoint))
            && self
                .to
                .sends
                .is_none_or(|least| request.body.len() >= least)
            && self
                .to
                .status
                .is_none_or(|status| status == response.status)
            && self.is_for_content(request, response, content)
    }

    fn is_for_content(
        &self,
        request: &ApiRequest,
        response: &ApiResponse,
        content: &Content,
    ) -> bool {
        let To {
            content: Some(wanted),
            ..
        } = &self.to
        else {
            return true;
        };
        let Some(blob) = wanted.of(content) else {
            return false;
        };
        match &request.endpoint {
            Endpoint::Blob(_, digest) => *digest == blob.digest,
            Endpoint::Manifest(_, reference) => {
                *reference == blob.digest || response.body == blob.bytes
            }
            _ => false,
        }
    }
}

impl Requested {
    fn of(self, content: &Content) -> Option<&Blob> {
        match self {
            Self::Layer => Some(&content.image.layer),
            Self::Config => Some(&content.image.config),
            Self::Image => Some(&content.image.manifest),
            Self::Index => content.indexes.first(),
            Self::InnerIndex => content.indexes.get(1),
        }
    }

    fn of_other(self, content: &Content) -> &Blob {
        match self {
            Self::Layer => &content.other.layer,
            Self::Config => &content.other.config,
            Self::Image | Self::Index | Self::InnerIndex => &content.other.manifest,
        }
    }
}

/// Changes a response as an answer says.
pub fn alter(
    answer: &Answer,
    with: &Alteration<'_>,
    request: &ApiRequest,
    response: &mut ApiResponse,
) {
    if let Some(status) = answer.status {
        *response = match status {
            400.. => ApiResponse::error(status, "UNKNOWN", "a test of clients answers so"),
            _ => ApiResponse {
                status,
                ..response.clone()
            },
        };
    }
    if let Some(change) = answer.body {
        let other = answer
            .to
            .content
            .map(|content| content.of_other(with.content));
        change_body(change, other, with, response);
    }
    let lines = answer.before.iter();
    let lines = lines.map(|(name, value)| (name.clone(), value.clone()));
    response.headers.splice(0..0, lines);
    for name in &answer.remove {
        response.remove(name);
    }
    for (name, value) in &answer.set {
        let value = value
            .replace("{other.digest}", &with.content.other.manifest.digest)
            .replace("{other.host}", &with.hosts.name);
        response.set(name, value);
    }
    if let Some(host) = answer.location {
        move_location(with.hosts.authority(host), request, response);
    }
    if let Some(redirect) = answer.redirect {
        let origin = match redirect {
            Redirect::Name => format!("http://{}", with.hosts.name),
            Redirect::Port => format!("http://{}", with.hosts.port),
            Redirect::Itself => request.origin.clone(),
        };
        *response = ApiResponse::new(307).with("Location", url_at(&origin, request));
    }
    if answer.closes {
        response.delivery = Delivery::Closed;
    }
}

fn change_body(
    change: BodyChange,
    other: Option<&Blob>,
    with: &Alteration<'_>,
    response: &mut ApiResponse,
) {
    let bytes = response.body.clone();
    let body: Bytes = match change {
        BodyChange::Flip => flipped(&bytes),
        BodyChange::Truncate => bytes.slice(..bytes.len() / 2),
        BodyChange::Pad => [bytes.as_ref(), b"                "].concat().into(),
        BodyChange::Other => other.map_or_else(Bytes::new, |blob| blob.bytes.clone()),
        BodyChange::Empty => Bytes::new(),
        BodyChange::Root => with.content.root().0.bytes.clone(),
        BodyChange::Bomb => {
            response.set("Content-Encoding", "gzip");
            bomb()
        }
        BodyChange::Endless => {
            response.delivery = Delivery::Repeated(RepeatedBody {
                limit: ENDLESS,
                sent: Arc::clone(with.taken),
            });
            return;
        }
    };
    response.remove("content-length");
    response.body = body;
}

/// The length of a bomb's parts, and their number: a gigabyte.
const BOMB_PART: usize = 1024 * 1024;
const BOMB_PARTS: usize = 1024;

/// A gigabyte of zeros, compressed: parts of which each is a whole gzip stream (RFC 1952, section 2.2).
fn bomb() -> Bytes {
    let mut part = ApiResponse::new(200).body(vec![0; BOMB_PART]);
    part.gzip();
    part.body.repeat(BOMB_PARTS).into()
}

/// The bytes with one bit changed, in the middle.
pub fn flipped(bytes: &[u8]) -> Bytes {
    let mut bytes = bytes.to_vec();
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
    bytes.into()
}

/// Replaces the host of the `Location`.
fn move_location(authority: &str, request: &ApiRequest, response: &mut ApiResponse) {
    let base = url::Url::parse(&url_at(&request.origin, request)).ok();
    let location = response.header("location").map(str::to_owned);
    let target = base
        .zip(location)
        .and_then(|(base, to)| base.join(&to).ok());
    if let Some(target) = target {
        let query = target
            .query()
            .map_or_else(String::new, |query| format!("?{query}"));
        response.set(
            "Location",
            format!("http://{authority}{}{query}", target.path()),
        );
    }
}

/// The URL of a request at an origin.
pub fn url_at(origin: &str, request: &ApiRequest) -> String {
    let query: Vec<String> = request
        .query
        .iter()
        .map(|(name, value)| {
            let pair: String = url::form_urlencoded::Serializer::new(String::new())
                .append_pair(name, value)
                .finish();
            pair.replace("%3A", ":").replace("%2F", "/")
        })
        .collect();
    match query.is_empty() {
        true => format!("{origin}{}", request.path),
        false => format!("{origin}{}?{}", request.path, query.join("&")),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::path::Path;

    use super::*;
    use crate::client_test::content::BlobTypes;
    use crate::client_test::format::ContentKind;

    #[test]
    fn an_answer_changes_only_what_it_is_for() {
        let content =
            Content::new(ContentKind::Image, Path::new("/outside"), BlobTypes::OCI).unwrap();
        let answer = Answer {
            to: To {
                method: Some("GET".to_owned()),
                content: Some(Requested::Layer),
                ..To::default()
            },
            body: Some(BodyChange::Flip),
            ..Answer::default()
        };
        let layer = &content.image.layer;
        let get =
            |digest: &str| ApiRequest::new("GET", "http://h:1", &format!("/v2/a/blobs/{digest}"));
        let mut response = ApiResponse::new(200).body(layer.bytes.clone());
        assert!(answer.is_for(None, &get(&layer.digest), &response, &content));
        assert!(!answer.is_for(
            None,
            &get(&content.image.config.digest),
            &response,
            &content
        ));
        assert!(!answer.is_for(
            Some(OtherHost::Name),
            &get(&layer.digest),
            &response,
            &content
        ));
        let hosts = Hosts {
            name: "other.example".to_owned(),
            port: "h:2".to_owned(),
        };
        let with = Alteration {
            content: &content,
            hosts: &hosts,
            taken: &Arc::default(),
        };
        alter(&answer, &with, &get(&layer.digest), &mut response);
        assert_eq!(response.body.len(), layer.bytes.len());
        assert_ne!(response.body, layer.bytes);
    }

    #[test]
    fn a_location_moves_to_another_host_with_its_query() {
        let request = ApiRequest::new("POST", "http://h:1", "/v2/a/blobs/uploads/");
        let mut response = ApiResponse::new(202).with("Location", "../uploads/x?state=1");
        move_location("other.example", &request, &mut response);
        let location = response.header("location");
        assert_eq!(
            location,
            Some("http://other.example/v2/a/blobs/uploads/x?state=1")
        );
    }
}
