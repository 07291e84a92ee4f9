//! Sending a request once, and reading and decoding the response within bounds.

use std::sync::Arc;
use std::time::Instant;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use hyper_util::client::legacy::connect::HttpInfo;

use super::body_budget::{BodyBudget, Permit};
use super::content_coding::{Coding, DecodeError, codings, decode};
use super::exchange::{Request, Response};
use super::request_error::{ConnectionFailure, RequestError, root_causes, sources};
use crate::memory::MMAP_CHUNK;
use crate::record::{Header, Transport, millis};

/// How many times as large as the encoded body a decoded one may be, beyond [`SMALLEST_BOUND`].
const MAX_RATIO: usize = 100;

/// The size in bytes that every decoded body may have: a manifest of spaces has a far larger ratio.
const SMALLEST_BOUND: usize = 8 * 1024 * 1024;

/// The most bytes that are read of the body of a 4xx or 5xx response.
const LARGEST_ERROR: usize = 1024 * 1024;

/// A body, and what is known of it.
struct ReadBody {
    bytes: Bytes,
    broken: Option<String>,
    coding: Coding,
    permit: Option<Permit>,
}

/// Sends a request, reads at most `largest` bytes of the response body, and decodes them to as many.
///
/// # Errors
/// When there is no response, or the body of a response other than 4xx and 5xx cannot be read.
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
    let response = sent.send().await.map_err(|error| request_error(&error))?;
    let (status, headers) = (response.status(), copy(response.headers()));
    let transport = Transport {
        protocol: format!("{:?}", response.version()),
        server: response.remote_addr(),
        head_ms: millis(began.elapsed()),
    };
    let connected = response.extensions().get::<HttpInfo>();
    let local = connected.map(HttpInfo::local_addr);
    let body = read(response, budget, largest, writes).await?;
    let body = decoded(body, status, &codings(&headers), budget, largest).await?;
    Ok(Response {
        status: status.as_u16(),
        headers,
        body: body.bytes,
        broken: body.broken,
        coding: body.coding,
        transport: Some(transport),
        local,
        budget: body.permit.map(Arc::new),
    })
}

/// Removes the codings of a body. Small bodies are decoded without a reservation of memory, unless they grow.
async fn decoded(
    body: ReadBody,
    status: StatusCode,
    codings: &[String],
    budget: &BodyBudget,
    largest: usize,
) -> Result<ReadBody, RequestError> {
    let Some(last) = codings
        .first()
        .filter(|_| body.broken.is_none() && !body.bytes.is_empty())
    else {
        return Ok(body);
    };
    if status == StatusCode::PARTIAL_CONTENT {
        // A part of an encoded body cannot be decoded by itself.
        let coding = Coding::Unsupported(format!("{last} in a part of a body"));
        return Ok(ReadBody { coding, ..body });
    }
    let largest = largest.min(
        body.bytes
            .len()
            .saturating_mul(MAX_RATIO)
            .max(SMALLEST_BOUND),
    );
    let mut permit = body.permit;
    let first = match permit {
        Some(_) => largest,
        None => BodyBudget::UNRESERVED.min(largest),
    };
    let mut result = decode(codings, &body.bytes, first);
    if matches!(result, Err(DecodeError::TooLarge)) && first < largest {
        permit = Some(budget.take(largest as u64).await);
        result = decode(codings, &body.bytes, largest);
    }
    let (bytes, broken, coding) = match result {
        Ok(bytes) if bytes == body.bytes => (bytes, None, Coding::None),
        Ok(bytes) => (bytes, None, Coding::Decoded),
        Err(DecodeError::TooLarge) if is_error(status) => {
            let why = RequestError::TooLarge(largest).to_string();
            (body.bytes, Some(why), Coding::None)
        }
        Err(DecodeError::TooLarge) => return Err(RequestError::TooLarge(largest)),
        Err(DecodeError::Wrong(coding, error)) => {
            let why = format!("the body is not {coding}, which Content-Encoding names: {error}");
            (body.bytes, Some(why), Coding::Wrong)
        }
        Err(DecodeError::Unsupported(coding)) => (body.bytes, None, Coding::Unsupported(coding)),
    };
    // A body that is small after all needs no reservation: others may wait for the memory.
    let permit = permit.filter(|_| bytes.len() > BodyBudget::UNRESERVED);
    Ok(ReadBody {
        bytes,
        broken,
        coding,
        permit,
    })
}

