//! Locations that lead away from the target.

use std::collections::HashSet;

use url::Url;

use super::observed::{Match, Observed, location};

/// The first part in which a URL differs from the target's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Scheme,
    Host,
    Port,
}

/// The exchanges whose `Location` leads away and that explain a failure, or whose case explains one by its next request.
pub(super) fn find(observed: &Observed<'_>, part: Part) -> Option<Match> {
    // A storage elsewhere that responds is a permitted choice.
    let alive: HashSet<_> = observed
        .exchanges
        .iter()
        .filter(|seen| seen.exchange.succeeded())
        .filter_map(|seen| Some(seen.url.as_ref()?.origin()))
        .collect();
    let mut found = Match::default();
    for (index, seen) in observed.exchanges.iter().enumerate() {
        // A digest, say, reads as a URL of another scheme, and names no host.
        let web = |to: &Url| matches!(to.scheme(), "http" | "https");
        let Some(to) = location(seen.exchange).filter(web) else {
            continue;
        };
        let next = observed.exchanges.get(index.saturating_add(1));
        let followed = next.is_some_and(|next| {
            let same = next.url.as_ref().map(Url::origin) == Some(to.origin());
            same && next.blamed && std::ptr::eq(next.case, seen.case)
        });
        let explains = seen.blamed || followed;
        if explains && differs(&observed.target, &to) == Some(part) && !alive.contains(&to.origin())
        {
            found.exchanges.push(index);
            if found.found.is_empty() {
                found.found = to.origin().ascii_serialization();
            }
        }
    }
    (!found.exchanges.is_empty()).then_some(found)
}

/// A proxy that is not passed on loses scheme, host or port together: the host counts first, then the scheme.
fn differs(target: &Url, to: &Url) -> Option<Part> {
    if to.host_str() != target.host_str() {
        return Some(Part::Host);
    }
    if to.scheme() != target.scheme() {
        return Some(Part::Scheme);
    }
    (to.port_or_known_default() != target.port_or_known_default()).then_some(Part::Port)
}
