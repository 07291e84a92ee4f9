//! What the page's script lists, filters and links, as data: rows are made when they are shown, so that the page of
//! hundreds of cases opens with few elements. `page.js` reads it.

use std::collections::HashMap;

use serde::Serialize;

use super::case;
use super::scripts::Scripts;
use super::tally::rank;
use crate::catalogue::Category;
use crate::record::{self, KEPT, RequirementResult, Run};
use crate::report::fix_first::Problem as Found;
use crate::report::{phrases, sanitize_line};
use crate::reproduce;

/// The data. A case is named by its position in `cases`, which is that of its evidence.
#[derive(Debug, Serialize)]
pub(super) struct Index {
    /// The command that runs a part of the suites against the target; `{id}` stands for the requirement or the case.
    command: String,
    /// The command that runs all of it.
    whole: String,
    /// The command that reproduces a case with curl; `{id}` stands for the case.
    reproduce: Option<String>,
    /// Whether the run deleted its content, so that a curl line may find it no longer.
    deletes: bool,
    cases: Vec<Case>,
    /// The cases of each suite.
    suites: Vec<Vec<usize>>,
    requirements: Vec<Requirement>,
    /// The requirements of each section.
    sections: Vec<Vec<usize>>,
    problems: Vec<Problem>,
    scripts: Scripts,
}

/// A case, as its row shows it.
#[derive(Debug, Serialize)]
struct Case {
    id: String,
    title: String,
    suite: String,
    verdict: &'static str,
    category: &'static str,
    features: Vec<String>,
    duration: String,
    /// How long it waited besides; empty where it did not.
    waited: String,
    section: String,
    link: String,
    /// A remark on the verdict: a baseline expects it, or the version that the case is new in.
    tag: String,
    /// Whether it counts.
    counts: bool,
    /// Whether it is run with all other cases alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    whole: bool,
}

#[derive(Debug, Serialize)]
struct Requirement {
    id: String,
    level: String,
    category: &'static str,
    says: String,
    section: String,
    link: String,
    /// What its level rests on, in a sentence, and why it has that level.
    basis: String,
    why: String,
    verdict: &'static str,
    cases: Vec<usize>,
}

/// A violated requirement, the checks that show it (case and position of the check), and the case to reproduce it with.
type Shown = (String, Vec<(usize, usize)>, Option<usize>);

/// A problem: what it violates; its cases, and those that it blocks.
#[derive(Debug, Serialize)]
struct Problem {
    findings: Vec<Shown>,
    cases: Vec<usize>,
    blocks: Vec<usize>,
}

