//! From the format to the model: names are resolved, texts parsed, and what is wrong is collected.

mod case;
mod matcher;
mod names;
mod procedure;
mod step;

pub use case::{Home, compile_case, compile_invariant};
pub use procedure::{compile_feature, compile_procedure};

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::catalogue::{Catalogue, Party};
use crate::data::{Diagnostic, Diagnostics, SourceSpan, suggest};
use crate::fixture::Fixtures;
use crate::suite::format::ProcedureText;

/// What compiling needs to know, and the mistakes it has found.
pub struct Compiler<'a> {
    /// The requirements that expectations may name.
    pub catalogue: &'a Catalogue,
    /// The fixtures that cases may ask for.
    pub fixtures: &'a Fixtures,
    /// The procedures that steps may use.
    pub procedures: &'a IndexMap<String, ProcedureText>,
    /// The features that cases may need.
    pub features: HashSet<String>,
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// What was used, for finding what is not.
    pub used: Used,
}

/// What the cases make use of.
#[derive(Debug, Default)]
pub struct Used {
    /// Fixtures by name.
    pub fixtures: HashSet<String>,
    /// Procedures by name.
    pub procedures: HashSet<String>,
    /// Features by name.
    pub features: HashSet<String>,
}

impl Compiler<'_> {
    fn diagnostic(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.list.push(diagnostic);
    }

    fn check_requirement(&mut self, id: &str, span: &SourceSpan) {
        match self.catalogue.get(id) {
            Some(requirement) if requirement.party == Party::Registry => {}
            Some(_) => {
                let message = format!("`{id}` binds clients: a registry cannot break it");
                self.diagnostic(span.diagnostic(message));
            }
            None => {
                let known = self.catalogue.iter().map(|known| known.id.as_str());
                let help = match suggest(id, known) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "requirements stand in the catalogue, `suites/requirements`".into(),
                };
                let message = format!("there is no requirement `{id}`");
                self.diagnostic(span.diagnostic(message).help(help));
            }
        }
    }

    fn check_feature(&mut self, id: &str, span: &SourceSpan) {
        if self.features.contains(id) {
            self.used.features.insert(id.to_owned());
            return;
        }
        let help = match suggest(id, self.features.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "features stand in `suites/features.yaml`".into(),
        };
        self.diagnostic(
            span.diagnostic(format!("there is no feature `{id}`"))
                .help(help),
        );
    }

    fn check_fixture(&mut self, name: &str, span: &SourceSpan) {
        if self.fixtures.get(name).is_some() {
            self.used.fixtures.insert(name.to_owned());
            return;
        }
        let diagnostic = span.diagnostic(format!("there is no fixture `{name}`"));
        self.diagnostic(diagnostic.help(self.fixtures.hint(name)));
    }
}
