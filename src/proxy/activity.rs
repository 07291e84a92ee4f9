//! Whether anything passes through a connection of a client.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::progress::Progress;

/// How often a connection is looked at.
const SHORTEST_TICK: Duration = Duration::from_millis(10);
const LONGEST_TICK: Duration = Duration::from_secs(5);

/// What happens on a connection.
#[derive(Debug)]
pub struct Activity {
    /// The number of the connection: no other one has it.
    pub number: u64,
    /// The exchanges that are under way.
    pub exchanges: AtomicUsize,
    /// The last progress of any of them.
    pub passed: Progress,
    /// Whether bytes wait until the client reads, and since when.
    blocked: AtomicBool,
    blocked_since: Progress,
}

impl Activity {
    pub fn new(number: u64) -> Self {
        Self {
            number,
            exchanges: AtomicUsize::new(0),
            passed: Progress::new(),
            blocked: AtomicBool::new(false),
            blocked_since: Progress::new(),
        }
    }

    /// Returns once the client reads nothing for so long. A body alone does not notice: nobody asks it for bytes meanwhile. Over
    /// HTTP/2, a client that reads may still accept no bytes of a body: then no exchange makes progress for twice as long.
    pub async fn stands_still(&self, silence: Duration, http2: bool) {
        let tick = (silence / 4).clamp(SHORTEST_TICK, LONGEST_TICK);
        loop {
            tokio::time::sleep(tick).await;
            let unread =
                self.blocked.load(Ordering::Relaxed) && self.blocked_since.idle() >= silence;
            let unasked = http2
                && self.exchanges.load(Ordering::Relaxed) > 0
                && self.passed.idle() >= silence.saturating_mul(2);
            if unread || unasked {
                return;
            }
        }
    }

    fn wrote(&self, blocked: bool) {
        if !self.blocked.swap(blocked, Ordering::Relaxed) && blocked {
            self.blocked_since.advance();
        }
    }
}

/// A stream whose writes an [`Activity`] sees.
pub struct WatchedStream<S> {
    inner: S,
    activity: Arc<Activity>,
}

impl<S> WatchedStream<S> {
    pub const fn new(inner: S, activity: Arc<Activity>) -> Self {
        Self { inner, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WatchedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WatchedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.activity.wrote(written.is_pending());
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, parts);
        self.activity.wrote(written.is_pending());
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.inner).poll_flush(context);
        self.activity.wrote(flushed.is_pending());
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let over = Pin::new(&mut self.inner).poll_shutdown(context);
        self.activity.wrote(over.is_pending());
        over
    }
}
