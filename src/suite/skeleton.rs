//! The sentences of the skeletons that `assay new` writes, which their authors replace.

use super::Suites;
use crate::data::{Diagnostic, SourceSpan};

pub const SUITE_TITLE: &str = "Say in a few words what the suite is about";
pub const CASE_TITLE: &str = "Say in one sentence what a registry does";
pub const REQUIREMENT_SAYS: &str = "Say in one sentence what must hold.";
pub const REQUIREMENT_WHY: &str = "Say which sentence of the specification this follows from, and put its fingerprint under `text`.";

impl Suites {
    /// Reports the sentences that `assay new` wrote and that nobody has replaced: what stands beside them may test nothing.
    pub(super) fn skeletons(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        let mut report = |text: &str, placeholder: &str, span: &SourceSpan, key: &'static str| {
            if text == placeholder {
                let message = format!("`{key}` is still the one that `assay new` wrote");
                let help = "replace it, and what stands beside it";
                found.push(span.at(key).diagnostic(message).help(help));
            }
        };
        for suite in &self.suites {
            report(&suite.title, SUITE_TITLE, &suite.span, "title");
        }
        for case in self.cases() {
            report(&case.title, CASE_TITLE, &case.span, "title");
        }
        for requirement in self.catalogue.iter() {
            let why = requirement.why.as_deref().unwrap_or_default();
            report(
                &requirement.says,
                REQUIREMENT_SAYS,
                &requirement.span,
                "says",
            );
            report(why, REQUIREMENT_WHY, &requirement.span, "why");
        }
        found
    }
}
