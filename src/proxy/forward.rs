//! One exchange: the request goes to the target, the response to the client.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri, Version};
use http_body_util::{Either, Empty, Full};
use hyper::body::{Body, Incoming};
use url::Url;

use super::activity::Activity;
use super::headers::{authority, passing};
use super::judging::Judging;
use super::passing_body::{Keeping, PassingBody};
use super::pending::{Pending, Side};
use super::upstream::Upstream;
use crate::endpoint::Endpoint;
use crate::fixture::Algorithm;
use crate::traffic::{WireBody, WireRequest, WireResponse};

/// The body of a response: one that passes, or the proxy's own words.
pub type ResponseBody = Either<PassingBody, Full<Bytes>>;

/// What passes exchanges on.
pub struct Forwarder {
    pub upstream: Upstream,
    pub judging: Judging,
    /// The scheme of the listener.
    pub scheme: &'static str,
    /// The address of the listener: the Host of requests of HTTP/1.0 that have none.
    pub address: SocketAddr,
    /// How long an exchange may stand still.
    pub silence: Duration,
    /// Whether the target gets its own name as Host.
    pub target_host: bool,
}

impl Forwarder {
    /// Passes a request on, and its response back.
    pub async fn exchange(
        &self,
        request: Request<Incoming>,
        activity: Arc<Activity>,
    ) -> Response<ResponseBody> {
        let (parts, body) = request.into_parts();
        let Some((url, route)) = self.route(&parts) else {
            let why = "the proxy passes on requests with a path and a valid Host, and no CONNECT";
            return own(StatusCode::BAD_REQUEST, why);
        };
        let permit = tokio::time::timeout(self.silence, self.judging.permit());
        let Ok(permit) = permit.await else {
            let why = "too many exchanges are under way";
            return own(StatusCode::SERVICE_UNAVAILABLE, why);
        };
        let wire = wire_request(&parts, url, activity.number);
        let asked = Asked::of(&wire);
        let judging = self.judging.clone();
        let pending = Arc::new(Pending::new(wire, judging, permit, activity));
        let body = match body.is_end_stream() {
            true => Either::Right(Empty::new()),
            false => {
                let keeping = asked.keeps_request();
                Either::Left(PassingBody::new(
                    body,
                    Side::Request,
                    pending.clone(),
                    keeping,
                    self.silence,
                ))
            }
        };
        let sent = self.upstream_request(parts, route, body);
        let answered = tokio::select! {
            answered = self.upstream.send(sent) => answered,
            () = pending.progress.stands_still(self.silence) => {
                let silence = humantime::format_duration(self.silence);
                Err(format!("nothing passed for {silence}"))
            }
        };
        match answered {
            Ok(response) => self.pass_back(response, &asked, &pending),
            Err(why) if pending.failed(&why) => {
                let target = self.upstream.authority();
                let why = format!("{target} gave no response: {why}");
                own(StatusCode::BAD_GATEWAY, &why)
            }
            Err(_) => own(StatusCode::REQUEST_TIMEOUT, "the request broke off"),
        }
    }

    /// The URL that the client used, and where the request goes; none where its path or its Host is not one of HTTP.
    fn route(&self, parts: &Parts) -> Option<(Url, Route)> {
        let path = parts.uri.path_and_query()?.as_str();
        if parts.method == Method::CONNECT || !path.starts_with('/') {
            return None;
        }
        let authority = authority(&parts.uri, &parts.headers);
        let authority = authority.unwrap_or_else(|| self.address.to_string());
        let host = match self.target_host {
            true => self.upstream.authority(),
            false => &authority,
        };
        let route = Route {
            uri: self.upstream.uri(path).ok()?,
            host: HeaderValue::from_str(host).ok()?,
        };
        let url = Url::parse(&format!("{}://{authority}{path}", self.scheme)).ok()?;
        Some((url, route))
    }

    fn upstream_request<B>(&self, parts: Parts, route: Route, body: B) -> Request<B> {
        let mut headers = passing(parts.headers);
        headers.insert("host", route.host);
        if self.scheme != self.upstream.scheme() {
            // The target makes URLs that lead to the proxy.
            headers.insert("x-forwarded-proto", HeaderValue::from_static(self.scheme));
        }
        let mut request = Request::new(body);
        *request.method_mut() = parts.method;
        *request.uri_mut() = route.uri;
        *request.version_mut() = Version::HTTP_11;
        *request.headers_mut() = headers;
        // The case of header names is among them.
        *request.extensions_mut() = parts.extensions;
        request
    }

    fn pass_back(
        &self,
        response: Response<Incoming>,
        asked: &Asked,
        pending: &Arc<Pending>,
    ) -> Response<ResponseBody> {
        let (mut parts, body) = response.into_parts();
        pending.answered(WireResponse {
            status: parts.status.as_u16(),
            headers: parts.headers.clone(),
            body: WireBody::default(),
            protocol: format!("{:?}", parts.version),
        });
        let keeping = asked.keeps_response(parts.status, &parts.headers);
        parts.headers = passing(parts.headers);
        parts.version = Version::HTTP_11;
        let body = PassingBody::new(body, Side::Response, pending.clone(), keeping, self.silence);
        Response::from_parts(parts, Either::Left(body))
    }
}

/// Where a request goes.
struct Route {
    /// The URL at the target.
    uri: Uri,
    /// The Host that the target gets.
    host: HeaderValue,
}

fn wire_request(parts: &Parts, url: Url, connection: u64) -> WireRequest {
    WireRequest {
        method: parts.method.to_string(),
        endpoint: Endpoint::parse(url.path()),
        url,
        headers: parts.headers.clone(),
        body: WireBody::default(),
        connection: Some(connection),
        complete: true,
    }
}

/// What a request asks for, as far as it decides what is kept of the bodies.
struct Asked {
    method: String,
    endpoint: Endpoint,
}

impl Asked {
    fn of(request: &WireRequest) -> Self {
        Self {
            method: request.method.clone(),
            endpoint: request.endpoint.clone(),
        }
    }

    fn keeps_request(&self) -> Keeping {
        Keeping {
            document: matches!(self.endpoint, Endpoint::Manifest { .. }),
            algorithms: Vec::new(),
        }
    }

    fn keeps_response(&self, status: StatusCode, headers: &HeaderMap) -> Keeping {
        let content = matches!(
            self.endpoint,
            Endpoint::Blob { .. } | Endpoint::Manifest { .. }
        );
        let named = headers
            .get("docker-content-digest")
            .and_then(|digest| digest.to_str().ok());
        let digests = self.endpoint.content_digest().into_iter().chain(named);
        let whole = content && status == StatusCode::OK && self.method == "GET";
        let algorithms = digests.filter(|_| whole).filter_map(|digest| {
            let (algorithm, _) = digest.split_once(':')?;
            algorithm.parse::<Algorithm>().ok()
        });
        Keeping {
            document: status.as_u16() >= 400 || !matches!(self.endpoint, Endpoint::Blob { .. }),
            algorithms: algorithms.collect(),
        }
    }
}

/// A response of the proxy's own.
fn own(status: StatusCode, why: &str) -> Response<ResponseBody> {
    let text = format!("assay proxy: {why}\n");
    let mut response = Response::new(Either::Right(Full::new(Bytes::from(text))));
    *response.status_mut() = status;
    let plain = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert("content-type", plain);
    response
}
