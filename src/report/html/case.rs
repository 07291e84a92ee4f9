//! Each case: its checks, and its exchanges as they went over the wire.

use indexmap::IndexMap;
use serde::Serialize;

use super::findings::Both;
use super::page::Link;
use crate::record::{self, Body, CheckVerdict, Header, Run, Verdict};
use crate::report::{visible, visible_line, words};

/// How much of the exchanges of cases that pass is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    /// All, as far as bodies are kept short.
    Full,
    /// No bodies, and no curl lines.
    Headers,
    /// A line each, and short bodies of the others.
    Lines,
    /// A line each for every case.
    LinesOnly,
}

impl Detail {
    /// Every detail, the fullest first.
    pub(super) const ALL: &'static [Self] =
        &[Self::Full, Self::Headers, Self::Lines, Self::LinesOnly];

    /// What is shown of the exchanges of a case with this verdict.
    const fn of(self, verdict: Verdict) -> Shown {
        let evidence = matches!(verdict, Verdict::Fail | Verdict::Warn | Verdict::Error);
        match (self, evidence) {
            (Self::Full | Self::Headers, true) => Shown {
                headers: true,
                curl: true,
                body: 4096,
            },
            (Self::Full, false) => Shown {
                headers: true,
                curl: true,
                body: 512,
            },
            (Self::Headers, false) => Shown {
                headers: true,
                curl: false,
                body: 0,
            },
            (Self::Lines, true) => Shown {
                headers: true,
                curl: true,
                body: 256,
            },
            (Self::Lines, false) | (Self::LinesOnly, _) => Shown {
                headers: false,
                curl: false,
                body: 0,
            },
        }
    }
}

/// What is shown of an exchange: whether headers and curl line are, and how many characters of bodies.
#[derive(Debug, Clone, Copy)]
struct Shown {
    headers: bool,
    curl: bool,
    body: usize,
}

/// How many characters of a header's value are shown.
const HEADER: usize = 1024;

/// A suite and its cases.
#[derive(Debug, Serialize)]
pub(super) struct Suite {
    name: String,
    total: usize,
    cases: Vec<Case>,
}

#[derive(Debug, Serialize)]
struct Case {
    id: String,
    anchor: String,
    title: String,
    verdict: &'static str,
    sign: &'static str,
    category: &'static str,
    levels: String,
    features: String,
    duration: String,
    section: String,
    section_link: String,
    notes: Vec<String>,
    checks: Vec<Check>,
    exchanges: Vec<Exchange>,
}

