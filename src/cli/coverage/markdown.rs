//! Coverage as the table of docs/coverage.md.

use std::fmt::Write as _;

use crate::catalogue::{Category, Coverage, Covered, Share, Version};

/// The table, and the reasons for the gaps.
pub fn markdown(coverage: &Coverage, versions: &[Version]) -> String {
    let mut out = String::from(
        "| Category | Version | MUST tested | mutation-tested | SHOULD tested | mutation-tested | not observable |\n|---|---|---|---|---|---|---|\n",
    );
    for category in coverage.rows() {
        for (index, version) in versions.iter().enumerate() {
            let tally = coverage.tally(category, *version);
            let name = match index {
                0 => category.map_or("All", Category::title),
                _ => "",
            };
            let _ = writeln!(
                out,
                "| {name} | {version} | {} | {} | {} | {} | {} |",
                tested(tally.must),
                mutation_tested(tally.must),
                tested(tally.should),
                mutation_tested(tally.should),
                tally.unobservable,
            );
        }
    }
    let list = |title: &str, why: &dyn Fn(&Covered) -> Option<&String>| {
        let reasons = coverage.requirements.iter();
        let reasons = reasons.filter(|one| one.standing.values().any(|s| s.binds_registry()));
        let lines: Vec<String> = reasons
            .filter_map(|one| Some(format!("- `{}`: {}\n", one.id, why(one)?)))
            .collect();
        match lines.is_empty() {
            true => String::new(),
            false => format!("\n{title}:\n\n{}", lines.concat()),
        }
    };
    out.push_str(&list("Not observable", &|one| one.unobservable.as_ref()));
    out.push_str(&list("Not tested", &|one| one.untested.as_ref()));
    out.push_str(&list("Not mutation-tested", &|one| one.unfaulted.as_ref()));
    out
}

fn tested(share: Share) -> String {
    of(share.tested, share.all)
}

fn mutation_tested(share: Share) -> String {
    of(share.mutation_tested, share.all)
}

fn of(part: usize, all: usize) -> String {
    match all {
        0 => "–".to_owned(),
        _ => format!("{part} of {all}"),
    }
}
