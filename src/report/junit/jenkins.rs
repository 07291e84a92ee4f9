//! What Jenkins' schema and pages need and `junit-report` does not write.
//!
//! The crate writes no attribute on the root element, no number of skipped cases, times with as many digits as a float
//! has (the schema allows three), a `package` that Jenkins puts before the name of each suite, and the whole file on one
//! line. One pass over its output adds, rounds, removes and indents.

use junit_report::TestSuite;
use quick_xml::events::attributes::Attribute;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::report::failure::Failure;

/// The output of `junit-report` for these suites in the form that Jenkins reads. `time` is the duration of the run, in
/// seconds.
///
/// # Errors
/// When `xml` is not well-formed.
pub(super) fn adapted(xml: &str, suites: &[TestSuite], time: &str) -> Result<String, Failure> {
    let mut reader = Reader::from_str(xml);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 1);
    let mut rest = suites.iter();
    loop {
        let event = match reader.read_event()? {
            Event::Eof => break,
            Event::Start(start) => Event::Start(element(&start, suites, &mut rest, time)?),
            Event::Empty(start) => Event::Empty(element(&start, suites, &mut rest, time)?),
            other => other,
        };
        writer.write_event(event)?;
    }
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    Ok(String::from_utf8(bytes)?)
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