#[derive(Debug, Serialize)]
struct Check {
    requirement: Link,
    level: String,
    verdict: &'static str,
    sign: &'static str,
    message: String,
    /// Where it does not hold.
    evidence: Option<Both>,
    /// The exchange it judges, from 1.
    exchange: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Exchange {
    step: String,
    method: String,
    url: String,
    status: String,
    /// The status' first digit, or `x` where no answer came.
    class: char,
    duration: String,
    headers: bool,
    /// Whether it shows that a requirement is broken.
    evidence: bool,
    request: String,
    answer: String,
    error: String,
    curl: String,
}

/// The cases by suite.
pub(super) fn suites(run: &Run, detail: Detail) -> Vec<Suite> {
    let mut suites: IndexMap<&str, Vec<Case>> = IndexMap::new();
    for one in &run.cases {
        suites
            .entry(&one.suite)
            .or_default()
            .push(case(run, one, detail));
    }
    let made = suites.into_iter().map(|(name, cases)| Suite {
        name: visible_line(name).into_owned(),
        total: cases.len(),
        cases,
    });
    made.collect()
}

fn case(run: &Run, case: &record::Case, detail: Detail) -> Case {
    let link = Link::to(&case.id);
    let mut levels: Vec<String> = case
        .checks
        .iter()
        .map(|check| check.level.to_string())
        .collect();
    levels.sort();
    levels.dedup();
    let shown = detail.of(case.verdict);
    Case {
        id: link.name,
        anchor: link.anchor,
        title: visible_line(&case.title).into_owned(),
        verdict: case.verdict.name(),
        sign: words::sign(case.verdict),
        category: case.category.name(),
        levels: levels.join(" "),
        features: visible_line(&case.features.join(" ")).into_owned(),
        duration: words::duration(case.duration_ms),
        section: words::section(&visible_line(&case.section)),
        section_link: words::link(run, "", &case.section),
        notes: case
            .notes
            .iter()
            .map(|note| visible_line(note).into_owned())
            .collect(),
        checks: case.checks.iter().map(check).collect(),
        exchanges: case
            .exchanges
            .iter()
            .enumerate()
            .map(|(index, one)| exchange(run, one, is_evidence(case, index), shown))
            .collect(),
    }
}

fn check(check: &record::Check) -> Check {
    let (sign, evidence) = match check.verdict {
        CheckVerdict::Pass => (words::sign(Verdict::Pass), None),
        CheckVerdict::Fail => (
            words::sign(Verdict::Fail),
            Some(Both::of(&check.expected, &check.actual)),
        ),
        CheckVerdict::Warn => (
            words::sign(Verdict::Warn),
            Some(Both::of(&check.expected, &check.actual)),
        ),
        CheckVerdict::Blocked => (words::sign(Verdict::Blocked), None),
    };
    let message = if check.message.is_empty() {
        &check.actual
    } else {
        &check.message
    };
    Check {
        requirement: Link::to(&check.requirement),
        level: check.level.to_string(),
        verdict: check.verdict.name(),
        sign,
        message: visible_line(message).into_owned(),
        evidence,
        exchange: check.exchange.map(|index| index.saturating_add(1)),
    }
}

fn is_evidence(case: &record::Case, index: usize) -> bool {
    let shows = |check: &record::Check| check.verdict.is_broken() && check.exchange == Some(index);
    case.checks.iter().any(shows)
}

fn exchange(run: &Run, exchange: &record::Exchange, evidence: bool, shown: Shown) -> Exchange {
    let url = exchange
        .url
        .strip_prefix(&run.target.url)
        .unwrap_or(&exchange.url);
    let class = exchange.status.map_or('x', |status| {
        char::from_digit(u32::from(status / 100), 10).unwrap_or('x')
    });
    let curl = if shown.curl {
        exchange.curl.as_str()
    } else {
        ""
    };
    Exchange {
        step: visible_line(&exchange.step).into_owned(),
        method: visible_line(&exchange.method).into_owned(),
        url: visible_line(url).into_owned(),
        status: words::status(exchange),
        class,
        duration: words::duration(exchange.duration_ms),
        headers: shown.headers,
        evidence,
        request: message(&exchange.request_headers, &exchange.request_body, shown),
        answer: message(&exchange.response_headers, &exchange.body, shown),
        error: exchange
            .error
            .as_deref()
            .map_or_else(String::new, |e| visible_line(e).into_owned()),
        curl: visible(curl).into_owned(),
    }
}

/// Headers, an empty line and the body, as on the wire.
fn message(headers: &[Header], body: &Body, shown: Shown) -> String {
    if !shown.headers {
        return String::new();
    }
    let mut text = String::new();
    for (name, value) in headers {
        let (value, more) = start(value, HEADER);
        let line = format!("{name}: {value}{}", if more { "…" } else { "" });
        text.push_str(&visible_line(&line));
        text.push('\n');
    }
    if body.size > 0 {
        let (start, more) = start(&body.text, shown.body);
        text.push_str(&format!("\n{}", visible(start)));
        if more || body.cut || body.binary || start.is_empty() {
            let left = if more && !body.cut { ", cut" } else { "" };
            let end = if start.is_empty() || start.ends_with('\n') {
                ""
            } else {
                "\n"
            };
            text.push_str(&format!("{end}[{}{left}]", words::body(body)));
        }
    }
    text
}

/// The first characters of a text, and whether there are more.
fn start(text: &str, characters: usize) -> (&str, bool) {
    match text.char_indices().nth(characters) {
        Some((end, _)) => (text.get(..end).unwrap_or_default(), true),
        None => (text, false),
    }
}
