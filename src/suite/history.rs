//! The versions of the suites that added and changed a case.

use indexmap::IndexMap;

use super::SuiteVersion;

/// The versions of the suites that added and changed a case or an invariant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// The version that added it.
    pub since: SuiteVersion,
    /// The versions that changed what it demands of a registry, each with what changed.
    pub changed: IndexMap<SuiteVersion, String>,
}

impl History {
    /// The version since which it demands what it demands now.
    pub fn effective_since(&self) -> SuiteVersion {
        let changes = self.changed.keys().copied();
        changes.fold(self.since, SuiteVersion::max)
    }

    /// Whether it was added or changed after the version `as_of`.
    pub fn is_newer_than(&self, as_of: Option<SuiteVersion>) -> bool {
        as_of.is_some_and(|as_of| self.effective_since() > as_of)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_later_change_makes_a_case_newer() {
        let version = |text: &str| text.parse::<SuiteVersion>().unwrap();
        let mut history = History {
            since: SuiteVersion::FIRST,
            changed: IndexMap::new(),
        };
        assert!(!history.is_newer_than(None));
        assert!(!history.is_newer_than(Some(version("0.1.0"))));
        history
            .changed
            .insert(version("0.2.0"), "It asks more.".into());
        assert_eq!(history.effective_since(), version("0.2.0"));
        assert!(history.is_newer_than(Some(version("0.1.0"))));
        assert!(!history.is_newer_than(Some(version("0.2.0"))));
    }
}
