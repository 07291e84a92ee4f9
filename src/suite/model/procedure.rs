use indexmap::IndexMap;

use super::{Action, Expectation, Step};
use crate::data::SourceSpan;
use crate::template::Template;

/// Steps that several cases, or the pushing of fixtures, share.
#[derive(Debug)]
pub struct Procedure {
    pub name: String,
    pub title: String,
    /// Whether its findings count as findings of the case that uses it.
    pub checks: bool,
    /// Its inputs with their defaults; an input without a default must be given.
    pub inputs: Vec<(String, Option<Template>)>,
    pub steps: Vec<Step>,
    /// The saved values that the caller gets.
    pub outputs: Vec<String>,
    pub span: SourceSpan,
}

impl Step {
    /// The expectations that count as the case's own: those of the step, of its branches, and of its procedure if
    /// that checks.
    pub fn expectations<'a>(
        &'a self,
        procedures: &'a IndexMap<String, Procedure>,
    ) -> Vec<&'a Expectation> {
        let mut all: Vec<&Expectation> = self.expect.iter().collect();
        let used = match &self.action {
            Action::Use { procedure, .. } => procedures.get(procedure),
            Action::Request(_) | Action::Paginate { .. } => None,
        };
        let checked = used.filter(|procedure| procedure.checks);
        let inside = checked.into_iter().flat_map(|procedure| &procedure.steps);
        let branches = self.then.iter().flat_map(|branch| &branch.steps);
        for step in inside.chain(branches) {
            all.extend(step.expectations(procedures));
        }
        all
    }
}
