//! What Jenkins' schema and pages need and `junit-report` does not write.
//!
//! The crate writes no attribute on the root element, no number of skipped cases, times with as many digits as a float
//! has (the schema allows three), a `package` that Jenkins puts before the name of each suite, and the whole file on one
//! line. One pass over its output adds, rounds, removes and indents.

use junit_report::TestSuite;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

use crate::report::failure::Failure;

/// The element of a case.
const TEST_CASE: &[u8] = b"testcase";

/// An attempt at a case that failed before the last one, as Surefire and nextest write it.
pub(super) struct EarlierAttempt {
    /// Whether the last attempt passed.
    pub flaky: bool,
    /// The first violated requirement.
    pub kind: String,
    pub message: String,
    /// Every check that shows the failure.
    pub text: String,
}

/// The output of `junit-report` for these suites in the form that Jenkins reads. `time` is the duration of the run, in
/// seconds; `attempts` are the earlier attempts at each case, in the order of the test cases.
///
/// # Errors
/// When `xml` is not well-formed.
pub(super) fn adapted(
    xml: &str,
    suites: &[TestSuite],
    time: &str,
    mut attempts: impl Iterator<Item = Vec<EarlierAttempt>>,
) -> Result<String, Failure> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let mut rest = suites.iter();
    loop {
        let event = match reader.read_event()? {
            Event::Eof => break,
            Event::Start(start) => {
                let is_case = start.name().as_ref() == TEST_CASE;
                let element = element(&start, suites, &mut rest, time)?;
                writer.write_event(Event::Start(element))?;
                if is_case {
                    write_attempts(&mut writer, attempts.next().unwrap_or_default())?;
                }
                continue;
            }
            Event::Empty(start) if start.name().as_ref() == TEST_CASE => {
                let element = element(&start, suites, &mut rest, time)?;
                let before = attempts.next().unwrap_or_default();
                if before.is_empty() {
                    writer.write_event(Event::Empty(element))?;
                    continue;
                }
                let end = element.to_end().into_owned();
                writer.write_event(Event::Start(element))?;
                write_attempts(&mut writer, before)?;
                Event::End(end)
            }
            Event::Empty(start) => Event::Empty(element(&start, suites, &mut rest, time)?),
            other => other,
        };
        writer.write_event(event)?;
    }
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
}

fn write_attempts(
    writer: &mut Writer<Vec<u8>>,
    attempts: Vec<EarlierAttempt>,
) -> Result<(), Failure> {
    for attempt in attempts {
        let name = match attempt.flaky {
            true => "flakyFailure",
            false => "rerunFailure",
        };
        let mut start = BytesStart::new(name);
        start.push_attribute(("message", attempt.message.as_str()));
        start.push_attribute(("type", attempt.kind.as_str()));
        let end = start.to_end().into_owned();
        writer.write_event(Event::Start(start))?;
        writer.write_event(Event::Start(BytesStart::new("stackTrace")))?;
        writer.write_event(Event::Text(BytesText::new(&attempt.text)))?;
        writer.write_event(Event::End(BytesEnd::new("stackTrace")))?;
        writer.write_event(Event::End(end))?;
    }
    Ok(())
}

fn element<'a>(
    start: &BytesStart<'_>,
    all: &[TestSuite],
    rest: &mut impl Iterator<Item = &'a TestSuite>,
    time: &str,
) -> Result<BytesStart<'static>, Failure> {
    let name = String::from_utf8(start.name().as_ref().to_vec())?;
    let mut element = BytesStart::new(name.clone());
    for attribute in start.attributes() {
        let attribute = attribute?;
        match attribute.key.as_ref() {
            b"package" => {}
            b"time" => {
                let seconds: f64 = std::str::from_utf8(&attribute.value)?.parse()?;
                element.push_attribute(("time", format!("{seconds:.3}").as_str()));
            }
            _ => element.push_attribute(Attribute { ..attribute }),
        }
    }
    match name.as_str() {
        "testsuites" => root(&mut element, all, time),
        "testsuite" => {
            let skipped = rest.next().map_or(0, TestSuite::skipped).to_string();
            element.push_attribute(("skipped", skipped.as_str()));
        }
        _ => {}
    }
    Ok(element)
}

fn root(element: &mut BytesStart<'_>, suites: &[TestSuite], time: &str) {
    let sum = |count: fn(&TestSuite) -> usize| suites.iter().map(count).sum::<usize>().to_string();
    element.push_attribute(("name", "assay"));
    element.push_attribute(("tests", sum(TestSuite::tests).as_str()));
    element.push_attribute(("failures", sum(TestSuite::failures).as_str()));
    element.push_attribute(("errors", sum(TestSuite::errors).as_str()));
    element.push_attribute(("time", time));
}
