//! Rules for uploads.

use super::session::{Session, location, sessions, went_to};
use crate::client_test::alter::url_at;
use crate::client_test::finding::Finding;
use crate::client_test::trial::Trial;
use crate::client_test::wire::Seen;
use crate::registry::Endpoint;

fn nothing(why: &str) -> Finding {
    Finding::NotExercised(why.to_owned())
}

/// A POST with a blob in its body.
fn single_post(seen: &Seen) -> bool {
    matches!(seen.request.endpoint, Endpoint::Uploads(_))
        && seen.request.method == "POST"
        && !seen.request.body.is_empty()
}

pub fn single_post_length(seen: &Seen) -> Option<Finding> {
    single_post(seen).then(|| {
        let length = seen.request.header("content-length");
        let actual = length.map_or("no Content-Length".to_owned(), |it| it.to_owned());
        let expected = format!("Content-Length: {}", seen.request.body.len());
        Finding::of(length.is_some(), expected, actual)
    })
}

pub fn single_post_digest(seen: &Seen) -> Option<Finding> {
    single_post(seen).then(|| {
        let digest = seen.request.query("digest");
        let actual = digest.map_or("no digest", |_| "a digest");
        Finding::of(digest.is_some(), "the digest in the query", actual)
    })
}

pub fn single_post_continues(trial: &Trial) -> Finding {
    let found = sessions(trial).into_iter().filter_map(|session| {
        trial
            .seen
            .get(session.opened)
            .filter(|seen| single_post(seen))?;
        let put = with_method(trial, &session, "PUT").next();
        let actual = put.map_or("no PUT", |_| "a PUT");
        let found = Finding::of(put.is_some(), "a PUT to the Location", actual);
        Some(found.shown_by(session.opened))
    });
    Finding::over(found, "no single POST was answered with 202")
}

/// The requests of a session with a method.
pub fn with_method<'a>(
    trial: &'a Trial,
    session: &'a Session,
    method: &'a str,
) -> impl Iterator<Item = (usize, &'a Seen)> {
    let requests = session.requests.iter();
    requests
        .filter_map(|at| Some((*at, trial.seen.get(*at)?)))
        .filter(move |(_, seen)| seen.request.method == method)
}

/// The chunks of a session that have a Content-Range.
fn chunks<'a>(
    trial: &'a Trial,
    session: &'a Session,
) -> impl Iterator<Item = (usize, &'a Seen, (u64, u64))> {
    let requests = session.requests.iter();
    requests.filter_map(|at| {
        let seen = trial.seen.get(*at)?;
        Some((*at, seen, range_of(seen)?))
    })
}

/// The two numbers of a Content-Range.
fn range_of(seen: &Seen) -> Option<(u64, u64)> {
    range(seen.request.header("content-range")?)
}

/// The two numbers of a range, with or without a unit and a length.
fn range(value: &str) -> Option<(u64, u64)> {
    let value = value.trim().trim_start_matches("bytes");
    let value = value.trim_start_matches('=').trim();
    let value = value.split('/').next().unwrap_or(value);
    let (first, last) = value.split_once('-')?;
    Some((first.trim().parse().ok()?, last.trim().parse().ok()?))
}

/// A request to an upload session that has a Content-Range.
fn chunk(seen: &Seen) -> Option<&str> {
    let uploads = matches!(seen.request.endpoint, Endpoint::Upload(..));
    let sends = matches!(seen.request.method.as_str(), "PATCH" | "PUT");
    seen.request
        .header("content-range")
        .filter(|_| uploads && sends)
}

pub fn chunk_range_form(seen: &Seen) -> Option<Finding> {
    let value = chunk(seen)?;
    let numbers = |text: &str| !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    let form = value.split_once('-');
    let holds = form.is_some_and(|(first, last)| numbers(first) && numbers(last));
    let actual = format!("Content-Range: {value}");
    Some(Finding::of(holds, "two numbers joined by a hyphen", actual))
}

