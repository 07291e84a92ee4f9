//! The plan of a run: cases with their values, chosen and in order.

use std::collections::HashSet;
use std::sync::Arc;

use super::instance::{Instance, instances};
use super::probes::{ProbeCases, probes};
use super::selection::{Pattern, Selected, Selection};
use crate::catalogue::{Category, Version};
use crate::suite::{PUSHING, Suites};

/// What will be run.
#[derive(Debug)]
pub struct Plan {
    /// The cases to run, in the order of the suites.
    pub chosen: Vec<Instance>,
    /// The cases that the user left out.
    pub left_out: Vec<Instance>,
    /// For each feature, the chosen case that probes it.
    pub probes: ProbeCases,
    /// Whether the invariants are reported.
    pub invariants: bool,
    /// Whether the user left something out.
    pub partial: bool,
}

impl Plan {
    /// Whether a chosen case pushes content.
    pub fn pushes(&self) -> bool {
        let mut chosen = self.chosen.iter();
        chosen.any(|instance| {
            let writes = instance.features.iter().any(|one| one == PUSHING);
            writes || instance.case.builds()
        })
    }
}

/// Nothing to run.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The selection leaves nothing.
    #[error("{}", self.sentence(&typed))]
    Nothing {
        /// The selection.
        selected: Vec<Selected>,
        /// Whether a misspelt pattern of `--only` means another name: "did you mean `tags-n`?".
        question: Option<String>,
    },
    /// What is selected is left out again.
    #[error("{}", self.sentence(&typed))]
    LeftOut {
        /// The selection without the patterns of `--skip`.
        selected: Vec<Selected>,
        /// The patterns of `--skip`.
        skipped: Vec<Selected>,
    },
    /// What is selected exists in other versions of the specification only.
    #[error("{}", self.sentence(&typed))]
    OtherVersion {
        /// The selection.
        selected: Vec<Selected>,
        /// The version that was to be tested.
        spec: Version,
        /// The versions that have what is selected. Never empty.
        others: Vec<Version>,
    },
    /// The suites have no case for this version.
    #[error("{}", self.sentence(&typed))]
    Empty(Version),
}

/// An option with a value, as it is typed.
fn typed(option: &str, value: &str) -> String {
    format!("--{option} {value}")
}

impl PlanError {
    /// Why nothing is selected; `named` says where an option has its value.
    pub fn sentence(&self, named: &dyn Fn(&str, &str) -> String) -> String {
        match self {
            Self::Nothing { selected, question } => format!(
                "nothing is selected: no case matches {}{}. `assay list` shows the ids, suites and sections that --only takes",
                in_words(selected, named),
                in_brackets(question.as_deref())
            ),
            Self::LeftOut { selected, skipped } => {
                let of = match selected.is_empty() {
                    true => String::new(),
                    false => format!(" of {}", in_words(selected, named)),
                };
                let skipped = in_words(skipped, named);
                format!("nothing is selected: {skipped} leaves out every case{of}")
            }
            Self::OtherVersion {
                selected,
                spec,
                others,
            } => format!(
                "nothing is selected: {} matches no case of version {spec} of the specification, but cases of {}: add --spec {}",
                in_words(selected, named),
                list(others),
                others.first().map_or("", |one| one.name())
            ),
            Self::Empty(spec) => {
                format!("the suites have no case for version {spec} of the specification")
            }
        }
    }
}

