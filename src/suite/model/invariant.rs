use super::Expectation;
use crate::catalogue::Category;
use crate::data::SourceSpan;
use crate::endpoint::EndpointKind;
use crate::suite::{History, Method};

/// Expectations that every response of the run is checked for.
#[derive(Debug)]
pub struct Invariant {
    /// Never changes: the invariant is reported as a case of this id.
    pub id: String,
    pub title: String,
    /// The name of its suite.
    pub suite: String,
    pub category: Category,
    pub section: String,
    pub history: History,
    /// The requests whose responses are checked; all requests if it is empty.
    pub to: Vec<(Method, Vec<EndpointKind>)>,
    pub expect: Vec<Expectation>,
    pub span: SourceSpan,
}

impl Invariant {
    /// Whether the response to such a request is checked.
    pub fn is_about(&self, method: &str, endpoint: EndpointKind) -> bool {
        let mut to = self.to.iter();
        let asked = |(known, of): &(Method, Vec<EndpointKind>)| {
            known.name() == method && of.contains(&endpoint)
        };
        self.to.is_empty() || to.any(asked)
    }
}
