use super::{Rule, Statuses};
use crate::suite::format::LinkText;
use crate::template::Template;

/// What a response or a pagination must be. Every field that is set must match.
#[derive(Debug, Default)]
pub struct Matcher {
    /// A condition: a response that it does not match conforms.
    pub when: Option<Box<Matcher>>,
    pub status: Option<Statuses>,
    /// Rules for a header's value, by the header's name.
    pub headers: Vec<(String, Vec<Rule>)>,
    /// Rules for the list of a header's lines, by the header's name.
    pub lines: Vec<(String, Vec<Rule>)>,
    /// What the Link header must say of the next page.
    pub link: Option<LinkText>,
    /// The body, byte for byte.
    pub body: Option<Template>,
    /// A chunk, or a whole blob: the body is the part of it that `Content-Range` names.
    pub part: Option<Template>,
    /// The digest of the body.
    pub digest: Option<Template>,
    /// Rules for a value of the JSON body, by its JSON pointer.
    pub json: Vec<(String, Vec<Rule>)>,
    /// Error codes: the JSON error body must have one of them. Empty for no condition.
    pub error: Vec<String>,
    /// Whether the body is JSON: an object or a list, or any JSON if its Content-Type says so.
    pub is_json: Option<bool>,
    /// What each page of a pagination must be.
    pub page: Option<Box<Matcher>>,
    /// Rules for the lists of all pages of a pagination, together and in order.
    pub items: Option<Vec<Rule>>,
    /// Whether a pagination ends, by well-formed Links and without a loop.
    pub ends: bool,
    /// Alternatives, one of which must match. Empty for no condition.
    pub any: Vec<Matcher>,
}

impl Matcher {
    /// Whether it, or its condition, names a status or an error. If not, it speaks of a success.
    pub fn names_status(&self) -> bool {
        let Self {
            when,
            status,
            headers: _,
            lines: _,
            link: _,
            body: _,
            part: _,
            digest: _,
            json: _,
            error,
            is_json: _,
            page,
            items: _,
            ends: _,
            any,
        } = self;
        let inside = |inner: &Option<Box<Self>>| inner.as_deref().is_some_and(Self::names_status);
        status.is_some()
            || !error.is_empty()
            || inside(when)
            || inside(page)
            || any.iter().any(Self::names_status)
    }

    /// Whether a status that it permits is 2xx, of a response or of each page.
    pub fn expects_success(&self) -> bool {
        self.status.as_ref().is_some_and(Statuses::may_succeed)
            || self.page.as_deref().is_some_and(Self::expects_success)
            || self.any.iter().any(Self::expects_success)
    }

    /// Whether it demands a status.
    pub fn judges_status(&self) -> bool {
        let Self {
            when: _,
            status,
            headers: _,
            lines: _,
            link: _,
            body: _,
            part: _,
            digest: _,
            json: _,
            error: _,
            is_json: _,
            page,
            items: _,
            ends: _,
            any,
        } = self;
        status.is_some()
            || page.as_deref().is_some_and(Self::judges_status)
            || any.iter().any(Self::judges_status)
    }

    /// Whether a violation of the rules for the whole list is one in a part of the list already.
    pub fn shows_in_a_part(&self) -> bool {
        let in_a_part = |rule: &Rule| match rule {
            Rule::Excludes(_) | Rule::Sorted(_) | Rule::Unique | Rule::Each(_) => true,
            Rule::Count(least, _) => *least == 0,
            Rule::Present(_)
            | Rule::OneOf(_)
            | Rule::NoneOf(_)
            | Rule::Matches(_)
            | Rule::DigestOf(_)
            | Rule::MediaType(_)
            | Rule::Address(_)
            | Rule::Type(_)
            | Rule::Contains(_)
            | Rule::Lists(_)
            | Rule::ListsOnly(_)
            | Rule::BytesAtMost(_)
            | Rule::Inside(..) => false,
        };
        self.items.iter().flatten().all(in_a_part)
    }
}
