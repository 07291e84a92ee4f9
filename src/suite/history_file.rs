//! The file of the ids that each version of the suites added, compared with the suites.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::Deserialize;

use super::{History, SuiteVersion};
use crate::data::{Diagnostic, Loaded, SourceSpan};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryFile {
    /// The ids that each version added.
    versions: IndexMap<SuiteVersion, Vec<String>>,
}

/// Reports cases and invariants whose `since` is not the version in the file, and ids of the file that do not exist.
pub(super) fn check_history<'a>(
    known: impl Iterator<Item = (&'a String, &'a History, &'a SourceSpan)>,
    file: &Loaded<HistoryFile>,
) -> Vec<Diagnostic> {
    let versions = &file.value.versions;
    let added: IndexMap<&str, SuiteVersion> = versions
        .iter()
        .flat_map(|(version, ids)| ids.iter().map(|id| (id.as_str(), *version)))
        .collect();
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for (id, history, span) in known {
        seen.insert(id.as_str());
        found.extend(wrong_since(id, history.since, added.get(id.as_str()), span));
    }
    for (version, ids) in versions {
        for (index, id) in ids.iter().enumerate() {
            if !seen.contains(id.as_str()) {
                let span = file.span.at("versions").at(version.to_string()).at(index);
                let message = format!("no case or invariant has the id `{id}`");
                found.push(span.diagnostic(message).help("ids never change"));
            }
        }
    }
    found
}

fn wrong_since(
    id: &str,
    since: SuiteVersion,
    added: Option<&SuiteVersion>,
    span: &SourceSpan,
) -> Option<Diagnostic> {
    let latest = SuiteVersion::LATEST;
    let (message, help) = match added {
        Some(added) if *added == since => return None,
        Some(added) => (
            format!("version {added} of the suites added `{id}`, not {since}"),
            format!("write `since: {added}`"),
        ),
        None if since > SuiteVersion::FIRST => return None,
        None => (
            format!("`{id}` is new and has no `since`"),
            format!("add `since: {latest}`"),
        ),
    };
    let key = if since == SuiteVersion::FIRST {
        "id"
    } else {
        "since"
    };
    Some(span.at(key).diagnostic(message).help(help))
}
