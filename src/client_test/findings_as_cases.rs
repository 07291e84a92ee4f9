//! Findings as cases of the record.

use super::evidence::exchanges;
use super::judge::judge;
use super::rules::Rule;
use super::scenario::Scenario;
use super::trial::Trial;
use crate::catalogue::{Catalogue, Version};
use crate::record::{Answers, Case, Check, CheckVerdict, millis};
use crate::traffic::{Evidence, Finding, Observed};

/// What findings are judged by.
pub struct Judging<'a> {
    pub catalogue: &'a Catalogue,
    pub spec: Version,
}

/// Judges a trial by its scenario.
pub fn scenario_case(case: &mut Case, scenario: &Scenario, trial: &Trial, judging: &Judging<'_>) {
    case.duration_ms = millis(trial.duration);
    let mut shown = Vec::new();
    let mut idle = Vec::new();
    for (requirement, judgement) in &scenario.expect {
        let Some(level) = judging.catalogue.binding_level(requirement, judging.spec) else {
            case.notes.push(format!(
                "{requirement} is no obligation in {}",
                judging.spec
            ));
            continue;
        };
        let (verdict, evidence) = match judge(judgement, trial) {
            Finding::NotExercised(why) => {
                idle.push((requirement, why));
                continue;
            }
            Finding::Holds(evidence) => (CheckVerdict::Pass, evidence),
            Finding::Violated(evidence) => (CheckVerdict::broken(level), evidence),
        };
        shown.extend(evidence.at);
        let check = evidence.into_check(requirement, verdict, level, judging.catalogue);
        case.checks.push(check);
    }
    let mut idle = idle.into_iter();
    if case.checks.is_empty() {
        case.reason = idle.next().map(|(_, why)| why);
    }
    let idle = idle.map(|(requirement, why)| format!("{requirement} is not exercised: {why}"));
    case.notes.extend(idle);
    if let Some(last) = trial.commands.last() {
        let command = trial.wire.secrets.redactor.text(&last.command());
        case.notes.push(format!("{command}: {}", trial.ending()));
        case.notes.extend(
            trial
                .last_line()
                .map(|line| format!("the client says: {line}")),
        );
    }
    let printed: u64 = trial.commands.iter().map(|one| one.output_bytes).sum();
    if printed > MUCH {
        let mib = printed / (1024 * 1024);
        case.notes.push(format!(
            "the client printed {mib} MiB, of which the beginning and the end were read"
        ));
    }
    attach_exchanges(case, trial, &shown);
}

/// The bytes of output that are worth a note.
const MUCH: u64 = 1024 * 1024;

/// Adds the evidence of a trial, and leads the checks to it.
fn attach_exchanges(case: &mut Case, trial: &Trial, shown: &[usize]) {
    let (exchanges, positions) = exchanges(trial, shown);
    case.exchanges = exchanges;
    for check in &mut case.checks {
        check.exchange = check.exchange.and_then(|at| {
            let found = positions.iter().find(|(before, _)| *before == at);
            found.map(|(_, now)| *now)
        });
    }
}

/// Judges all trials by what is to hold in each of them.
pub fn observed_case(
    observed: &Observed<Rule>,
    trials: &[(String, &Trial)],
    judging: &Judging<'_>,
) -> Case {
    let mut case = observed.about.case();
    let Some(level) = judging
        .catalogue
        .binding_level(&observed.requirement, judging.spec)
    else {
        case.reason = Some(format!(
            "{} is no obligation in {}",
            observed.requirement, judging.spec
        ));
        return case;
    };
    let mut answers = Answers::default();
    let mut first: Option<(&Trial, CheckVerdict, Evidence)> = None;
    let mut holds: Option<(&Trial, CheckVerdict, Evidence)> = None;
    for (id, trial) in trials {
        match observed.rule.judge(trial) {
            Finding::NotExercised(_) => {}
            Finding::Holds(evidence) => {
                answers.asked += 1;
                holds = Some((trial, CheckVerdict::Pass, evidence));
            }
            Finding::Violated(evidence) => {
                answers.asked += 1;
                answers.broken += 1;
                answers.cases.push(id.clone());
                first.get_or_insert((trial, CheckVerdict::broken(level), evidence));
            }
        }
    }
    let Some((trial, verdict, evidence)) = first.or(holds) else {
        case.reason = Some("no request is one that it is about".to_owned());
        return case;
    };
    let shown: Vec<usize> = evidence.at.into_iter().collect();
    let check = evidence.into_check(&observed.requirement, verdict, level, judging.catalogue);
    case.checks.push(Check {
        answers: Some(answers),
        ..check
    });
    attach_exchanges(&mut case, trial, &shown);
    case
}
