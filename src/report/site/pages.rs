//! The pages of the site.

use minijinja::context;
use minijinja::value::{Serde, Value};
use serde::Serialize;

use super::feed::feed;
use super::history::{Change, DatedRun, History};
use crate::record::Verdict;
use crate::report::compare::{self, Kind, NamedRun};
use crate::report::html::{Tally, bar, render_page};
use crate::report::{Format, RenderError, phrases, sanitize_line};

/// A page that cannot be made.
#[derive(Debug, thiserror::Error)]
#[error("the page {path} cannot be made: {source}")]
pub struct SiteError {
    path: String,
    source: RenderError,
}

/// A file of the site.
#[derive(Debug)]
pub struct SiteFile {
    /// Its path in the site, with `/`.
    pub path: String,
    /// Its content.
    pub text: String,
}

#[derive(Serialize)]
struct Index {
    date: String,
    targets: Vec<Latest>,
    /// The targets whose latest run differs from the one before.
    changed: Vec<Changed>,
    matrix: bool,
}

#[derive(Serialize)]
struct Target {
    name: String,
    latest: Latest,
    changed: Vec<Changed>,
    /// The newest first.
    runs: Vec<Latest>,
}

#[derive(Serialize)]
struct Latest {
    name: String,
    url: String,
    date: String,
    /// The name of the verdict, `empty` without one.
    verdict: &'static str,
    headline: String,
    tally: Vec<Tally>,
    has_report: bool,
    worse: usize,
    better: usize,
}

#[derive(Serialize)]
struct Changed {
    name: String,
    date: String,
    has_report: bool,
    /// New violations, and fixed ones.
    rows: Vec<ChangedRow>,
    others: Vec<ChangedRow>,
}

#[derive(Serialize)]
struct ChangedRow {
    id: String,
    says: String,
    kind: &'static str,
    before: Cell,
    after: Cell,
}

#[derive(Serialize)]
struct Cell {
    verdict: &'static str,
    sign: &'static str,
    word: &'static str,
}

/// Every page of the site but the reports, with its JSON.
///
/// # Errors
/// When a template cannot show a page.
pub fn pages(histories: &[History]) -> Result<Vec<SiteFile>, SiteError> {
    let mut files = Vec::new();
    let latest: Vec<NamedRun<'_>> = histories
        .iter()
        .filter_map(|one| {
            Some((
                Some(one.name.clone()),
                one.name.clone(),
                one.latest.as_ref()?,
            ))
        })
        .collect();
    if !latest.is_empty() {
        let mut matrix = compare::compare(&latest);
        let targets = histories.iter().filter(|one| one.latest.is_some());
        for (column, history) in matrix.columns.iter_mut().zip(targets) {
            column.report = Some(format!("{}/index.html", history.name));
        }
        let page = compare::html(&matrix, Some("index.html"));
        files.push(file("matrix.html", page)?);
        files.push(file("matrix.json", json(&matrix))?);
    }
    let index = index(histories, !latest.is_empty());
    let page = render(
        concat!(include_str!("parts.html.j2"), include_str!("index.html.j2")),
        Value::from(Serde(index)),
    );
    files.push(file("index.html", page)?);
    files.push(file("index.json", json(&histories))?);
    files.push(file("feed.atom", feed(histories).map_err(failed))?);
    for history in histories {
        let Some(page) = target(history) else {
            continue;
        };
        let page = render(
            concat!(
                include_str!("parts.html.j2"),
                include_str!("target.html.j2")
            ),
            Value::from(Serde(page)),
        );
        files.push(file(&format!("{}/index.html", history.name), page)?);
        files.push(file(
            &format!("{}/index.json", history.name),
            json(history),
        )?);
    }
    Ok(files)
}

fn file(path: &str, text: Result<String, RenderError>) -> Result<SiteFile, SiteError> {
    let path = path.to_owned();
    match text {
        Ok(text) => Ok(SiteFile { path, text }),
        Err(source) => Err(SiteError { path, source }),
    }
}

fn json(value: &impl Serialize) -> Result<String, RenderError> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(failed)
}

fn failed(error: impl Into<crate::report::failure::Failure>) -> RenderError {
    RenderError::new(Format::Html, error.into())
}

fn render(template: &str, page: Value) -> Result<String, RenderError> {
    let css = concat!(
        include_str!("../html/report.css"),
        include_str!("../compare/compare.css"),
        include_str!("site.css")
    );
    let css = Value::from_safe_string(css.to_owned());
    render_page(template, context! { page => page, css => css }).map_err(failed)
}

fn index(histories: &[History], matrix: bool) -> Index {
    let latest = |one: &History| one.runs.last().map(|run| line(&one.name, run));
    let changed = histories
        .iter()
        .filter_map(|one| changed(&one.name, one.runs.last()?));
    let dates = histories
        .iter()
        .filter_map(|one| Some(&one.runs.last()?.date));
    Index {
        date: dates.max().cloned().unwrap_or_default(),
        targets: histories.iter().filter_map(latest).collect(),
        changed: changed.collect(),
        matrix,
    }
}

