//! The listener.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use time::OffsetDateTime;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::forward::Forwarder;
use super::judging::Judging;
use super::upstream::Upstream;
use crate::client::Tls;
use crate::record::{JudgedBy, Run, millis};
use crate::traffic::{Judge, TrafficRun};

/// The most connections of clients at the same time; others wait.
const MAX_CONNECTIONS: usize = 512;

/// How long exchanges under way may take after the end.
const GRACE: Duration = Duration::from_secs(2);

/// How long a client may take for TLS and for each head of a request.
const HEAD: Duration = Duration::from_secs(60);

/// How a proxy works.
pub struct ProxySettings {
    pub target: Url,
    pub listen: SocketAddr,
    /// The certificate of the listener.
    pub acceptor: Option<TlsAcceptor>,
    /// Whom to trust as the target.
    pub upstream_tls: Tls,
    /// How long an exchange may stand still.
    pub silence: Duration,
    /// Whether the target gets its own name as Host.
    pub target_host: bool,
}

/// A proxy that listens.
pub struct Proxy {
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    forwarder: Arc<Forwarder>,
    judge: JoinHandle<Judge>,
    target: Url,
    began: (Instant, OffsetDateTime),
}

/// Why a proxy does not start.
#[derive(Debug, thiserror::Error)]
pub enum ProxyError {
    #[error(
        "cannot listen on {0}: {1}. Name another address with --listen; port 0 takes a free one"
    )]
    Listen(SocketAddr, io::Error),
    #[error(transparent)]
    Tls(#[from] crate::client::SettingsError),
}

impl Proxy {
    /// Listens. Whatever comes is passed on from [`Self::run`] on.
    ///
    /// # Errors
    /// An address that is not available, or a certificate that cannot be used.
    pub async fn start(settings: ProxySettings, judge: Judge) -> Result<Self, ProxyError> {
        let upstream = Upstream::new(&settings.target, &settings.upstream_tls)?;
        let listener = TcpListener::bind(settings.listen).await;
        let listener = listener.map_err(|error| ProxyError::Listen(settings.listen, error))?;
        let local = listener.local_addr();
        let address = local.map_err(|error| ProxyError::Listen(settings.listen, error))?;
        let (judging, judge) = Judging::start(judge);
        let scheme = match settings.acceptor {
            Some(_) => "https",
            None => "http",
        };
        Ok(Self {
            listener,
            acceptor: settings.acceptor,
            forwarder: Arc::new(Forwarder {
                upstream,
                judging,
                scheme,
                address,
                silence: settings.silence,
                target_host: settings.target_host,
            }),
            judge,
            target: settings.target,
            began: (Instant::now(), OffsetDateTime::now_utc()),
        })
    }

    /// The URL that clients use.
    pub fn url(&self) -> String {
        format!("{}://{}", self.forwarder.scheme, self.forwarder.address)
    }

    /// Passes everything on until `stop` becomes true. Gives the record of it; none where the judge did not end.
    pub async fn run(self, mut stop: watch::Receiver<bool>) -> Option<Run> {
        let (ending, ended) = watch::channel(false);
        let mut connections = JoinSet::new();
        let accepting = accept(
            &self.listener,
            self.acceptor.as_ref(),
            &self.forwarder,
            &ended,
            &mut connections,
        );
        tokio::select! {
            () = accepting => {}
            // Without a sender nobody stops it.
            _ = stop.wait_for(|stop| *stop) => {}
        }
        drop(self.listener);
        let _ = ending.send(true);
        let all = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, all).await;
        connections.shutdown().await;
        self.forwarder.judging.end();
        let judge = self.judge.await.ok()?;
        Some(judge.into_run(TrafficRun {
            url: self.target.as_str().trim_end_matches('/').to_owned(),
            began: self.began.1,
            duration_ms: millis(self.began.0.elapsed()),
            judged_by: JudgedBy::Proxy,
            notes: Vec::new(),
        }))
    }
}

async fn accept(
    listener: &TcpListener,
    acceptor: Option<&TlsAcceptor>,
    forwarder: &Arc<Forwarder>,
    ended: &watch::Receiver<bool>,
    connections: &mut JoinSet<()>,
) {
    let room = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    // The semaphore is never closed.
    while let Ok(permit) = room.clone().acquire_owned().await {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Nagle's algorithm would delay small responses.
        let _ = stream.set_nodelay(true);
        let (acceptor, forwarder, ended) = (acceptor.cloned(), forwarder.clone(), ended.clone());
        connections.spawn(async move {
            let _permit = permit;
            let Some(acceptor) = acceptor else {
                return serve(stream, forwarder, ended, false).await;
            };
            if let Ok(Ok(stream)) = tokio::time::timeout(HEAD, acceptor.accept(stream)).await {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                serve(stream, forwarder, ended, http2).await;
            }
        });
    }
}

/// Serves a connection. Its errors are the client's, and ignored.
async fn serve(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    forwarder: Arc<Forwarder>,
    mut ended: watch::Receiver<bool>,
    http2: bool,
) {
    let service = service_fn(move |request| {
        let forwarder = forwarder.clone();
        async move { Ok::<_, std::convert::Infallible>(forwarder.exchange(request).await) }
    });
    let stream = TokioIo::new(stream);
    let ended = async move {
        // Without a sender the proxy is gone.
        let _ = ended.wait_for(|ended| *ended).await;
    };
    if http2 {
        let mut builder = http2::Builder::new(TokioExecutor::new());
        let connection = builder
            .timer(TokioTimer::new())
            .auto_date_header(false)
            .serve_connection(stream, service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = ended => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    } else {
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD)
            .preserve_header_case(true)
            .auto_date_header(false)
            .serve_connection(stream, service);
        let mut connection = std::pin::pin!(connection);
        tokio::select! {
            _ = connection.as_mut() => return,
            () = ended => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }
}
