//! A comparison as Markdown.

use std::fmt::Write as _;

use super::{Comparison, Group, Kind};
use crate::report::markdown::escaped;
use crate::report::phrases;

/// A table of the categories, and one of each group of requirements; what is the same is folded.
pub fn markdown(comparison: &Comparison) -> String {
    let mut text = String::from("## Comparison\n\n");
    let titles: Vec<String> = comparison
        .columns
        .iter()
        .map(|column| cell(&column.title))
        .collect();
    head(&mut text, "Category", &titles);
    for (category, results) in comparison.results() {
        let cells = results
            .iter()
            .map(|result| match phrases::in_place_of_verdict(result) {
                Some(word) => format!("➖ {word}"),
                None => format!(
                    "{} {}",
                    phrases::conformance_sign(result.verdict),
                    result.verdict
                ),
            });
        let cells: Vec<String> = cells.collect();
        // Writing to a text cannot fail.
        let _ = writeln!(text, "| {category} | {} |", cells.join(" | "));
    }
    for group in &comparison.groups {
        table(&mut text, group, &titles);
    }
    for note in &comparison.notes {
        let _ = writeln!(text, "\n> {}", escaped(note));
    }
    text
}

fn table(text: &mut String, group: &Group, titles: &[String]) {
    let heading = format!("{}: {}", escaped(&group.title), group.rows.len());
    let folded = group.kind == Kind::Same;
    let _ = match folded {
        true => writeln!(text, "\n<details><summary>{heading}</summary>\n"),
        false => writeln!(text, "\n### {heading}\n"),
    };
    head(text, "Requirement", titles);
    for row in &group.rows {
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| match cell {
                None => " ".to_owned(),
                Some(cell) => format!(
                    "{} {}",
                    phrases::sign(cell.verdict),
                    phrases::verdict(cell.verdict)
                ),
            })
            .collect();
        let _ = writeln!(
            text,
            "| {} | {} |",
            cell(&row.requirement),
            cells.join(" | ")
        );
    }
    if folded {
        text.push_str("\n</details>\n");
    }
}

fn head(text: &mut String, first: &str, titles: &[String]) {
    let rule = "|---".repeat(titles.len() + 1);
    let _ = writeln!(text, "| {first} | {} |\n{rule}|", titles.join(" | "));
}

/// Text of a cell: a bar would end it.
fn cell(text: &str) -> String {
    escaped(text).replace('|', "&#124;")
}
