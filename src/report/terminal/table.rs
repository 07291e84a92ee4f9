//! The verdict of each category, aligned.

use super::page::Page;
use super::style::{OutputStyle, TextStyle};
use crate::catalogue::Category;
use crate::record::{CategoryResult, Run, Verdict};
use crate::report::phrases;

/// A table of the categories: title, verdict, and a column for each verdict that occurs.
pub(super) fn categories(page: &mut Page<'_>, run: &Run) {
    let columns: Vec<(Verdict, usize)> = run
        .summary
        .occurring()
        .map(|(verdict, number)| (verdict, number.to_string().len()))
        .collect();
    let titles = run.categories.keys().map(|category| category.title().len());
    let title_width = titles.max().unwrap_or(0);
    let cells: usize = columns
        .iter()
        .map(|(verdict, digits)| digits + phrases::verdict(*verdict).chars().count() + 3)
        .sum();
    let head_width = 2 + title_width + 2 + VERDICT;
    let columns_fit = head_width + cells <= page.output.width;
    let rows = run
        .categories
        .iter()
        .filter(|(_, result)| result.counts.total() > 0);
    for (category, result) in rows {
        let head = head(page.output, *category, result, title_width);
        let tally = phrases::counts(result.counts);
        if columns_fit {
            let cells = columns
                .iter()
                .map(|(verdict, digits)| cell(page.output, result, *verdict, *digits));
            let cells: String = cells.collect();
            page.line(&format!("{head}{cells}"));
        } else if head_width + 2 + tally.len() <= page.output.width {
            page.line(&format!("{head}  {tally}"));
        } else {
            page.line(&head);
            page.paragraph(4, TextStyle::Faint, &tally);
        }
    }
}

/// The width of "non-conformant", and of "none supported".
const VERDICT: usize = 14;

fn head(output: &OutputStyle, category: Category, result: &CategoryResult, width: usize) -> String {
    let (style, word) = match phrases::in_place_of_verdict(result) {
        Some(word) => (TextStyle::Doubtful, word),
        None => (
            TextStyle::of_conformance(result.verdict),
            result.verdict.name(),
        ),
    };
    let verdict = output.paint(style, word);
    let pad = VERDICT.saturating_sub(word.len());
    format!("  {:<width$}  {verdict}{:pad$}", category.title(), "")
}

fn cell(output: &OutputStyle, result: &CategoryResult, verdict: Verdict, digits: usize) -> String {
    let number = result.counts.get(verdict);
    let text = format!("{number:>digits$} {}", phrases::verdict(verdict));
    if number == 0 {
        " ".repeat(text.len() + 2)
    } else {
        format!("  {}", output.paint(TextStyle::of(verdict), &text))
    }
}
