//! Turns the format into the model: resolves names, parses templates and collects diagnostics.

mod case;
mod doubts;
mod matcher;
mod names;
mod procedure;
mod step;

pub use case::{SuiteContext, compile_case, compile_invariant};
pub use doubts::Doubt;
pub use procedure::{compile_feature, compile_procedure};

use std::collections::{HashMap, HashSet};

use indexmap::IndexMap;
use regex::Regex;

use crate::catalogue::{Catalogue, Party};
use crate::data::{Diagnostic, Diagnostics, SourceSpan, did_you_mean};
use crate::fixture::Fixtures;
use crate::suite::format::ProcedureText;

/// The definitions that cases may name, and what compiling finds.
pub struct Compiler<'a> {
    pub catalogue: &'a Catalogue,
    pub fixtures: &'a Fixtures,
    pub procedures: &'a IndexMap<String, ProcedureText>,
    pub features: HashSet<String>,
    pub unread: Unread,
    pub diagnostics: Diagnostics,
    /// What is probably a mistake, but can be run; absent where nobody asks for it.
    pub doubts: Option<Vec<Doubt>>,
    pub used: Used,
    /// The compiled regular expressions, by their patterns.
    pub patterns: HashMap<String, Regex>,
}

/// Which files could not be read: a name that one of them may define is not reported as unknown.
#[derive(Debug, Clone, Copy, Default)]
pub struct Unread {
    pub procedures: bool,
    pub features: bool,
}

/// The names of the definitions that cases use: the others are reported as unused.
#[derive(Debug, Default)]
pub struct Used {
    pub fixtures: HashSet<String>,
    pub procedures: HashSet<String>,
    pub features: HashSet<String>,
    /// The names to which the present case refers.
    pub names: HashSet<String>,
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
                let help = did_you_mean(id, known).unwrap_or_else(|| {
                    "the requirements are in `suites/requirements`; `assay list requirements` shows them".into()
                });
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
        let help = did_you_mean(id, self.features.iter().map(String::as_str))
            .unwrap_or_else(|| "the features are in `suites/features.yaml`".into());
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
