//! Locations that lead away from the target.

use std::collections::HashSet;

use url::Url;

use super::observed::{Match, Observed, location};
use crate::record::Exchange;

/// How a `Location` leads away from the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Away {
    /// A redirect to content at another host or port.
    Redirect,
    Host,
    Scheme,
    /// The target's URL names a port, and the `Location` none.
    NoPort,
    OtherPort,
}

/// The exchanges whose `Location` leads away and that explain a failure, or whose case explains one by its next request.
pub(super) fn find(observed: &Observed<'_>, away: Away) -> Option<Match> {
    // A storage elsewhere that responds is a permitted choice. What refuses a redirected request does respond.
    let responds = |exchange: &Exchange| match away {
        Away::Redirect => exchange.status.is_some(),
        Away::Host | Away::Scheme | Away::NoPort | Away::OtherPort => exchange.succeeded(),
    };
    let alive: HashSet<_> = observed
        .exchanges
        .iter()
        .filter(|seen| responds(seen.exchange))
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
        let leads = || leads_away(&observed.target, seen.exchange, &to);
        if explains && !alive.contains(&to.origin()) && leads() == Some(away) {
            found.exchanges.push(index);
            if found.found.is_empty() {
                found.found = to.origin().ascii_serialization();
            }
        }
    }
    (!found.exchanges.is_empty()).then_some(found)
}

/// A URL of the registry's own that a proxy spoils loses scheme, host or port together: the host counts first, then the
/// scheme.
fn leads_away(target: &Url, exchange: &Exchange, to: &Url) -> Option<Away> {
    let redirects = matches!(exchange.status, Some(300..400));
    if to.host_str() != target.host_str() {
        return Some(if redirects {
            Away::Redirect
        } else {
            Away::Host
        });
    }
    if to.scheme() != target.scheme() {
        return Some(Away::Scheme);
    }
    if to.port_or_known_default() == target.port_or_known_default() {
        return None;
    }
    Some(match to.port() {
        None => Away::NoPort,
        Some(_) if redirects => Away::Redirect,
        Some(_) => Away::OtherPort,
    })
}