pub fn chunk_range_inclusive(seen: &Seen) -> Option<Finding> {
    chunk(seen)?;
    let (first, last) = range_of(seen)?;
    let length = seen.request.body.len() as u64;
    if length == 0 {
        return None;
    }
    let expected = format!("{first}-{}", first.saturating_add(length - 1));
    let actual = format!("{first}-{last}");
    Some(Finding::of(expected == actual, expected, actual))
}

pub fn chunk_first(trial: &Trial) -> Finding {
    let found = sessions(trial).into_iter().filter_map(|session| {
        let (at, _, (first, _)) = chunks(trial, &session).next()?;
        let expected = "a first chunk from byte 0";
        Some(Finding::of(first == 0, expected, format!("from {first}")).shown_by(at))
    });
    Finding::over(found, "no chunk has a Content-Range")
}

pub fn chunk_order(trial: &Trial) -> Finding {
    let mut found = Vec::new();
    for session in sessions(trial) {
        let mut next: Option<u64> = None;
        for at in &session.requests {
            let Some(seen) = trial.seen.get(*at) else {
                continue;
            };
            let range = range_of(seen).filter(|_| chunk(seen).is_some());
            if let Some(((first, _), next)) = range.zip(next) {
                let expected = format!("a chunk from byte {next}");
                let one = Finding::of(first == next, expected, format!("from {first}"));
                found.push(one.shown_by(*at));
            }
            next = received(seen).or(next);
        }
    }
    Finding::over(found, "no upload has two chunks with a Content-Range")
}

/// The bytes that a response says the session has: the end of a chunk that was taken, or the Range of the session.
fn received(seen: &Seen) -> Option<u64> {
    if !seen.is_answered() {
        return None;
    }
    let end = match seen.request.method.as_str() {
        "GET" => Some(range(seen.response.header("range")?)?.1),
        _ if seen.succeeds() => Some(range_of(seen)?.1),
        // A chunk that is refused may be sent again from where the registry says.
        _ => range(seen.response.header("range")?).map(|(_, end)| end),
    };
    end.map(|end| end.saturating_add(1))
}

/// Only sessions with chunks are chunked: a client that streams everything in one PATCH may send any POST before.
pub fn chunked_open_length(trial: &Trial) -> Finding {
    let found = sessions(trial).into_iter().filter_map(|session| {
        chunks(trial, &session).next()?;
        let length = trial.seen.get(session.opened)?;
        let length = length.request.header("content-length");
        let actual = length.map_or("no Content-Length".to_owned(), |it| {
            format!("Content-Length: {it}")
        });
        let found = Finding::of(length == Some("0"), "Content-Length: 0", actual);
        Some(found.shown_by(session.opened))
    });
    Finding::over(found, "no upload has a chunk with a Content-Range")
}

pub fn chunk_minimum(trial: &Trial) -> Finding {
    let found = sessions(trial).into_iter().filter_map(|session| {
        let opened = trial.seen.get(session.opened)?;
        let minimum = opened.response.header("oci-chunk-min-length")?;
        let minimum = minimum.parse::<usize>().ok()?;
        let sent: Vec<(usize, usize)> = with_method(trial, &session, "PATCH")
            .map(|(at, seen)| (at, seen.request.body.len()))
            .collect();
        // The last PATCH may be the last chunk.
        let (_, before) = sent.split_last()?;
        let Some((last, _)) = before.last() else {
            return Some(nothing("the upload has one chunk"));
        };
        let expected = format!("chunks of at least {minimum} bytes, except the last");
        let short = before.iter().find(|(_, length)| *length < minimum);
        Some(match short {
            Some((at, length)) => {
                Finding::violated(expected, format!("a chunk of {length} bytes")).shown_by(*at)
            }
            None => Finding::holds(expected, "no shorter chunk").shown_by(*last),
        })
    });
    Finding::over(found, "no upload in chunks")
}

/// The first request of a session goes to the Location of the POST.
pub fn upload_location(trial: &Trial) -> Finding {
    locations(trial, |index, _| index == 0)
}

