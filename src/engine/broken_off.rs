//! Reads whose body broke off. The client retries them, so that no case sees them; a run judges them together at its end.
//!
//! Three such responses for different resources of one kind are a violation. On a connection that loses responses at random
//! they are none: then other requests are lost too, about as often, and not the first response for each resource.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::evidence::cut;
use super::invariants::Observed;
use crate::catalogue::Level;
use crate::client::{Exchanged, Request};
use crate::endpoint::{Endpoint, EndpointKind};
use crate::record::{Answers, Check, CheckVerdict, Exchange};

/// The responses to GET that are judged together, with the requirement that they violate.
const JUDGED: [(&[EndpointKind], &str); 4] = [
    (&[EndpointKind::Blob], "blob-get-content"),
    (
        &[EndpointKind::ManifestByDigest, EndpointKind::ManifestByTag],
        "manifest-get-content",
    ),
    (&[EndpointKind::TagList], "tags-json"),
    (&[EndpointKind::Referrers], "referrers-index"),
];

/// For how many resources of one kind a response must break off.
const MIN_RESOURCES: usize = 3;

/// How many times as often as other requests the reads of one kind may be lost by chance: large bodies break off more often.
const MAX_RATIO: usize = 4;

/// One in how many reads of a kind may be lost by chance, if other requests are lost at all.
const RARE: usize = 10;

/// How many responses that broke off are kept as evidence of each kind.
const MAX_KEPT: usize = 3;

/// The reads of a run whose body broke off.
#[derive(Default)]
pub struct BrokenOff(Mutex<Tallies>);

#[derive(Default)]
struct Tallies {
    judged: [Tally; JUDGED.len()],
    /// All other requests.
    others: Tally,
    hasher: RandomState,
}

#[derive(Default)]
struct Tally {
    /// How many requests were sent, retries included.
    sent: usize,
    /// How many of them got no response.
    lost: usize,
    /// How many responses broke off.
    broken_off: usize,
    /// The URLs of those, as hashes.
    resources: HashSet<u64>,
    /// The URLs with a whole response, as hashes.
    read: HashSet<u64>,
    /// For how many URLs the first response broke off.
    at_first: usize,
    cases: Vec<String>,
    kept: Vec<Exchange>,
}

/// A requirement that responses violate by breaking off.
pub struct Violation {
    requirement: &'static str,
    endpoint: EndpointKind,
    answers: Answers,
    kept: Vec<Exchange>,
}

impl BrokenOff {
    /// Counts a request of a case.
    pub fn add(&self, request: &Request, exchanged: &Exchanged, case: &str) {
        let mut tallies = self.tallies();
        let kind = Endpoint::parse(request.url.path()).kind();
        let judged = JUDGED.iter().position(|(kinds, _)| kinds.contains(&kind));
        let judged = judged.filter(|_| request.method == http::Method::GET);
        let tallies = &mut *tallies;
        let tally = judged.and_then(|at| tallies.judged.get_mut(at));
        let tally = tally.unwrap_or(&mut tallies.others);
        let url = tallies.hasher.hash_one(request.url.as_str());
        let broken_off = exchanged.broken_off.len();
        let response = exchanged.response.as_ref();
        if judged.is_some() && response.is_ok_and(|response| response.status == 200) {
            let first = tally.read.insert(url);
            tally.at_first += usize::from(first && broken_off > 0);
        }
        tally.sent += 1 + exchanged.lost + broken_off;
        tally.lost += exchanged.lost;
        if broken_off == 0 {
            return;
        }
        tally.broken_off += broken_off;
        if tally.resources.insert(url) && tally.kept.len() < MAX_KEPT {
            tally.kept.extend(exchanged.broken_off.first().cloned());
        }
        if !tally.cases.iter().any(|known| known == case) {
            tally.cases.push(case.to_owned());
        }
    }

    /// The requirements that are violated.
    pub fn violations(&self) -> Vec<Violation> {
        let tallies = self.tallies();
        let judged = JUDGED.iter().zip(&tallies.judged);
        let violated = judged.filter(|(_, tally)| tallies.is_systematic(tally));
        violated
            .filter_map(|((kinds, requirement), tally)| {
                Some(Violation {
                    requirement,
                    endpoint: *kinds.first()?,
                    answers: Answers {
                        asked: tally.sent,
                        broken: tally.broken_off,
                        cases: tally.cases.clone(),
                    },
                    kept: tally.kept.clone(),
                })
            })
            .collect()
    }

    /// A note about responses that broke off and violate no requirement.
    pub fn note(&self) -> Option<String> {
        let tallies = self.tallies();
        let unjudged = tallies.judged.iter();
        let unjudged = unjudged.filter(|tally| !tallies.is_systematic(tally));
        let broken_off: usize = unjudged.map(|tally| tally.broken_off).sum();
        let (sent, lost) = tallies.sums();
        (broken_off > 0).then(|| {
            let per_mille = (lost * 1000).div_ceil(sent.max(1));
            format!(
                "{broken_off} responses broke off within their body, and a retry got the whole body: this counts as no violation, because it is rare or as frequent as other lost responses (together {}.{} % of the requests)",
                per_mille / 10,
                per_mille % 10
            )
        })
    }

