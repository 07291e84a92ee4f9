//! Rules for requests that an earlier response made needless.

use std::time::SystemTime;

use crate::client_test::trial::Trial;
use crate::endpoint::Endpoint;
use crate::traffic::{Finding, WireExchange, first_violation, sessions};

/// A blob that the registry said to have, and when.
struct Known {
    repository: String,
    digest: String,
    said: SystemTime,
    at: usize,
}

/// What a response says of a blob: HEAD found it, or it was mounted.
fn known(exchange: &WireExchange) -> Option<Known> {
    let request = &exchange.request;
    let (repository, digest) = match (&request.endpoint, request.method.as_str()) {
        (Endpoint::Blob { repository, digest }, "HEAD") if exchange.status() == Some(200) => {
            (repository, digest.clone())
        }
        (Endpoint::Uploads { repository }, "POST") if exchange.status() == Some(201) => {
            (repository, request.query("mount")?.into_owned())
        }
        _ => return None,
    };
    Some(Known {
        repository: repository.clone(),
        digest,
        said: exchange.began.checked_add(exchange.took)?,
        at: exchange.number,
    })
}

/// A blob that the registry said to have is not uploaded, unless the registry refused a manifest in between.
pub fn blob_sent_once(trial: &Trial) -> Finding {
    let traffic = &trial.traffic;
    let refused = traffic.iter().find(|one| {
        let manifest = matches!(one.request.endpoint, Endpoint::Manifest { .. });
        manifest && one.request.method == "PUT" && !one.succeeds()
    });
    let uploads = uploads(trial);
    let known = traffic.iter().filter_map(|one| known(one));
    let found = known.map(|known| {
        let again = uploads.iter().find(|upload| {
            let of_it = upload.repository == known.repository && upload.digest == known.digest;
            let after = upload.began >= known.said;
            of_it && after && refused.is_none_or(|refused| upload.began < refused.began)
        });
        let expected = "no upload of a blob that the repository has";
        match again {
            Some(upload) => {
                let actual = format!("an upload of {}", upload.digest);
                Finding::violated(expected, actual).shown_by(upload.at)
            }
            None => Finding::holds(expected, "none").shown_by(known.at),
        }
    });
    first_violation(found).unwrap_or_else(|| {
        Finding::not_exercised("the registry did not say that the repository has a blob")
    })
}

/// An upload of a whole blob, and when it was begun.
struct Upload {
    repository: String,
    digest: String,
    began: SystemTime,
    at: usize,
}

/// The uploads that were closed, or done with a single POST.
fn uploads(trial: &Trial) -> Vec<Upload> {
    let mut uploads = Vec::new();
    let mut add = |opened: &WireExchange, closing: &WireExchange| {
        if let Endpoint::Uploads { repository } = &opened.request.endpoint
            && let Some(digest) = closing.request.query("digest")
        {
            uploads.push(Upload {
                repository: repository.clone(),
                digest: digest.into_owned(),
                began: opened.began,
                at: closing.number,
            });
        }
    };
    for session in sessions(&trial.traffic) {
        if let Some(closing) = session.with_method("PUT").next() {
            add(&session.opened, closing);
        }
    }
    for one in &trial.traffic {
        if one.request.method == "POST" && one.request.body.size > 0 {
            add(one, one);
        }
    }
    uploads
}

/// A request that was refused with 403 does not come again with the same credentials.
pub fn forbidden_once(trial: &Trial) -> Finding {
    let same = |one: &WireExchange, other: &WireExchange| {
        let (one, other) = (&one.request, &other.request);
        one.method == other.method
            && one.url == other.url
            && one.headers.get("authorization") == other.headers.get("authorization")
    };
    let refused = trial.traffic.iter().filter(|one| one.status() == Some(403));
    let found = refused.filter_map(|refused| {
        let ended = refused.began.checked_add(refused.took)?;
        let later = trial.traffic.iter().filter(|one| one.began >= ended);
        let mut later = later.filter(|one| one.number > refused.number);
        let expected = "the request once";
        Some(match later.find(|one| same(one, refused)) {
            Some(again) => Finding::violated(expected, "again").shown_by(again.number),
            None => Finding::holds(expected, "once").shown_by(refused.number),
        })
    });
    first_violation(found).unwrap_or_else(|| Finding::not_exercised("no request got 403"))
}
