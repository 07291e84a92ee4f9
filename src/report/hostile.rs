//! What a hostile target could put into a record, in every format at once.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use serde_json::{Value, json};

use super::terminal::{OutputStyle, Verbosity, summary};
use super::{Format, github_annotations, render, sample};
use crate::record::Run;

/// What acts somewhere: in HTML, XML, a terminal, a reader's eye, Markdown, YAML, or the runner of a CI.
const WORDS: &str = "</script><script>alert(1)</script><!-- ]]> \u{1b}[31mred \u{9b}31m \u{202e}drow\u{202c} \0\u{8}\u{7f}\u{ffff}\u{fffd} \
    | cell | ` `` ``` ~~~ \n\n# heading\n::error title=x::y\r\n##[error]z\n---\nkey: value\n@someone #1 %0A \" ' [x](javascript:alert(1))";

/// Every text of the run that is not one of a few words replaced, and every number as large as it can be.
fn make_hostile(value: &mut Value, key: &str) {
    const WORDS_OF_OURS: [&str; 17] = [
        "schema",
        "spec",
        "started",
        "server",
        "verdict",
        "level",
        "category",
        "state",
        "id",
        "requirement",
        "blocked_by",
        "suite",
        "section",
        "kind",
        "outcome",
        "then",
        "now",
    ];
    match value {
        Value::Object(fields) if key != "features" && key != "summary" && key != "categories" => {
            fields
                .iter_mut()
                .for_each(|(key, value)| make_hostile(value, key));
        }
        Value::Array(values) if key != "cases" || values.iter().all(Value::is_object) => {
            values.iter_mut().for_each(|value| make_hostile(value, key));
        }
        Value::String(text) if !WORDS_OF_OURS.contains(&key) && key != "features" => {
            *text = WORDS.to_owned();
        }
        Value::Number(number) if matches!(key, "duration_ms" | "size" | "requests") => {
            *number = u64::MAX.into();
        }
        _ => {}
    }
}

fn hostile() -> Run {
    let mut value = json!(sample::with_context());
    make_hostile(&mut value, "");
    serde_json::from_value(value).unwrap()
}

/// What acts on a terminal or a reader's eye, line ends and tabs aside.
fn acts(text: &str) -> Option<char> {
    text.chars().find(|c| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{ffff}')
    })
}

#[test]
fn nothing_acts_in_any_format() {
    let run = hostile();
    for format in Format::ALL {
        let text = render(&run, *format).unwrap();
        assert_eq!(acts(&text), None, "{format}");
    }
    for verbosity in [
        Verbosity::Quiet,
        Verbosity::Normal,
        Verbosity::Verbose,
        Verbosity::Everything,
    ] {
        let output = OutputStyle {
            verbosity,
            ..OutputStyle::default()
        };
        assert_eq!(acts(&summary(&run, &[], &output)), None, "{verbosity:?}");
    }
}

#[test]
fn every_format_can_still_be_read() {
    let run = hostile();
    let text = |format| render(&run, format).unwrap();
    let again: Run = serde_json::from_str(&text(Format::Json)).unwrap();
    assert_eq!(again, run, "the record has what was sent");
    serde_json::from_str::<Value>(&text(Format::Har)).unwrap();
    assert!(!text(Format::Html).contains("<script>alert"));
    for format in [Format::Junit, Format::Badge] {
        let text = text(format);
        let mut reader = quick_xml::Reader::from_str(&text);
        while reader.read_event().unwrap() != quick_xml::events::Event::Eof {}
    }
}

/// Outside of code, nothing of HTML is left, and no line begins what a line of Markdown can begin.
#[test]
fn markdown_stays_what_it_is() {
    let text = render(&hostile(), Format::Markdown).unwrap();
    let mut fence: Option<&str> = None;
    for line in text.lines() {
        match fence {
            Some(end) if line == end => fence = None,
            Some(_) => {}
            None if line.starts_with("```") => fence = Some(line.trim_end_matches("sh")),
            None => {
                assert!(
                    !line.starts_with("# ") && !line.starts_with("---"),
                    "{line}"
                );
                assert!(!line.starts_with("::"), "{line}");
                let prose: String = outside_code(line);
                assert!(
                    !prose.contains("<script") && !prose.contains("<!--"),
                    "{line}"
                );
                assert!(!prose.contains("@someone"), "{line}");
            }
        }
    }
    assert_eq!(fence, None, "no block of code is left open");
}

/// A line without its spans of code.
fn outside_code(line: &str) -> String {
    let mut prose = String::new();
    let mut rest = line;
    while let Some(start) = rest.find('`').filter(|at| !rest[..*at].ends_with('\\')) {
        prose.push_str(&rest[..start]);
        let ticks = rest[start..].chars().take_while(|c| *c == '`').count();
        let fence = &rest[start..start + ticks];
        let inside = &rest[start + ticks..];
        let mut at = 0;
        // The span ends at the next run of just as many.
        let end = loop {
            let Some(found) = inside[at..].find('`').map(|found| found + at) else {
                break inside.len();
            };
            let run = inside[found..].chars().take_while(|c| *c == '`').count();
            if run == fence.len() {
                break found + run;
            }
            at = found + run;
        };
        rest = &inside[end..];
    }
    prose + rest
}

#[test]
fn no_annotation_begins_another() {
    let text = github_annotations(&hostile());
    assert_eq!(acts(&text), None);
    for line in text.lines() {
        assert!(
            ["error", "warning", "notice"]
                .iter()
                .any(|kind| line.starts_with(&format!("::{kind} title="))),
            "{line}"
        );
    }
    assert_eq!(text.lines().count(), 5);
}