/// Headers in memory of their own: those of the HTTP client keep everything alive that was read along with them.
fn copy(headers: &HeaderMap) -> HeaderMap {
    let lines = headers.iter().map(|(name, value)| {
        let copied = HeaderValue::from_bytes(value.as_bytes());
        (name.clone(), copied.unwrap_or_else(|_| value.clone()))
    });
    let mut copy = HeaderMap::with_capacity(headers.keys_len());
    for (name, value) in lines {
        copy.append(name, value);
    }
    copy
}

/// Reads a body within bounds, into one piece of memory, so that many small parts take up no more than one. The body of a
/// 4xx or 5xx response may be incomplete or too large: its beginning counts. So does the body of a read that ends before
/// its `Content-Length`.
async fn read(
    mut response: reqwest::Response,
    budget: &BodyBudget,
    largest: usize,
    writes: bool,
) -> Result<ReadBody, RequestError> {
    let whole = |bytes: BytesMut, broken: Option<String>, permit: Option<Permit>| ReadBody {
        bytes: shrunk(bytes),
        broken,
        coding: Coding::None,
        permit,
    };
    let status = response.status();
    let is_error = is_error(status);
    let length = response.content_length();
    // How long an encoded body is when it is decoded is not known yet.
    let reserved = length.filter(|_| codings(response.headers()).is_empty());
    let largest = match is_error {
        true => largest.min(LARGEST_ERROR),
        false => largest,
    };
    let (mut body, mut taken) = (BytesMut::new(), None);
    let failed = loop {
        let size = body.len();
        if size > largest || (size > 0 && length.is_some_and(|length| length > largest as u64)) {
            break RequestError::TooLarge(largest);
        }
        if taken.is_none() && size > BodyBudget::UNRESERVED {
            taken = Some(budget.take(reserved.unwrap_or(largest as u64)).await);
            body.reserve(MMAP_CHUNK);
        }
        match response.chunk().await {
            Ok(Some(part)) => body.extend_from_slice(&part),
            Ok(None) => return Ok(whole(body, None, taken)),
            Err(error) if status.is_success() && !writes && ends_early(&error) => {
                let why = format!(
                    "the body ends early, after {size} bytes: {}",
                    root_causes(&error)
                );
                return Ok(whole(body, Some(why), taken));
            }
            Err(error) => break request_error(&error),
        }
    };
    if !is_error {
        return Err(failed);
    }
    // The beginning contains the error message.
    body.truncate(BodyBudget::UNRESERVED);
    Ok(whole(body, Some(failed.to_string()), None))
}

fn is_error(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// A body in no more memory than it needs.
fn shrunk(body: BytesMut) -> Bytes {
    match body.len() <= BodyBudget::UNRESERVED {
        true => Bytes::copy_from_slice(&body),
        false => body.freeze(),
    }
}

/// Whether the registry closed the connection in the middle of a body.
fn ends_early(error: &reqwest::Error) -> bool {
    sources(error).any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        let hyper = cause.downcast_ref::<hyper::Error>();
        io.is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof)
            || hyper.is_some_and(hyper::Error::is_incomplete_message)
    })
}

fn request_error(error: &reqwest::Error) -> RequestError {
    if error.is_builder() {
        RequestError::BadRequest(root_causes(error))
    } else if error.is_connect() {
        RequestError::Connection(ConnectionFailure::of(error))
    } else {
        RequestError::Broken(ConnectionFailure::of(error))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn encoded(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    async fn decode_gzip(bytes: Vec<u8>) -> ReadBody {
        let body = ReadBody {
            bytes: bytes.into(),
            broken: None,
            coding: Coding::None,
            permit: None,
        };
        let (budget, codings) = (BodyBudget::new(), ["gzip".to_owned()]);
        let decoded = decoded(body, StatusCode::OK, &codings, &budget, usize::MAX);
        decoded.await.unwrap()
    }

    #[tokio::test]
    async fn only_a_large_body_keeps_its_reservation() {
        let large = vec![0; 2 * BodyBudget::UNRESERVED];
        let decoded = decode_gzip(encoded(&large)).await;
        assert_eq!(decoded.coding, Coding::Decoded);
        assert!(decoded.permit.is_some());
        // It is found to be no gzip after memory for its decoded bytes was reserved.
        let mut wrong = encoded(&large);
        *wrong.last_mut().unwrap() ^= 1;
        let decoded = decode_gzip(wrong).await;
        assert_eq!(decoded.coding, Coding::Wrong);
        assert!(decoded.permit.is_none());
    }
}
