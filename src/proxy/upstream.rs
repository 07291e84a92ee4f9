//! Connections to the target.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, Response, Uri};
use http_body_util::{Either, Empty};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use super::passing_body::PassingBody;
use crate::client::{SettingsError, Tls, root_causes, tls_config};

/// The longest time until there is a connection.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a connection waits for its next request: many servers close theirs after some seconds.
const IDLE: Duration = Duration::from_secs(4);

/// The target.
pub struct Upstream {
    client: Client<HttpsConnector<HttpConnector>, SentBody>,
    target: Url,
}

impl Upstream {
    /// # Errors
    /// When a certificate or key cannot be used.
    pub fn new(target: &Url, tls: &Tls) -> Result<Self, SettingsError> {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let config = match target.scheme() {
            "https" => tls_config(tls)?,
            // Without TLS there is nothing to trust.
            _ => tls_config(&Tls {
                insecure: true,
                ..Tls::default()
            })?,
        };
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(config)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .http1_preserve_header_case(true)
            .set_host(false)
            .build(connector);
        Ok(Self {
            client,
            target: target.clone(),
        })
    }

    /// The URI of a path and query at the target.
    pub fn uri(&self, path_and_query: &str) -> Result<Uri, http::Error> {
        Uri::builder()
            .scheme(self.target.scheme())
            .authority(self.authority())
            .path_and_query(path_and_query)
            .build()
    }

    /// Host and port of the target.
    pub fn authority(&self) -> &str {
        self.target.authority()
    }

    pub fn scheme(&self) -> &str {
        self.target.scheme()
    }

    /// Sends a request, without waiting for the end of the response. A read is sent again where the target closed the
    /// connection that it was sent on.
    ///
    /// # Errors
    /// Why there is no response.
    pub async fn send(&self, request: Request<SentBody>) -> Result<Response<Incoming>, String> {
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        let again = match request.body() {
            Either::Right(_) if reads => Some(without_body(&request)),
            _ => None,
        };
        let sent = self.client.request(request).await;
        let sent = match (sent, again) {
            (Err(error), Some(again)) if !error.is_connect() => self.client.request(again).await,
            (sent, _) => sent,
        };
        sent.map_err(|error| root_causes(&error))
    }
}

/// A request's body: one that passes, or none.
pub type SentBody = Either<PassingBody, Empty<Bytes>>;

fn without_body(request: &Request<SentBody>) -> Request<SentBody> {
    let mut copy = Request::new(Either::Right(Empty::new()));
    copy.method_mut().clone_from(request.method());
    copy.uri_mut().clone_from(request.uri());
    copy.headers_mut().clone_from(request.headers());
    copy.extensions_mut().clone_from(request.extensions());
    copy
}
