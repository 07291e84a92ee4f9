//! A comparison on the terminal.

use super::{Cell, Comparison, Group, Kind};
use crate::record::Verdict;
use crate::report::terminal::{Ink, OutputStyle, Page};
use crate::report::{phrases, sanitize_line};

/// The width of the column of requirements, and the least of a run's.
const NAME: usize = 34;
const LEAST: usize = 4;

/// How many rows that are the same everywhere are told of by number alone.
const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A table of what differs, as wide as the terminal allows: columns have letters, which are explained above it.
pub fn terminal(comparison: &Comparison, look: &OutputStyle) -> String {
    let mut page = Page::new(look);
    for (letter, column) in LETTERS.chars().zip(&comparison.columns) {
        let style = Ink::of_conformance(column.verdict);
        let verdict = look.paint(style, column.verdict.name());
        page.line(&format!(
            "{letter}  {}  {verdict}  {}",
            sanitize_line(&column.title),
            look.paint(Ink::Faint, &about(column))
        ));
    }
    let width = cell_width(comparison, look);
    page.gap();
    page.line(&row(
        look,
        "",
        comparison
            .columns
            .iter()
            .zip(LETTERS.chars())
            .map(|(_, letter)| (Ink::Strong, letter.to_string())),
        width,
    ));
    for (category, results) in comparison.results() {
        let cells = results.iter().map(|result| {
            let verdict = result.verdict;
            let (name, sign, style) = match phrases::untested(result) {
                Some(word) => (word, "–", Ink::Doubtful),
                None => (
                    verdict.name(),
                    phrases::conformance_sign_plain(verdict),
                    Ink::of_conformance(verdict),
                ),
            };
            let short = if width >= 15 { name } else { sign };
            (style, short.to_owned())
        });
        page.line(&row(look, category, cells, width));
    }
    for group in &comparison.groups {
        page.gap();
        table(&mut page, group, width);
    }
    for note in &comparison.notes {
        page.gap();
        page.paragraph(0, Ink::Faint, &format!("Note: {note}"));
    }
    page.finish()
}

fn about(column: &super::Column) -> String {
    format!(
        "specification {}, {}, {}",
        column.spec,
        sanitize_line(&column.started),
        column.summary
    )
}

fn table(page: &mut Page<'_>, group: &Group, width: usize) {
    let style = match group.kind {
        Kind::Regression | Kind::Split => Ink::Bad,
        Kind::Fix => Ink::Good,
        Kind::Difference => Ink::Doubtful,
        Kind::Same => Ink::Faint,
    };
    let heading = format!(
        "{}: {}",
        group.title,
        phrases::count(group.rows.len(), "requirement")
    );
    page.inked(style, &heading);
    // What is the same and kept needs no line.
    let told = group.rows.iter().filter(|row| {
        let kept = |cell: &Option<Cell>| {
            cell.as_ref()
                .is_none_or(|cell| matches!(cell.verdict, Verdict::Pass | Verdict::Unsupported))
        };
        group.kind != Kind::Same || !row.cells.iter().all(kept)
    });
    for one in told {
        let cells = one.cells.iter().map(|cell| shown(cell.as_ref(), width));
        let line = row(page.look, &one.requirement, cells, width);
        page.line(&line);
    }
}

fn shown(cell: Option<&Cell>, width: usize) -> (Ink, String) {
    match cell {
        None => (Ink::Faint, "·".to_owned()),
        Some(cell) => {
            let sign = phrases::sign(cell.verdict);
            let text = match width >= 14 {
                true => format!("{sign} {}", cell.verdict),
                false => sign.to_owned(),
            };
            (Ink::of(cell.verdict), text)
        }
    }
}

fn row(
    look: &OutputStyle,
    name: &str,
    cells: impl Iterator<Item = (Ink, String)>,
    width: usize,
) -> String {
    let name: String = sanitize_line(name).chars().take(NAME).collect();
    let mut line = format!("  {name:<NAME$}");
    for (style, text) in cells {
        let pad = width.saturating_sub(text.chars().count());
        line.push_str(&look.paint(style, &text));
        line.push_str(&" ".repeat(pad));
    }
    line
}

fn cell_width(comparison: &Comparison, look: &OutputStyle) -> usize {
    let columns = comparison.columns.len().max(1);
    (look.width.saturating_sub(NAME + 2) / columns).clamp(LEAST, 16)
}
