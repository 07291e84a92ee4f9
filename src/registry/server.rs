//! The edge: HTTP/1.1 on one side, calls and answers on the other.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::Options;
use super::api_request::{ApiRequest, Endpoint};
use super::api_response::ApiResponse;
use super::router::Registry;

/// What answers on an address.
#[derive(Clone)]
struct Host {
    registry: Arc<Registry>,
    answers: fn(&Registry, ApiRequest) -> ApiResponse,
    scheme: &'static str,
}

/// A running registry.
#[derive(Debug)]
pub struct Server {
    scheme: &'static str,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts it; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(address: SocketAddr, options: Options) -> std::io::Result<Self> {
        Self::start_with(address, options, None).await
    }

    /// The same behind TLS.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start_tls(
        address: SocketAddr,
        options: Options,
        tls: TlsAcceptor,
    ) -> std::io::Result<Self> {
        Self::start_with(address, options, Some(tls)).await
    }

    async fn start_with(
        address: SocketAddr,
        options: Options,
        tls: Option<TlsAcceptor>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let tokens = match options.login.tokens.elsewhere {
            true => Some(TcpListener::bind((address.ip(), 0)).await?),
            false => None,
        };
        let port = tokens.as_ref().map(TcpListener::local_addr).transpose()?;
        let registry = Registry::new(options, port.map(|address| address.port()));
        let host = Host {
            registry: Arc::new(registry),
            answers: Registry::response,
            scheme: scheme(tls.is_some()),
        };
        Ok(Self {
            scheme: host.scheme,
            address,
            task: tokio::spawn(async move {
                let gives = Host {
                    answers: Registry::give_token,
                    ..host.clone()
                };
                let gives_tokens = async {
                    if let Some(tokens) = tokens {
                        accept(tokens, gives, tls.clone()).await;
                    }
                };
                tokio::join!(accept(listener, host, tls.clone()), gives_tokens);
            }),
        })
    }

    /// Its base URL.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Stops it: connections are closed, content is gone.
    pub async fn stop(self) {
        self.task.abort();
        // Being aborted is how it ends.
        let _ = self.task.await;
    }
}

const fn scheme(tls: bool) -> &'static str {
    if tls { "https" } else { "http" }
}

async fn accept(listener: TcpListener, host: Host, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Without it an answer could wait for an acknowledgement.
        let _ = stream.set_nodelay(true);
        let (host, tls) = (host.clone(), tls.clone());
        connections.spawn(async move {
            let Some(tls) = tls else {
                return talk(stream, host, false).await;
            };
            let greeted = tokio::time::timeout(Duration::from_secs(10), tls.accept(stream)).await;
            if let Ok(Ok(stream)) = greeted {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                talk(stream, host, http2).await;
            }
        });
    }
}

/// Answers what comes over a connection. A client that breaks off is none of the registry's errors.
async fn talk(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    host: Host,
    http2: bool,
) {
    let title_case = host.registry.options.title_case;
    let service = service_fn(move |request| serve(host.clone(), request));
    let stream = TokioIo::new(stream);
    if http2 {
        let _ = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .serve_connection(stream, service)
            .await;
    } else {
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .title_case_headers(title_case)
            .header_read_timeout(Duration::from_secs(60))
            .serve_connection(stream, service)
            .await;
    }
}

async fn serve(
    host: Host,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let limit = host.registry.options.body_limit;
    let head = parts.method == http::Method::HEAD;
    let response = match Limited::new(body, limit).collect().await {
        Ok(body) => (host.answers)(
            &host.registry,
            api_request(&parts, body.to_bytes(), host.scheme),
        ),
        Err(_) => ApiResponse::error(
            413,
            "SIZE_INVALID",
            "the body is larger than this registry takes",
        ),
    };
    Ok(respond(response, head))
}

fn api_request(parts: &http::request::Parts, body: Bytes, scheme: &str) -> ApiRequest {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    // HTTP/2 has no Host.
    let authority = parts.uri.authority().map(ToString::to_string);
    let host = parts.headers.get("host").map(text).or(authority);
    let host = host.unwrap_or_default();
    let path = decode(parts.uri.path());
    let query = parts.uri.query().unwrap_or_default();
    ApiRequest {
        method: parts.method.to_string(),
        endpoint: Endpoint::of(&path),
        path,
        query: url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), text(value)))
            .collect(),
        body,
        origin: format!("{scheme}://{host}"),
    }
}

/// A path without percent signs; what is no UTF-8 stays recognisably odd.
fn decode(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let decoded = hex.and_then(|two| u8::from_str_radix(two, 16).ok());
        match decoded.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn respond(response: ApiResponse, head: bool) -> Response<Full<Bytes>> {
    let mut sent = Response::new(Full::new(match head {
        true => Bytes::new(),
        false => response.body.clone(),
    }));
    *sent.status_mut() = http::StatusCode::from_u16(response.status)
        .unwrap_or(http::StatusCode::INTERNAL_SERVER_ERROR);
    let headers = sent.headers_mut();
    for (name, value) in &response.headers {
        let name = http::HeaderName::from_bytes(name.as_bytes());
        let value = http::HeaderValue::from_bytes(value.as_bytes());
        if let (Ok(name), Ok(value)) = (name, value) {
            headers.append(name, value);
        }
    }
    // HTTP/2 sends none by itself for an empty body.
    let silent = head || (response.body.is_empty() && response.status != 204);
    if silent && response.header("content-length").is_none() && response.succeeds() {
        headers.insert(
            "content-length",
            http::HeaderValue::from(response.body.len()),
        );
    }
    headers.remove(NO_LENGTH);
    if response.header(NO_LENGTH).is_some() {
        headers.remove("content-length");
    }
    sent
}

/// By this header a fault says that an answer to HEAD has no Content-Length; it is never sent.
pub const NO_LENGTH: &str = "x-no-length";
