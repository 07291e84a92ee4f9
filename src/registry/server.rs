//! The HTTP server: HTTP/1.1 and HTTP/2, with or without TLS.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use percent_encoding::percent_decode_str;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use super::api_request::{ApiRequest, Endpoint};
use super::api_response::{ApiResponse, Delivery};
use super::options::Options;
use super::router::Registry;
use super::sent_response::{SentBody, respond};
use super::tap::{StoredContent, Tap};

/// What a listener serves: the registry, or its token server.
#[derive(Clone)]
struct Service {
    registry: Arc<Registry>,
    handler: fn(&Registry, ApiRequest) -> ApiResponse,
    scheme: &'static str,
    tap: Option<Arc<dyn Tap>>,
}

impl Service {
    fn respond(&self, request: ApiRequest) -> ApiResponse {
        let respond = |request| (self.handler)(&self.registry, request);
        match &self.tap {
            None => respond(request),
            Some(tap) => tap.exchange(request, &respond),
        }
    }
}

/// A running registry.
#[derive(Debug)]
pub struct Server {
    registry: Arc<Registry>,
    scheme: &'static str,
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a registry over HTTP; port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(address: SocketAddr, options: Options) -> std::io::Result<Self> {
        Self::start_with(address, options, None, None).await
    }

    /// Starts a registry over HTTP or HTTPS whose exchanges pass through `tap`; port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start_tapped(
        address: SocketAddr,
        options: Options,
        tls: Option<TlsAcceptor>,
        tap: Arc<dyn Tap>,
    ) -> std::io::Result<Self> {
        Self::start_with(address, options, tls, Some(tap)).await
    }

    /// Starts another listener of the same registry over HTTP, at a free port of the same address.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub async fn start_another(&self, tap: Arc<dyn Tap>) -> std::io::Result<Self> {
        let listener = TcpListener::bind((self.address.ip(), 0)).await?;
        let service = Service {
            registry: self.registry.clone(),
            handler: Registry::response,
            scheme: scheme(false),
            tap: Some(tap),
        };
        Ok(Self {
            registry: self.registry.clone(),
            scheme: service.scheme,
            address: listener.local_addr()?,
            task: tokio::spawn(accept(listener, service, None)),
        })
    }

    /// What the registry stores.
    pub fn stored_content(&self) -> StoredContent {
        StoredContent::of(self.registry.clone())
    }

    /// Starts a registry over HTTPS; port 0 takes a free port.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start_tls(
        address: SocketAddr,
        options: Options,
        tls: TlsAcceptor,
    ) -> std::io::Result<Self> {
        Self::start_with(address, options, Some(tls), None).await
    }

    async fn start_with(
        address: SocketAddr,
        options: Options,
        tls: Option<TlsAcceptor>,
        tap: Option<Arc<dyn Tap>>,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let tokens = match options.login.tokens.separate_port {
            true => Some(TcpListener::bind((address.ip(), 0)).await?),
            false => None,
        };
        let port = tokens.as_ref().map(TcpListener::local_addr).transpose()?;
        let registry = Registry::new(options, port.map(|address| address.port()));
        let service = Service {
            registry: Arc::new(registry),
            handler: Registry::response,
            scheme: scheme(tls.is_some()),
            tap,
        };
        Ok(Self {
            registry: service.registry.clone(),
            scheme: service.scheme,
            address,
            task: tokio::spawn(async move {
                let token_service = Service {
                    handler: Registry::token_server_response,
                    ..service.clone()
                };
                let token_server = async {
                    if let Some(tokens) = tokens {
                        accept(tokens, token_service, tls.clone()).await;
                    }
                };
                tokio::join!(accept(listener, service, tls.clone()), token_server);
            }),
        })
    }

    /// The base URL, without a slash at the end.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Stops the registry: closes its connections and drops its content.
    pub async fn stop(self) {
        self.task.abort();
        // The error only says that the task was aborted.
        let _ = self.task.await;
    }
}

const fn scheme(tls: bool) -> &'static str {
    if tls { "https" } else { "http" }
}

