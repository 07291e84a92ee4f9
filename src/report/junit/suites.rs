//! From the record to the suites of `junit-report`.
//!
//! A case that fails is a failure; blocked and error are errors, since no verdict was reached; unsupported, skipped and
//! untested are skipped with their reason; a warning passes and says so in `system-out`.

use indexmap::IndexMap;
use junit_report::{Duration, Report, TestCase, TestResult, TestSuite};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::jenkins::{self, EarlierAttempt};
use super::text::{cdata, failure, system_out, trace};
use crate::record::{Case, Run, Verdict};
use crate::report::failure::Failure;
use crate::report::leftovers::by_reason;
use crate::report::{phrases, sanitize, sanitize_line};

/// The longest duration of a case that is reported, in milliseconds: the crate adds the durations of a suite up, and
/// panics where the sum is too large.
const LONGEST_MS: i64 = 1 << 40;

/// The record as JUnit XML.
///
/// # Errors
/// When the start of the run is not a time.
pub(in crate::report) fn render(run: &Run) -> Result<String, Failure> {
    let started = OffsetDateTime::parse(&run.started, &Rfc3339)
        .map_err(|error| format!("`started` is no time ({error}): {:?}", run.started))?;
    // The crate panics on a time without this form.
    started.format(&Rfc3339)?;
    let mut by_suite: IndexMap<&str, Vec<&Case>> = IndexMap::new();
    for case in &run.cases {
        by_suite.entry(&case.suite).or_default().push(case);
    }
    let in_order = by_suite.values().flatten();
    let attempts: Vec<_> = in_order.map(|case| earlier(run, case)).collect();
    let times = Times::of(run);
    let mut report = Report::new();
    report.add_testsuites(by_suite.into_iter().map(|(name, cases)| {
        let cases = cases.iter().map(|case| test_case(run, case, times));
        suite(run, name, cases.collect(), started)
    }));
    let mut xml = Vec::new();
    report.write_xml(&mut xml)?;
    let time = format!("{}.{:03}", run.duration_ms / 1000, run.duration_ms % 1000);
    let (xml, suites) = (String::from_utf8(xml)?, report.testsuites());
    jenkins::adapted(&xml, suites, &time, attempts.into_iter())
}

/// The attempts at a case that failed before its last one.
fn earlier(run: &Run, case: &Case) -> Vec<EarlierAttempt> {
    let attempts = case.attempts.iter().map(|attempt| {
        // The checks of an attempt refer to its own exchanges.
        let then = Case {
            verdict: Verdict::Fail,
            checks: attempt.checks.clone(),
            exchanges: attempt.exchanges.clone(),
            notes: Vec::new(),
            ..case.clone()
        };
        let (kind, message) = failure(&then, |_| true);
        EarlierAttempt {
            flaky: case.flaky,
            kind,
            message: sanitize_line(&message).into_owned(),
            text: sanitize(&trace(run, &then)).into_owned(),
        }
    });
    attempts.collect()
}

/// The times of cases. Cases run side by side, and a reader of JUnit adds their times up: each has the share of the run that
/// its requests have of all requests.
#[derive(Clone, Copy)]
struct Times {
    /// How long the run took, in milliseconds.
    run: u128,
    /// How long the requests of all cases took together, in milliseconds.
    cases: u128,
}

impl Times {
    fn of(run: &Run) -> Self {
        let cases = run.cases.iter().map(|case| u128::from(case.duration_ms));
        Self {
            run: run.duration_ms.into(),
            cases: cases.sum(),
        }
    }

    /// The time of a case that was alone, or its share.
    fn share(self, case: &Case) -> Duration {
        let own = u128::from(case.duration_ms) * 1000;
        let micros = match self.cases > self.run {
            true => own.saturating_mul(self.run) / self.cases,
            false => own,
        };
        let longest = LONGEST_MS * 1000;
        Duration::microseconds(i64::try_from(micros).unwrap_or(longest).min(longest))
    }
}

