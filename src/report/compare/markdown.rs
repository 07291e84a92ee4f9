//! A comparison as Markdown.

use std::fmt::Write as _;

use super::{Column, Comparison, Group, Kind};
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
    about(&mut text, comparison);
    for group in &comparison.groups {
        table(&mut text, group, &titles);
    }
    features(&mut text, comparison, &titles);
    for note in &comparison.notes {
        let _ = writeln!(text, "\n> {}", escaped(note));
    }
    text
}

/// What each run met, and what it is: rows of the table of categories.
fn about(text: &mut String, comparison: &Comparison) {
    let mut row = |name: &str, value: fn(&Column) -> String| {
        let cells: Vec<String> = comparison.columns.iter().map(value).collect();
        let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
    };
    row("**MUST**", |column| column.must.to_string());
    row("**SHOULD**", |column| column.should.to_string());
    row("Cases", |column| phrases::counts(column.summary));
    row("Spec, date", |column| {
        let day = column.started.split('T').next().unwrap_or_default();
        format!("{}, {}", column.spec, cell(day))
    });
    if comparison
        .columns
        .iter()
        .any(|column| column.report.is_some())
    {
        row("Report", |column| match &column.report {
            Some(report) => format!("[report]({report})"),
            None => " ".to_owned(),
        });
    }
}

/// The features, where a run uses one.
fn features(text: &mut String, comparison: &Comparison, titles: &[String]) {
    if comparison.features.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### Features\n");
    head(text, "Feature", titles);
    for (id, states) in &comparison.features {
        let word = |state: &Option<_>| state.map_or("not tested", phrases::feature_state);
        let states: Vec<&str> = states.iter().map(word).collect();
        let _ = writeln!(text, "| {} | {} |", cell(id), states.join(" | "));
    }
}

fn table(text: &mut String, group: &Group, titles: &[String]) {
    let heading = format!("{}: {}", escaped(&group.title), group.rows.len());
    let folded = group.kind == Kind::Same;
    let _ = match folded {
        true => writeln!(text, "\n<details><summary>{heading}</summary>\n"),
        false => writeln!(text, "\n### {heading}\n"),
    };
    head(text, "Requirement", titles);
    let mut last = None;
    for row in &group.rows {
        let here = Some((row.category, row.section.as_str()));
        if last != here {
            let section = phrases::section(&row.section);
            let empty = " |".repeat(titles.len());
            let _ = writeln!(
                text,
                "| **{}: {}** |{empty}",
                row.category.title(),
                cell(&section)
            );
            last = here;
        }
        let cells: Vec<String> = row
            .cells
            .iter()
            .map(|cell| match cell {
                None => " ".to_owned(),
                Some(cell) => {
                    let word = phrases::verdict(cell.verdict);
                    format!("{} {word}", phrases::sign(cell.verdict))
                }
            })
            .collect();
        let _ = writeln!(
            text,
            "| {} ({}) | {} |",
            cell(&row.requirement),
            row.level(),
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