fn in_words(selected: &[Selected], named: &dyn Fn(&str, &str) -> String) -> String {
    let words = selected.iter().map(|one| match one.option {
        Some(option) => named(option, &one.value),
        None => one.value.clone(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Plans a run.
///
/// # Errors
/// When nothing is left to run.
pub fn plan(suites: &Suites, spec: Version, selection: &Selection) -> Result<Plan, PlanError> {
    let all = instances(suites, spec);
    if all.is_empty() {
        return Err(PlanError::Empty(spec));
    }
    let probes = probes(&all, selection.as_of);
    let mut ids: HashSet<Arc<str>> = HashSet::new();
    ids.extend(
        all.iter()
            .filter(|one| selection.chooses(one))
            .map(|one| one.id.clone()),
    );
    if let Some(pattern) = unmatched(suites, &all, selection) {
        return Err(PlanError::Nothing {
            selected: vec![Selected::new("only", pattern)],
            question: pattern.did_you_mean(&all),
        });
    }
    if ids.is_empty() {
        return Err(nothing(suites, spec, selection));
    }
    for feature in &selection.find_out {
        ids.extend(deciding(feature, &all, &probes));
    }
    add_probes(&mut ids, &all, &probes);
    let (mut chosen, mut left_out) = (Vec::new(), Vec::new());
    for instance in all {
        if ids.contains(&instance.id) {
            chosen.push(instance);
        } else if !instance.case.category.is_extra() && !instance.is_newer_than(selection.as_of) {
            left_out.push(instance);
        }
    }
    let chosen_ids: HashSet<&str> = chosen.iter().map(|instance| &*instance.id).collect();
    let probes = probes
        .into_iter()
        .filter(|(_, id)| chosen_ids.contains(&**id))
        .collect();
    Ok(Plan {
        probes,
        invariants: selection.only.is_empty()
            && selection.takes_invariants(suites)
            && (selection.categories.is_empty()
                || selection.categories.contains(&Category::Everywhere)),
        chosen,
        left_out,
        partial: selection.is_partial(),
    })
}

/// A pattern of `--only` that matches no case of any version: probably mistyped.
fn unmatched<'a>(
    suites: &Suites,
    all: &[Instance],
    selection: &'a Selection,
) -> Option<&'a Pattern> {
    let here = |pattern: &&Pattern| !all.iter().any(|one| pattern.matches(one));
    let missing: Vec<&Pattern> = selection.only.iter().filter(here).collect();
    missing.into_iter().find(|pattern| {
        let anywhere = |version: Version| {
            let other = instances(suites, version);
            other.iter().any(|one| pattern.matches(one))
        };
        !Version::ALL.into_iter().any(anywhere)
    })
}

/// Why nothing is selected: other versions may have the cases.
fn nothing(suites: &Suites, spec: Version, selection: &Selection) -> PlanError {
    let selected = selection.describe();
    if !selection.skip.is_empty() {
        let unskipped = Selection {
            skip: Vec::new(),
            ..selection.clone()
        };
        let mut all = instances(suites, spec).into_iter();
        if all.any(|one| unskipped.chooses(&one)) {
            let skipped = selection.skip.iter();
            return PlanError::LeftOut {
                selected: unskipped.describe(),
                skipped: skipped.map(|one| Selected::new("skip", one)).collect(),
            };
        }
    }
    let has = |version: &Version| {
        let all = instances(suites, *version);
        all.iter().any(|one| selection.chooses(one))
    };
    let others = Version::ALL.into_iter().filter(|other| *other != spec);
    let others: Vec<Version> = others.filter(has).collect();
    match others.is_empty() {
        true => PlanError::Nothing {
            selected,
            question: None,
        },
        false => PlanError::OtherVersion {
            selected,
            spec,
            others,
        },
    }
}

fn in_brackets(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!(" ({text})"))
}

/// "version 1.0", "versions 1.0 and dev".
fn list(versions: &[Version]) -> String {
    let names: Vec<&str> = versions.iter().map(|one| one.name()).collect();
    let of = if names.len() == 1 {
        "version"
    } else {
        "versions"
    };
    format!("{of} {}", names.join(" and "))
}

/// The cases that show whether the target supports a feature: its probe, or without one in this version, every case about
/// it. A selection must not change the answer.
fn deciding(feature: &str, all: &[Instance], probes: &ProbeCases) -> Vec<Arc<str>> {
    if let Some(probe) = probes.get(feature) {
        return vec![probe.clone()];
    }
    let about = all.iter().filter(|one| {
        !one.case.category.is_extra() && one.features.iter().any(|known| known == feature)
    });
    about.map(|one| one.id.clone()).collect()
}

/// Adds the probes of the features that the cases need, and of those that these probes need.
fn add_probes(ids: &mut HashSet<Arc<str>>, all: &[Instance], probes: &ProbeCases) {
    loop {
        let chosen = all.iter().filter(|one| ids.contains(&one.id));
        let needs = chosen.flat_map(|one| &one.needs);
        let missing: Vec<Arc<str>> = needs
            .filter_map(|need| probes.get(need))
            .filter(|probe| !ids.contains(*probe))
            .cloned()
            .collect();
        if missing.is_empty() {
            return;
        }
        ids.extend(missing);
    }
}
