//! Which expectations a response leaves without meaning.
//!
//! One wrong response is one failure. Where a status is wrong, the expectations about the content of a success say nothing:
//! they are blocked. The same holds for a body that is not JSON, and for a list that ends at a Link that cannot be followed.

use super::result::MatchResult;
use super::settling::Settling;
use super::subject::{Pages, PaginationEnd, Subject};
use super::words::lacks_code;
use crate::catalogue::Level;
use crate::record::Part;
use crate::suite::{Expectation, Matcher};

/// An expectation of a step, and its result.
pub struct Compared<'a> {
    pub expectation: &'a Expectation,
    pub level: Level,
    pub result: MatchResult,
    /// Why it cannot be judged.
    pub blocked: Option<String>,
}

impl<'a> Compared<'a> {
    pub const fn new(expectation: &'a Expectation, level: Level, result: MatchResult) -> Self {
        Self {
            expectation,
            level,
            result,
            blocked: None,
        }
    }

    /// Whether the response violates it, and nothing blocks it.
    pub const fn violates(&self) -> bool {
        self.blocked.is_none() && self.result.violates()
    }

    const fn matcher(&self) -> &'a Matcher {
        &self.expectation.matcher
    }
}

/// What makes the expectations about the content meaningless.
struct Defect {
    expected: String,
    actual: String,
    part: Part,
    settling: Settling,
}

/// Blocks the results that the subject leaves without meaning. Of the expectations of one step, one keeps the failure.
pub fn block_meaningless(compared: &mut [Compared<'_>], subject: Subject<'_>) {
    if let Subject::Response(response) = subject {
        for one in compared.iter_mut() {
            if lacks_code(&one.matcher().error, response) && one.result.violates() {
                one.result = MatchResult::NotApplicable;
            }
        }
    }
    if let Some(defect) = wrong_status(subject) {
        let judges = |one: &Compared<'_>| {
            one.matcher().judges_status() && one.result != MatchResult::NotApplicable
        };
        let judged = compared.iter().any(judges);
        let wrong = compared
            .iter()
            .any(|one| judges(one) && one.result.violates());
        // A single response without a status that is judged may be of any status.
        let list = matches!(subject, Subject::Pages(_));
        if wrong || (list && !judged) {
            block(compared, &defect, !wrong, |one| {
                !one.matcher().names_status() && one.result != MatchResult::NotApplicable
            });
        }
    } else if let Some(defect) = not_json(compared, subject) {
        let lists = matches!(subject, Subject::Pages(_));
        block(compared, &defect, true, |one| {
            one.result.violates() || (lists && is_about_items(one.matcher()))
        });
    } else if let Subject::Pages(pages) = subject
        && !matches!(pages.end, PaginationEnd::Complete | PaginationEnd::TooLong)
    {
        block_after_cut(compared, pages);
    }
}

/// Blocks what a list that is cut after its first page does not show. The Link keeps the failure. Where that is a warning, a
/// SHOULD that the list does not show does not apply.
fn block_after_cut(compared: &mut [Compared<'_>], pages: &Pages) {
    let why = format!("the list is incomplete: {}", pages.end.describe());
    let names_link = |one: &Compared<'_>| {
        let page = one.matcher().page.as_deref();
        one.result.violates() && page.is_some_and(|page| page.link.is_some())
    };
    let named = compared.iter().any(names_link);
    let ends = |one: &Compared<'_>| one.matcher().ends == Some(true);
    let must_end = compared.iter().any(ends);
    let is_unknown = |one: &Compared<'_>| {
        let matcher = one.matcher();
        let proved = one.result.violates() && matcher.shows_in_a_part();
        match ends(one) {
            true => named,
            false if matcher.items.is_some() => !proved,
            false => must_end && matcher.judges_status() && one.result.violates(),
        }
    };
    let mut kept = compared
        .iter()
        .filter(|one| !is_unknown(one) && one.result.violates());
    let warns = kept.clone().next().is_some() && kept.all(|one| one.level != Level::Must);
    for one in compared.iter_mut().filter(|one| is_unknown(one)) {
        if warns && one.level != Level::Must {
            one.result = MatchResult::NotApplicable;
        } else if one.result != MatchResult::NotApplicable {
            one.blocked = Some(why.clone());
        }
    }
}

