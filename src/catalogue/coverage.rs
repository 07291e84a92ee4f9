//! The coverage of the catalogue: for each requirement the cases that test it and the faults that violate it, or the
//! reason why there are none.
//!
//! Cases and faults are only names here: the catalogue uses neither the suites nor the bundled registry.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Catalogue, Category, Level, Party, Requirement, Version};

/// Every requirement and how it stands, in the order of the catalogue.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Coverage {
    /// The version of this format.
    pub schema: String,
    /// The requirements.
    pub requirements: Vec<Covered>,
}

/// A requirement, and what tests and proves it.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Covered {
    /// Its name.
    pub id: String,
    /// Its category.
    pub category: Category,
    /// Whom it binds.
    pub party: Party,
    /// What it asks for.
    pub says: String,
    /// How strongly each version asks for it.
    pub levels: BTreeMap<Version, Level>,
    /// How it stands in each version that asks for it.
    pub standing: BTreeMap<Version, Standing>,
    /// The cases that test it, in each version in which a registry can violate it.
    pub cases: BTreeMap<Version, Vec<String>>,
    /// The faults of the bundled registry that violate it, and that must be noticed under its name.
    pub faults: Vec<String>,
    /// Why no client can see whether it holds.
    pub unobservable: Option<String>,
    /// Why no case tests it.
    pub untested: Option<String>,
    /// Why no fault violates it.
    pub unfaulted: Option<String>,
}

/// How a requirement stands in a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// A case tests it, and a fault shows that the case can fail.
    MutationTested,
    /// A case tests it, and no fault shows that the case can fail.
    Tested,
    /// A client could see it, and no case tests it.
    Untested,
    /// No client can see it.
    Unobservable,
    /// It permits something: it cannot be violated.
    Permitted,
    /// It binds clients, and not the registry.
    Client,
}

impl Standing {
    /// Whether it binds the registry, seen or not.
    pub const fn binds_registry(self) -> bool {
        match self {
            Self::MutationTested | Self::Tested | Self::Untested | Self::Unobservable => true,
            Self::Permitted | Self::Client => false,
        }
    }
}

/// How many requirements of a level are tested, and mutation-tested.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Share {
    /// Those that bind the registry in a way that a client can see.
    pub all: usize,
    /// Those of them that a case tests.
    pub tested: usize,
    /// Those of them that a fault violates, too.
    pub mutation_tested: usize,
}

/// How many requirements of a category and version stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Tally {
    /// What fails a registry.
    pub must: Share,
    /// What warns it.
    pub should: Share,
    /// What binds the registry and no client can see.
    pub unobservable: usize,
    /// What is permitted to the registry.
    pub permitted: usize,
    /// What binds clients.
    pub client: usize,
}

impl Coverage {
    /// The coverage of a catalogue. `cases` gives the names of the cases that test a requirement in a version, `faults`
    /// those of the faults that violate it.
    pub fn of(
        catalogue: &Catalogue,
        cases: impl Fn(&str, Version) -> Vec<String>,
        faults: impl Fn(&str) -> Vec<String>,
    ) -> Self {
        let covered = |requirement: &Requirement| {
            let id = requirement.id.as_str();
            Covered::of(requirement, &|version| cases(id, version), faults(id))
        };
        Self {
            schema: "1".to_owned(),
            requirements: catalogue.iter().map(covered).collect(),
        }
    }

    /// The rows of a table: the categories of the specification with a requirement on registries here, all of them together
    /// (`None`), and the extra ones.
    pub fn rows(&self) -> Vec<Option<Category>> {
        let shown = |category: &Category| {
            let mut of = self.requirements.iter();
            of.any(|one| one.category == *category && one.party == Party::Registry)
        };
        let (own, extra) = (Category::ALL.into_iter(), Category::EXTRA.into_iter());
        let own: Vec<_> = own.filter(shown).map(Some).collect();
        let all = (own.len() > 1).then_some(None);
        let extra = extra.filter(shown).map(Some);
        own.into_iter().chain(all).chain(extra).collect()
    }

    /// Counts the requirements of a category (of all but the extra ones, if none is named) by their standing in a
    /// version.
    pub fn tally(&self, category: Option<Category>, version: Version) -> Tally {
        let mut tally = Tally::default();
        for one in &self.requirements {
            // The extra categories are not part of the specification: they count only if they are named.
            if category.map_or(one.category.is_extra(), |wanted| wanted != one.category) {
                continue;
            }
            let Some((level, standing)) = one.in_version(version) else {
                continue;
            };
            let share = match level {
                Level::Must => &mut tally.must,
                Level::Should | Level::May => &mut tally.should,
            };
            match standing {
                Standing::MutationTested => share.count(1, 1),
                Standing::Tested => share.count(1, 0),
                Standing::Untested => share.count(0, 0),
                Standing::Unobservable => tally.unobservable += 1,
                Standing::Permitted => tally.permitted += 1,
                Standing::Client => tally.client += 1,
            }
        }
        tally
    }

    /// A sentence for each case or fault that is missing without a reason, and for each reason that no longer applies.
    pub fn gaps(&self) -> Vec<String> {
        self.requirements.iter().flat_map(Covered::gaps).collect()
    }
}

impl Share {
    fn count(&mut self, tested: usize, mutation_tested: usize) {
        self.all += 1;
        self.tested += tested;
        self.mutation_tested += mutation_tested;
    }
}

