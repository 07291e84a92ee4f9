//! The listener.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use time::OffsetDateTime;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::connection::{Connection, HEAD_TIMEOUT};
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
        let _ = tokio::time::timeout(GRACE, self.forwarder.judging.hashed()).await;
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
    let mut accepted = 0_u64;
    // The semaphore is never closed.
    while let Ok(permit) = room.clone().acquire_owned().await {
        while connections.try_join_next().is_some() {}
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Nagle's algorithm would delay small responses.
        let _ = stream.set_nodelay(true);
        accepted += 1;
        let connection = Connection {
            number: accepted,
            forwarder: forwarder.clone(),
            ended: ended.clone(),
        };
        let acceptor = acceptor.cloned();
        connections.spawn(async move {
            let _permit = permit;
            let Some(acceptor) = acceptor else {
                return connection.serve(stream, false).await;
            };
            if let Ok(Ok(stream)) =
                tokio::time::timeout(HEAD_TIMEOUT, acceptor.accept(stream)).await
            {
                let http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                connection.serve(stream, http2).await;
            }
        });
    }
}