fn target(history: &History) -> Option<Target> {
    let last = history.runs.last()?;
    let runs = history.runs.iter().rev();
    Some(Target {
        name: history.name.clone(),
        latest: line(&history.name, last),
        changed: history
            .runs
            .iter()
            .rev()
            .filter_map(|run| changed(&history.name, run))
            .collect(),
        runs: runs.map(|run| line(&history.name, run)).collect(),
    })
}

fn line(name: &str, run: &DatedRun) -> Latest {
    let count = |kind: Kind| run.changes.iter().filter(|one| one.kind == kind).count();
    let reason = run
        .reason
        .as_deref()
        .map(|reason| sanitize_line(reason).into_owned());
    Latest {
        name: name.to_owned(),
        url: sanitize_line(&run.url).into_owned(),
        date: run.date.clone(),
        verdict: run.verdict.map_or("empty", |verdict| verdict.name()),
        headline: match (run.verdict, reason) {
            (Some(verdict), None) => verdict.name().to_owned(),
            (Some(verdict), Some(reason)) => format!("{}: {reason}", verdict.name()),
            (None, reason) => reason.unwrap_or_else(|| "No report".to_owned()),
        },
        tally: bar(run.requirements),
        has_report: run.report,
        worse: count(Kind::Regression),
        better: count(Kind::Fix),
    }
}

fn changed(name: &str, run: &DatedRun) -> Option<Changed> {
    let tells = |change: &&Change| matches!(change.kind, Kind::Regression | Kind::Fix);
    let (telling, others): (Vec<&Change>, Vec<&Change>) = run.changes.iter().partition(tells);
    let rows = |changes: Vec<&Change>| changes.into_iter().map(row).collect();
    (!run.changes.is_empty()).then(|| Changed {
        name: name.to_owned(),
        date: run.date.clone(),
        has_report: run.report,
        rows: rows(telling),
        others: rows(others),
    })
}

fn row(change: &Change) -> ChangedRow {
    ChangedRow {
        id: sanitize_line(&change.requirement).into_owned(),
        says: sanitize_line(&change.says).into_owned(),
        kind: match change.kind {
            Kind::Regression => "New violation",
            Kind::Fix => "Fixed",
            Kind::Split | Kind::Difference | Kind::Same => "Other change",
        },
        before: cell(change.before),
        after: cell(change.after),
    }
}

fn cell(verdict: Option<Verdict>) -> Cell {
    match verdict {
        Some(verdict) => Cell {
            verdict: verdict.name(),
            sign: phrases::sign(verdict),
            word: phrases::verdict(verdict),
        },
        None => Cell {
            verdict: "skipped",
            sign: "",
            word: "not in run",
        },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::report::sample;

    fn histories() -> Vec<History> {
        let mut zot = History::new("zot");
        zot.add("2026-01-01", Some(sample::all_pass()), None);
        zot.add("2026-01-02", Some(sample::all_states()), None);
        let mut down = History::new("down");
        down.add("2026-01-02", None, Some("<b>cannot</b> be reached".into()));
        Vec::from([down, zot])
    }

    #[test]
    fn every_page_has_its_json_and_every_link_leads_somewhere() {
        let files = pages(&histories()).unwrap();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        for page in paths.iter().filter(|path| path.ends_with(".html")) {
            assert!(
                paths.contains(&page.replace(".html", ".json").as_str()),
                "{page}"
            );
        }
        let index = files.iter().find(|file| file.path == "index.html").unwrap();
        for (_, rest) in index
            .text
            .match_indices("href=\"")
            .map(|(at, _)| index.text.split_at(at + 6))
        {
            let link = rest.split(['"', '#']).next().unwrap();
            let link = if link.ends_with('/') {
                format!("{link}index.html")
            } else {
                link.to_owned()
            };
            let report = link.ends_with("report.html") || link.is_empty();
            assert!(
                report || paths.contains(&link.as_str()),
                "{link} is not in {paths:?}"
            );
        }
    }

    #[test]
    fn changes_come_first_and_reasons_stay_text() {
        let files = pages(&histories()).unwrap();
        let index = files.iter().find(|file| file.path == "index.html").unwrap();
        let at = |part: &str| index.text.find(part).unwrap();
        assert!(at("New violation") < at("id=\"_targets\""));
        assert!(index.text.contains("&lt;b&gt;cannot"), "{}", index.text);
        assert!(!index.text.contains("<b>cannot"));
        let feed = files.iter().find(|file| file.path == "feed.atom").unwrap();
        assert!(feed.text.contains("zot") && !feed.text.contains("<b>"));
    }
}
