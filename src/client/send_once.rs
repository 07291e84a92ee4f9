//! One request, sent once, and its answer read within bounds.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method};

use super::body_budget::{BodyBudget, Permit};
use super::{Request, RequestError, Response};
use crate::memory::MMAP_CHUNK;
use crate::record::{Header, Transport, millis};

/// The most bytes that are read of the body of an error.
const LARGEST_ERROR: usize = 1024 * 1024;

/// Sends a request, and reads the answer whole.
pub async fn send_once(
    client: &reqwest::Client,
    request: &Request,
    headers: &[Header],
    budget: &BodyBudget,
    largest: usize,
) -> Result<Response, RequestError> {
    let mut sent = client.request(request.method.clone(), request.url.clone());
    for (name, value) in headers {
        sent = sent.header(name, value);
    }
    let writes = matches!(request.method, Method::POST | Method::PUT | Method::PATCH);
    if writes || !request.body.is_empty() {
        sent = sent.header("Content-Length", request.body.len());
        sent = sent.body(request.body.clone());
    }
    let began = Instant::now();
    let response = sent.send().await.map_err(|error| failure(&error))?;
    let (status, headers) = (response.status(), alone(response.headers()));
    let transport = Transport {
        protocol: format!("{:?}", response.version()),
        server: response.remote_addr(),
        head_ms: millis(began.elapsed()),
    };
    let (body, broken, place) = read(response, budget, largest, writes).await?;
    Ok(Response {
        status: status.as_u16(),
        headers,
        body,
        broken,
        transport: Some(transport),
        budget: place.map(Arc::new),
    })
}

/// Headers in memory of their own: what the client hands out holds on to all that it read along with them.
fn alone(headers: &HeaderMap) -> HeaderMap {
    let lines = headers.iter().map(|(name, value)| {
        let copied = HeaderValue::from_bytes(value.as_bytes());
        (name.clone(), copied.unwrap_or_else(|_| value.clone()))
    });
    let mut alone = HeaderMap::with_capacity(headers.keys_len());
    for (name, value) in lines {
        alone.append(name, value);
    }
    alone
}

/// Reads a body within bounds, into one piece of memory: however small its parts are, they take up no more. Of an error,
/// what came counts even where the rest is missing or too much; so does what came of content that the target ends before
/// its length.
async fn read(
    mut response: reqwest::Response,
    budget: &BodyBudget,
    largest: usize,
    writes: bool,
) -> Result<(Bytes, Option<String>, Option<Permit>), RequestError> {
    let status = response.status();
    let error_answer = status.is_client_error() || status.is_server_error();
    let length = response.content_length();
    let largest = match error_answer {
        true => largest.min(LARGEST_ERROR),
        false => largest,
    };
    let (mut body, mut taken) = (BytesMut::new(), None);
    let failed = loop {
        let size = body.len();
        if size > largest || (size > 0 && length.is_some_and(|length| length > largest as u64)) {
            break RequestError::TooLarge(largest);
        }
        if taken.is_none() && size > BodyBudget::free() {
            taken = Some(budget.take(length.unwrap_or(largest as u64)).await);
            body.reserve(MMAP_CHUNK);
        }
        match response.chunk().await {
            Ok(Some(part)) => body.extend_from_slice(&part),
            Ok(None) => return Ok((fitting(body), None, taken)),
            Err(error) if status.is_success() && !writes && ends_early(&error) => {
                let why = format!("the body ends early, after {size} bytes: {}", said(&error));
                return Ok((fitting(body), Some(why), taken));
            }
            Err(error) => break failure(&error),
        }
    };
    if !error_answer {
        return Err(failed);
    }
    // Its beginning is enough to see what it is.
    body.truncate(BodyBudget::free());
    Ok((fitting(body), Some(failed.to_string()), None))
}

/// A body in no more memory than it needs.
fn fitting(body: BytesMut) -> Bytes {
    match body.len() <= BodyBudget::free() {
        true => Bytes::copy_from_slice(&body),
        false => body.freeze(),
    }
}

/// Whether the target closed the connection in the middle of a body.
fn ends_early(error: &reqwest::Error) -> bool {
    let mut source = error.source();
    while let Some(inner) = source {
        let io = inner.downcast_ref::<std::io::Error>();
        let hyper = inner.downcast_ref::<hyper::Error>();
        if io.is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof)
            || hyper.is_some_and(hyper::Error::is_incomplete_message)
        {
            return true;
        }
        source = inner.source();
    }
    false
}

fn failure(error: &reqwest::Error) -> RequestError {
    if error.is_builder() {
        RequestError::BadRequest(said(error))
    } else if error.is_connect() {
        RequestError::Connection(said(error))
    } else {
        RequestError::Broken(said(error))
    }
}

/// The innermost reasons of an error, without URLs.
pub fn said(error: &reqwest::Error) -> String {
    let mut reasons = Vec::new();
    let mut source = error.source();
    while let Some(inner) = source {
        let text = inner.to_string();
        if !reasons.contains(&text) {
            reasons.push(text);
        }
        source = inner.source();
    }
    match reasons.is_empty() {
        true => error.to_string(),
        false => reasons.join(": "),
    }
}
