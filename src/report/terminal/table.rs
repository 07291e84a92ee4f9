//! The verdict of each category, aligned.

use super::page::Page;
use super::style::{Ink, OutputStyle};
use crate::catalogue::Category;
use crate::record::{CategoryResult, Run, Verdict};
use crate::report::phrases;

/// A table of the categories: title, verdict, and a column for each verdict that any case came to.
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
        .map(|(verdict, digits)| digits + verdict.name().len() + 3)
        .sum();
    let head_width = 2 + title_width + 2 + VERDICT;
    let columns_fit = head_width + cells <= page.look.width;
    let rows = run
        .categories
        .iter()
        .filter(|(_, result)| result.counts.total() > 0);
    for (category, result) in rows {
        let head = head(page.look, *category, result, title_width);
        let tally = result.counts.to_string();
        if columns_fit {
            let cells = columns
                .iter()
                .map(|(verdict, digits)| cell(page.look, result, *verdict, *digits));
            let cells: String = cells.collect();
            page.line(&format!("{head}{cells}"));
        } else if head_width + 2 + tally.len() <= page.look.width {
            page.line(&format!("{head}  {tally}"));
        } else {
            page.line(&head);
            page.paragraph(4, Ink::Faint, &tally);
        }
    }
}

/// The width of "non-conformant", and of "none supported".
const VERDICT: usize = 14;

fn head(look: &OutputStyle, category: Category, result: &CategoryResult, width: usize) -> String {
    let (style, word) = match phrases::untested(result) {
        Some(word) => (Ink::Doubtful, word),
        None => (Ink::of_conformance(result.verdict), result.verdict.name()),
    };
    let verdict = look.paint(style, word);
    let pad = VERDICT.saturating_sub(word.len());
    format!("  {:<width$}  {verdict}{:pad$}", category.title(), "")
}

fn cell(look: &OutputStyle, result: &CategoryResult, verdict: Verdict, digits: usize) -> String {
    let number = result.counts.get(verdict);
    let text = format!("{number:>digits$} {verdict}");
    if number == 0 {
        " ".repeat(text.len() + 2)
    } else {
        format!("  {}", look.paint(Ink::of(verdict), &text))
    }
}
