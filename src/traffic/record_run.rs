//! The record of judged traffic.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::judge::{Judge, Traffic};
use crate::catalogue::{Category, Party, Requirement};
use crate::record::{
    self, Case, Exchange, JudgedBy, RequirementResult, Run, RunFacts, Stop, Target,
};

/// The suite of what keeps traffic from being judged, and its case.
const TRAFFIC: &str = "traffic";
pub const TRAFFIC_ANSWERED: &str = "traffic-answered";

/// What is said of traffic beside what was found in it.
pub struct TrafficRun {
    /// Where it went.
    pub url: String,
    pub began: OffsetDateTime,
    pub duration_ms: u64,
    pub judged_by: JudgedBy,
    pub notes: Vec<String>,
}

impl Judge {
    /// The record of the traffic, which is over.
    pub fn into_run(mut self, about: TrafficRun) -> Run {
        self.end();
        // A proxy sees no other host.
        let proxied = about.judged_by == JudgedBy::Proxy;
        let cases = self.cases();
        let requirements = self.requirements(&cases);
        let facts = RunFacts {
            target: Target {
                url: about.url,
                repo: String::new(),
                repo2: String::new(),
                options: Vec::new(),
                no_push: false,
                bundled: false,
                party: Party::Registry,
                judged_by: about.judged_by,
            },
            spec: self.spec,
            seed: 0,
            started: about.began.format(&Rfc3339).unwrap_or_default(),
            duration_ms: about.duration_ms,
            partial: false,
            interrupted: false,
        };
        let mut notes = about.notes;
        notes.extend(self.traffic.notes(proxied));
        Run {
            requests: self.traffic.exchanges,
            notes,
            ..Run::of(facts, false, requirements, cases)
        }
    }

    /// Invariants keep their own failures, and so do rules.
    fn cases(&self) -> Vec<Case> {
        let observed = self.invariants.iter().flat_map(|all| all.observed());
        let mut cases: Vec<Case> = observed.map(Case::from).collect();
        record::attribute(&mut cases);
        let catalogue = &self.suites.catalogue;
        let rules = self.rules.iter().map(|one| one.case(catalogue));
        for mut case in rules.chain(not_answered(&self.traffic)) {
            case.conclude();
            cases.push(case);
        }
        cases
    }

    fn requirements(&self, cases: &[Case]) -> Vec<RequirementResult> {
        let catalogue = &self.suites.catalogue;
        let result = |one: &Requirement| {
            let level = catalogue.binding_level(&one.id, self.spec)?;
            let tests = |case: &&Case| case.checks.iter().any(|check| check.requirement == one.id);
            let testers: Vec<&Case> = cases.iter().filter(tests).collect();
            (!testers.is_empty()).then(|| RequirementResult::of(one, level, self.spec, &testers))
        };
        catalogue.iter().filter_map(result).collect()
    }
}

/// The case in error of traffic with nothing to judge, or with a request that got no whole response.
fn not_answered(traffic: &Traffic) -> Option<Case> {
    let judged = traffic.exchanges.saturating_sub(traffic.others);
    let why = match (traffic.first_unanswered.first(), judged) {
        (Some(first), _) => traffic.unanswered_reason(first),
        (None, 0) => "no request to a registry passed: nothing was judged".to_owned(),
        (None, _) => return None,
    };
    let title = "Requests pass, and each gets a whole response";
    let mut case = Case::new(TRAFFIC_ANSWERED, TRAFFIC, Category::Everywhere, title, "");
    case.exchanges.clone_from(&traffic.first_unanswered);
    case.reason = Some(why.clone());
    case.stopped = Some(Stop::Error(why));
    Some(case)
}

impl Traffic {
    fn unanswered_reason(&self, first: &Exchange) -> String {
        let why = first.error.as_deref().unwrap_or("no response");
        format!(
            "{} of {} requests got no whole response; the first: {} {}: {why}",
            self.unanswered, self.exchanges, first.method, first.url
        )
    }

    fn notes(&self, proxied: bool) -> Vec<String> {
        let mut notes = Vec::new();
        for (host, count) in self.leads_away.iter().filter(|_| proxied) {
            notes.push(format!(
                "{count} responses lead to {host}, past the proxy: the requests there are not judged (docs/proxy.md)"
            ));
        }
        if self.others > 0 {
            let others = self.others;
            notes.push(format!(
                "{others} requests are not of a registry's API, and were not judged"
            ));
        }
        if self.encoded > 0 {
            let encoded = self.encoded;
            notes.push(format!(
                "{encoded} responses have a content coding that assay does not remove, and were not judged"
            ));
        }
        notes
    }
}
