//! The verdict of each category, aligned.

use super::page::Page;
use super::style::{OutputStyle, TextStyle};
use crate::record::{Counts, Run, Verdict};
use crate::report::categories::CategoryRow;
use crate::report::{self, phrases};

/// A table of the categories: title, verdict, and a column for each verdict that its requirements have. Those that were not
/// exercised are named below it.
pub(super) fn categories(page: &mut Page<'_>, run: &Run) {
    let rows = report::categories::categories(run);
    if rows.is_empty() {
        return;
    }
    page.styled(TextStyle::Faint, "Requirements by category");
    let number = |row: &CategoryRow<'_>, verdict| row.requirements.get(verdict);
    let digits = |verdict| rows.iter().map(|row| number(row, verdict)).max();
    let columns: Vec<(Verdict, usize)> = Verdict::ALL
        .into_iter()
        .filter(|verdict| *verdict != Verdict::Untested)
        .filter_map(|verdict| {
            let most = digits(verdict).filter(|most| *most > 0)?;
            Some((verdict, most.to_string().len()))
        })
        .collect();
    let titles = rows.iter().map(|row| row.category.title().len());
    let title_width = titles.max().unwrap_or(0);
    let cells: usize = columns
        .iter()
        .map(|(verdict, digits)| digits + phrases::verdict(*verdict).chars().count() + 3)
        .sum();
    let head_width = 2 + title_width + 2 + VERDICT;
    let columns_fit = head_width + cells <= page.output.width;
    let tallies_fit = rows
        .iter()
        .all(|row| head_width + 2 + tally(row).len() <= page.output.width);
    for row in &rows {
        let head = head(page.output, row, title_width);
        let tally = tally(row);
        if columns_fit {
            let cells = columns
                .iter()
                .map(|(verdict, digits)| cell(page.output, row, *verdict, *digits));
            let cells: String = cells.collect();
            page.line(&format!("{head}{cells}"));
        } else if tallies_fit {
            page.line(&format!("{head}  {tally}"));
        } else {
            page.line(&head);
            if !tally.is_empty() {
                page.paragraph(4, TextStyle::Faint, &tally);
            }
        }
    }
}

/// The verdicts of the requirements of a category; empty where none was exercised.
fn tally(row: &CategoryRow<'_>) -> String {
    let exercised = Counts {
        untested: 0,
        ..row.requirements
    };
    match exercised.total() {
        0 => String::new(),
        _ => phrases::counts(exercised),
    }
}

/// The width of "non-conformant", and of "none supported".
const VERDICT: usize = 14;

fn head(output: &OutputStyle, row: &CategoryRow<'_>, width: usize) -> String {
    let verdict = row.result.verdict;
    let (style, word) = match row.in_place_of_verdict() {
        Some(word) => (TextStyle::Doubtful, word),
        None => (TextStyle::of_conformance(verdict), verdict.name()),
    };
    let pad = VERDICT.saturating_sub(word.len());
    let verdict = output.paint(style, word);
    format!("  {:<width$}  {verdict}{:pad$}", row.category.title(), "")
}

fn cell(output: &OutputStyle, row: &CategoryRow<'_>, verdict: Verdict, digits: usize) -> String {
    let number = row.requirements.get(verdict);
    let text = format!("{number:>digits$} {}", phrases::verdict(verdict));
    if number == 0 {
        " ".repeat(text.len() + 2)
    } else {
        format!("  {}", output.paint(TextStyle::of(verdict), &text))
    }
}
