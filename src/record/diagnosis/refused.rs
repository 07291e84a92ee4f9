//! Requests that fail where others of their kind succeed.

use std::collections::HashSet;

use super::observed::{Match, Observed, Seen};
use crate::endpoint::{Endpoint, EndpointKind};
use crate::record::Exchange;

/// The fewest requests that show a cause which comes and goes, and the fewest others that succeed.
const FEW: usize = 3;

/// Certain requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Requests {
    /// To the URL of an upload session, as an earlier response gave it.
    Sessions,
    /// That push content.
    Pushes,
    /// That mount a blob of another repository.
    Mounts,
    /// GET and HEAD of blobs and manifests.
    Reads,
    /// Of every kind.
    All,
}

/// What the requests that succeed have in common, or the refused ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unlike {
    /// Requests of the same kind, without another difference.
    Others,
    /// Every request whose body is smaller.
    Smaller,
    /// Every request that concerns one repository.
    OneRepository,
    /// Requests with another method to the same kind of URL.
    OtherMethods,
    /// Requests to URLs that were not requested before there was content.
    NotRequestedBefore,
}

/// The refused requests.
pub(super) fn find(
    observed: &Observed<'_>,
    requests: Requests,
    statuses: &[(u16, u16)],
    unlike: Unlike,
) -> Option<Match> {
    let of_kind = || {
        let all = observed.exchanges.iter().enumerate();
        all.filter(|(_, seen)| requests.has(seen))
    };
    let is_refused = |seen: &Seen<'_>| {
        let status = seen.exchange.status.unwrap_or_default();
        let mut ranges = statuses.iter();
        // A mount may be declined: the status is a SHOULD.
        let blamed = seen.blamed || (requests == Requests::Mounts && seen.warned);
        blamed && ranges.any(|(first, last)| (*first..=*last).contains(&status))
    };
    let refused: Vec<(usize, &Seen<'_>)> = of_kind().filter(|(_, seen)| is_refused(seen)).collect();
    let accepted: Vec<&Seen<'_>> = of_kind()
        .map(|(_, seen)| seen)
        .filter(|seen| seen.exchange.succeeded())
        .collect();
    let found = match unlike {
        Unlike::Others => intermittent(&refused, &accepted),
        Unlike::Smaller => smaller(&refused, &accepted),
        Unlike::OneRepository => one_repository(observed, &refused),
        Unlike::OtherMethods => one_method(&refused, &accepted),
        Unlike::NotRequestedBefore => requested_before(observed, &refused, &accepted),
    }?;
    Some(Match {
        exchanges: refused.iter().map(|(index, _)| *index).collect(),
        found,
    })
}

impl Requests {
    fn has(self, seen: &Seen<'_>) -> bool {
        let Some(url) = &seen.url else {
            return false;
        };
        let method = seen.exchange.method.as_str();
        let writes = matches!(method, "POST" | "PUT" | "PATCH");
        match self {
            Self::Sessions => seen.in_session,
            Self::Pushes => writes && seen.exchange.request_body.size > 0,
            Self::Mounts => method == "POST" && source(url).is_some(),
            Self::Reads => {
                let content = matches!(
                    Endpoint::parse(url.path()).kind(),
                    EndpointKind::Blob
                        | EndpointKind::ManifestByDigest
                        | EndpointKind::ManifestByTag
                );
                content && matches!(method, "GET" | "HEAD")
            }
            Self::All => true,
        }
    }
}

/// The repository that a mount names as its source, where it is another one.
fn source(url: &url::Url) -> Option<String> {
    let value = |wanted: &str| {
        let mut pairs = url.query_pairs();
        pairs.find_map(|(name, value)| (name == wanted).then(|| value.into_owned()))
    };
    let endpoint = Endpoint::parse(url.path());
    let from = value("mount").and_then(|_| value("from"))?;
    (endpoint.kind() == EndpointKind::Uploads && endpoint.repository() != Some(from.as_str()))
        .then_some(from)
}

