//! Checks that need all suites: ids that are taken, features that no case decides, definitions that no case uses.

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;

use super::compile::Used;
use super::model::{Feature, Procedure, Suite};
use crate::data::{Diagnostic, Diagnostics, SourceSpan};
use crate::fixture::Fixtures;

/// Reports an id that two cases or invariants have.
pub(super) fn check_ids(suites: &[Suite], diagnostics: &mut Diagnostics) {
    let mut seen: HashMap<&str, &SourceSpan> = HashMap::new();
    for suite in suites {
        let cases = suite.cases.iter().map(|case| (&case.id, &case.span));
        let invariants = suite.invariants.iter().map(|inv| (&inv.id, &inv.span));
        for (id, span) in cases.chain(invariants) {
            if let Some(first) = seen.insert(id, span) {
                let message = format!("the id `{id}` is taken");
                let first = format!("by {}, line {}", first.file(), first.line());
                let diagnostic = span.at("id").diagnostic(message).help(first);
                diagnostics.list.push(diagnostic);
            }
        }
    }
}

/// Reports a feature that a case needs and no case decides.
pub(super) fn check_probes(
    suites: &[Suite],
    features: &IndexMap<String, Feature>,
    diagnostics: &mut Diagnostics,
) {
    let mut decided = HashSet::new();
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        decided.extend(case.declinable());
    }
    for case in suites.iter().flat_map(|suite| &suite.cases) {
        for need in case.needed_features() {
            let undecided = features
                .get(&need)
                .filter(|feature| !feature.always && !decided.contains(feature.id.as_str()));
            if let Some(feature) = undecided {
                let message = format!("no case finds out about `{}`", feature.id);
                let span = case.span.at("needs");
                diagnostics.list.push(
                    span.diagnostic(message)
                        .help("one must have it under `declined`"),
                );
            }
        }
    }
}

/// Reports fixtures, procedures and features that no case uses.
pub(super) fn unused(
    used: &Used,
    fixtures: &Fixtures,
    procedures: &IndexMap<String, Procedure>,
    features: &IndexMap<String, Feature>,
) -> Vec<Diagnostic> {
    let parts: HashSet<&str> = fixtures.parts_used();
    let idle = |what: &str, name: &str, span: &SourceSpan| {
        span.diagnostic(format!("nothing uses the {what} `{name}`"))
    };
    let mut unused = Vec::new();
    for (name, fixture) in fixtures.iter() {
        if !used.fixtures.contains(name) && !parts.contains(name) {
            unused.push(idle("fixture", name, &fixture.span));
        }
    }
    for (name, procedure) in procedures {
        let pushes = crate::suite::PUSHES.contains(&name.as_str());
        if !used.procedures.contains(name) && !pushes {
            unused.push(idle("procedure", name, &procedure.span));
        }
    }
    for (name, feature) in features {
        if !used.features.contains(name) {
            unused.push(idle("feature", name, &feature.span));
        }
    }
    unused
}