fn suite(run: &Run, name: &str, testcases: Vec<TestCase>, timestamp: OffsetDateTime) -> TestSuite {
    let content = run.content_seed().map_or_else(String::new, |seed| {
        let (repo, repo2) = (&run.target.repo, &run.target.repo2);
        format!(", repositories {repo} and {repo2}, seed {seed}")
    });
    let about = format!(
        "{} {}, specification {}, target {}{content}",
        run.tool.name, run.tool.version, run.spec, run.target.url
    );
    let diagnoses = run.diagnoses.iter().map(|one| {
        let heading = phrases::diagnosis_heading(one);
        format!("{heading}: {} ({})", one.says, one.shown)
    });
    let notes = run.notes.iter().map(|note| format!("note: {note}"));
    let left = by_reason(&run.leftovers);
    let left = left.iter().map(|one| format!("left: {}", one.summary()));
    let verdict = format!("{}. {}", phrases::headline(run), phrases::explanation(run));
    let head = [verdict, about];
    let lines: Vec<String> = diagnoses.chain(head).chain(notes).chain(left).collect();
    TestSuite {
        name: sanitize_line(name).into_owned(),
        package: String::new(),
        timestamp,
        hostname: sanitize_line(&run.target.url).into_owned(),
        testcases,
        system_out: Some(cdata(&lines.join("\n"))),
        system_err: None,
    }
}

fn test_case(run: &Run, case: &Case, times: Times) -> TestCase {
    let system_out = system_out(run, case);
    TestCase {
        name: sanitize_line(&case.id).into_owned(),
        time: times.share(case),
        result: result(run, case),
        classname: Some(sanitize_line(&case.suite).into_owned()),
        filepath: None,
        system_out: (!system_out.is_empty()).then(|| cdata(&system_out)),
        system_err: None,
    }
}

