//! The evidence of every case as data: the page's script lays a case out when it is opened.
//!
//! Exchanges repeat each other (the same headers, the same addresses in request, response and curl line), so each
//! text is stored once, in `texts`, and named by its position. So hundreds of cases fit with all their exchanges
//! in a page of two megabytes; where they do not, the bodies of passing cases are cut first. `case.js` reads it.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use serde::Serialize;
use serde_json::{Value, json};

use crate::record::{self, Body, Case, Check, Header, Run, Verdict};
use crate::report::inline_diff::{Piece, pieces};
use crate::report::shorten::{shortened, start};
use crate::report::{phrases, sanitize, sanitize_line};

/// The limits of what is stored of exchanges: characters of bodies, for cases that fail, warn or are in error, and
/// for the rest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    telling: usize,
    rest: usize,
    /// Whether headers and curl lines of the rest are stored.
    whole: bool,
}

impl Limits {
    /// The limits in the order in which they are tried, until the page is small enough.
    pub(super) const LADDER: [Self; 5] = [
        Self::of(8192, 8192, true),
        Self::of(8192, 1024, true),
        Self::of(4096, 200, true),
        Self::of(1024, 0, false),
        Self::of(64, 0, false),
    ];

    const fn of(telling: usize, rest: usize, whole: bool) -> Self {
        Self {
            telling,
            rest,
            whole,
        }
    }

    /// Whether all that the record has is stored.
    pub(super) const fn is_all(self) -> bool {
        self.rest >= 8192
    }
}

/// The most characters of a header's value.
const HEADER: usize = 1024;

/// What the script reads. A text is named by its position in `texts`. Lists are in this order:
///
/// - a case: notes, checks, exchanges
/// - a check: requirement, level, verdict, message, expected, actual, position of its exchange; a violated one has
///   `expected` and `actual` in pieces where they part, every second of which is the difference
/// - an exchange: step, method, address, status, duration, error, request, response, words of the curl line between
///   quotes; the last three only where they are stored
/// - a request or response: header lines; and where there is a body, its text and what is to be known of it
#[derive(Debug, Serialize)]
pub(super) struct Evidence {
    /// The target's address: left out of the addresses that are shown.
    base: String,
    /// For each verdict, its sign and its word.
    verdicts: BTreeMap<&'static str, [&'static str; 2]>,
    /// Every text, once.
    texts: Vec<String>,
    /// The cases, in the order of the page.
    cases: Vec<Value>,
}

impl Evidence {
    /// The evidence of these cases, in this order.
    pub(super) fn of<'a>(run: &Run, cases: impl Iterator<Item = &'a Case>, limits: Limits) -> Self {
        let mut texts = Texts::default();
        let cases = cases.map(|one| case(&mut texts, one, limits)).collect();
        Self {
            base: sanitize_line(&run.target.url).into_owned(),
            verdicts: Verdict::ALL
                .map(|one| (one.name(), [phrases::sign(one), phrases::verdict(one)]))
                .into(),
            texts: texts.0.into_iter().collect(),
            cases,
        }
    }

    /// As JSON that cannot end the element it stands in.
    pub(super) fn script(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string(self)?.replace('<', "\\u003c"))
    }
}

/// Texts, each once.
#[derive(Default)]
struct Texts(IndexSet<String>);

impl Texts {
    fn block(&mut self, text: &str) -> usize {
        self.0.insert_full(sanitize(text).into_owned()).0
    }

    fn line(&mut self, text: &str) -> usize {
        self.0.insert_full(sanitize_line(text).into_owned()).0
    }
}

fn case(texts: &mut Texts, case: &Case, limits: Limits) -> Value {
    let notes = phrases::remarks(case).map(|note| texts.line(note));
    let notes: Vec<usize> = notes.collect();
    let checks: Vec<Value> = case
        .checks
        .iter()
        .map(|one| check(texts, case, one))
        .collect();
    let telling = matches!(case.verdict, Verdict::Fail | Verdict::Warn | Verdict::Error);
    let room = Room {
        body: if telling { limits.telling } else { limits.rest },
        whole: telling || limits.whole,
    };
    let exchanges = case.exchanges.iter();
    let exchanges: Vec<Value> = exchanges.map(|one| exchange(texts, one, room)).collect();
    json!([notes, checks, exchanges])
}

fn check(texts: &mut Texts, case: &Case, check: &Check) -> Value {
    let (expected, actual) = if check.verdict.is_broken() {
        let (expected, actual) = pieces(&sanitize(&check.expected), &sanitize(&check.actual));
        (json!(marked(&expected)), json!(marked(&actual)))
    } else {
        (json!(texts.line(&check.expected)), Value::Null)
    };
    json!([
        texts.line(&check.requirement),
        check.level,
        check.verdict,
        texts.line(addition(case, check)),
        expected,
        actual,
        check.exchange,
    ])
}