    fn tallies(&self) -> MutexGuard<'_, Tallies> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Tallies {
    /// How many requests were sent, and how many of them were lost or broke off.
    fn sums(&self) -> (usize, usize) {
        let all = self.judged.iter().chain([&self.others]);
        all.fold((0, 0), |(sent, failed), tally| {
            (sent + tally.sent, failed + tally.failed())
        })
    }

    /// Whether chance does not explain the responses of one kind that broke off.
    fn is_systematic(&self, kind: &Tally) -> bool {
        let (all_sent, all_failed) = self.sums();
        let (sent, failed) = (kind.sent, kind.failed());
        let elsewhere = all_failed.saturating_sub(failed);
        let rare = failed * RARE <= sent;
        let as_elsewhere = failed * all_sent.saturating_sub(sent) <= MAX_RATIO * elsewhere * sent;
        let by_chance = elsewhere > 0 && (rare || as_elsewhere);
        let at_first = kind.at_first >= MIN_RESOURCES && kind.at_first * 2 >= kind.read.len();
        kind.resources.len() >= MIN_RESOURCES && (at_first || !by_chance)
    }
}

impl Tally {
    const fn failed(&self) -> usize {
        self.lost + self.broken_off
    }
}

impl Violation {
    pub const fn requirement(&self) -> &'static str {
        self.requirement
    }

    /// The invariant that reports it: one of the same requirement, or else one about the same requests.
    pub fn reported_by<'o>(&self, observed: &'o mut [Observed]) -> Option<&'o mut Observed> {
        let same = |one: &Observed| {
            let mut expected = one.invariant.expect.iter();
            expected.any(|expectation| expectation.requirement == self.requirement)
        };
        let about = |one: &Observed| {
            !one.invariant.to.is_empty() && one.invariant.is_about("GET", self.endpoint)
        };
        let at = observed.iter().position(same);
        let at = at.or_else(|| observed.iter().position(about))?;
        observed.get_mut(at)
    }

    /// Adds the check, and its evidence.
    pub fn add_to(self, observed: &mut Observed, level: Level) {
        let first = self.kept.first().and_then(|first| first.error.clone());
        let case = self.answers.cases.first().cloned().unwrap_or_default();
        observed.checks.push(Check {
            message: format!(
                "{} of {} responses break off within their body, the first in case {case}; a retry got the whole body",
                self.answers.broken, self.answers.asked
            ),
            expected: "the whole body in the first response".to_owned(),
            actual: cut(first.unwrap_or_default()),
            exchange: Some(observed.exchanges.len()),
            answers: Some(self.answers),
            ..Check::new(self.requirement, level, CheckVerdict::broken(level))
        });
        observed.exchanges.extend(self.kept);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::client::Response;

    /// Adds a GET of a blob; `broken_off` of its responses broke off before the last one.
    fn get(all: &BrokenOff, number: usize, broken_off: usize) {
        let url = format!("http://h/v2/a/blobs/sha256:{number}");
        add(all, http::Method::GET, &url, broken_off, 0);
    }

    fn add(all: &BrokenOff, method: http::Method, url: &str, broken_off: usize, lost: usize) {
        let request = Request::bare(method, url.parse().unwrap(), "");
        let exchanged = Exchanged {
            url: request.url.clone(),
            exchanges: Vec::new(),
            intermediate: Vec::new(),
            broken_off: vec![Exchange::default(); broken_off],
            lost,
            response: Ok(Response::bare(200)),
        };
        all.add(&request, &exchanged, "tea");
    }

    fn violated(all: &BrokenOff) -> Vec<&'static str> {
        let violations = all.violations();
        violations.iter().map(Violation::requirement).collect()
    }

    #[test]
    fn three_resources_are_a_violation_and_two_are_none() {
        let all = BrokenOff::default();
        get(&all, 1, 1);
        get(&all, 2, 1);
        get(&all, 2, 1);
        assert!(violated(&all).is_empty());
        assert!(all.note().unwrap().starts_with("3 responses"));
        get(&all, 3, 1);
        assert_eq!(violated(&all), ["blob-get-content"]);
        assert_eq!(all.note(), None);
    }

    #[test]
    fn a_connection_that_loses_responses_at_random_is_no_violation() {
        let all = BrokenOff::default();
        for number in 0..100 {
            get(&all, number, usize::from(number % 20 == 0));
            let lost = usize::from(number % 50 == 0);
            add(
                &all,
                http::Method::PUT,
                "http://h/v2/a/manifests/t",
                0,
                lost,
            );
        }
        assert!(violated(&all).is_empty());
        assert!(all.note().unwrap().contains("of the requests"));
        for number in 0..100 {
            get(&all, number, 1);
        }
        assert_eq!(violated(&all), ["blob-get-content"], "far more often");
    }

    #[test]
    fn the_first_response_for_each_resource_is_no_chance() {
        let all = BrokenOff::default();
        for number in 0..20 {
            get(&all, number, 1);
            get(&all, number, 0);
            let lost = 1;
            add(
                &all,
                http::Method::PUT,
                "http://h/v2/a/manifests/t",
                0,
                lost,
            );
        }
        assert_eq!(violated(&all), ["blob-get-content"]);
    }
}