fn result(run: &Run, case: &Case) -> TestResult {
    let type_ = case.verdict.name().to_owned();
    let line = |text: &str| sanitize_line(text).into_owned();
    let trace = trace(run, case);
    let cause = (!trace.is_empty()).then(|| cdata(&trace));
    let message = line(&phrases::reason(case));
    match (case.verdict, &case.known) {
        // A failure that a baseline expects must not turn the page of a CI red.
        (Verdict::Fail | Verdict::Blocked | Verdict::Error, Some(known)) => {
            let message = line(&phrases::known_failure(known));
            TestResult::SkippedWithCause {
                type_,
                message,
                cause,
            }
        }
        (Verdict::Pass | Verdict::Warn, _) => TestResult::Success,
        (Verdict::Unsupported | Verdict::Skipped | Verdict::Untested, _) => {
            TestResult::SkippedWithCause {
                type_,
                message,
                cause,
            }
        }
        (Verdict::Blocked | Verdict::Error, None) => TestResult::Error {
            type_,
            message,
            cause,
        },
        (Verdict::Fail, None) => {
            let (type_, message) = failure(case, |check| run.is_new(case, check));
            TestResult::Failure {
                type_,
                message: line(&message),
                cause,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use std::collections::BTreeMap;

    use quick_xml::Reader;
    use quick_xml::events::{BytesStart, Event};

    use super::*;
    use crate::record::Attempt;
    use crate::report::sample;

    /// What a strict reader finds: elements by name, and the names of test cases.
    #[derive(Default)]
    struct Seen {
        elements: BTreeMap<String, usize>,
        names: Vec<(String, String)>,
        text: String,
    }

    impl Seen {
        fn count(&self, element: &str) -> usize {
            self.elements.get(element).copied().unwrap_or_default()
        }

        fn element(&mut self, start: &BytesStart<'_>) {
            let name = String::from_utf8(start.name().as_ref().to_vec()).unwrap();
            let mut attributes = BTreeMap::new();
            for attribute in start.attributes().with_checks(true) {
                let attribute = attribute.unwrap();
                let key = String::from_utf8(attribute.key.as_ref().to_vec()).unwrap();
                let value = String::from_utf8(attribute.value.to_vec()).unwrap();
                assert!(allowed(&value), "{name} {key}={value:?}");
                attributes.insert(key, value);
            }
            if name == "testcase" {
                let part = |key: &str| attributes.get(key).unwrap().clone();
                self.names.push((part("classname"), part("name")));
            }
            *self.elements.entry(name).or_default() += 1;
        }
    }

    /// Whether XML 1.0 allows every character.
    fn allowed(text: &str) -> bool {
        text.chars().all(|c| {
            matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
        })
    }

    fn strictly(xml: &str) -> Seen {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().enable_all_checks(true);
        let mut seen = Seen::default();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(start) | Event::Empty(start) => seen.element(&start),
                Event::CData(data) => {
                    let text = String::from_utf8(data.to_vec()).unwrap();
                    assert!(allowed(&text), "{text:?}");
                    seen.text.push_str(&text);
                }
                Event::Text(text) => assert!(text.iter().all(u8::is_ascii_whitespace)),
                Event::End(_) | Event::Decl(_) => {}
                Event::Eof => return seen,
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_reader_counts_what_we_count() {
        for (name, run) in sample::every() {
            let seen = strictly(&render(&run).unwrap());
            let counts = run.summary;
            assert_eq!(seen.count("testcase"), counts.total(), "{name}");
            assert_eq!(seen.count("failure"), counts.fail, "{name}");
            assert_eq!(seen.count("error"), counts.blocked + counts.error, "{name}");
            assert_eq!(
                seen.count("skipped"),
                counts.unsupported + counts.skipped + counts.untested,
                "{name}"
            );
            let expected: Vec<(String, String)> = {
                let mut suites: IndexMap<&str, Vec<&str>> = IndexMap::new();
                for case in &run.cases {
                    suites.entry(&case.suite).or_default().push(&case.id);
                }
                let named = |(suite, ids): (&str, Vec<&str>)| -> Vec<(String, String)> {
                    ids.iter()
                        .map(|id| (suite.to_owned(), (*id).to_owned()))
                        .collect()
                };
                suites.into_iter().flat_map(named).collect()
            };
            assert_eq!(seen.names, expected, "{name}");
        }
    }

    #[test]
    fn the_times_of_cases_add_up_to_the_time_of_the_run() {
        let mut run = sample::all_states();
        run.duration_ms = 1000;
        let cases = u64::try_from(run.cases.len()).unwrap();
        let sum = |each_ms: u64| -> f64 {
            let mut run = run.clone();
            for case in &mut run.cases {
                case.duration_ms = each_ms;
            }
            let xml = render(&run).unwrap();
            let times = xml.lines().filter(|line| line.contains("<testcase"));
            let time = |line: &str| {
                let (_, rest) = line.split_once(" time=\"").unwrap();
                rest.split_once('"').unwrap().0.parse::<f64>().unwrap()
            };
            times.map(time).sum()
        };
        // Each takes half of the run: they ran side by side.
        assert!((sum(500) - 1.0).abs() < 0.02, "{}", sum(500));
        // One after the other, with pauses between them.
        let alone = 10.0 * f64::from(u32::try_from(cases).unwrap()) / 1000.0;
        assert!((sum(10) - alone).abs() < 0.02, "{}", sum(10));
        assert!((sum(u64::MAX) - 1.0).abs() < 0.02, "{}", sum(u64::MAX));
    }

    #[test]
    fn earlier_attempts_are_elements_of_their_own() {
        let mut run = sample::all_states();
        let fails = |case: &&Case| case.verdict == Verdict::Fail;
        let failing = run.cases.iter().find(fails).unwrap().clone();
        let attempt = Attempt {
            duration_ms: 5,
            checks: failing.checks.clone(),
            exchanges: failing.exchanges.clone(),
        };
        for case in &mut run.cases {
            case.flaky = case.id == "manifest-by-digest";
            if case.flaky || case.id == failing.id {
                case.attempts = Vec::from([attempt.clone()]);
            }
        }
        let xml = render(&run).unwrap();
        for element in ["flakyFailure", "rerunFailure"] {
            let start = format!(
                "<{element} message=\"the body is another one (and 1 more)\" type=\"manifest-get-content\">"
            );
            assert_eq!(xml.matches(&start).count(), 1, "{xml}");
        }
        let mut reader = Reader::from_str(&xml);
        while reader.read_event().unwrap() != Event::Eof {}
    }

    #[test]
    fn what_a_target_sent_stays_text() {
        let seen = strictly(&render(&sample::all_states()).unwrap());
        assert!(
            seen.text.contains("]]>"),
            "the end of a section survives as text"
        );
        assert!(seen.text.contains("⟨ESC⟩[31m"), "an escape is shown");
        assert!(!seen.text.contains('\u{202e}'));
    }

    #[test]
    fn all_states_at_once() {
        insta::assert_snapshot!(render(&sample::all_states()).unwrap());
    }
}