impl Covered {
    fn of(
        requirement: &Requirement,
        cases: &dyn Fn(Version) -> Vec<String>,
        faults: Vec<String>,
    ) -> Self {
        let mut covered = Self {
            id: requirement.id.clone(),
            category: requirement.category,
            party: requirement.party,
            says: requirement.says.clone(),
            levels: BTreeMap::new(),
            standing: BTreeMap::new(),
            cases: BTreeMap::new(),
            faults,
            unobservable: requirement.unobservable.clone(),
            untested: requirement.untested.clone(),
            unfaulted: requirement.unfaulted.clone(),
        };
        for version in Version::ALL {
            let Some(level) = requirement.level(version) else {
                continue;
            };
            covered.levels.insert(version, level);
            let standing = if requirement.party == Party::Client {
                Standing::Client
            } else if level == Level::May {
                Standing::Permitted
            } else if requirement.unobservable.is_some() {
                Standing::Unobservable
            } else {
                let cases = cases(version);
                let standing = match (cases.is_empty(), covered.faults.is_empty()) {
                    (true, _) => Standing::Untested,
                    (false, true) => Standing::Tested,
                    (false, false) => Standing::MutationTested,
                };
                covered.cases.insert(version, cases);
                standing
            };
            covered.standing.insert(version, standing);
        }
        covered
    }

    /// Its level and its standing in a version; `None` if the version does not demand it.
    pub fn in_version(&self, version: Version) -> Option<(Level, Standing)> {
        Some((*self.levels.get(&version)?, *self.standing.get(&version)?))
    }

    /// As [`Coverage::gaps`], for this requirement.
    pub fn gaps(&self) -> Vec<String> {
        let id = &self.id;
        let untested: Vec<&str> = self
            .cases
            .iter()
            .filter(|(_, cases)| cases.is_empty())
            .map(|(version, _)| version.name())
            .collect();
        let testable = !self.cases.is_empty();
        let tested = testable && untested.len() < self.cases.len();
        let mut gaps = Vec::new();
        match &self.untested {
            None if !untested.is_empty() => {
                gaps.push(format!("{id}: no case tests it in {}", untested.join(", ")));
            }
            // What clients owe is tested by scenarios.
            Some(_) if untested.is_empty() && self.party == Party::Registry => {
                gaps.push(format!("{id}: `untested` says why, and cases test it"));
            }
            _ => {}
        }
        match &self.unfaulted {
            None if tested && self.faults.is_empty() => {
                gaps.push(format!("{id}: no fault violates it"));
            }
            Some(_) if !self.faults.is_empty() => {
                gaps.push(format!("{id}: `unfaulted` says why, and faults violate it"));
            }
            _ => {}
        }
        gaps
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{File, Folder};

    const POT: &str = "
category: push
requirements:
  - { id: warm, section: a, level: { 1.1: SHOULD, dev: MUST }, says: W., text: { 1.1: [\"0123456789ab\"], dev: [\"0123456789ab\"] } }
  - { id: full, section: a, level: { dev: MUST }, says: F., text: { dev: [\"1123456789ab\"] } }
  - { id: deep, section: a, level: { dev: MUST }, says: D., unobservable: Dark., text: { dev: [\"2123456789ab\"] } }
  - { id: blue, section: a, level: { dev: MAY }, says: B., text: { dev: [\"3123456789ab\"] } }
  - { id: sip, section: a, party: client, level: { dev: MUST }, says: S., text: { dev: [\"4123456789ab\"] } }
";

    fn coverage(text: &str, faults: &[&str]) -> Coverage {
        let file = File {
            path: "requirements/a.yaml".to_owned(),
            shown: "a.yaml".to_owned(),
            text: text.into(),
        };
        let catalogue = Catalogue::load(&Folder { files: vec![file] }).unwrap();
        let cases = |id: &str, version| match (id, version) {
            ("warm", Version::DRAFT) => vec!["tea".to_owned()],
            _ => Vec::new(),
        };
        Coverage::of(&catalogue, cases, |id| {
            let breaks = faults.iter().filter(|fault| fault.starts_with(id));
            breaks.map(|fault| (*fault).to_owned()).collect()
        })
    }

    #[test]
    fn each_requirement_has_one_standing_in_each_version() {
        let coverage = coverage(POT, &["warm-cold"]);
        let share = |all, tested, mutation_tested| Share {
            all,
            tested,
            mutation_tested,
        };
        let dev = Tally {
            must: share(2, 1, 1),
            should: share(0, 0, 0),
            unobservable: 1,
            permitted: 1,
            client: 1,
        };
        assert_eq!(coverage.tally(Some(Category::Push), Version::DRAFT), dev);
        assert_eq!(coverage.tally(None, Version::DRAFT), dev);
        let v1_1 = coverage.tally(None, Version::V1_1);
        assert_eq!(v1_1.should, share(1, 0, 0));
        assert_eq!(
            coverage.tally(Some(Category::Pull), Version::DRAFT),
            Tally::default()
        );
        assert_eq!(coverage.tally(None, Version::V1_0), Tally::default());
    }

    #[test]
    fn a_gap_needs_a_reason() {
        assert_eq!(
            coverage(POT, &[]).gaps(),
            [
                "warm: no case tests it in 1.1",
                "warm: no fault violates it",
                "full: no case tests it in dev",
            ]
        );
        let with = |what: &str| POT.replace("says: W.", &format!("says: W., {what}"));
        let reasoned = with("untested: Nobody did., unfaulted: It cannot be.");
        assert_eq!(
            coverage(&reasoned, &[]).gaps(),
            ["full: no case tests it in dev"]
        );
        let stale = with("untested: Nobody did., unfaulted: It cannot be.");
        assert_eq!(
            coverage(&stale, &["warm-cold"]).gaps().first().unwrap(),
            "warm: `unfaulted` says why, and faults violate it"
        );
        let stale = POT.replace("says: D.", "says: D., untested: Dark.");
        assert!(
            coverage(&stale, &["warm-cold"])
                .gaps()
                .contains(&"deep: `untested` says why, and cases test it".to_owned())
        );
    }
}
