//! Comparing runs: which requirements differ, which are broken everywhere, and which are met.

use indexmap::{IndexMap, IndexSet};

use super::model::{Cell, Column, Comparison, Group, Kind, Met, Row};
use super::named_run::NamedRun;
use super::titles::titles;
use crate::catalogue::{Category, Level};
use crate::record::{CategoryResult, Conformance, Counts, FeatureState, Run, Verdict};

/// Compares runs.
pub fn compare(runs: &[NamedRun<'_>]) -> Comparison {
    let columns: Vec<Column> = titles(runs)
        .into_iter()
        .zip(runs)
        .map(|(title, (_, _, run))| column(title, run))
        .collect();
    let of = |run: &'_ Run| (run.target.bundled, run.target.url.clone());
    let alike = runs.windows(2).all(|pair| match pair {
        [(_, _, a), (_, _, b)] => (a.target.bundled && b.target.bundled) || of(a) == of(b),
        _ => true,
    });
    let trend = alike || runs.len() == 2;
    let mut groups: IndexMap<Kind, Vec<Row>> = IndexMap::new();
    for row in rows(runs) {
        groups.entry(kind(&row, trend)).or_default().push(row);
    }
    groups.sort_keys();
    let groups = groups.into_iter().map(|(kind, mut rows)| {
        let mut sections = IndexSet::new();
        for row in &rows {
            sections.insert(row.section.clone());
        }
        rows.sort_by_key(|row| {
            (
                row.category,
                sections.get_index_of(&row.section),
                row.level(),
            )
        });
        let title = heading(kind, alike, &columns);
        Group { kind, title, rows }
    });
    Comparison {
        schema: "1".to_owned(),
        categories: categories(runs, |result| {
            result.map_or(Conformance::Inconclusive, |result| result.verdict)
        }),
        counts: categories(runs, |result| {
            result.map_or_else(Counts::default, |result| result.counts)
        }),
        features: features(runs),
        groups: groups.collect(),
        notes: notes(&columns),
        columns,
    }
}

fn column(title: String, run: &Run) -> Column {
    Column {
        title,
        target: run.target.url.clone(),
        spec: run.spec,
        tool: format!("{} {}", run.tool.name, run.tool.version),
        started: run.started.clone(),
        verdict: run.verdict,
        summary: run.summary,
        partial: run.partial || run.interrupted,
        must: Met::of(run, Level::Must),
        should: Met::of(run, Level::Should),
        report: None,
    }
}

/// Every requirement of a run, in the order of the runs.
fn rows(runs: &[NamedRun<'_>]) -> Vec<Row> {
    let mut rows: IndexMap<&str, Row> = IndexMap::new();
    for (position, (_, _, run)) in runs.iter().enumerate() {
        for result in &run.requirements {
            let row = rows.entry(&result.id).or_insert_with(|| Row {
                requirement: result.id.clone(),
                category: result.category,
                section: result.section.clone(),
                says: result.says.clone(),
                cells: vec![None; runs.len()],
            });
            let checks = run.cases.iter().flat_map(|case| {
                let violated = case
                    .checks
                    .iter()
                    .filter(|check| check.requirement == result.id && check.verdict.is_broken());
                violated.map(move |check| (case, check))
            });
            let shown: Vec<_> = checks.collect();
            let mut cases: Vec<String> = shown.iter().map(|(case, _)| case.id.clone()).collect();
            cases.dedup();
            if let Some(cell) = row.cells.get_mut(position) {
                *cell = Some(Cell {
                    verdict: result.verdict,
                    level: result.level,
                    cases,
                    message: shown
                        .first()
                        .map_or_else(String::new, |(_, check)| check.message.clone()),
                });
            }
        }
    }
    rows.into_values().collect()
}

fn kind(row: &Row, trend: bool) -> Kind {
    let verdict = |cell: &Option<Cell>| cell.as_ref().map(|cell| cell.verdict);
    let all: Vec<Option<Verdict>> = row.cells.iter().map(verdict).collect();
    let Some((last, earlier)) = all.split_last() else {
        return Kind::Same;
    };
    if earlier.iter().all(|one| one == last) {
        return Kind::Same;
    }
    let met = |verdict: &Option<Verdict>| {
        matches!(
            verdict,
            Some(Verdict::Pass | Verdict::Warn | Verdict::Unsupported)
        )
    };
    let violates = |verdict: &Option<Verdict>| *verdict == Some(Verdict::Fail);
    if trend && violates(last) && earlier.iter().any(met) {
        Kind::Regression
    } else if trend && met(last) && earlier.iter().any(violates) {
        Kind::Fix
    } else if !trend && all.iter().any(violates) {
        Kind::Split
    } else {
        Kind::Difference
    }
}

fn heading(kind: Kind, alike: bool, columns: &[Column]) -> String {
    let (first, last) = match columns {
        [first, .., last] => (first.title.as_str(), last.title.as_str()),
        _ => ("", ""),
    };
    match (kind, alike) {
        (Kind::Regression, true) => "Regressions".to_owned(),
        (Kind::Fix, true) => "Fixed".to_owned(),
        (Kind::Regression, false) => format!("Violated by {last}, met by {first}"),
        (Kind::Fix, false) => format!("Violated by {first}, met by {last}"),
        (Kind::Split, _) => "Violated by some".to_owned(),
        (Kind::Difference, _) => "Other differences".to_owned(),
        (Kind::Same, _) => "The same in all runs".to_owned(),
    }
}

/// Each category that a run tested, with a value for each column.
fn categories<T>(
    runs: &[NamedRun<'_>],
    value: fn(Option<&CategoryResult>) -> T,
) -> IndexMap<String, Vec<T>> {
    let of = |category: &Category| {
        let results = runs.iter().map(|(_, _, run)| run.categories.get(category));
        (category.title().to_owned(), results.map(value).collect())
    };
    let tested = |category: &&Category| {
        runs.iter().any(|(_, _, run)| {
            let result = run.categories.get(*category);
            result.is_some_and(|result| result.counts.total() > 0)
        })
    };
    let every: Vec<Category> = Category::every().collect();
    every.iter().filter(tested).map(of).collect()
}

fn features(runs: &[NamedRun<'_>]) -> IndexMap<String, Vec<Option<FeatureState>>> {
    let mut features = IndexMap::new();
    for (position, (_, _, run)) in runs.iter().enumerate() {
        for (id, state) in &run.features {
            let states = features
                .entry(id.clone())
                .or_insert_with(|| vec![None; runs.len()]);
            if let Some(slot) = states.get_mut(position) {
                *slot = Some(*state);
            }
        }
    }
    features
}

fn notes(columns: &[Column]) -> Vec<String> {
    let mut notes = Vec::new();
    for column in columns.iter().filter(|column| column.partial) {
        notes.push(format!(
            "{} is a partial run: a requirement that it did not test says nothing about the registry",
            column.title
        ));
    }
    let differ = |fact: fn(&Column) -> String| {
        let first = columns.first().map(fact);
        columns.iter().any(|column| Some(fact(column)) != first)
    };
    if differ(|column| column.spec.to_string()) {
        notes.push(
            "the runs use different versions of the specification: levels can differ, and a requirement that a version does not have is empty"
                .to_owned(),
        );
    }
    if differ(|column| column.tool.clone()) {
        notes.push("the runs use different versions of the tool: a requirement that only one of them tests is empty in the other".to_owned());
    }
    notes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::compare::{html, markdown, terminal};
    use crate::report::sample;
    use crate::report::terminal::OutputStyle;

    fn pair() -> Comparison {
        let run = |name: &str, run| (None, name.to_owned(), run);
        let mut later = sample::all_states();
        later.started = "2026-03-03T04:05:06Z".into();
        compare(&[run("a.json", &sample::all_pass()), run("b.json", &later)])
    }

    fn ids(comparison: &Comparison, kind: Kind) -> Vec<String> {
        let group = comparison.groups.iter().find(|group| group.kind == kind);
        let rows = group.into_iter().flat_map(|group| &group.rows);
        rows.map(|row| row.requirement.clone()).collect()
    }

    #[test]
    fn what_changed_comes_first() {
        let comparison = pair();
        let kinds: Vec<Kind> = comparison.groups.iter().map(|group| group.kind).collect();
        assert_eq!(kinds.first(), Some(&Kind::Regression));
        assert_eq!(kinds.last(), Some(&Kind::Same));
        assert!(ids(&comparison, Kind::Regression).contains(&"chunk-order".to_owned()));
        let titles: Vec<&str> = comparison
            .columns
            .iter()
            .map(|one| one.title.as_str())
            .collect();
        assert_eq!(titles, ["2026-02-03 04:05:06", "2026-03-03 04:05:06"]);
    }

    #[test]
    fn columns_that_nothing_tells_apart_are_named_by_their_files() {
        let passed = sample::all_pass();
        let run = |name: &str| (None, name.to_owned(), &passed);
        let comparison = compare(&[run("a.json"), run("b.json")]);
        let titles: Vec<&str> = comparison
            .columns
            .iter()
            .map(|one| one.title.as_str())
            .collect();
        assert_eq!(titles, ["a.json", "b.json"]);
        assert_eq!(comparison.groups.len(), 1);
    }

    #[test]
    fn a_comparison_keeps_its_schema_and_is_read_back() {
        let comparison = pair();
        let value = serde_json::to_value(&comparison).unwrap();
        let schema = crate::data::schema_of::<Comparison>();
        assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&value));
        let again: Comparison = serde_json::from_value(value).unwrap();
        assert_eq!(again, comparison);
    }

    #[test]
    fn every_row_of_a_table_in_markdown_has_a_cell_for_each_run() {
        let comparison = pair();
        let bars = comparison.columns.len() + 2;
        let text = markdown(&comparison);
        for row in text.lines().filter(|line| line.starts_with('|')) {
            assert_eq!(row.matches('|').count(), bars, "{row}");
        }
    }

    #[test]
    fn what_a_target_sent_stays_text_in_every_view() {
        let comparison = pair();
        let page = html(&comparison, None).unwrap();
        assert!(page.contains("chunk-order") && !page.contains("<script>alert"));
        for outside in ["src=", "<link", "@import", "url(", "fetch("] {
            assert!(!page.contains(outside), "{outside}");
        }
        for text in [
            page,
            markdown(&comparison),
            terminal(&comparison, &OutputStyle::default()),
        ] {
            assert!(!text.contains('\u{202e}') && !text.contains('\u{1b}'));
            assert!(text.contains("chunk-order"));
        }
    }
}
