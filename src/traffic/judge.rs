//! Judges traffic exchange by exchange, by the rules of both sides.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::evidence::{self, KEPT};
use super::observed::Observed;
use super::rule::{EarlierRequests, TrafficRule};
use super::rule_tally::RuleTally;
use super::session::{Session, UploadSessions};
use super::wire_exchange::{WireExchange, WireRequest, WireResponse};
use crate::catalogue::{Party, Version};
use crate::client::{Coding, Redactor, Response, origin};
use crate::endpoint::Endpoint;
use crate::engine::{InvariantResults, ObservedRequest, ParsedResponse};
use crate::record::Exchange;
use crate::suite::Suites;

/// How many exchanges without a whole response are kept as evidence.
const MAX_UNANSWERED: usize = 10;

/// How many hosts beside the target are named.
const MAX_HOSTS: usize = 20;

/// What was found in some traffic.
pub struct Judge {
    pub(super) suites: Arc<Suites>,
    pub(super) spec: Version,
    pub(super) invariants: Option<InvariantResults>,
    pub(super) rules: Vec<RuleTally>,
    sessions: UploadSessions,
    earlier: EarlierRequests,
    redactor: Redactor,
    secrets: HashSet<String>,
    pub(super) traffic: Traffic,
}

/// What passed, counted.
#[derive(Debug, Default)]
pub(super) struct Traffic {
    pub exchanges: u64,
    /// Exchanges that no rule is about.
    pub others: u64,
    /// Exchanges without a whole response.
    pub unanswered: u64,
    pub first_unanswered: Vec<Exchange>,
    /// How many responses lead to each other host.
    pub leads_away: BTreeMap<String, u64>,
    /// Responses with a content coding that could not be removed: their bodies are not judged.
    pub encoded: u64,
}

/// The most secrets that are learned: a token server issues a new one for every request.
const MAX_SECRETS: usize = 200;

impl Judge {
    /// Judges both parties, or one alone, by the rules of a version.
    pub fn new(
        suites: &Arc<Suites>,
        rules: Vec<Observed>,
        spec: Version,
        only: Option<Party>,
    ) -> Self {
        let judges = |party| only.is_none_or(|only| only == party);
        let rules = rules.into_iter().filter(|_| judges(Party::Client));
        Self {
            invariants: judges(Party::Registry).then(|| InvariantResults::new(suites, spec)),
            rules: rules
                .filter_map(|one| RuleTally::new(one, &suites.catalogue, spec))
                .collect(),
            suites: suites.clone(),
            spec,
            sessions: UploadSessions::default(),
            earlier: EarlierRequests::default(),
            redactor: Redactor::default(),
            secrets: HashSet::new(),
            traffic: Traffic::default(),
        }
    }

    /// Judges one exchange. The exchanges of a client come in the order of their ends.
    pub fn add(&mut self, exchange: WireExchange) {
        self.traffic.exchanges += 1;
        self.learn_secrets(&exchange);
        let exchange = Arc::new(exchange);
        if exchange.error.is_some() {
            self.add_unanswered(&exchange);
        }
        if exchange.response.is_none() || exchange.request.body.broken {
            self.sessions.forget(&exchange);
        }
        if exchange.response.is_none() {
            return;
        }
        let kept = match exchange.longest_body() > KEPT {
            true => Arc::new(exchange.as_ref().clone().with_bodies_cut(KEPT)),
            false => exchange.clone(),
        };
        self.judge_together(&kept);
        let added = self.sessions.add(&kept);
        if exchange.request.endpoint == Endpoint::Other && !added.belongs {
            self.traffic.others += 1;
            return;
        }
        self.count_leading_away(&exchange);
        self.judge_response(&exchange, !added.elsewhere);
        self.judge_request(&exchange, &kept);
        for session in added.over {
            self.judge_session(&session);
        }
    }

    /// Judges what is left when the traffic ends.
    pub(super) fn end(&mut self) {
        for session in self.sessions.rest() {
            self.judge_session(&session);
        }
    }

    fn add_unanswered(&mut self, exchange: &WireExchange) {
        self.traffic.unanswered += 1;
        if self.traffic.first_unanswered.len() < MAX_UNANSWERED {
            let step = "The target gave no whole response".to_owned();
            let shown = evidence::exchange(exchange, &self.redactor, step);
            self.traffic.first_unanswered.push(shown);
        }
    }

