//! A comparison as one page.

use std::collections::BTreeSet;

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::model::{Cell, Column, Comparison, Group, Kind, Row};
use crate::catalogue::{Category, Level};
use crate::record::{CategoryResult, Conformance, Counts, Verdict};
use crate::report::RenderError;
use crate::report::html::{Tally, anchor, bar, render_page};
use crate::report::{Format, phrases, sanitize, sanitize_line};

#[derive(Serialize)]
struct Page {
    title: String,
    /// How many requirements differ, in a sentence.
    summary: String,
    columns: Vec<Head>,
    categories: Vec<(String, Vec<CategoryCell>)>,
    /// The verdicts that occur, worst first, and how many requirements have one.
    verdicts: Vec<Tally>,
    /// The categories that occur: name, title, and how many requirements.
    filters: Vec<(&'static str, &'static str, usize)>,
    /// The levels that occur, and how many requirements.
    levels: Vec<(String, usize)>,
    /// Whether the columns are more than a wide screen has room for.
    many: bool,
    features: Vec<(String, Vec<&'static str>)>,
    groups: Vec<Table>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Head {
    title: String,
    target: String,
    spec: &'static str,
    /// The day of the run.
    day: String,
    must: String,
    should: String,
    report: Option<String>,
    verdict: &'static str,
    word: &'static str,
}

#[derive(Serialize)]
struct CategoryCell {
    verdict: &'static str,
    word: &'static str,
    /// The words in place of the verdict where no case was tested.
    empty: Option<&'static str>,
}

#[derive(Serialize)]
struct Table {
    title: String,
    kind: &'static str,
    open: bool,
    rows: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    /// The section, where the row before has another.
    section: Option<String>,
    id: String,
    anchor: String,
    level: String,
    category: &'static str,
    /// Each verdict of its cells.
    verdicts: String,
    says: String,
    cells: Vec<RequirementCell>,
}

#[derive(Serialize)]
struct RequirementCell {
    /// The name of the verdict; empty where the run does not have the requirement.
    verdict: &'static str,
    sign: &'static str,
    message: String,
    cases: String,
}

/// The most runs whose columns fit a screen of 1280 pixels.
const FITTING: usize = 9;

/// The page: one file, nothing fetched, in the style of report.html. `index` is the address of the site that it belongs to.
///
/// # Errors
/// When the template cannot show it.
pub fn html(comparison: &Comparison, index: Option<&str>) -> Result<String, RenderError> {
    let page = Value::from(Serde(page(comparison)));
    let css = concat!(
        include_str!("../html/report.css"),
        include_str!("compare.css")
    );
    let safe = |text: &str| Value::from_safe_string(text.to_owned());
    let js = include_str!("compare.js");
    let values = context! { page => page, index => index, css => safe(css), js => safe(js) };
    render_page(include_str!("compare.html.j2"), values)
        .map_err(|source| RenderError::new(Format::Html, source))
}

fn page(comparison: &Comparison) -> Page {
    let titles = comparison.columns.iter().map(|one| one.title.as_str());
    let titles: Vec<&str> = titles.collect();
    let rows = || comparison.groups.iter().flat_map(|group| &group.rows);
    let of = |fits: &dyn Fn(&Row) -> bool| rows().filter(|row| fits(row)).count();
    let categories: BTreeSet<Category> = rows().map(|row| row.category).collect();
    let features = comparison.features.iter().map(|(id, states)| {
        let name = |state: &Option<_>| state.map_or("", phrases::feature_state);
        (
            sanitize_line(id).into_owned(),
            states.iter().map(name).collect(),
        )
    });
    Page {
        title: titles.join(" · "),
        summary: summary(comparison),
        columns: comparison.columns.iter().map(head).collect(),
        categories: comparison
            .results()
            .map(|(title, results)| (title.to_owned(), results.iter().map(result).collect()))
            .collect(),
        verdicts: bar(Counts::of(rows().flat_map(occurring))),
        filters: categories
            .iter()
            .map(|one| (one.name(), one.title(), of(&|row| row.category == *one)))
            .collect(),
        levels: Level::ALL
            .into_iter()
            .map(|level| (level.to_string(), of(&|row| row.level() == level)))
            .filter(|(_, number)| *number > 0)
            .collect(),
        many: comparison.columns.len() > FITTING,
        features: features.collect(),
        groups: comparison.groups.iter().map(table).collect(),
        notes: comparison.notes.clone(),
    }
}

fn summary(comparison: &Comparison) -> String {
    let number = |same: bool| -> usize {
        let groups = comparison.groups.iter();
        let groups = groups.filter(|group| (group.kind == Kind::Same) == same);
        groups.map(|group| group.rows.len()).sum()
    };
    let (differ, all) = (number(false), number(false) + number(true));
    match differ {
        0 => format!(
            "The runs agree on all {}.",
            phrases::count(all, "requirement")
        ),
        some => format!(
            "The runs differ in {some} of {}.",
            phrases::count(all, "requirement")
        ),
    }
}

fn head(column: &Column) -> Head {
    Head {
        title: column.title.clone(),
        target: sanitize_line(&column.target).into_owned(),
        spec: column.spec.name(),
        day: sanitize_line(column.started.split('T').next().unwrap_or_default()).into_owned(),
        must: column.must.to_string(),
        should: column.should.to_string(),
        report: column.report.clone(),
        verdict: column.verdict.name(),
        word: word(column.verdict),
    }
}

/// A verdict in one word, which a narrow column has room for.
const fn word(verdict: Conformance) -> &'static str {
    match verdict {
        Conformance::Conformant => "conforms",
        Conformance::NonConformant => "violates",
        Conformance::Inconclusive => "inconclusive",
    }
}

fn result(result: &CategoryResult) -> CategoryCell {
    CategoryCell {
        verdict: result.verdict.name(),
        word: word(result.verdict),
        empty: phrases::in_place_of_verdict(result),
    }
}

fn table(group: &Group) -> Table {
    let mut last = None;
    let rows = group.rows.iter().map(|row| {
        let here = Some((row.category, row.section.as_str()));
        let section = (last != here).then(|| {
            format!(
                "{}: {}",
                row.category.title(),
                phrases::section(&sanitize_line(&row.section))
            )
        });
        last = here;
        Line {
            section,
            id: sanitize_line(&row.requirement).into_owned(),
            anchor: anchor(&row.requirement),
            level: row.level().to_string(),
            category: row.category.name(),
            verdicts: verdicts(row),
            says: sanitize_line(&row.says).into_owned(),
            cells: row.cells.iter().map(|one| cell(one.as_ref())).collect(),
        }
    });
    Table {
        title: group.title.clone(),
        kind: match group.kind {
            Kind::Regression | Kind::Split => "fail",
            Kind::Fix => "pass",
            Kind::Difference => "warn",
            Kind::Same => "skipped",
        },
        open: group.kind != Kind::Same,
        rows: rows.collect(),
    }
}

/// The verdicts of a row's cells, each once.
fn occurring(row: &Row) -> Vec<Verdict> {
    let has = |verdict: &Verdict| {
        row.cells
            .iter()
            .flatten()
            .any(|cell| cell.verdict == *verdict)
    };
    Verdict::ALL.into_iter().filter(has).collect()
}

fn verdicts(row: &Row) -> String {
    let names: Vec<&str> = occurring(row).into_iter().map(Verdict::name).collect();
    names.join(" ")
}

fn cell(cell: Option<&Cell>) -> RequirementCell {
    let Some(cell) = cell else {
        return RequirementCell {
            verdict: "",
            sign: "",
            message: String::new(),
            cases: String::new(),
        };
    };
    RequirementCell {
        verdict: cell.verdict.name(),
        sign: phrases::sign(cell.verdict),
        message: sanitize(&cell.message).chars().take(400).collect(),
        cases: sanitize_line(&cell.cases.join(", ")).into_owned(),
    }
}