impl Index {
    pub(super) fn of(run: &Run, problems: &[Found<'_>]) -> Self {
        let mut positions: HashMap<&str, usize> = HashMap::new();
        for (position, case) in case::in_order(run).enumerate() {
            positions.entry(&case.id).or_insert(position);
        }
        let sections = sections(run);
        let mut all = 0..;
        let sections_at = sections.iter();
        Self {
            command: line(&reproduce::judge_again(run, Some("{id}"))),
            deletes: run.target.has_scripts() && run.leftovers.iter().all(|one| one.reason != KEPT),
            whole: line(&reproduce::judge_again(run, None)),
            reproduce: phrases::reproduce_id(run, "{id}").map(|command| line(&command)),
            cases: cases(run),
            suites: suites(run),
            sections: sections_at
                .map(|(_, within)| all.by_ref().take(within.len()).collect())
                .collect(),
            requirements: sections
                .iter()
                .flat_map(|(_, within)| within)
                .map(|one| requirement(run, one, &positions))
                .collect(),
            problems: problems
                .iter()
                .map(|one| problem(one, &positions))
                .collect(),
            scripts: Scripts::of(run),
        }
    }

    /// As JSON that cannot end the element it stands in.
    pub(super) fn script(&self) -> Result<String, serde_json::Error> {
        Ok(serde_json::to_string(self)?.replace('<', "\\u003c"))
    }
}

/// The requirements by section, in the order of categories; in a section, what is to be acted on first.
pub(super) fn sections(run: &Run) -> Vec<((Category, &str), Vec<&RequirementResult>)> {
    let mut sections = indexmap::IndexMap::<_, Vec<&RequirementResult>>::new();
    for requirement in &run.requirements {
        let section = (requirement.category, requirement.section.as_str());
        sections.entry(section).or_default().push(requirement);
    }
    sections.sort_by(|(a, _), _, (b, _), _| a.cmp(b));
    for within in sections.values_mut() {
        within.sort_by_key(|result| rank(result.verdict));
    }
    sections.into_iter().collect()
}

fn line(text: &str) -> String {
    sanitize_line(text).into_owned()
}

fn cases(run: &Run) -> Vec<Case> {
    let counted = run.cases.len();
    let since = |position: usize| {
        let newer = position.checked_sub(counted)?;
        run.uncounted
            .get(newer)
            .map(|one| format!("since {}", one.since))
    };
    let all = case::in_order(run).enumerate();
    all.map(|(position, one)| row(run, one, since(position)))
        .collect()
}

fn row(run: &Run, case: &record::Case, since: Option<String>) -> Case {
    let known = case.known.as_ref();
    let tag = known.map(|known| if known.flaky { "flaky" } else { "known" }.to_owned());
    Case {
        id: line(&case.id),
        title: line(&case.title),
        suite: line(&case.suite),
        verdict: case.verdict.name(),
        category: case.category.name(),
        features: case.features.iter().map(|one| line(one)).collect(),
        duration: phrases::duration(case.duration_ms),
        waited: match case.waited_ms {
            0 => String::new(),
            waited => phrases::duration(waited),
        },
        section: phrases::section(&line(&case.section)),
        link: phrases::link(run, "", &case.section),
        counts: since.is_none(),
        whole: !reproduce::is_selectable(run, case),
        tag: line(&since.or(tag).unwrap_or_default()),
    }
}

/// The positions of the cases of each suite; newer cases stand last.
fn suites(run: &Run) -> Vec<Vec<usize>> {
    let mut positions = 0..;
    let suites = case::by_suite(run);
    let counted = suites.iter().map(|(_, cases)| cases.len());
    let sizes = counted.chain((!run.uncounted.is_empty()).then_some(run.uncounted.len()));
    sizes
        .map(|size| positions.by_ref().take(size).collect())
        .collect()
}

fn requirement(
    run: &Run,
    result: &RequirementResult,
    positions: &HashMap<&str, usize>,
) -> Requirement {
    let cases = result
        .cases
        .iter()
        .filter_map(|id| positions.get(id.as_str()));
    Requirement {
        id: line(&result.id),
        level: result.level.to_string(),
        category: result.category.name(),
        says: line(&result.says),
        section: phrases::section(&line(&result.section)),
        link: phrases::link(run, &result.link, &result.section),
        basis: line(&phrases::basis(result.level, &result.basis)),
        why: line(&result.why),
        verdict: result.verdict.name(),
        cases: cases.copied().collect(),
    }
}

fn problem(found: &Found<'_>, positions: &HashMap<&str, usize>) -> Problem {
    let at = |case: &record::Case| positions.get(case.id.as_str()).copied();
    let all = |cases: &[&record::Case]| cases.iter().filter_map(|case| at(case)).collect();
    let findings = found.findings.iter().map(|one| {
        let shown = one.evidence.iter().filter_map(|shown| {
            let mut checks = shown.case.checks.iter();
            let check = checks.position(|check| std::ptr::eq(check, shown.check))?;
            Some((at(shown.case)?, check))
        });
        (
            line(one.id),
            shown.collect(),
            one.reproducible().and_then(at),
        )
    });
    Problem {
        findings: findings.collect(),
        cases: all(&found.cases),
        blocks: all(&found.blocks),
    }
}
