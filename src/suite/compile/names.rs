//! The names that a template may refer to, and the check of its references.

use std::collections::HashMap;

use super::Compiler;
use crate::data::{SourceSpan, suggest};
use crate::fixture::Fixtures;
use crate::suite::model::JsonTemplate;
use crate::template::{Reference, Template};

/// Names that every case has: two repositories, one that does not exist, a text and tags (`tags.NAME`) that no other
/// case has.
pub(super) const EVERYWHERE: [&str; 7] = [
    "repo",
    "repo2",
    "absent_repo",
    "unique",
    "number",
    "letter",
    "tags",
];

/// The kind of value that a name has in the run.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A text, number or record whose parts only the run knows.
    Open,
    /// A blob, perhaps in chunks.
    Blob,
    /// The content of the fixture with this name.
    Fixture(String),
}

/// The names that are known at one position of a case.
#[derive(Debug, Clone)]
pub struct Names {
    known: HashMap<String, Kind>,
    /// Whether other names may exist, because a step that may save them is wrong.
    incomplete: bool,
}

impl Names {
    pub fn everywhere() -> Self {
        let known = EVERYWHERE
            .iter()
            .map(|name| ((*name).to_owned(), Kind::Open));
        Self {
            known: known.collect(),
            incomplete: false,
        }
    }

    /// Notes that other names may exist: an unknown name is then not reported.
    pub fn set_incomplete(&mut self) {
        self.incomplete = true;
    }

    pub fn add(&mut self, name: &str, kind: Kind) {
        self.known.insert(name.to_owned(), kind);
    }

    pub fn has(&self, name: &str) -> bool {
        self.known.contains_key(name)
    }

    /// The parts of a name's value, for a suggestion.
    fn parts<'a>(&self, name: &str, fixtures: &'a Fixtures) -> Vec<&'a str> {
        match self.known.get(name) {
            None | Some(Kind::Open) => Vec::new(),
            Some(Kind::Blob) => Fixtures::blob_parts().chain(["chunks"]).collect(),
            Some(Kind::Fixture(fixture)) => fixtures.parts_of(fixture),
        }
    }

    fn has_path(&self, reference: &Reference, fixtures: &Fixtures) -> bool {
        match self.known.get(reference.root()) {
            None => self.incomplete,
            Some(Kind::Open) => true,
            Some(Kind::Blob) => match reference.rest().next() {
                Some(part) => part == "chunks" || Fixtures::blob_has(part),
                None => true,
            },
            Some(Kind::Fixture(name)) => fixtures.has_path(name, &mut reference.rest()),
        }
    }
}

impl Compiler<'_> {
    /// Parses a text and reports references to unknown names.
    pub(super) fn template(&mut self, text: &str, names: &Names, span: &SourceSpan) -> Template {
        let template = Template::parse(text);
        for reference in template.references() {
            self.check_reference(reference, names, span);
        }
        template
    }

    /// As [`Self::template`], for a JSON value.
    pub(super) fn json(
        &mut self,
        value: &serde_json::Value,
        names: &Names,
        span: &SourceSpan,
    ) -> JsonTemplate {
        self.doubt_map(value, names, span);
        let template = JsonTemplate::parse(value.clone());
        for reference in template.references() {
            self.check_reference(reference, names, span);
        }
        template
    }

    fn check_reference(&mut self, reference: &Reference, names: &Names, span: &SourceSpan) {
        if self.doubts.is_some() {
            self.used.names.insert(reference.root().to_owned());
        }
        if names.has_path(reference, self.fixtures) {
            return;
        }
        let known = names.known.keys().map(String::as_str);
        let help = match suggest(reference.root(), known) {
            Some(meant) if meant != reference.root() => format!("did you mean `{meant}`?"),
            Some(_) => {
                let part = reference.rest().next().unwrap_or_default();
                match suggest(part, names.parts(reference.root(), self.fixtures)) {
                    Some(meant) => {
                        format!("did you mean `{{{}.{meant}}}`?", reference.root())
                    }
                    None => format!("`{}` has no part `{part}`", reference.root()),
                }
            }
            None => "names come from `given`, `content`, `each`, `save` and procedures".into(),
        };
        let message = format!("`{{{reference}}}` is not known here");
        self.diagnostic(span.diagnostic(message).help(help));
    }
}