/// Several methods are refused now and then, in several cases.
fn intermittent(refused: &[(usize, &Seen<'_>)], accepted: &[&Seen<'_>]) -> Option<String> {
    let refused_methods: HashSet<&str> = refused
        .iter()
        .map(|(_, seen)| seen.exchange.method.as_str())
        .collect();
    let accepted_methods: HashSet<&str> = accepted
        .iter()
        .map(|seen| seen.exchange.method.as_str())
        .collect();
    let both = refused_methods.intersection(&accepted_methods).count();
    let cases: HashSet<&str> = refused
        .iter()
        .map(|(_, seen)| seen.case.id.as_str())
        .collect();
    (both > 1 && cases.len() >= FEW && accepted.len() >= FEW)
        .then(|| format!("{} of {}", refused.len(), refused.len() + accepted.len()))
}

/// Every accepted body is smaller than every refused one.
fn smaller(refused: &[(usize, &Seen<'_>)], accepted: &[&Seen<'_>]) -> Option<String> {
    let size = |seen: &Seen<'_>| seen.exchange.request_body.size;
    let least = refused.iter().map(|(_, seen)| size(seen)).min()?;
    let most = accepted.iter().map(|seen| size(seen)).max()?;
    (most < least).then(|| least.to_string())
}

/// The repository that a refused mount with a token reads from, where another request to it is accepted.
fn one_repository(observed: &Observed<'_>, refused: &[(usize, &Seen<'_>)]) -> Option<String> {
    let mut refused = refused.iter();
    let (_, first) = refused.find(|(_, seen)| has_token(seen.exchange))?;
    let from = source(first.url.as_ref()?)?;
    let reads = |seen: &&Seen<'_>| {
        let endpoint = seen.exchange.endpoint();
        endpoint.repository() == Some(from.as_str())
    };
    let mut own = observed.exchanges.iter().filter(reads);
    own.any(|seen| seen.exchange.succeeded())
        .then(|| from.clone())
}

/// The method of all refused requests, where no request with it succeeds, and where requests with other methods to the same
/// kind of endpoint do. What blocks a method has no error body of the registry.
fn one_method(refused: &[(usize, &Seen<'_>)], accepted: &[&Seen<'_>]) -> Option<String> {
    let (_, first) = refused.first()?;
    let method = &first.exchange.method;
    let kind = first.exchange.endpoint().kind();
    let alike = refused.iter().all(|(_, seen)| {
        seen.exchange.method == *method
            && seen.exchange.status == first.exchange.status
            && !has_json(seen)
    });
    let mut others = accepted
        .iter()
        .filter(|seen| seen.exchange.endpoint().kind() == kind);
    (alike
        && refused.len() >= FEW
        && others.any(|seen| seen.exchange.method != *method)
        && accepted.iter().all(|seen| seen.exchange.method != *method))
    .then(|| method.clone())
}

fn has_token(exchange: &Exchange) -> bool {
    let mut headers = exchange.request_headers.iter();
    headers.any(|(name, value)| {
        name.eq_ignore_ascii_case("authorization")
            && value.to_ascii_lowercase().starts_with("bearer")
    })
}

fn has_json(seen: &Seen<'_>) -> bool {
    let mut headers = seen.exchange.response_headers.iter();
    headers.any(|(name, value)| name.eq_ignore_ascii_case("content-type") && value.contains("json"))
}

/// A refused request, where most refused URLs, and at least a few, were answered with 404 before, as expected, and were found
/// by no request, though other content is.
fn requested_before(
    observed: &Observed<'_>,
    refused: &[(usize, &Seen<'_>)],
    accepted: &[&Seen<'_>],
) -> Option<String> {
    let url = |seen: &&Seen<'_>| seen.exchange.url.clone();
    let missing = observed.exchanges.iter();
    let missing = missing.filter(|seen| !seen.blamed && seen.exchange.status == Some(404));
    let found: HashSet<String> = accepted.iter().map(url).collect();
    let missing: HashSet<String> = missing.map(|seen| url(&seen)).collect();
    let refused: HashSet<String> = refused.iter().map(|(_, seen)| url(seen)).collect();
    let cached: HashSet<&String> = refused
        .iter()
        .filter(|url| missing.contains(*url) && !found.contains(*url))
        .collect();
    let most = cached.len().saturating_mul(2) >= refused.len();
    let example = cached.iter().min().map(|url| (*url).clone());
    example.filter(|_| most && cached.len() >= FEW && found.len() >= FEW)
}
