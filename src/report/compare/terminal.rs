//! A comparison on the terminal.

use super::{Cell, Column, Comparison, Group, Kind, Met, Row};
use crate::record::{FeatureState, Verdict};
use crate::report::terminal::{OutputStyle, Page, TextStyle};
use crate::report::{phrases, sanitize_line};

/// The least width of the column of requirements, and the least and greatest of a run's.
const NAME: usize = 34;
const LEAST: usize = 4;
const GREATEST: usize = 16;

/// The names of the columns.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A table of what differs, as wide as the terminal allows: columns have letters, which are explained above it.
pub fn terminal(comparison: &Comparison, output: &OutputStyle) -> String {
    let mut page = Page::new(output);
    for (letter, column) in LETTERS.chars().zip(&comparison.columns) {
        let style = TextStyle::of_conformance(column.verdict);
        let verdict = output.paint(style, column.verdict.name());
        page.line(&format!(
            "{letter}  {}  {verdict}  {}",
            sanitize_line(&column.title),
            output.paint(TextStyle::Faint, &about(column))
        ));
    }
    let width = Widths::of(comparison, output);
    page.gap();
    page.line(&row(
        output,
        "",
        comparison
            .columns
            .iter()
            .zip(LETTERS.chars())
            .map(|(_, letter)| (TextStyle::Strong, letter.to_string())),
        width,
    ));
    for (category, results) in comparison.results() {
        let cells = results.iter().map(|result| {
            let verdict = result.verdict;
            let (name, sign, style) = match phrases::in_place_of_verdict(result) {
                Some(word) => (word, "–", TextStyle::Doubtful),
                None => (
                    verdict.name(),
                    phrases::conformance_sign_plain(verdict),
                    TextStyle::of_conformance(verdict),
                ),
            };
            let short = if width.cell >= 15 { name } else { sign };
            (style, short.to_owned())
        });
        page.line(&row(output, category, cells, width));
    }
    met(&mut page, comparison, width);
    for group in &comparison.groups {
        page.gap();
        table(&mut page, group, width);
    }
    features(&mut page, comparison, width);
    for note in &comparison.notes {
        page.gap();
        page.paragraph(0, TextStyle::Faint, &format!("Note: {note}"));
    }
    page.finish()
}

fn about(column: &Column) -> String {
    format!(
        "specification {}, {}, MUST: {}, SHOULD: {}",
        column.spec,
        sanitize_line(&column.started),
        column.must,
        column.should
    )
}

/// How many requirements of each level each run meets.
fn met(page: &mut Page<'_>, comparison: &Comparison, width: Widths) {
    type OfLevel = fn(&Column) -> Met;
    let levels: [(&str, OfLevel); 2] = [
        ("MUST met", |one| one.must),
        ("SHOULD met", |one| one.should),
    ];
    for (name, of) in levels {
        let cells = comparison.columns.iter().map(|column| {
            let Met { met, of } = of(column);
            let style = if met == of {
                TextStyle::Good
            } else {
                TextStyle::Plain
            };
            let text = if width.cell >= 8 {
                format!("{met}/{of}")
            } else {
                met.to_string()
            };
            (style, text)
        });
        page.line(&row(page.output, name, cells, width));
    }
}

/// The features, where a run uses one.
fn features(page: &mut Page<'_>, comparison: &Comparison, width: Widths) {
    if comparison.features.is_empty() {
        return;
    }
    page.gap();
    page.styled(TextStyle::Plain, "Features");
    for (id, states) in &comparison.features {
        let cells = states.iter().map(|state| {
            let (style, sign, word) = match state {
                Some(FeatureState::Supported) => (TextStyle::Good, "✓", "supported"),
                Some(FeatureState::Unsupported) => (TextStyle::Plain, "–", "unsupported"),
                Some(FeatureState::Unknown) => (TextStyle::Faint, "?", "unknown"),
                None => (TextStyle::Faint, "", ""),
            };
            let text = if width.cell >= 15 {
                format!("{sign} {word}")
            } else {
                sign.to_owned()
            };
            (style, text)
        });
        page.line(&row(page.output, id, cells, width));
    }
}

