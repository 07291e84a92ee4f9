//! The requirements that a case tests, and the features that it needs or decides.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::model::{Case, Procedure, Step};

impl Case {
    /// The ids of the requirements that it tests, without duplicates, in the order of the steps.
    pub fn requirements<'a>(&'a self, procedures: &'a IndexMap<String, Procedure>) -> Vec<&'a str> {
        let mut found = Vec::new();
        for expectation in self
            .steps
            .iter()
            .flat_map(|step| step.expectations(procedures))
        {
            if !found.contains(&expectation.requirement.as_str()) {
                found.push(expectation.requirement.as_str());
            }
        }
        found
    }

    /// The features that it needs or that one of its responses can decline, without duplicates.
    pub fn features(&self) -> Vec<String> {
        let mut found = self.needed_features();
        found.extend(self.declinable().into_iter().map(str::to_owned));
        let mut seen = std::collections::HashSet::new();
        found.retain(|feature| seen.insert(feature.clone()));
        found
    }

    /// The features that the target may decline in it: by a refused setup, or by a response to one of its steps.
    pub fn declinable(&self) -> BTreeSet<&str> {
        let setup = self.setup.iter();
        let mut found: BTreeSet<&str> = setup.filter_map(|one| one.declines.as_deref()).collect();
        found.extend(self.declinable_by_steps());
        found
    }

    /// The features that the target may decline by a response to one of its steps.
    pub fn declinable_by_steps(&self) -> BTreeSet<&str> {
        let mut found = BTreeSet::new();
        declinable(&self.steps, &mut found);
        found
    }

    /// Its steps, divided after the last in which the target may decline a feature.
    pub fn steps_by_features(&self) -> (&[Step], &[Step]) {
        let declines = |step: &Step| {
            let mut found = BTreeSet::new();
            declinable(std::slice::from_ref(step), &mut found);
            !found.is_empty()
        };
        let asking = self.steps.iter().rposition(declines);
        let asking = asking.map_or(0, |last| last + 1);
        self.steps.split_at(asking)
    }

    /// The features that it needs, with the values of `each` filled in.
    pub fn needed_features(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for need in &self.needs {
            let need = need.source();
            let each = self.each.iter();
            let chosen: Vec<String> = each
                .filter(|(name, _)| need.contains(&format!("{{{name}}}")))
                .flat_map(|(name, values)| {
                    values
                        .iter()
                        .map(move |value| need.replace(&format!("{{{name}}}"), value))
                })
                .collect();
            match chosen.is_empty() {
                true => found.push(need.to_owned()),
                false => found.extend(chosen),
            }
        }
        found
    }
}

fn declinable<'a>(steps: &'a [Step], into: &mut BTreeSet<&'a str>) {
    for step in steps {
        into.extend(step.declined.iter().map(|(feature, _)| feature.as_str()));
        for branch in &step.then {
            into.extend(branch.declines.as_deref());
            declinable(&branch.steps, into);
        }
    }
}