async fn accept(listener: TcpListener, service: Service, tls: Option<TlsAcceptor>) {
    let mut connections = JoinSet::new();
    loop {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Nagle's algorithm would delay small responses.
        let _ = stream.set_nodelay(true);
        let (service, tls) = (service.clone(), tls.clone());
        connections.spawn(async move {
            let Some(tls) = tls else {
                return serve_connection(stream, service, false).await;
            };
            let handshake = tokio::time::timeout(Duration::from_secs(10), tls.accept(stream)).await;
            if let Ok(Ok(stream)) = handshake {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                serve_connection(stream, service, http2).await;
            }
        });
    }
}

/// Serves the requests of one connection. Errors of the connection are the client's, and ignored.
async fn serve_connection(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: Service,
    http2: bool,
) {
    let title_case = service.registry.options.title_case;
    let handler = service_fn(move |request| serve(service.clone(), request));
    let stream = TokioIo::new(stream);
    if http2 {
        let _ = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .serve_connection(stream, handler)
            .await;
    } else {
        let _ = http1::Builder::new()
            .timer(TokioTimer::new())
            .title_case_headers(title_case)
            .header_read_timeout(Duration::from_secs(60))
            .serve_connection(stream, handler)
            .await;
    }
}

async fn serve(service: Service, request: Request<Incoming>) -> io::Result<Response<SentBody>> {
    let (parts, body) = request.into_parts();
    let options = &service.registry.options;
    let head = parts.method == http::Method::HEAD;
    let body = Limited::new(body, options.body_limit).collect();
    let response = match tokio::time::timeout(options.body_timeout, body).await {
        Ok(Ok(body)) => service.respond(api_request(&service, &parts, own_memory(body.to_bytes()))),
        Ok(Err(_)) => ApiResponse::error(
            413,
            "SIZE_INVALID",
            "the body is larger than this registry accepts",
        ),
        Err(_) => ApiResponse::error(408, "SIZE_INVALID", "the body took too long"),
    };
    match response.delivery {
        // An error closes the connection.
        Delivery::Closed => Err(io::ErrorKind::ConnectionAborted.into()),
        _ => Ok(respond(response, head)),
    }
}

/// Bodies up to this size, in bytes, may be a part of the buffer that the connection reads into.
const READ_BUFFER: usize = 64 * 1024;

/// A body in memory of its own: content that is stored would keep the whole read buffer of its connection.
fn own_memory(body: Bytes) -> Bytes {
    match body.len() <= READ_BUFFER {
        true => Bytes::copy_from_slice(&body),
        false => body,
    }
}

fn api_request(service: &Service, parts: &http::request::Parts, body: Bytes) -> ApiRequest {
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    // HTTP/2 has `:authority` in place of Host.
    let authority = parts.uri.authority().map(ToString::to_string);
    let host = parts.headers.get("host").map(text).or(authority);
    let host = host.unwrap_or_default();
    // Bytes that are not UTF-8 become replacement characters, which no name, tag or digest allows.
    let path = percent_decode_str(parts.uri.path())
        .decode_utf8_lossy()
        .into_owned();
    let query = parts.uri.query().unwrap_or_default();
    let endpoint = Endpoint::of(&path);
    let second = service.registry.options.second_repository.as_str();
    ApiRequest {
        method: parts.method.to_string(),
        in_second_repository: endpoint.repository() == Some(second),
        endpoint,
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
        origin: format!("{}://{host}", service.scheme),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;

    #[tokio::test]
    async fn a_body_that_does_not_end_is_refused() {
        let options = Options {
            body_timeout: Duration::from_millis(100),
            ..Options::default()
        };
        let server = Server::start(([127, 0, 0, 1], 0).into(), options);
        let server = server.await.unwrap();
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let head = b"POST /v2/a/blobs/uploads/ HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nte";
        stream.write_all(head).await.unwrap();
        let mut status = [0; 12];
        let read = stream.read_exact(&mut status);
        let read = tokio::time::timeout(Duration::from_secs(10), read);
        read.await.unwrap().unwrap();
        assert_eq!(&status, b"HTTP/1.1 408");
        server.stop().await;
    }
}
