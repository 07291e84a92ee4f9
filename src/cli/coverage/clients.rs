//! The coverage of the requirements on clients, by scenarios.

use std::fmt::Write as _;

use serde_json::json;

use crate::catalogue::{Catalogue, Category, Level, Party, Requirement, Version};
use crate::client_test::Scenarios;

/// The requirements on clients that the filters leave, with the scenarios that test them.
pub struct ClientCoverage<'a> {
    pub catalogue: &'a Catalogue,
    pub scenarios: &'a Scenarios,
    pub versions: &'a [Version],
    pub shows: &'a dyn Fn(&Requirement) -> bool,
    /// Whether only those without a scenario are shown.
    pub missing: bool,
}

impl ClientCoverage<'_> {
    fn requirements(&self) -> impl Iterator<Item = (&Requirement, Vec<String>)> {
        let bound = self
            .catalogue
            .iter()
            .filter(|one| one.party == Party::Client);
        let shown = bound.filter(|one| (self.shows)(one));
        let tested = shown.map(|one| (one, self.scenarios.testing(&one.id)));
        tested.filter(|(one, tests)| !self.missing || (tests.is_empty() && is_binding(one)))
    }

    /// For a person: a table, and each requirement.
    pub fn text(&self) -> String {
        let mut out = match self.missing {
            true => String::new(),
            false => self.table() + "\n",
        };
        for category in Category::every() {
            let of = self
                .requirements()
                .filter(|(one, _)| one.category == category);
            let of: Vec<_> = of.collect();
            if of.is_empty() {
                continue;
            }
            let _ = writeln!(out, "{}", category.title());
            for (one, tests) in of {
                let _ = writeln!(out, "  {}  ({})", one.id, levels(one));
                let said = match (tests.is_empty(), is_binding(one)) {
                    (false, _) => format!("tested by   {}", tests.join(", ")),
                    (true, true) => {
                        let why = one.untested.as_deref().unwrap_or("no scenario tests it");
                        format!("not tested  {why}")
                    }
                    (true, false) => "permits     it cannot be violated".to_owned(),
                };
                let _ = writeln!(out, "    {said}");
            }
            out.push('\n');
        }
        out
    }

    fn table(&self) -> String {
        let mut out = format!(
            "{:<34}{:<12}SHOULD\n",
            "Requirements on clients, tested", "MUST"
        );
        for version in self.versions {
            let share = |level: Level| {
                let of = self
                    .requirements()
                    .filter(|(one, _)| one.level(*version) == Some(level));
                let of: Vec<_> = of.collect();
                let tested = of.iter().filter(|(_, tests)| !tests.is_empty()).count();
                format!("{tested}/{}", of.len())
            };
            let (must, should) = (share(Level::Must), share(Level::Should));
            let _ = writeln!(out, "  {version:<32}{must:<12}{should}");
        }
        out
    }

    /// For a script.
    pub fn json(&self) -> String {
        let one = |(one, tests): (&Requirement, Vec<String>)| {
            json!({
                "id": one.id, "category": one.category, "says": one.says, "scenarios": tests,
                "levels": levels(one),
            })
        };
        let list: Vec<_> = self.requirements().map(one).collect();
        format!("{:#}\n", json!({"schema": "1", "requirements": list}))
    }
}

fn is_binding(requirement: &Requirement) -> bool {
    let mut levels = Version::ALL
        .iter()
        .filter_map(|version| requirement.level(*version));
    levels.any(|level| level != Level::May)
}

fn levels(requirement: &Requirement) -> String {
    let levels = Version::ALL.iter().filter_map(|version| {
        let level = requirement.level(*version)?;
        Some(format!("{version} {level}"))
    });
    levels.collect::<Vec<_>>().join(", ")
}