/// Each later request of a session goes to the Location of the response before.
pub fn chunk_location(trial: &Trial) -> Finding {
    locations(trial, |index, before| {
        index > 0 && !before.request.is("GET")
    })
}

/// The request after a question for the state of a session goes to the Location of the answer.
pub fn status_location(trial: &Trial) -> Finding {
    locations(trial, |index, before| index > 0 && before.request.is("GET"))
}

/// Compares the URLs of a session's requests with the Location of the last response that gave one; `wanted` says which, by
/// the position in the session and the exchange of that response.
fn locations(trial: &Trial, wanted: fn(usize, &Seen) -> bool) -> Finding {
    let mut found = Vec::new();
    for session in sessions(trial) {
        let Some(mut before) = trial.seen.get(session.opened) else {
            continue;
        };
        for (index, at) in session.requests.iter().enumerate() {
            let Some(seen) = trial.seen.get(*at) else {
                continue;
            };
            if let Some(url) = location(before).filter(|_| wanted(index, before)) {
                let actual = url_at(&seen.request.origin, &seen.request);
                let one = Finding::of(went_to(seen, &url), url.to_string(), actual);
                found.push(one.shown_by(*at));
            }
            // A redirect or a challenge is answered at the same URL.
            let settled = !matches!(seen.response.status, 300..=399 | 401 | 429 | 503);
            if settled && location(seen).is_some() {
                before = seen;
            }
        }
    }
    Finding::over(found, "no such request to an upload session")
}

/// Where the client did well, every session that got a chunk is closed.
pub fn session_closed(trial: &Trial) -> Finding {
    if !trial.succeeded() {
        return nothing("the client failed");
    }
    let found = sessions(trial).into_iter().filter_map(|session| {
        let taken = |(_, seen): &(usize, &Seen)| seen.succeeds();
        let (at, _) = with_method(trial, &session, "PATCH").filter(taken).last()?;
        let closed = ["PUT", "DELETE"]
            .iter()
            .any(|method| with_method(trial, &session, method).next().is_some());
        let actual = if closed { "a PUT" } else { "no PUT" };
        Some(Finding::of(closed, "a PUT after the last chunk", actual).shown_by(at))
    });
    Finding::over(found, "no upload with PATCH")
}

/// The bundled registry refuses a closing PUT whose digest is not that of the bytes.
pub fn closing_digest(seen: &Seen) -> Option<Finding> {
    let closes = matches!(seen.request.endpoint, Endpoint::Upload(..)) && seen.request.is("PUT");
    if !closes || seen.answer.is_some() || matches!(seen.response.status, 401 | 404) {
        return None;
    }
    let digest = seen.request.query("digest");
    let refused = String::from_utf8_lossy(&seen.response.body).contains("DIGEST_INVALID");
    let actual = match digest {
        None => "no digest".to_owned(),
        Some(digest) => format!("{digest}, status {}", seen.response.status),
    };
    let holds = digest.is_some() && !refused;
    Some(Finding::of(holds, "the digest of the whole blob", actual))
}

/// Only sessions that were closed with such a digest show which algorithm the client had in mind.
pub fn digest_algorithm(trial: &Trial) -> Finding {
    let found = sessions(trial).into_iter().filter_map(|session| {
        let (_, put) = with_method(trial, &session, "PUT").next()?;
        let (algorithm, _) = put.request.query("digest")?.split_once(':')?;
        if algorithm == "sha256" {
            return None;
        }
        let named = trial.seen.get(session.opened)?;
        let named = named.request.query("digest-algorithm");
        let actual = named.map_or("no digest-algorithm".to_owned(), |it| {
            format!("digest-algorithm={it}")
        });
        let expected = format!("digest-algorithm={algorithm}");
        Some(Finding::of(named == Some(algorithm), expected, actual).shown_by(session.opened))
    });
    Finding::over(found, "no upload has another digest than sha256")
}
