//! report.json: the record itself, a line a case, so that `grep` and `diff` find their way in it.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use super::failure::Failure;
use super::sanitize::sanitize_json;
use crate::record::Run;

/// The record as JSON.
pub(super) fn render(run: &Run) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    run.serialize(&mut Serializer::with_formatter(
        &mut bytes,
        Layout::default(),
    ))?;
    bytes.push(b'\n');
    let json = String::from_utf8(bytes)?;
    if let Cow::Owned(sanitized) = sanitize_json(&json) {
        return Ok(sanitized);
    }
    Ok(json)
}

/// The depth to which each value has its own line: the record's keys, and the entries of their values.
const LINES: usize = 2;

/// Pretty down to the entries of the record's lists, compact below.
struct Layout {
    depth: usize,
    pretty: PrettyFormatter<'static>,
    compact: CompactFormatter,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            depth: 0,
            pretty: PrettyFormatter::new(),
            compact: CompactFormatter,
        }
    }
}

/// The same call on whichever formatter the depth asks for.
macro_rules! by_depth {
    ($self:ident, $depth:expr, $call:ident ( $($argument:expr),* )) => {
        match $depth {
            0..=LINES => $self.pretty.$call($($argument),*),
            _ => $self.compact.$call($($argument),*),
        }
    };
}

impl Formatter for Layout {
    fn begin_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        by_depth!(self, self.depth, begin_array(to))
    }

    fn end_array<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        by_depth!(self, self.depth + 1, end_array(to))
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        by_depth!(self, self.depth, begin_array_value(to, first))
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        by_depth!(self, self.depth, end_array_value(to))
    }

    fn begin_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth += 1;
        by_depth!(self, self.depth, begin_object(to))
    }

    fn end_object<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        self.depth -= 1;
        by_depth!(self, self.depth + 1, end_object(to))
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        by_depth!(self, self.depth, begin_object_key(to, first))
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        by_depth!(self, self.depth, begin_object_value(to))
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, to: &mut W) -> io::Result<()> {
        by_depth!(self, self.depth, end_object_value(to))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::Value;

    use super::*;
    use crate::data::schema_of;
    use crate::report::sample;

    #[test]
    fn a_report_keeps_its_schema() {
        let validator = jsonschema::validator_for(&schema_of::<Run>()).unwrap();
        for (name, run) in sample::every() {
            let report: Value = serde_json::from_str(&render(&run).unwrap()).unwrap();
            let wrong: Vec<String> = validator
                .iter_errors(&report)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert!(wrong.is_empty(), "{name}: {wrong:?}");
        }
    }

    #[test]
    fn a_report_is_the_record_again_with_a_line_a_case() {
        for (name, run) in sample::every() {
            let text = render(&run).unwrap();
            let again: Run = serde_json::from_str(&text).unwrap();
            assert_eq!(again, run, "{name}");
            for case in &run.cases {
                let start = format!("    {{\"id\":{}", serde_json::json!(case.id));
                let lines = text.lines().filter(|line| line.starts_with(&start));
                assert!(lines.count() >= 1, "{name}: {}", case.id);
            }
        }
    }
}
