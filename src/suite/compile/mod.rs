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
    /// What is defined in files that could not be read: such names are not reported as unknown.
    pub unread: Unread,
    /// What is wrong.
    pub diagnostics: Diagnostics,
    /// What was used, for finding what is not.
    pub used: Used,
}

/// Which names may be defined in a file that could not be read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unread {
    /// Procedures.
    pub procedures: bool,
    /// Features.
    pub features: bool,
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
                let message =
                    format!("`{id}` binds clients: no response of a registry can violate it");
                self.diagnostic(span.diagnostic(message));
            }
            None if !self.catalogue.is_complete() => {}
            None => {
                let known = self.catalogue.iter().map(|known| known.id.as_str());
                let help = match suggest(id, known) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "the requirements are in `suites/requirements`; `assay list requirements` shows them"
                        .into(),
                };
                let message = format!("unknown requirement `{id}`");
                self.diagnostic(span.diagnostic(message).help(help));
            }
        }
    }

    fn check_feature(&mut self, id: &str, span: &SourceSpan) {
        if self.features.contains(id) {
            self.used.features.insert(id.to_owned());
            return;
        }
        if self.unread.features {
            return;
        }
        let help = match suggest(id, self.features.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "the features are in `suites/features.yaml`".into(),
        };
        self.diagnostic(
            span.diagnostic(format!("unknown feature `{id}`"))
                .help(help),
        );
    }

    fn check_fixture(&mut self, name: &str, span: &SourceSpan) {
        if self.fixtures.get(name).is_some() {
            self.used.fixtures.insert(name.to_owned());
            return;
        }
        if self.fixtures.is_unread(name) {
            return;
        }
        let diagnostic = span.diagnostic(format!("unknown fixture `{name}`"));
        self.diagnostic(diagnostic.help(self.fixtures.hint(name)));
    }
}
