//! A connection of a client.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use super::forward::Forwarder;

/// How long a client may take for TLS and for each head of a request.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(60);

/// A connection that was accepted.
pub struct Connection {
    /// No other connection has it.
    pub number: u64,
    pub forwarder: Arc<Forwarder>,
    /// Becomes true when the proxy ends.
    pub ended: watch::Receiver<bool>,
}

impl Connection {
    /// Serves its requests. Its errors are the client's, and ignored.
    pub async fn serve(
        self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        http2: bool,
    ) {
        let Self {
            number,
            forwarder,
            mut ended,
        } = self;
        let service = service_fn(move |request| {
            let forwarder = forwarder.clone();
            async move { Ok::<_, Infallible>(forwarder.exchange(request, number).await) }
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
            run_until(ended, connection).await;
        } else {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .preserve_header_case(true)
                .auto_date_header(false)
                .serve_connection(stream, service);
            run_until(ended, connection).await;
        }
    }
}

/// Runs a connection to its end, which is no later than its present requests when `ended` completes.
async fn run_until(ended: impl Future<Output = ()>, connection: impl GracefulConnection) {
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = ended => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
