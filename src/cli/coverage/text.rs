//! Coverage for a person: a table, and each requirement with its cases and faults.

use std::fmt::Write as _;

use crate::catalogue::{Category, Coverage, Covered, Party, Version};

/// The table, if requested, and the requirements by category.
pub fn text(coverage: &Coverage, versions: &[Version], with_table: bool) -> String {
    let mut out = match with_table {
        true => table(coverage, versions) + "\n",
        false => String::new(),
    };
    for category in Category::every() {
        let of = coverage.requirements.iter();
        let of: Vec<&Covered> = of.filter(|one| one.category == category).collect();
        if of.is_empty() {
            continue;
        }
        let _ = writeln!(out, "{}", category.title());
        for one in of {
            requirement(&mut out, one);
        }
        out.push('\n');
    }
    out
}

fn table(coverage: &Coverage, versions: &[Version]) -> String {
    let mut out = String::new();
    let [tested, mutation] = ["tested", "mutation"];
    let _ = writeln!(
        out,
        "{:<27}{:<24}{:<24}not",
        "Requirements on registries", "MUST", "SHOULD"
    );
    let _ = writeln!(
        out,
        "{:<27}{tested:<12}{mutation:<12}{tested:<12}{mutation:<12}observable\n",
        "(mutation: with a fault)"
    );
    for category in coverage.rows() {
        for version in versions {
            let tally = coverage.tally(category, *version);
            let name = category.map_or("All", Category::title);
            let [must, should] = [tally.must, tally.should].map(|share| {
                let tested = format!("{}/{}", share.tested, share.all);
                let mutation = format!("{}/{}", share.mutation_tested, share.all);
                format!("{tested:<12}{mutation:<12}")
            });
            let _ = writeln!(
                out,
                "  {name:<20}{version:<5}{must}{should}{}",
                tally.unobservable,
            );
        }
    }
    out
}

fn requirement(out: &mut String, one: &Covered) {
    let levels: Vec<String> = one
        .levels
        .iter()
        .map(|(version, level)| format!("{version} {level}"))
        .collect();
    let _ = writeln!(out, "  {}  ({})", one.id, levels.join(", "));
    let mut line = |what: &str, names: &str| {
        let _ = writeln!(out, "    {what:<12}{names}");
    };
    if let Some(why) = &one.unobservable {
        return line("not visible", why);
    }
    if one.cases.is_empty() {
        return match one.party {
            Party::Client => line("binds", "clients"),
            Party::Registry => line("permits", "it cannot be violated"),
        };
    }
    let mut cases: Vec<&str> = Vec::new();
    for case in one.cases.values().flatten() {
        if !cases.contains(&case.as_str()) {
            cases.push(case);
        }
    }
    match (cases.is_empty(), &one.untested) {
        (false, _) => line("tested by", &cases.join(", ")),
        (true, Some(why)) => line("not tested", why),
        (true, None) => line("not tested", "no case tests it"),
    }
    match (one.faults.is_empty(), &one.unfaulted) {
        (false, _) => line("faults", &one.faults.join(", ")),
        (true, Some(why)) => line("no fault", why),
        (true, None) => line("no fault", "no fault violates it"),
    }
}
