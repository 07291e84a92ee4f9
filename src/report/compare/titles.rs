//! Titles of the columns.

use super::named_run::NamedRun;
use crate::record::Run;
use crate::report::sanitize_line;

/// A title for each run: the name that the user gave it, or what differs among them.
pub(super) fn titles(runs: &[NamedRun<'_>]) -> Vec<String> {
    let facts: [fn(&Run) -> String; 4] = [
        |run| match run.target.bundled {
            true => "bundled registry".to_owned(),
            false => {
                let url = &run.target.url;
                url.split_once("://")
                    .map_or(url.as_str(), |(_, host)| host)
                    .to_owned()
            }
        },
        |run| format!("spec {}", run.spec),
        |run| format!("{} {}", run.tool.name, run.tool.version),
        |run| run.started.replace('T', " ").replace('Z', ""),
    ];
    let first = runs.first().map(|(_, _, run)| *run);
    let differs = |fact: &fn(&Run) -> String| {
        let one = first.map(fact);
        runs.iter().any(|(_, _, run)| Some(fact(run)) != one)
    };
    let mut telling: Vec<fn(&Run) -> String> = facts.into_iter().filter(differs).collect();
    // A date tells runs of one registry apart, and is not needed next to another difference.
    if telling.len() > 1 {
        let unique = |facts: &[fn(&Run) -> String]| {
            let all = runs.iter().map(|(_, _, run)| joined(run, facts));
            let all: std::collections::HashSet<String> = all.collect();
            all.len() == runs.len()
        };
        while telling.len() > 1 && unique(telling.get(..telling.len() - 1).unwrap_or_default()) {
            telling.pop();
        }
    }
    let mut titles: Vec<String> = Vec::new();
    for (name, file, run) in runs {
        let title = name.clone().unwrap_or_else(|| joined(run, &telling));
        let title = match title.is_empty() || titles.contains(&title) {
            true => file.clone(),
            false => title,
        };
        titles.push(sanitize_line(&title).into_owned());
    }
    titles
}

fn joined(run: &Run, facts: &[fn(&Run) -> String]) -> String {
    let parts: Vec<String> = facts.iter().map(|fact| fact(run)).collect();
    parts.join(", ")
}
