//! Rules for uploads.

use url::Url;

use crate::endpoint::Endpoint;
use crate::traffic::finding::{Finding, first_violation};
use crate::traffic::session::Session;
use crate::traffic::wire_exchange::WireExchange;

/// A POST with a blob in its body.
fn single_post(exchange: &WireExchange) -> bool {
    let request = &exchange.request;
    let uploads = matches!(request.endpoint, Endpoint::Uploads { .. });
    uploads && request.method == "POST" && request.body.size > 0
}

pub fn single_post_length(exchange: &WireExchange) -> Option<Finding> {
    (single_post(exchange) && exchange.request.complete).then(|| {
        let length = exchange.sent("content-length");
        let holds = length.is_some();
        let expected = format!("Content-Length: {}", exchange.request.body.size);
        let actual = length.map_or("no Content-Length".to_owned(), |it| it.into_owned());
        Finding::of(holds, expected, actual)
    })
}

pub fn single_post_digest(exchange: &WireExchange) -> Option<Finding> {
    single_post(exchange).then(|| {
        let digest = exchange.request.query("digest");
        let actual = digest.as_ref().map_or("no digest", |_| "a digest");
        Finding::of(digest.is_some(), "the digest in the query", actual)
    })
}

pub fn single_post_continues(session: &Session) -> Finding {
    if !single_post(&session.opened) {
        return Finding::not_exercised("no single POST was answered with 202");
    }
    let put = session.with_method("PUT").next();
    let cancelled = session.with_method("DELETE").next().is_some();
    if put.is_none() && (cancelled || !session.left) {
        return Finding::not_exercised("the client cancels the upload, or may still continue it");
    }
    let actual = put.map_or("no PUT", |_| "a PUT");
    Finding::of(put.is_some(), "a PUT to the Location", actual).shown_by(session.opened.number)
}

/// The chunks of a session that have a Content-Range.
fn chunks(session: &Session) -> impl Iterator<Item = (&WireExchange, (u64, u64))> {
    let requests = session.requests.iter();
    requests.filter_map(|one| Some((one.as_ref(), range_of(one)?)))
}

/// The two numbers of the Content-Range of a request.
fn range_of(exchange: &WireExchange) -> Option<(u64, u64)> {
    range(&exchange.sent("content-range")?)
}