fn table(page: &mut Page<'_>, group: &Group, width: Widths) {
    let style = match group.kind {
        Kind::Regression | Kind::Split => TextStyle::Bad,
        Kind::Fix => TextStyle::Good,
        Kind::Difference => TextStyle::Doubtful,
        Kind::Same => TextStyle::Faint,
    };
    let heading = format!(
        "{}: {}",
        group.title,
        phrases::count(group.rows.len(), "requirement")
    );
    page.styled(style, &heading);
    // A requirement that every run meets, or does not support, needs no line.
    let listed = group.rows.iter().filter(|row| {
        let good = |cell: &Option<Cell>| {
            cell.as_ref()
                .is_none_or(|cell| matches!(cell.verdict, Verdict::Pass | Verdict::Unsupported))
        };
        group.kind != Kind::Same || !row.cells.iter().all(good)
    });
    let mut last = None;
    for one in listed {
        let here = Some((one.category, one.section.as_str()));
        if last != here {
            let section = format!(
                "  {}: {}",
                one.category.title(),
                phrases::section(&one.section)
            );
            page.styled(TextStyle::Faint, &section);
            last = here;
        }
        let cells = one.cells.iter().map(|cell| shown(cell.as_ref(), width));
        let line = row(page.output, &name(one), cells, width);
        page.line(&line);
    }
}

fn shown(cell: Option<&Cell>, width: Widths) -> (TextStyle, String) {
    match cell {
        None => (TextStyle::Faint, String::new()),
        Some(cell) => {
            let sign = phrases::sign(cell.verdict);
            let text = match width.cell >= 14 {
                true => format!("{sign} {}", phrases::verdict(cell.verdict)),
                false => sign.to_owned(),
            };
            (TextStyle::of(cell.verdict), text)
        }
    }
}

/// The widths of the columns.
#[derive(Debug, Clone, Copy)]
struct Widths {
    name: usize,
    cell: usize,
}

impl Widths {
    /// The names have the room that they need, as far as the runs leave it.
    fn of(comparison: &Comparison, output: &OutputStyle) -> Self {
        let columns = comparison.columns.len().max(1);
        let rows = comparison.groups.iter().flat_map(|group| &group.rows);
        let longest = rows.map(|row| name(row).chars().count() + 1).max();
        let room = output.width.saturating_sub(2 + columns * LEAST);
        let name = longest.unwrap_or(NAME).min(room).max(NAME);
        let cell = output.width.saturating_sub(name + 2) / columns;
        Self {
            name,
            cell: cell.clamp(LEAST, GREATEST),
        }
    }
}

fn name(row: &Row) -> String {
    phrases::with_level(&row.requirement, row.level())
}

/// A name and its cells. A name that is too long stands on a line of its own.
fn row(
    output: &OutputStyle,
    name: &str,
    cells: impl Iterator<Item = (TextStyle, String)>,
    width: Widths,
) -> String {
    let name = sanitize_line(name);
    let column = width.name;
    let mut line = match name.chars().count() < column {
        true => format!("  {name:<column$}"),
        false => format!("  {name}\n  {:<column$}", ""),
    };
    for (style, text) in cells {
        let pad = width.cell.saturating_sub(text.chars().count());
        line.push_str(&output.paint(style, &text));
        line.push_str(&" ".repeat(pad));
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_stands_on_a_line_of_its_own_and_is_never_cut() {
        let name = "manifest-get-content-type-bare (SHOULD)";
        let shown = |column| {
            let cells = std::iter::once((TextStyle::Plain, "pass".to_owned()));
            let width = Widths {
                name: column,
                cell: 8,
            };
            row(&OutputStyle::default(), name, cells, width)
        };
        assert_eq!(shown(40), format!("  {name} pass    "));
        assert_eq!(shown(6), format!("  {name}\n        pass    "));
    }
}
