//! Rules for the requests of a client, by what they are compared with.

use std::sync::Arc;

use super::credentials::CredentialHosts;
use super::finding::{Finding, first_violation};
use super::refusals::Refusals;
use super::session::{Session, sessions};
use super::together_rule::TogetherRule;
use super::wire_exchange::WireExchange;

/// What a rule is compared with, and its check.
#[derive(Debug, Clone, Copy)]
pub enum TrafficRule {
    /// Each exchange by itself; nothing where it is not about such requests.
    EachExchange(fn(&WireExchange) -> Option<Finding>),
    /// Each upload session.
    EachSession(fn(&Session) -> Finding),
    /// Each exchange, with those before it.
    Together(TogetherRule),
}

/// What is remembered of earlier requests.
#[derive(Debug, Default)]
pub struct EarlierRequests {
    credentials: CredentialHosts,
    refusals: Refusals,
}

impl EarlierRequests {
    /// Compares a request, of whatever host, with those before it.
    pub fn add(&mut self, exchange: &WireExchange) -> Vec<(TogetherRule, Finding)> {
        let mut found = self.credentials.add(exchange);
        found.extend(self.refusals.add(exchange));
        found
    }
}

impl TrafficRule {
    /// Compares all requests of a client with the rule.
    pub fn judge(self, traffic: &[Arc<WireExchange>]) -> Finding {
        let exchanges = traffic.iter();
        let found = match self {
            Self::EachExchange(check) => {
                first_violation(exchanges.filter_map(|one| Some(check(one)?.shown_by(one.number))))
            }
            Self::EachSession(check) => first_violation(sessions(traffic).iter().map(check)),
            Self::Together(rule) => {
                let mut earlier = EarlierRequests::default();
                first_violation(exchanges.flat_map(|one| {
                    let found = earlier.add(one).into_iter();
                    let found = found.filter(|(of, _)| *of == rule);
                    found.map(|(_, finding)| finding.shown_by(one.number))
                }))
            }
        };
        found.unwrap_or_else(Finding::no_such_request)
    }
}
