//! A comparison as one page.

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::{Cell, Comparison, Kind};
use crate::report::RenderError;
use crate::report::html::render_page;
use crate::report::{Format, visible, visible_line, words};

#[derive(Serialize)]
struct Page {
    title: String,
    columns: Vec<Head>,
    categories: Vec<(String, Vec<(&'static str, &'static str)>)>,
    features: Vec<(String, Vec<&'static str>)>,
    groups: Vec<Table>,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct Head {
    title: String,
    target: String,
    about: String,
    verdict: &'static str,
    headline: &'static str,
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
    says: String,
    cells: Vec<Shown>,
}

#[derive(Serialize)]
struct Shown {
    verdict: &'static str,
    sign: &'static str,
    level: String,
    message: String,
    cases: String,
}

/// The page: one file, nothing fetched, in the look of report.html.
///
/// # Errors
/// When the template cannot show it.
pub fn html(comparison: &Comparison) -> Result<String, RenderError> {
    let page = Value::from(Serde(page(comparison)));
    let css = concat!(
        include_str!("../html/report.css"),
        include_str!("compare.css")
    );
    let values = context! { page => page, css => Value::from_safe_string(css.to_owned()) };
    render_page(include_str!("compare.html.j2"), values)
        .map_err(|source| RenderError::new(Format::Html, source))
}

fn page(comparison: &Comparison) -> Page {
    let titles: Vec<&str> = comparison
        .columns
        .iter()
        .map(|one| one.title.as_str())
        .collect();
    Page {
        title: titles.join(" · "),
        columns: comparison
            .columns
            .iter()
            .map(|column| Head {
                title: column.title.clone(),
                target: visible_line(&column.target).into_owned(),
                about: format!(
                    "{}; specification {}, {}",
                    words::tally(column.summary),
                    column.spec,
                    visible_line(&column.started)
                ),
                verdict: column.verdict.name(),
                headline: words::headline(column.verdict),
            })
            .collect(),
        categories: comparison
            .categories
            .iter()
            .map(|(title, verdicts)| {
                let of = verdicts
                    .iter()
                    .map(|one| (one.name(), words::conformance_sign_plain(*one)));
                (title.clone(), of.collect())
            })
            .collect(),
        features: comparison
            .features
            .iter()
            .map(|(id, states)| {
                let of = states
                    .iter()
                    .map(|state| state.map_or("", words::feature_state));
                (visible_line(id).into_owned(), of.collect())
            })
            .collect(),
        groups: comparison.groups.iter().map(table).collect(),
        notes: comparison.notes.clone(),
    }
}

fn table(group: &super::Group) -> Table {
    let mut last = None;
    let rows = group.rows.iter().map(|row| {
        let here = Some((row.category, row.section.as_str()));
        let section = (last != here).then(|| {
            format!(
                "{}: {}",
                row.category.title(),
                words::section(&visible_line(&row.section))
            )
        });
        last = here;
        Line {
            section,
            id: visible_line(&row.requirement).into_owned(),
            says: visible_line(&row.says).into_owned(),
            cells: row.cells.iter().map(|cell| shown(cell.as_ref())).collect(),
        }
    });
    Table {
        title: group.title.clone(),
        kind: match group.kind {
            Kind::Regression => "fail",
            Kind::Fix => "pass",
            Kind::Difference => "warn",
            Kind::Same => "skipped",
        },
        open: group.kind != Kind::Same,
        rows: rows.collect(),
    }
}

fn shown(cell: Option<&Cell>) -> Shown {
    let Some(cell) = cell else {
        return Shown {
            verdict: "",
            sign: "",
            level: String::new(),
            message: String::new(),
            cases: String::new(),
        };
    };
    Shown {
        verdict: cell.verdict.name(),
        sign: words::sign(cell.verdict),
        level: cell.level.to_string(),
        message: visible(&cell.message).chars().take(400).collect(),
        cases: visible_line(&cell.cases.join(", ")).into_owned(),
    }
}
