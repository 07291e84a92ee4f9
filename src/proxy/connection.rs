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

use super::activity::{Activity, WatchedStream};
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
        let activity = Arc::new(Activity::new(number));
        let stream = TokioIo::new(WatchedStream::new(stream, activity.clone()));
        let (silence, passing) = (forwarder.silence, activity.clone());
        let service = service_fn(move |request| {
            let (forwarder, activity) = (forwarder.clone(), passing.clone());
            async move { Ok::<_, Infallible>(forwarder.exchange(request, activity).await) }
        });
        let ended = async move {
            // Without a sender the proxy is gone.
            let _ = ended.wait_for(|ended| *ended).await;
        };
        let stands_still = activity.stands_still(silence, http2);
        if http2 {
            let mut builder = http2::Builder::new(TokioExecutor::new());
            let connection = builder
                .timer(TokioTimer::new())
                .keep_alive_interval(HEAD_TIMEOUT)
                .keep_alive_timeout(HEAD_TIMEOUT)
                .auto_date_header(false)
                .serve_connection(stream, service);
            run_until(ended, stands_still, connection).await;
        } else {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIMEOUT)
                .preserve_header_case(true)
                .auto_date_header(false)
                .serve_connection(stream, service);
            run_until(ended, stands_still, connection).await;
        }
    }
}

/// Runs a connection to its end, which is no later than its present requests when `ended` completes. It is dropped when
/// nothing passes any more.
async fn run_until(
    ended: impl Future<Output = ()>,
    stands_still: impl Future<Output = ()>,
    connection: impl GracefulConnection,
) {
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stands_still => return,
        () = ended => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}
