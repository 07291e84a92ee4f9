//! Requests that fail where others of their kind succeed.

use std::collections::HashSet;

use super::observed::{Match, Observed, Seen};
use crate::endpoint::{Endpoint, EndpointKind};

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

/// The repository that a refused mount reads from, where another request to it is accepted.
fn one_repository(observed: &Observed<'_>, refused: &[(usize, &Seen<'_>)]) -> Option<String> {
    let (_, first) = refused.first()?;
    let from = source(first.url.as_ref()?)?;
    let reads = |seen: &&Seen<'_>| {
        let endpoint = seen.exchange.endpoint();
        endpoint.repository() == Some(from.as_str())
    };
    let mut own = observed.exchanges.iter().filter(reads);
    own.any(|seen| seen.exchange.succeeded())
        .then(|| from.clone())
}
