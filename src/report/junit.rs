//! JUnit XML: a testsuite a suite, a testcase a case.
//!
//! A case that fails is a failure; blocked and error are errors, since no verdict was reached; unsupported and
//! skipped are skipped with their reason; a warning passes and says so in `system-out`.

use indexmap::IndexMap;
use junit_report::{Duration, OffsetDateTime, ReportBuilder, TestCase, TestCaseBuilder, TestSuite};
use time::format_description::well_known::Rfc3339;

use super::format::Failure;
use super::{findings, visible, visible_line, words};
use crate::record::{Case, Check, CheckVerdict, Run, Verdict};

/// The record as JUnit XML.
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let started = OffsetDateTime::parse(&run.started, &Rfc3339)
        .map_err(|error| format!("`started` is no time ({error}): {:?}", run.started))?;
    let mut suites: IndexMap<&str, TestSuite> = IndexMap::new();
    for case in &run.cases {
        suites
            .entry(&case.suite)
            .or_insert_with(|| suite(run, &case.suite, started))
            .add_testcase(test_case(run, case));
    }
    let mut report = ReportBuilder::new();
    for suite in suites.into_values() {
        report.add_testsuite(suite);
    }
    let mut bytes = Vec::new();
    report.build().write_xml(&mut bytes)?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

fn suite(run: &Run, name: &str, started: OffsetDateTime) -> TestSuite {
    let mut suite = TestSuite::new(&visible_line(name));
    suite.package = "assay".to_owned();
    suite.hostname = visible_line(&run.target.url).into_owned();
    suite.set_timestamp(started);
    let about = format!(
        "{} {}, specification {}, target {}, repositories {} and {}, seed {}",
        run.tool.name,
        run.tool.version,
        run.spec,
        run.target.url,
        run.target.repo,
        run.target.repo2,
        run.seed
    );
    suite.set_system_out(&content(&about));
    suite
}

fn test_case(run: &Run, case: &Case) -> TestCase {
    let name = visible_line(&case.id);
    let time = Duration::milliseconds(i64::try_from(case.duration_ms).unwrap_or(i64::MAX));
    let reason = words::reason(case);
    let reason = visible_line(&reason);
    let mut test = match case.verdict {
        Verdict::Pass | Verdict::Warn => TestCaseBuilder::success(&name, time),
        Verdict::Unsupported | Verdict::Skipped => {
            TestCaseBuilder::skipped_with_cause(&name, case.verdict.name(), &reason)
        }
        Verdict::Blocked | Verdict::Error => {
            TestCaseBuilder::error(&name, time, case.verdict.name(), &reason)
        }
        Verdict::Fail => {
            let (kind, message) = failure(case);
            TestCaseBuilder::failure(&name, time, &kind, &message)
        }
    };
    test.set_classname(&visible_line(&case.suite));
    let trace = trace(run, case);
    if !trace.is_empty() {
        test.set_trace(&content(&trace));
    }
    let out = system_out(run, case);
    if !out.is_empty() {
        test.set_system_out(&content(&out));
    }
    test.build()
}

/// The requirement that a failed case breaks first, and the line that a CI shows.
fn failure(case: &Case) -> (String, String) {
    let mut broken = case
        .checks
        .iter()
        .filter(|check| check.verdict == CheckVerdict::Fail);
    let Some(first) = broken.next() else {
        return (
            "fail".to_owned(),
            visible_line(&words::reason(case)).into_owned(),
        );
    };
    let more = match broken.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let kind = visible_line(&first.requirement).into_owned();
    (kind, format!("{}{more}", visible_line(&first.message)))
}

/// Everything that shows the failure, or where no verdict was reached, what was seen.
fn trace(run: &Run, case: &Case) -> String {
    let blocks: Vec<String> = match case.verdict {
        Verdict::Fail => broken(run, case, CheckVerdict::Fail),
        Verdict::Blocked | Verdict::Error => case.exchanges.last().map_or_else(Vec::new, |last| {
            let error = last.error.as_deref().unwrap_or_default();
            let status = words::status(last);
            Vec::from([format!(
                "{} {}: {status} {error}\n{}",
                last.method, last.url, last.curl
            )])
        }),
        Verdict::Pass | Verdict::Warn | Verdict::Unsupported | Verdict::Skipped => Vec::new(),
    };
    blocks.join("\n\n")
}

fn system_out(run: &Run, case: &Case) -> String {
    let warnings = match case.verdict {
        Verdict::Fail | Verdict::Warn => broken(run, case, CheckVerdict::Warn),
        Verdict::Pass
        | Verdict::Unsupported
        | Verdict::Blocked
        | Verdict::Error
        | Verdict::Skipped => Vec::new(),
    };
    let notes = case.notes.iter().map(|note| format!("note: {note}"));
    let warnings = warnings
        .into_iter()
        .map(|block| format!("warning: {block}"));
    notes.chain(warnings).collect::<Vec<_>>().join("\n\n")
}

fn broken(run: &Run, case: &Case, verdict: CheckVerdict) -> Vec<String> {
    let chosen = case.checks.iter().filter(|check| check.verdict == verdict);
    chosen.map(|check| block(run, case, check)).collect()
}

fn block(run: &Run, case: &Case, check: &Check) -> String {
    let known = run.requirements.iter().find(|r| r.id == check.requirement);
    let says = known.map_or("", |r| r.says.as_str());
    let named = known.map_or("", |r| r.link.as_str());
    let section = known.map_or(case.section.as_str(), |r| r.section.as_str());
    let link = words::link(run, named, section);
    let mut lines = Vec::from([
        check.message.clone(),
        format!(
            "requirement: {} ({}) {says}",
            check.requirement, check.level
        ),
        format!("expected:    {}", check.expected),
        format!("actual:      {}", check.actual),
    ]);
    if let Some(exchange) = findings::judged(case, check) {
        let status = words::status(exchange);
        lines.push(format!(
            "answer to:   {} {} ({status})",
            exchange.method, exchange.url
        ));
        lines.push(format!("try:         {}", exchange.curl));
    }
    lines.push(format!("see:         {link}"));
    lines.join("\n")
}

/// Text for a CDATA section: what XML forbids is made visible, and the section's own end is cut in two.
fn content(text: &str) -> String {
    visible(text).replace("]]>", "]]]]><![CDATA[>")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]

    use std::collections::BTreeMap;

    use quick_xml::Reader;
    use quick_xml::events::{BytesStart, Event};

    use super::*;
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
                Event::Text(text) => assert_eq!(text.trim_ascii(), b""),
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
                counts.unsupported + counts.skipped,
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
        insta::assert_snapshot!(
            render(&sample::all_states())
                .unwrap()
                .replace("<testcase", "\n<testcase")
        );
    }
}