/// Blocks the chosen results. `keeps`: the first of them (a MUST before a SHOULD) keeps the failure.
fn block(
    compared: &mut [Compared<'_>],
    defect: &Defect,
    keeps: bool,
    chosen: impl Fn(&Compared<'_>) -> bool,
) {
    let is_form =
        |one: &Compared<'_>| defect.part != Part::Form || part(&one.result) == Some(Part::Form);
    let rank = |one: &Compared<'_>| {
        let ends = one.matcher().ends == Some(true);
        (ends, !is_form(one), one.level != Level::Must)
    };
    let owner = (0..compared.len())
        .filter_map(|at| {
            compared
                .get(at)
                .filter(|one| chosen(one))
                .map(|one| (rank(one), at))
        })
        .min()
        .map(|(_, at)| at)
        .filter(|_| keeps);
    let kept = |one: &Compared<'_>| match keeps {
        true => chosen(one),
        false => one.result.violates() && one.matcher().judges_status(),
    };
    let warns = !compared
        .iter()
        .any(|one| kept(one) && one.level == Level::Must);
    for (at, one) in compared
        .iter_mut()
        .enumerate()
        .filter(|(_, one)| chosen(one))
    {
        if owner != Some(at) && warns {
            // A warning leaves a verdict: what it makes meaningless does not apply.
            one.result = MatchResult::NotApplicable;
        } else if owner != Some(at) {
            one.blocked = Some(defect.actual.clone());
        } else if part(&one.result) != Some(defect.part) {
            one.result = MatchResult::Violates {
                expected: defect.expected.clone(),
                actual: defect.actual.clone(),
                part: Some(defect.part),
                settling: defect.settling,
            };
        }
    }
}

const fn part(result: &MatchResult) -> Option<Part> {
    match result {
        MatchResult::Violates { part, .. } => *part,
        MatchResult::Conforms { .. } | MatchResult::NotApplicable => None,
    }
}

/// The status of a response that is no success, or of the first page, which has no list then.
fn wrong_status(subject: Subject<'_>) -> Option<Defect> {
    let (status, expected, page) = match subject {
        Subject::Response(response) => {
            let status = response.http.status;
            let wrong = !(200..300).contains(&status);
            (wrong.then_some(status)?, "status 200", "")
        }
        Subject::Pages(pages) => {
            let status = pages.pages.first()?.http.status;
            let wrong = (status != 200).then_some(status)?;
            (wrong, "each page: status 200", "page 1: ")
        }
    };
    Some(Defect {
        expected: expected.to_owned(),
        actual: format!("{page}status {status}"),
        part: Part::Status,
        settling: match status {
            404 | 410 => Settling::Arrival,
            _ => Settling::Never,
        },
    })
}

