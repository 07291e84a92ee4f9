//! Traffic between clients and registries, judged by the rules of both sides.
//!
//! - `wire_exchange`: an exchange as it came over the wire; `session`: the exchanges of an upload session.
//! - `rule`, `together_rule`, `rules`, `finding`, `observed`: rules for the requests of clients, which tests of clients use too.
//! - `har`: recorded traffic; `credentials`: which hosts get them; `refusals`: requests that come again; `coding`: content codings of responses.
//! - `judge`: all rules, over traffic of any length in bounded memory; `evidence`, `record_run`: the record of it.

mod coding;
mod credentials;
mod evidence;
mod finding;
mod har;
mod judge;
mod observed;
mod record_run;
mod refusals;
mod rule;
mod rule_tally;
pub mod rules;
mod session;
#[cfg(test)]
mod testing;
mod together_rule;
mod wire_exchange;

pub use evidence::exchange;
pub use finding::{Evidence, Finding, first_violation};
pub use har::read_har;
pub use judge::Judge;
pub use observed::{About, Observed};
pub use record_run::{TRAFFIC_ANSWERED, TrafficRun};
pub use rule::TrafficRule;
pub use session::sessions;
pub use together_rule::TogetherRule;
pub use wire_exchange::{WireBody, WireExchange, WireRequest, WireResponse};