    fn count_leading_away(&mut self, exchange: &WireExchange) {
        let Some(location) = exchange.location() else {
            return;
        };
        if location.origin() == exchange.request.url.origin() {
            return;
        }
        let host = origin(&location);
        let known = self.traffic.leads_away.contains_key(&host);
        if known || self.traffic.leads_away.len() < MAX_HOSTS {
            *self.traffic.leads_away.entry(host).or_default() += 1;
        }
    }

    fn judge_response(&mut self, exchange: &WireExchange, by_registry: bool) {
        let (Some(invariants), Some(response)) = (&self.invariants, &exchange.response) else {
            return;
        };
        if !exchange.is_whole() {
            return;
        }
        let Some(parsed) = parsed(&exchange.request, response) else {
            self.traffic.encoded += 1;
            return;
        };
        let request = &exchange.request;
        let asked = ObservedRequest {
            method: &request.method,
            url: &request.url,
            body: request.body.bytes(),
            by_registry,
        };
        let shown = || Some(evidence::of_traffic(exchange, &self.redactor));
        invariants.observe(&asked, &parsed, None, &shown, &self.redactor);
    }

    fn judge_request(&mut self, exchange: &WireExchange, kept: &Arc<WireExchange>) {
        for tally in &mut self.rules {
            if let TrafficRule::EachExchange(check) = tally.observed.rule
                && let Some(finding) = check(exchange)
            {
                let finding = finding.shown_by(exchange.number);
                tally.add(finding, |_| Some(kept.clone()), &self.redactor);
            }
        }
    }

    /// Compares every request, of whatever host, with those before it.
    fn judge_together(&mut self, kept: &Arc<WireExchange>) {
        for (rule, finding) in self.earlier.add(kept) {
            let mut tallies = self.rules.iter_mut();
            let is_about = |one: &&mut RuleTally| matches!(one.observed.rule, TrafficRule::Together(of) if of == rule);
            if let Some(tally) = tallies.find(is_about) {
                let finding = finding.shown_by(kept.number);
                tally.add(finding, |_| Some(kept.clone()), &self.redactor);
            }
        }
    }

    fn judge_session(&mut self, session: &Session) {
        for tally in &mut self.rules {
            if let TrafficRule::EachSession(check) = tally.observed.rule {
                tally.add(
                    check(session),
                    |number| session.exchange(number),
                    &self.redactor,
                );
            }
        }
    }

    /// The secrets of requests and of token servers are removed wherever else they appear.
    fn learn_secrets(&mut self, exchange: &WireExchange) {
        let mut found: Vec<String> = Vec::new();
        let authorization = exchange.sent("authorization");
        if let Some((scheme, secret)) = authorization
            .as_deref()
            .and_then(|value| value.split_once(' '))
        {
            let basic = scheme.eq_ignore_ascii_case("basic");
            found.extend(basic.then(|| password_of(secret.trim())).flatten());
            found.push(secret.trim().to_owned());
        }
        if exchange.request.endpoint == Endpoint::Other
            && let Some(response) = &exchange.response
        {
            let body: serde_json::Value =
                serde_json::from_slice(&response.body.kept).unwrap_or_default();
            let tokens = ["token", "access_token", "refresh_token"].iter();
            let tokens = tokens.filter_map(|name| body.get(name)?.as_str());
            found.extend(tokens.map(str::to_owned));
        }
        for secret in found {
            if self.secrets.len() < MAX_SECRETS && !self.secrets.contains(&secret) {
                self.redactor.learn(&secret);
                self.secrets.insert(secret);
            }
        }
    }
}

/// The password in the credentials of the scheme Basic (RFC 7617).
fn password_of(encoded: &str) -> Option<String> {
    let decoded = STANDARD_NO_PAD.decode(encoded.trim_end_matches('=')).ok()?;
    let (_, password) = str::from_utf8(&decoded).ok()?.split_once(':')?;
    Some(password.to_owned())
}

/// The response as invariants read it. Nothing where its content coding hides its bytes.
fn parsed(request: &WireRequest, response: &WireResponse) -> Option<ParsedResponse> {
    let mut http = Response {
        status: response.status,
        headers: response.headers.clone(),
        body: response.body.kept.clone(),
        broken: None,
        coding: Coding::None,
        transport: None,
        local: None,
        budget: None,
    };
    let encoded = http.headers.contains_key("content-encoding");
    if encoded && request.method != "HEAD" {
        // What the request accepts is no violation.
        if !response.body.is_whole() || !super::coding::remove(request, &mut http) {
            return None;
        }
    }
    let url = request.url.clone();
    match response.body.is_whole() {
        true => ParsedResponse::new(url, http).ok(),
        false => Some(ParsedResponse::hashed(url, http, response.body.hashed())),
    }
}
