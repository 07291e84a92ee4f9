//! The record of a run that ended before its first case.

use super::clock::Clock;
use super::run::target_of;
use crate::catalogue::Category;
use crate::engine::plan::Plan;
use crate::engine::settings::Settings;
use crate::record::{self, Case, Run, RunFacts, Stop, Target};

/// The suite, and the case, that say why a run ended before its first case.
const PREFLIGHT: &str = "preflight";

/// What the record of a run says before the target was reached.
pub struct NotStarted {
    clock: Clock,
    settings: Settings,
    target: Target,
    planned: usize,
    partial: bool,
}

impl NotStarted {
    /// Of a run of this plan against the target at this URL, which begins now.
    pub fn new(settings: &Settings, url: &str, plan: &Plan) -> Self {
        Self {
            clock: Clock::start(),
            settings: settings.clone(),
            target: target_of(settings, url.trim_end_matches('/').to_owned()),
            planned: plan.chosen.len(),
            partial: plan.partial,
        }
    }

    /// The record: one case in error, which says why no case was run.
    pub fn record(self, why: &str) -> Run {
        let title = "The target answers and grants the access that the run needs";
        let mut case = Case::new(PREFLIGHT, PREFLIGHT, Category::Everywhere, title, "");
        case.stopped = Some(Stop::Error(why.to_owned()));
        case.duration_ms = self.clock.elapsed();
        let mut cases = [case];
        record::attribute(&mut cases);
        let cases = Vec::from(cases);
        let planned = match self.planned {
            1 => "1 selected case was not run".to_owned(),
            planned => format!("{planned} selected cases were not run"),
        };
        let facts = RunFacts {
            target: self.target,
            spec: self.settings.spec,
            seed: self.settings.seed,
            started: self.clock.started(),
            duration_ms: self.clock.elapsed(),
            partial: self.partial,
            interrupted: false,
        };
        Run {
            notes: vec![format!("The run ended before its first case: {planned}")],
            as_of: self.settings.as_of.map(|as_of| as_of.to_string()),
            ..Run::of(facts, true, Vec::new(), cases)
        }
    }
}