/// The two numbers of a range, with or without a unit and a length.
fn range(value: &str) -> Option<(u64, u64)> {
    let value = value.trim().trim_start_matches("bytes");
    let value = value.trim_start_matches('=').trim();
    let value = value.split('/').next().unwrap_or(value);
    let (first, last) = value.split_once('-')?;
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

pub fn chunk_range_form(exchange: &WireExchange) -> Option<Finding> {
    let value = exchange
        .sent("content-range")
        .filter(|_| exchange.is_upload())?;
    let numbers = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let form = value.split_once('-');
    let holds = form.is_some_and(|(first, last)| numbers(first) && numbers(last));
    let actual = format!("Content-Range: {value}");
    Some(Finding::of(holds, "two numbers joined by a hyphen", actual))
}

pub fn chunk_range_inclusive(exchange: &WireExchange) -> Option<Finding> {
    let (first, last) = range_of(exchange).filter(|_| exchange.is_upload())?;
    // A body that broke off is shorter than the client meant.
    let length = exchange.request.body.size;
    if length == 0 || exchange.request.body.broken {
        return None;
    }
    let expected = format!("{first}-{}", first.saturating_add(length - 1));
    let actual = format!("{first}-{last}");
    Some(Finding::of(expected == actual, expected, actual))
}

pub fn chunk_first(session: &Session) -> Finding {
    let Some((chunk, (first, _))) = chunks(session).next() else {
        return Finding::not_exercised("no chunk has a Content-Range");
    };
    let expected = "a first chunk from byte 0";
    Finding::of(first == 0, expected, format!("from {first}")).shown_by(chunk.number)
}

/// A registry may accept a part of a chunk: the next one may begin after that, too.
pub fn chunk_order(session: &Session) -> Finding {
    let mut next: Vec<u64> = Vec::new();
    let mut found = Vec::new();
    for one in &session.requests {
        if let Some(((first, _), wanted)) = range_of(one).zip(next.first()) {
            let expected = format!("a chunk from byte {wanted}");
            let finding = Finding::of(next.contains(&first), expected, format!("from {first}"));
            found.push(finding.shown_by(one.number));
        }
        let now = received(one);
        if !now.is_empty() {
            next = now;
        }
    }
    first_violation(found)
        .unwrap_or_else(|| Finding::not_exercised("no upload has two chunks with a Content-Range"))
}

/// The numbers of bytes that a session may have after a response: a chunk that was taken ends there, or the Range of the
/// response does, which may say that a part was taken, or what the session has. Empty where the response says neither: a
/// chunk that got no answer may be sent again.
fn received(one: &WireExchange) -> Vec<u64> {
    let takes = one.succeeds() && one.request.method != "GET";
    let sent = range_of(one).filter(|_| takes);
    let stated = one.received("range").and_then(|value| range(&value));
    let ends = sent.into_iter().chain(stated).map(|(_, last)| last);
    ends.map(|last| last.saturating_add(1)).collect()
}

/// Only sessions with chunks are chunked: a client that streams everything in one PATCH may send any POST before.
pub fn chunked_open_length(session: &Session) -> Finding {
    if chunks(session).next().is_none() || !session.opened.request.complete {
        return Finding::not_exercised("no upload has a chunk with a Content-Range");
    }
    let length = session.opened.sent("content-length");
    let holds = length.as_deref() == Some("0");
    let actual = length.map_or("no Content-Length".to_owned(), |it| {
        format!("Content-Length: {it}")
    });
    Finding::of(holds, "Content-Length: 0", actual).shown_by(session.opened.number)
}

pub fn chunk_minimum(session: &Session) -> Finding {
    let minimum = session.opened.received("oci-chunk-min-length");
    let Some(minimum) = minimum.and_then(|it| it.parse::<u64>().ok()) else {
        return Finding::not_exercised("no upload in chunks");
    };
    let sent = session.with_method("PATCH");
    let sent: Vec<(usize, u64)> = sent
        .map(|one| (one.number, one.request.body.size))
        .collect();
    // The last PATCH may be the last chunk.
    let Some(((at, _), before)) = sent.split_last() else {
        return Finding::not_exercised("no upload in chunks");
    };
    if before.is_empty() {
        return Finding::not_exercised("the upload has one chunk");
    }
    let expected = format!("chunks of at least {minimum} bytes, except the last");
    match before.iter().find(|(_, length)| *length < minimum) {
        Some((at, length)) => {
            Finding::violated(expected, format!("a chunk of {length} bytes")).shown_by(*at)
        }
        None => Finding::holds(expected, "no shorter chunk").shown_by(*at),
    }
}

/// The first request of a session goes to the Location of the POST.
pub fn upload_location(session: &Session) -> Finding {
    locations(session, |index, _| index == 0)
}

/// Each later request of a session goes to the Location of the response before.
pub fn chunk_location(session: &Session) -> Finding {
    locations(session, |index, method| index > 0 && method != "GET")
}

/// The request after a question for the state of a session goes to the Location of the answer.
pub fn status_location(session: &Session) -> Finding {
    locations(session, |index, method| index > 0 && method == "GET")
}

/// Compares the URLs of a session's requests with the last Location before; `wanted` says which, by the position in the
/// session and the method of the request that was answered with the Location.
fn locations(session: &Session, wanted: fn(usize, &str) -> bool) -> Finding {
    let mut before = session.opened.as_ref();
    let mut found = Vec::new();
    for (index, one) in session.requests.iter().enumerate() {
        let expected = before.location();
        if let Some(url) = expected.filter(|_| wanted(index, &before.request.method)) {
            let own = &one.request.url;
            let finding = Finding::of(leads_to(own, &url), url.to_string(), own.to_string());
            found.push(finding.shown_by(one.number));
        }
        // A redirect or a challenge is answered at the same URL.
        let settled = !matches!(one.status(), Some(300..=399 | 401 | 429 | 503));
        if settled && one.location().is_some() {
            before = one.as_ref();
        }
    }
    first_violation(found)
        .unwrap_or_else(|| Finding::not_exercised("no such request to an upload session"))
}

/// Whether a URL is another one, apart from the digest that closes an upload.
fn leads_to(own: &Url, url: &Url) -> bool {
    own.path() == url.path() && own.origin() == url.origin() && query_of(own) == query_of(url)
}

/// The query of a URL without the digest, in any order.
fn query_of(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs().into_owned();
    let mut pairs: Vec<_> = pairs.filter(|(name, _)| name != "digest").collect();
    pairs.sort();
    pairs
}

/// A registry may refuse a digest for a reason of its own: only one that is known to be right is believed.
pub fn closing_digest(exchange: &WireExchange) -> Option<Finding> {
    let closes = exchange.is_upload() && exchange.request.method == "PUT";
    if !closes || matches!(exchange.status(), None | Some(401 | 404)) {
        return None;
    }
    let digest = exchange.request.query("digest");
    let refused = exchange.received_text().contains("DIGEST_INVALID");
    if refused && !exchange.trusted {
        return None;
    }
    let actual = match (&digest, exchange.status()) {
        (Some(digest), Some(status)) => format!("{digest}, status {status}"),
        _ => "no digest".to_owned(),
    };
    let holds = digest.is_some() && !refused;
    Some(Finding::of(holds, "the digest of the whole blob", actual))
}

/// Only sessions that were closed with such a digest show which algorithm the client had in mind.
pub fn digest_algorithm(session: &Session) -> Finding {
    let closing = session.with_method("PUT").next();
    let digest = closing.and_then(|put| put.request.query("digest"));
    let algorithm = digest.as_ref().and_then(|digest| digest.split_once(':'));
    let Some((algorithm, _)) = algorithm.filter(|(algorithm, _)| *algorithm != "sha256") else {
        return Finding::not_exercised("no upload has another digest than sha256");
    };
    let named = session.opened.request.query("digest-algorithm");
    let holds = named.as_deref() == Some(algorithm);
    let actual = named.map_or("no digest-algorithm".to_owned(), |it| {
        format!("digest-algorithm={it}")
    });
    let expected = format!("digest-algorithm={algorithm}");
    Finding::of(holds, expected, actual).shown_by(session.opened.number)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::traffic::session::sessions;
    use crate::traffic::testing::{exchange, with_body};

    const UPLOADS: &str = "http://h:1/v2/a/blobs/uploads/";

    /// The session of a POST that leads to `/s?n=1` and of these requests: method, URL, Content-Range and next Location.
    fn session(requests: &[(&str, &str, &str, &str)]) -> Session {
        let location = [("location", "/s?n=1")];
        let opened = exchange("POST", UPLOADS, &[("content-length", "0")], 202, &location);
        let mut traffic = vec![Arc::new(opened)];
        for (number, (method, url, range, next)) in requests.iter().enumerate() {
            let sent: &[(&str, &str)] = &[("content-range", range)];
            let sent = sent.iter().copied().filter(|(_, value)| !value.is_empty());
            let sent: Vec<_> = sent.collect();
            let status = if *method == "PUT" { 201 } else { 202 };
            let one = exchange(method, url, &sent, status, &[("location", next)]);
            traffic.push(Arc::new(with_body(number + 1, b"tea", one)));
        }
        let mut sessions = sessions(&traffic);
        assert_eq!(sessions.len(), 1);
        sessions.remove(0)
    }

    fn violates(finding: &Finding) -> bool {
        matches!(finding, Finding::Violated(_))
    }

    #[test]
    fn an_upload_follows_each_location_whole() {
        let right = session(&[
            ("PATCH", "http://h:1/s?n=1", "0-2", "/s?n=2"),
            (
                "PUT",
                "http://h:1/s?n=2&digest=sha256:0",
                "",
                "/v2/a/blobs/sha256:0",
            ),
        ]);
        for rule in [upload_location, chunk_location, chunk_first] {
            assert!(
                matches!(rule(&right), Finding::Holds(_)),
                "{:?}",
                rule(&right)
            );
        }
        let no_query = session(&[("PATCH", "http://h:1/s", "0-2", "/s?n=2")]);
        assert!(violates(&upload_location(&no_query)));
        let stale = session(&[
            ("PATCH", "http://h:1/s?n=1", "0-2", "/s?n=2"),
            ("PATCH", "http://h:1/s?n=1", "3-5", "/s?n=3"),
        ]);
        assert!(violates(&chunk_location(&stale)));
    }

    #[test]
    fn a_single_post_that_is_not_taken_continues_unless_it_is_cancelled() {
        let location = [("location", "/s?n=1")];
        let opened = exchange("POST", UPLOADS, &[], 202, &location);
        let mut post = Session {
            opened: Arc::new(with_body(0, b"tea", opened)),
            requests: Vec::new(),
            left: false,
        };
        assert!(matches!(
            single_post_continues(&post),
            Finding::NotExercised(_)
        ));
        post.left = true;
        assert!(violates(&single_post_continues(&post)));
        let put = exchange("PUT", "http://h:1/s?n=1&digest=sha256:0", &[], 201, &[]);
        post.requests.push(Arc::new(put));
        assert!(matches!(single_post_continues(&post), Finding::Holds(_)));
    }

    #[test]
    fn chunks_are_in_order_and_as_long_as_they_say() {
        let gap = session(&[
            ("PATCH", "http://h:1/s?n=1", "0-2", "/s?n=1"),
            ("PATCH", "http://h:1/s?n=1", "4-6", "/s?n=1"),
        ]);
        assert!(violates(&chunk_order(&gap)));
        assert_eq!(range("bytes=0-7"), Some((0, 7)));
        assert_eq!(range("0-99999999999999999999"), None);
        assert!(!violates(&chunk_first(&gap)));
        let range = |value| {
            let sent = exchange(
                "PATCH",
                "http://h:1/s",
                &[("content-range", value)],
                202,
                &[],
            );
            with_body(1, b"tea", sent)
        };
        assert!(violates(&chunk_range_inclusive(&range("0-3")).unwrap()));
        assert!(!violates(&chunk_range_inclusive(&range("0-2")).unwrap()));
        assert!(violates(&chunk_range_form(&range("bytes 0-2/3")).unwrap()));
    }

    #[test]
    fn a_registry_that_refuses_a_digest_may_be_wrong() {
        let mut refused = exchange("PUT", "http://h:1/s?digest=sha256:0", &[], 400, &[]);
        refused.response.as_mut().unwrap().body =
            crate::traffic::WireBody::whole(bytes::Bytes::from_static(b"DIGEST_INVALID"));
        assert_eq!(closing_digest(&refused), None);
        refused.trusted = true;
        assert!(violates(&closing_digest(&refused).unwrap()));
        let none = exchange("PUT", "http://h:1/s", &[], 400, &[]);
        assert!(violates(&closing_digest(&none).unwrap()));
    }
}
