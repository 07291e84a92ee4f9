//! A response of the registry as it goes over the wire: whole, cut off, repeated, or without a length.

use std::io;
use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::Response;
use hyper::body::{Body, Frame, SizeHint};

use super::api_response::{ApiResponse, Delivery, RepeatedBody};

/// A body that may break off.
pub struct SentBody {
    bytes: Bytes,
    breaks_off: bool,
    /// Whether the bytes before the break may be in a buffer.
    unsent: bool,
    repeated: Option<RepeatedBody>,
}

/// The bytes of a frame of a repeated body.
const REPEATED_FRAME: usize = 64 * 1024;

impl SentBody {
    /// The next frame of a repeated body; `None` at its end.
    fn repeat(&self, repeated: &RepeatedBody) -> Option<Bytes> {
        let sent = repeated
            .sent
            .fetch_add(REPEATED_FRAME as u64, Ordering::Relaxed);
        (sent < repeated.limit && !self.bytes.is_empty()).then(|| {
            let mut frame = self.bytes.repeat(REPEATED_FRAME / self.bytes.len() + 1);
            frame.truncate(REPEATED_FRAME);
            frame.into()
        })
    }
}

impl Body for SentBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(repeated) = &self.repeated {
            let frame = self.repeat(repeated);
            return Poll::Ready(frame.map(|bytes| Ok(Frame::data(bytes))));
        }
        let bytes = std::mem::take(&mut self.bytes);
        if bytes.is_empty() && self.breaks_off && std::mem::take(&mut self.unsent) {
            // The server sends its buffer while it waits for more.
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(match (bytes.is_empty(), self.breaks_off) {
            (false, _) => Some(Ok(Frame::data(bytes))),
            (true, true) => Some(Err(io::ErrorKind::ConnectionAborted.into())),
            (true, false) => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_empty() && !self.breaks_off && self.repeated.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        match self.breaks_off || self.repeated.is_some() {
            true => SizeHint::default(),
            false => SizeHint::with_exact(self.bytes.len() as u64),
        }
    }
}

/// How many bytes of the body are sent, if it breaks off.
fn sent_bytes(response: &ApiResponse) -> Option<usize> {
    match response.delivery {
        Delivery::BrokenOff(count) if count < response.body.len() => Some(count),
        _ => None,
    }
}

/// The response as hyper sends it; without its body to HEAD.
pub fn respond(response: ApiResponse, head: bool) -> Response<SentBody> {
    let breaks_off = sent_bytes(&response).filter(|_| !head);
    let mut sent = Response::new(SentBody {
        bytes: match (head, breaks_off) {
            (true, _) => Bytes::new(),
            (false, Some(count)) => response.body.slice(..count),
            (false, None) => response.body.clone(),
        },
        breaks_off: breaks_off.is_some(),
        unsent: true,
        repeated: match &response.delivery {
            Delivery::Repeated(repeated) if !head => Some(repeated.clone()),
            _ => None,
        },
    });
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
    // hyper adds no Content-Length to an empty body over HTTP/2, nor to the response to HEAD.
    let add_length =
        head || breaks_off.is_some() || (response.body.is_empty() && response.status != 204);
    if add_length && response.header("content-length").is_none() && response.succeeds() {
        headers.insert(
            "content-length",
            http::HeaderValue::from(response.body.len()),
        );
    }
    if matches!(
        response.delivery,
        Delivery::WithoutLength | Delivery::Repeated(_)
    ) {
        headers.remove("content-length");
    }
    sent
}
