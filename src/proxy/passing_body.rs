//! A body that passes: hashed on its way, with its beginning kept.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

use super::body_hash::BodyHash;
use super::pending::{Pending, Side};
use crate::client::root_causes;
use crate::fixture::Algorithm;
use crate::traffic::WireBody;

/// The bytes that are kept of every body.
const BEGINNING: usize = 8 * 1024;

/// The bytes of a document that are kept.
const DOCUMENT: usize = 4 * 1024 * 1024;

/// A body on its way from one side to the other.
pub struct PassingBody {
    inner: Incoming,
    side: Side,
    pending: Arc<Pending>,
    /// None where no digest is wanted.
    hash: Option<BodyHash>,
    kept: BytesMut,
    /// The memory of `kept` beyond the beginning.
    reserved: Vec<OwnedSemaphorePermit>,
    size: u64,
    most: usize,
    /// Whether its end passed.
    ended: bool,
    /// How long it may stand still, and when that is over; none while it moves.
    silence: Duration,
    timer: Option<Pin<Box<Sleep>>>,
}

/// What is kept of a body.
#[derive(Debug, Default)]
pub struct Keeping {
    /// Whether it is judged by its content: a manifest, a list, an error.
    pub document: bool,
    /// The algorithms of the digests that are computed.
    pub algorithms: Vec<Algorithm>,
}

impl PassingBody {
    pub fn new(
        inner: Incoming,
        side: Side,
        pending: Arc<Pending>,
        keeping: Keeping,
        silence: Duration,
    ) -> Self {
        Self {
            ended: inner.is_end_stream(),
            inner,
            side,
            hash: pending.hash(&keeping.algorithms),
            pending,
            kept: BytesMut::new(),
            reserved: Vec::new(),
            size: 0,
            silence,
            timer: None,
            most: if keeping.document {
                DOCUMENT
            } else {
                BEGINNING
            },
        }
    }

    /// Ready once it stood still for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let silence = self.silence;
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep(silence)));
        timer.as_mut().poll(context)
    }

    /// A response that breaks off is the target's doing; a request that does is the client's.
    fn broke_off(&self, why: &str) {
        match self.side {
            Side::Request => self.pending.client_left(),
            Side::Response => {
                self.pending
                    .failed(&format!("the response broke off: {why}"));
            }
        }
    }

    fn add(&mut self, data: &Bytes) {
        self.pending.advance();
        self.size = self.size.saturating_add(data.len() as u64);
        if let Some(hash) = &mut self.hash {
            hash.update(data);
        }
        let wanted = self.room().min(data.len());
        if wanted > 0 && self.kept.len() + wanted > BEGINNING {
            match self.pending.reserve(wanted) {
                Some(permit) => self.reserved.push(permit),
                // Too much is under way: the document is hashed, and not read.
                None => self.most = BEGINNING,
            }
        }
        let part = data.get(..self.room().min(wanted)).unwrap_or_default();
        self.kept.extend_from_slice(part);
    }

    /// How many more bytes are kept.
    fn room(&self) -> usize {
        self.most.saturating_sub(self.kept.len())
    }
}

impl Body for PassingBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) else {
            ready!(self.poll_silence(context));
            let why = "it stood still too long";
            self.broke_off(why);
            return Poll::Ready(Some(Err(io::Error::new(io::ErrorKind::TimedOut, why))));
        };
        self.timer = None;
        match &frame {
            Some(Ok(frame)) => {
                if let Some(data) = frame.data_ref() {
                    self.add(data);
                }
                self.ended = self.inner.is_end_stream();
            }
            Some(Err(error)) => self.broke_off(&root_causes(error)),
            None => self.ended = true,
        }
        Poll::Ready(frame.map(|frame| frame.map_err(io::Error::other)))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for PassingBody {
    fn drop(&mut self) {
        self.pending.body_ended();
        let mut body = WireBody {
            kept: std::mem::take(&mut self.kept).freeze(),
            size: self.size,
            digests: Vec::new(),
            broken: !self.ended,
            unread: false,
        };
        let reserved = std::mem::take(&mut self.reserved);
        let (side, pending) = (self.side, self.pending.clone());
        let passed = move |digests| {
            body.digests = digests;
            pending.passed(side, body, reserved);
        };
        match self.hash.take() {
            Some(hash) => hash.finish(passed),
            None => passed(Vec::new()),
        }
    }
}
