//! JUnit XML: a testsuite a suite, a testcase a case.
//!
//! A case that fails is a failure; blocked and error are errors, since no verdict was reached; unsupported and
//! skipped are skipped with their reason; a warning passes and says so in `system-out`. Only elements and
//! attributes are used that Jenkins' schema knows: the readers of GitLab and GitHub know those too.

use std::borrow::Cow;
use std::io;

use indexmap::IndexMap;
use quick_xml::Writer;
use quick_xml::events::{BytesCData, BytesDecl, Event};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::format::Failure;
use super::{findings, phrases, sanitize, sanitize_line};
use crate::record::{Case, Check, CheckVerdict, Counts, Run, Verdict};

/// The record as JUnit XML.
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let started = OffsetDateTime::parse(&run.started, &Rfc3339)
        .map_err(|error| format!("`started` is no time ({error}): {:?}", run.started))?
        .format(&Rfc3339)?;
    let mut suites: IndexMap<&str, Vec<&Case>> = IndexMap::new();
    for case in &run.cases {
        suites.entry(&case.suite).or_default().push(case);
    }
    let mut bytes = Vec::new();
    let mut to = Writer::new_with_indent(&mut bytes, b' ', 1);
    to.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let counts = Counts::of(run.cases.iter().map(shown));
    let time = seconds(run.duration_ms);
    to.create_element("testsuites")
        .with_attribute(("name", "assay"))
        .with_attributes(numbers(counts).iter().map(via_procedure))
        .with_attribute(("time", time.as_str()))
        .write_inner_content(|to| {
            suites
                .iter()
                .try_for_each(|(name, cases)| suite(to, run, name, cases, &started))
        })?;
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

type Xml<'a> = Writer<&'a mut Vec<u8>>;

fn suite(to: &mut Xml, run: &Run, name: &str, cases: &[&Case], started: &str) -> io::Result<()> {
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
    let counts = Counts::of(cases.iter().map(|case| shown(case)));
    let skipped = (counts.unsupported + counts.skipped).to_string();
    let ms = cases.iter().map(|case| case.duration_ms);
    let time = seconds(ms.fold(0, u64::saturating_add));
    let (name, url) = (sanitize_line(name), sanitize_line(&run.target.url));
    to.create_element("testsuite")
        .with_attribute(("name", name.as_ref()))
        .with_attributes(numbers(counts).iter().map(via_procedure))
        .with_attribute(("skipped", skipped.as_str()))
        .with_attribute(("time", time.as_str()))
        .with_attribute(("timestamp", started))
        .with_attribute(("hostname", url.as_ref()))
        .write_inner_content(|to| {
            cases.iter().try_for_each(|case| test_case(to, run, case))?;
            let notes = run.notes.iter().map(|note| format!("note: {note}"));
            let lines: Vec<String> = std::iter::once(about).chain(notes).collect();
            output(to, &lines.join("\n"))
        })?;
    Ok(())
}

/// What a CI is to make of a case: a failure that a baseline expects must not turn its page red.
fn shown(case: &Case) -> Verdict {
    match case.verdict {
        Verdict::Fail | Verdict::Blocked | Verdict::Error if case.known.is_some() => {
            Verdict::Skipped
        }
        verdict => verdict,
    }
}

/// What a suite, and all of them, count.
fn numbers(counts: Counts) -> [(&'static str, String); 3] {
    [
        ("tests", counts.total().to_string()),
        ("failures", counts.fail.to_string()),
        ("errors", (counts.blocked + counts.error).to_string()),
    ]
}

fn via_procedure<'a>((name, value): &'a (&'static str, String)) -> (&'a str, &'a str) {
    (name, value)
}

/// Seconds with three digits, as Jenkins' schema wants them.
fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn test_case(to: &mut Xml, run: &Run, case: &Case) -> io::Result<()> {
    let (name, class) = (sanitize_line(&case.id), sanitize_line(&case.suite));
    let time = seconds(case.duration_ms);
    let out = system_out(run, case);
    let element = to
        .create_element("testcase")
        .with_attribute(("name", name.as_ref()))
        .with_attribute(("classname", class.as_ref()))
        .with_attribute(("time", time.as_str()));
    let passes = matches!(case.verdict, Verdict::Pass | Verdict::Warn);
    if passes && out.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|to| {
        outcome(to, run, case)?;
        if out.is_empty() {
            Ok(())
        } else {
            output(to, &out)
        }
    })?;
    Ok(())
}

