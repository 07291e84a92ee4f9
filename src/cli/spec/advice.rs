//! What to do about a difference between two texts of the specification.

use crate::catalogue::{Difference, Earlier, Passage, Requirement, keywords};

const NOTHING: &str = "nothing: the catalogue has this sentence";

pub(super) fn advice(difference: &Difference<'_>) -> String {
    match difference {
        Difference::Changed { cited_by, .. } | Difference::New { cited_by, .. }
            if !cited_by.is_empty() =>
        {
            NOTHING.to_owned()
        }
        Difference::Changed {
            passage,
            old,
            requirements,
            ..
        } => changed(passage, old, requirements),
        Difference::Moved { passage, .. } => format!(
            "check that the requirements still match, then cite {}@{}",
            passage.fingerprint, passage.section
        ),
        Difference::New { passage, .. } => to_add(passage),
        Difference::Removed { requirements, .. } if requirements.is_empty() => {
            "nothing: no requirement cites the sentence".to_owned()
        }
        Difference::Removed { .. } => "if the specification no longer demands this, state the level `none` for the version in the requirements; otherwise cite another sentence".to_owned(),
        Difference::Section {
            renamed: Some(renamed),
            ..
        } => format!("name the section `{renamed}` in the requirements"),
        Difference::Section { renamed: None, .. } => {
            "name the new section in the requirements".to_owned()
        }
    }
}

fn changed(passage: &Passage, old: &Earlier, requirements: &[&Requirement]) -> String {
    if requirements.is_empty() {
        return to_add(passage);
    }
    let what = match &old.keywords {
        Some(known) if *known != keywords(&passage.words) => {
            "the requirements, their levels and their cases"
        }
        _ => "the requirements and their cases",
    };
    format!(
        "check that {what} still match the sentence, then replace {} with {}",
        old.citation.fingerprint, passage.fingerprint
    )
}

fn to_add(passage: &Passage) -> String {
    let fingerprint = &passage.fingerprint;
    match passage.binds {
        true => format!(
            "add a requirement with {fingerprint}, or, if the sentence is not an obligation, add it to not-obligations.yaml with the reason"
        ),
        false => format!("if the sentence binds registries, add a requirement with {fingerprint}"),
    }
}
