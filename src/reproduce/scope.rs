//! The names that the templates of a case, or of a procedure, refer to.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::value::Value;
use crate::suite::{Content, REPOSITORIES};

/// Names and their values.
#[derive(Debug, Default)]
pub struct Scope<'a> {
    /// Tells the variables of its captured values from those of other scopes; empty for the case.
    pub prefix: String,
    pub values: HashMap<String, Value>,
    /// Made at the first reference.
    pub content: Option<&'a IndexMap<String, Content>>,
    /// The variables that take the outputs of a procedure, by the names inside.
    pub outputs: HashMap<String, String>,
    /// Content that depends on responses, in the order in which it was made.
    pub dynamic: Vec<String>,
}

impl<'a> Scope<'a> {
    /// The scope of a procedure: the repositories and nothing else.
    pub fn below(&self, prefix: String) -> Scope<'a> {
        let shared = REPOSITORIES.into_iter().filter_map(|name| {
            let value = self.values.get(name)?;
            Some((name.to_owned(), value.clone()))
        });
        Scope {
            prefix,
            values: shared.collect(),
            ..Scope::default()
        }
    }

    pub fn set(&mut self, name: &str, value: Value) {
        self.values.insert(name.to_owned(), value);
    }

    /// The variable that holds a captured value of this name.
    pub fn variable(&self, name: &str) -> String {
        match self.outputs.get(name) {
            Some(variable) => variable.clone(),
            None => format!("saved_{}{name}", self.prefix),
        }
    }

    /// Forgets content that was made in a branch, which the script may not have taken.
    pub fn forget_dynamic(&mut self, from: usize) {
        for name in self.dynamic.drain(from.min(self.dynamic.len())..) {
            self.values.remove(&name);
        }
    }
}