fn outcome(to: &mut Xml, run: &Run, case: &Case) -> io::Result<()> {
    let reason = phrases::reason(case);
    let (element, kind, message) = match shown(case) {
        Verdict::Skipped if case.known.is_some() => {
            let why = case.known.as_ref().map(phrases::known).unwrap_or_default();
            ("skipped", case.verdict.name().to_owned(), why)
        }
        Verdict::Pass | Verdict::Warn => return Ok(()),
        Verdict::Unsupported | Verdict::Skipped | Verdict::Untested => {
            ("skipped", case.verdict.name().to_owned(), reason)
        }
        Verdict::Blocked | Verdict::Error => ("error", case.verdict.name().to_owned(), reason),
        Verdict::Fail => {
            let (kind, message) = failure(case);
            ("failure", kind, message)
        }
    };
    let message = sanitize_line(&message);
    let element = to
        .create_element(element)
        .with_attribute(("type", kind.as_str()))
        .with_attribute(("message", message.as_ref()));
    let trace = trace(run, case);
    if trace.is_empty() {
        element.write_empty()?;
    } else {
        element.write_inner_content(|to| content(to, &trace))?;
    }
    Ok(())
}

fn output(to: &mut Xml, text: &str) -> io::Result<()> {
    to.create_element("system-out")
        .write_inner_content(|to| content(to, text))?;
    Ok(())
}

/// Text in a section of its own: what XML forbids is made visible, and what would end the section is cut in two.
fn content(to: &mut Xml, text: &str) -> io::Result<()> {
    let text: Cow<'_, str> = sanitize(text);
    let ended = text.replace("]]>", "]]]]><![CDATA[>");
    to.write_event(Event::CData(BytesCData::new(ended)))
}

/// The requirement that a failed case breaks first, and the line that a CI shows.
fn failure(case: &Case) -> (String, String) {
    let broken = case.checks.iter();
    let mut broken = broken.filter(|check| check.verdict == CheckVerdict::Fail);
    let Some(first) = broken.next() else {
        return (
            "fail".to_owned(),
            sanitize_line(&phrases::reason(case)).into_owned(),
        );
    };
    let more = match broken.count() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let kind = sanitize_line(&first.requirement).into_owned();
    (kind, format!("{}{more}", sanitize_line(&first.message)))
}

/// Everything that shows the failure, or where no verdict was reached, what was seen.
fn trace(run: &Run, case: &Case) -> String {
    let blocks: Vec<String> = match case.verdict {
        Verdict::Fail => broken(run, case, CheckVerdict::Fail),
        Verdict::Blocked | Verdict::Error => case.exchanges.last().map_or_else(Vec::new, |last| {
            let error = last.error.as_deref().unwrap_or_default();
            let status = phrases::status(last);
            Vec::from([format!(
                "{} {}: {status} {error}\n{}",
                last.method, last.url, last.curl
            )])
        }),
        Verdict::Pass
        | Verdict::Warn
        | Verdict::Unsupported
        | Verdict::Skipped
        | Verdict::Untested => Vec::new(),
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
        | Verdict::Skipped
        | Verdict::Untested => Vec::new(),
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
    let link = phrases::link(run, named, section);
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
        let status = phrases::status(exchange);
        lines.push(format!(
            "answer to:   {} {} ({status})",
            exchange.method, exchange.url
        ));
        lines.push(format!("try:         {}", exchange.curl));
    }
    lines.push(format!("see:         {link}"));
    lines.join("\n")
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
        insta::assert_snapshot!(render(&sample::all_states()).unwrap());
    }
}
