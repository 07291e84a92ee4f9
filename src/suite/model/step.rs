use super::{Expectation, Matcher, RequestText, Statuses};
use crate::data::SourceSpan;
use crate::template::Template;

/// One request and what is expected of its response; or a pagination; or a procedure.
#[derive(Debug)]
pub struct Step {
    /// Empty if the suite gives none.
    pub title: String,
    pub action: Action,
    pub expect: Vec<Expectation>,
    /// Responses that legally decline a feature, by the feature: the case then ends as unsupported.
    pub declined: Vec<(String, Matcher)>,
    /// The first branch whose `when` matches the response runs.
    pub then: Vec<Branch>,
    /// Values kept from the response for later steps, by the names that these use.
    pub save: Vec<(String, Capture)>,
    /// Whether the case ends if the response is not as expected. If it is not set, that is so for a write that was
    /// to succeed and was refused.
    pub required: Option<bool>,
    pub span: SourceSpan,
}

impl Step {
    /// Whether it is expected to succeed: every status that it expects is a 2xx.
    pub fn wants_success(&self) -> bool {
        let expected = self.expect.iter();
        let mut statuses = expected
            .filter_map(|one| one.matcher.status.as_ref())
            .peekable();
        statuses.peek().is_some() && statuses.all(Statuses::succeed)
    }
}

/// What a step does.
#[derive(Debug)]
pub enum Action {
    Request(RequestText),
    /// Gets pages along `Link: …; rel="next"`.
    Paginate {
        /// The request for the first page.
        request: RequestText,
        /// A JSON pointer to the list in each page.
        items: String,
        /// The most pages that are requested; none to follow the links to the end.
        pages: Option<usize>,
        /// Whether a full page without a Link is followed by a request with `last` set to its last entry.
        follow_last: bool,
    },
    /// Runs a procedure.
    Use {
        procedure: String,
        /// The inputs of the procedure, by name.
        with: Vec<(String, Template)>,
        /// The name under which its outputs are kept; none to keep each under its own name.
        keep_as: Option<String>,
    },
}

/// Steps that follow a certain response.
#[derive(Debug)]
pub struct Branch {
    /// The response.
    pub when: Matcher,
    /// What a reader should know of this branch, printed with the case.
    pub note: Option<String>,
    /// The feature that the response declines; the branch still runs to its end.
    pub declines: Option<String>,
    pub steps: Vec<Step>,
}

/// Where in the response a value to keep is found.
#[derive(Debug)]
pub enum Capture {
    /// The Location header, resolved against the request's URL.
    Location,
    Body,
    /// The value of this header.
    Header(String),
    /// A JSON pointer into the body, or into the list of all pages of a pagination.
    Json(String),
}
