//! Which registries are tested: the strict one, permitted variants, faults; together or alone.

use super::SelfTestArgs;
use super::registry_trial::RegistryTrial;
use crate::catalogue::Version;
use crate::cli::CliError;
use crate::registry::{self, Fault};
use crate::suite::Suites;

/// All registries to test, or those of `--only`.
///
/// # Errors
/// A name that `--only` has and no registry, or a fault without a requirement in the catalogue.
pub fn trials(args: &SelfTestArgs, suites: &Suites) -> Result<Vec<RegistryTrial>, CliError> {
    let mut trials: Vec<RegistryTrial> = Version::ALL.map(RegistryTrial::Strict).to_vec();
    let mut turns = Version::ALL.into_iter().cycle();
    for variant in registry::variants() {
        let mut versions: Vec<Version> = Version::ALL
            .into_iter()
            .filter(|version| variant.is_permitted_in(version.name()))
            .collect();
        if !args.thorough {
            // Of the versions that permit it, one: each has its turn.
            let turn = turns.by_ref().find(|turn| versions.contains(turn));
            versions.retain(|version| Some(*version) == turn);
        }
        trials.extend(
            versions
                .into_iter()
                .map(|version| RegistryTrial::Permitted(variant, version)),
        );
    }
    if args.faults {
        for fault in registry::faults() {
            trials.push(RegistryTrial::Faulty(fault, judged_in(fault, suites)?));
        }
    }
    if !args.only.is_empty() {
        trials.retain(|trial| args.only.iter().any(|only| trial.id() == only));
        if trials.is_empty() {
            return Err(CliError::usage(format!(
                "there is no fault or variant `{}`: `assay list faults variants` lists them",
                args.only.join("`, `")
            )));
        }
    }
    Ok(trials)
}

/// Groups the trials by registry: one alone, or up to `together` permitted variants of a version.
pub fn batches(trials: Vec<RegistryTrial>, together: usize) -> Vec<Vec<RegistryTrial>> {
    let joins = |trial: &RegistryTrial| matches!(trial, RegistryTrial::Permitted(variant, _) if !variant.read_only);
    let (permitted, alone): (Vec<RegistryTrial>, Vec<RegistryTrial>) =
        trials.into_iter().partition(joins);
    let mut batches = Vec::new();
    for version in Version::ALL {
        let permitted = permitted.iter().filter(|trial| trial.version() == version);
        let permitted: Vec<RegistryTrial> = permitted.copied().collect();
        let count = permitted.len().div_ceil(together);
        // Neighbouring variants concern the same requests, and would hide each other.
        let batch = |first| {
            permitted
                .iter()
                .skip(first)
                .step_by(count)
                .copied()
                .collect()
        };
        batches.extend((0..count).map(batch));
    }
    batches.extend(alone.into_iter().map(|trial| vec![trial]));
    batches
}

/// The version to test a fault in: the first by preference in which a requirement that the fault violates binds.
fn judged_in(fault: &'static Fault, suites: &Suites) -> Result<Version, CliError> {
    Version::by_preference()
        .into_iter()
        .find(|version| {
            let mut violated = fault.violates.iter();
            violated.any(|id| suites.catalogue.binding_level(id, *version).is_some())
        })
        .ok_or_else(|| {
            CliError::usage(format!(
                "the fault `{}` violates no requirement of the catalogue: {}",
                fault.id,
                fault.violates.join(", ")
            ))
        })
}
