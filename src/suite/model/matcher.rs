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

/// One word of a matcher, with its value. The condition of a matcher is none.
#[derive(Debug, Clone, Copy)]
pub enum MatcherWord<'m> {
    Status(&'m Statuses),
    Header(&'m str, &'m [Rule]),
    Lines(&'m str, &'m [Rule]),
    Link(LinkText),
    Body(&'m Template),
    Part(&'m Template),
    Digest(&'m Template),
    Json(&'m str, &'m [Rule]),
    IsJson(bool),
    Error(&'m [String]),
    Page(&'m Matcher),
    Items(&'m [Rule]),
    Ends,
    Any(&'m [Matcher]),
}

impl Matcher {
    /// Its words, in the order in which they are compared. A new word does not compile until it stands in each reading.
    pub fn words(&self) -> impl Iterator<Item = MatcherWord<'_>> {
        let Self {
            when: _,
            status,
            headers,
            lines,
            link,
            body,
            part,
            digest,
            json,
            error,
            is_json,
            page,
            items,
            ends,
            any,
        } = self;
        let status = status.iter().map(MatcherWord::Status);
        let headers = headers
            .iter()
            .map(|one| MatcherWord::Header(&one.0, &one.1));
        let lines = lines.iter().map(|one| MatcherWord::Lines(&one.0, &one.1));
        let json = json.iter().map(|one| MatcherWord::Json(&one.0, &one.1));
        let error = (!error.is_empty()).then_some(MatcherWord::Error(error));
        let any = (!any.is_empty()).then_some(MatcherWord::Any(any));
        status
            .chain(headers)
            .chain(lines)
            .chain(link.map(MatcherWord::Link))
            .chain(body.iter().map(MatcherWord::Body))
            .chain(part.iter().map(MatcherWord::Part))
            .chain(digest.iter().map(MatcherWord::Digest))
            .chain(json)
            .chain(is_json.map(MatcherWord::IsJson))
            .chain(error)
            .chain(page.iter().map(|page| MatcherWord::Page(page)))
            .chain(items.iter().map(|rules| MatcherWord::Items(rules)))
            .chain(ends.then_some(MatcherWord::Ends))
            .chain(any)
    }

    /// Whether it, or its condition, names a status or an error. If not, it speaks of a success.
    pub fn names_status(&self) -> bool {
        let condition = self.when.as_deref().is_some_and(Self::names_status);
        condition
            || self.words().any(|word| match word {
                MatcherWord::Status(_) | MatcherWord::Error(_) => true,
                MatcherWord::Page(inner) => inner.names_status(),
                MatcherWord::Any(all) => all.iter().any(Self::names_status),
                MatcherWord::Header(..)
                | MatcherWord::Lines(..)
                | MatcherWord::Link(_)
                | MatcherWord::Body(_)
                | MatcherWord::Part(_)
                | MatcherWord::Digest(_)
                | MatcherWord::Json(..)
                | MatcherWord::IsJson(_)
                | MatcherWord::Items(_)
                | MatcherWord::Ends => false,
            })
    }

    /// Whether a status that it permits is 2xx, of a response or of each page.
    pub fn expects_success(&self) -> bool {
        self.has_status(Statuses::may_succeed)
    }

    /// Whether it demands a status.
    pub fn judges_status(&self) -> bool {
        self.has_status(|_| true)
    }

    /// Whether it demands such a status, of a response or of each page.
    fn has_status(&self, is_such: fn(&Statuses) -> bool) -> bool {
        self.status.as_ref().is_some_and(is_such)
            || self
                .page
                .as_deref()
                .is_some_and(|page| page.has_status(is_such))
            || self.any.iter().any(|one| one.has_status(is_such))
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
