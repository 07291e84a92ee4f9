//! junit.xml under review.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::findings::Findings;
use super::text::one_line;

/// What junit.xml has, by element and type.
#[derive(Default)]
struct Counts {
    cases: usize,
    failed: usize,
    open: usize,
    unsupported: usize,
    untested: usize,
    /// Elements that are open.
    depth: usize,
}

pub fn check(text: &str, found: &mut Findings) {
    let mut reader = Reader::from_str(text);
    let mut counts = Counts::default();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::End(_)) => counts.depth = counts.depth.saturating_sub(1),
            Ok(Event::Start(element)) => {
                counts.depth += 1;
                count(&element, &mut counts);
            }
            Ok(Event::Empty(element)) => count(&element, &mut counts),
            Ok(_) => {}
            Err(error) => {
                let message = one_line(&error.to_string());
                found.flaw(format!("junit.xml does not parse: {message}"));
                return;
            }
        }
    }
    if counts.depth > 0 || counts.cases == 0 {
        found.flaw("junit.xml is cut off, or has no test");
    }
    report(&counts, found);
}

fn report(counts: &Counts, found: &mut Findings) {
    let Counts {
        failed,
        open,
        unsupported,
        untested,
        ..
    } = *counts;
    found.failed += failed;
    found.open += open;
    if failed > 0 {
        found.flaw(format!("junit.xml: {failed} failed"));
    }
    if open > 0 {
        found.flaw(format!("junit.xml: {open} skipped, blocked or in error"));
    }
    if unsupported > 0 {
        found.note(format!(
            "junit.xml: {unsupported} skipped, for optional features that the registry does not support"
        ));
    }
    if untested > 0 {
        found.note(format!(
            "junit.xml: {untested} not exercised, as no response was one that they apply to"
        ));
    }
}

fn count(element: &BytesStart<'_>, counts: &mut Counts) {
    match element.name().as_ref() {
        b"testcase" => counts.cases += 1,
        b"failure" => counts.failed += 1,
        b"error" => counts.open += 1,
        b"skipped" => match kind(element).as_str() {
            "unsupported" => counts.unsupported += 1,
            "untested" => counts.untested += 1,
            _ => counts.open += 1,
        },
        _ => {}
    }
}

fn kind(element: &BytesStart<'_>) -> String {
    let kind = element.try_get_attribute("type").ok().flatten();
    kind.map_or_else(String::new, |kind| {
        String::from_utf8_lossy(&kind.value).into_owned()
    })
}