/// What a check's message adds to its step, the expected and the actual value: those are shown in any case.
pub(super) fn addition<'a>(case: &Case, check: &'a Check) -> &'a str {
    let step = check.exchange.and_then(|index| case.exchanges.get(index));
    let step = step.map_or("", |exchange| exchange.step.as_str());
    let message = check.message.strip_prefix(step).unwrap_or(&check.message);
    let message = message.trim_start_matches([':', ' ']);
    let repeated = check.difference();
    if message == repeated || message == check.actual {
        ""
    } else {
        message
    }
}

/// Pieces as texts, every second of which differs.
fn marked(pieces: &[Piece]) -> Vec<&str> {
    let mut texts: Vec<&str> = Vec::new();
    for piece in pieces {
        // The first text is a plain one.
        if piece.differs == texts.len().is_multiple_of(2) {
            texts.push("");
        }
        texts.push(&piece.text);
    }
    texts
}

/// The limits for an exchange.
#[derive(Clone, Copy)]
struct Room {
    body: usize,
    whole: bool,
}

fn exchange(texts: &mut Texts, exchange: &record::Exchange, room: Room) -> Value {
    let mut fields = Vec::from([
        json!(texts.line(&exchange.step)),
        json!(texts.line(&exchange.method)),
        json!(texts.line(&exchange.url)),
        json!(exchange.status),
        json!(phrases::duration(exchange.duration_ms)),
        json!(exchange.error.as_deref().map(|error| texts.line(error))),
    ]);
    if room.whole {
        let (request, response) = (&exchange.request_headers, &exchange.response_headers);
        fields.push(message(texts, request, &exchange.request_body, room));
        fields.push(message(texts, response, &exchange.body, room));
        // What is quoted in a curl line stands elsewhere in the exchange too.
        let curl = Some(&exchange.curl).filter(|curl| !curl.is_empty());
        let words = curl.into_iter().flat_map(|curl| curl.split('\''));
        fields.push(json!(
            words.map(|word| texts.block(word)).collect::<Vec<usize>>()
        ));
    }
    json!(fields)
}

/// Headers, and the body with what is to be known of it.
fn message(texts: &mut Texts, headers: &[Header], body: &Body, room: Room) -> Value {
    let lines = headers
        .iter()
        .map(|(name, value)| texts.line(&format!("{name}: {}", shortened(value, HEADER, "…"))));
    let lines: Vec<usize> = lines.collect();
    if body.size == 0 {
        return json!([lines]);
    }
    let (text, more) = start(&body.text, room.body);
    let cut = if more && !body.cut { ", cut" } else { "" };
    let about = format!("{}{cut}", phrases::body(body));
    json!([lines, texts.block(text), texts.line(&about)])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn pieces_alternate_from_a_plain_one() {
        let (expected, actual) = pieces("status 416", "status 202");
        assert_eq!(marked(&expected), ["status ", "416"]);
        assert_eq!(marked(&actual), ["status ", "202"]);
        let (_, actual) = pieces("1 page", "2 page");
        assert_eq!(marked(&actual), ["", "2", " page"]);
    }

    #[test]
    fn a_curl_line_is_put_together_again() {
        let run = sample::all_states();
        let evidence = Evidence::of(&run, run.cases.iter(), Limits::LADDER[0]);
        let curl = &evidence.cases[0][2][0][8];
        let words = curl.as_array().unwrap().iter();
        let words = words.map(|index| {
            let index = usize::try_from(index.as_u64().unwrap()).unwrap();
            evidence.texts[index].as_str()
        });
        let words: Vec<&str> = words.collect();
        assert_eq!(words.join("'"), run.cases[0].exchanges[0].curl);
    }

    #[test]
    fn a_message_says_nothing_twice() {
        let mut run = sample::all_states();
        let case = run.cases.remove(1);
        let mut check = case.checks[1].clone();
        let step = &case.exchanges[1].step;
        check.message = format!("{step}: {}", check.difference());
        assert_eq!(addition(&case, &check), "");
        check.message = format!("{step}: on page 2");
        assert_eq!(addition(&case, &check), "on page 2");
    }

    #[test]
    fn no_text_ends_the_script() {
        let run = sample::all_states();
        let evidence = Evidence::of(&run, run.cases.iter(), Limits::LADDER[0]);
        assert!(!evidence.script().unwrap().contains('<'));
    }
}