/// The form of a success without a list, or without JSON where the step reads JSON.
fn not_json(compared: &[Compared<'_>], subject: Subject<'_>) -> Option<Defect> {
    let actual = match subject {
        Subject::Response(response) => {
            let reads = compared.iter().any(|one| reads_json(one.matcher()));
            let unread = reads && response.json().is_none() && has_form(compared);
            unread.then(|| response.describe_body())?
        }
        Subject::Pages(pages) => {
            let first = pages.pages.first().filter(|_| pages.pages.len() == 1)?;
            let unread = pages.end == PaginationEnd::NoList;
            unread.then(|| format!("page 1: {}", first.describe_body()))?
        }
    };
    Some(Defect {
        expected: "a list in a JSON body".to_owned(),
        actual,
        part: Part::Form,
        settling: Settling::Never,
    })
}

fn has_form(compared: &[Compared<'_>]) -> bool {
    compared
        .iter()
        .any(|one| part(&one.result) == Some(Part::Form))
}

fn reads_json(matcher: &Matcher) -> bool {
    let inside = |inner: &Option<Box<Matcher>>| inner.as_deref().is_some_and(reads_json);
    !matcher.json.is_empty()
        || inside(&matcher.when)
        || inside(&matcher.page)
        || matcher.any.iter().any(reads_json)
}

fn is_about_items(matcher: &Matcher) -> bool {
    matcher.items.is_some() || matcher.ends.is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::engine::matching::testing::{pages, response, with_scope};
    use crate::engine::matching::{Pages, evaluate};
    use crate::suite::Rule;
    use crate::suite::{LinkText, Statuses};

    const OK: u16 = 200;

    fn expectation(requirement: &str, matcher: Matcher) -> Expectation {
        Expectation {
            requirement: requirement.to_owned(),
            matcher,
        }
    }

    fn status(wanted: u16) -> Matcher {
        Matcher {
            status: Some(Statuses {
                ranges: vec![(wanted, wanted)],
            }),
            ..Matcher::default()
        }
    }

    fn on_page(inner: Matcher) -> Matcher {
        Matcher {
            page: Some(Box::new(inner)),
            ..Matcher::default()
        }
    }

    fn items(rule: Rule) -> Matcher {
        Matcher {
            items: Some(vec![rule]),
            ..Matcher::default()
        }
    }

    fn header() -> Matcher {
        Matcher {
            headers: vec![("location".to_owned(), vec![Rule::Present(true)])],
            ..Matcher::default()
        }
    }

    fn ends() -> Matcher {
        Matcher {
            ends: Some(true),
            ..Matcher::default()
        }
    }

    /// What each expectation comes to: `violated`, `blocked` or nothing.
    fn outcome(matchers: Vec<Matcher>, subject: Subject<'_>) -> Vec<&'static str> {
        let expectations: Vec<Expectation> = matchers
            .into_iter()
            .map(|matcher| expectation("tea", matcher))
            .collect();
        let mut compared = Vec::new();
        for one in &expectations {
            let result = with_scope(|scope| evaluate(&one.matcher, subject, scope).unwrap());
            compared.push(Compared::new(one, Level::Must, result));
        }
        block_meaningless(&mut compared, subject);
        let word = |one: &Compared<'_>| match (&one.blocked, one.violates()) {
            (Some(_), _) => "blocked",
            (None, true) => "violated",
            (None, false) => "",
        };
        compared.iter().map(word).collect()
    }

    fn ended(statuses: &[u16], end: PaginationEnd) -> Pages {
        Pages {
            end,
            ..pages(statuses, &["a"])
        }
    }

    #[test]
    fn a_wrong_status_blocks_what_speaks_of_a_success() {
        let refused = response(500, &[], "");
        let refused = Subject::Response(&refused);
        let all = vec![header(), status(OK)];
        assert_eq!(outcome(all, refused), ["blocked", "violated"]);
        let without = vec![header(), header()];
        assert_eq!(outcome(without, refused), ["violated", "violated"]);
        let expected = vec![header(), status(500)];
        assert_eq!(outcome(expected, refused), ["violated", ""]);
    }

    #[test]
    fn a_first_page_with_a_wrong_status_is_no_list() {
        let refused = ended(&[400], PaginationEnd::NoList);
        let all = vec![on_page(status(OK)), items(Rule::Unique), ends()];
        let words = outcome(all, Subject::Pages(&refused));
        assert_eq!(words, ["violated", "blocked", "blocked"]);
    }

    #[test]
    fn a_page_without_a_list_is_one_failure() {
        let html = ended(&[200], PaginationEnd::NoList);
        let words = outcome(vec![items(Rule::Unique), ends()], Subject::Pages(&html));
        assert_eq!(words.iter().filter(|word| **word == "violated").count(), 1);
        assert_eq!(words.iter().filter(|word| **word == "blocked").count(), 1);
    }

    #[test]
    fn a_list_that_is_cut_shows_only_what_its_pages_show() {
        let cut = ended(&[200], PaginationEnd::BadLink("x; rel=next".to_owned()));
        let cut = Subject::Pages(&cut);
        let unknown = items(Rule::Count(2, 9));
        let wrong = items(Rule::Count(0, 0));
        let words = outcome(vec![unknown, items(Rule::Unique), wrong, ends()], cut);
        assert_eq!(words, ["blocked", "blocked", "violated", "violated"]);
    }

    #[test]
    fn a_list_that_is_cut_against_a_should_blocks_no_other_should() {
        let cut = ended(&[200], PaginationEnd::BadLink("x; rel=next".to_owned()));
        let cut = Subject::Pages(&cut);
        let judged = |level: Level| {
            let all = [ends(), items(Rule::Count(2, 9))].map(|one| expectation("tea", one));
            let result =
                |one: &Expectation| with_scope(|scope| evaluate(&one.matcher, cut, scope).unwrap());
            let levels = [Level::Should, level];
            let compared = all.iter().zip(levels);
            let mut compared: Vec<Compared<'_>> = compared
                .map(|(one, level)| Compared::new(one, level, result(one)))
                .collect();
            block_meaningless(&mut compared, cut);
            compared.iter().any(|one| one.blocked.is_some())
        };
        assert!(!judged(Level::Should));
        assert!(judged(Level::Must), "a MUST stays untried");
    }

    #[test]
    fn a_malformed_link_is_named_once() {
        let mut cut = ended(&[200], PaginationEnd::BadLink("x; rel=next".to_owned()));
        cut.pages = vec![response(200, &[("link", "x; rel=next")], "{}")];
        let formed = on_page(Matcher {
            link: Some(LinkText::Formed),
            ..Matcher::default()
        });
        let words = outcome(vec![ends(), formed], Subject::Pages(&cut));
        assert_eq!(words, ["blocked", "violated"]);
    }
}
