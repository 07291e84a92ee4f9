//! What is probably a mistake, but can be run: `assay lint` reports it.

use serde_json::Value as Json;

use super::Compiler;
use super::names::{EVERYWHERE, Names};
use crate::data::{Diagnostic, SourceSpan, quoted_reference, suggest};
use crate::endpoint::Endpoint;
use crate::suite::format::{CaseText, MatcherText, OneOrMany};
use crate::suite::{ERROR_CODES, LEGACY_ERROR_CODES};
use crate::template::{Template, TemplatePart};

/// The words of the paths of the API.
const WORDS: [&str; 6] = ["blobs", "manifests", "tags", "list", "referrers", "uploads"];

/// The most letters by which a misspelt error code differs. A registry may have codes of its own.
const MOST_WRONG: usize = 2;

/// What is probably a mistake. Its position is found when the diagnostic is made.
#[derive(Debug)]
pub struct Doubt {
    span: SourceSpan,
    message: String,
    help: String,
}

impl Doubt {
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = self.span.key_diagnostic(&self.message);
        diagnostic.help(&self.help)
    }
}

impl Compiler<'_> {
    fn doubt(&mut self, span: SourceSpan, message: String, help: impl Into<String>) {
        let help = help.into();
        if let Some(doubts) = &mut self.doubts {
            doubts.push(Doubt {
                span,
                message,
                help,
            });
        }
    }

    /// Doubts error codes that are nearly those of the specification.
    pub(super) fn doubt_codes(&mut self, text: &MatcherText, span: &SourceSpan) {
        if self.doubts.is_none() {
            return;
        }
        let known = || ERROR_CODES.into_iter().chain(LEGACY_ERROR_CODES);
        for code in text.error.iter().flat_map(OneOrMany::iter) {
            let meant = suggest(code, known()).filter(|meant| meant != code);
            let near = meant.filter(|meant| strsim::damerau_levenshtein(meant, code) <= MOST_WRONG);
            if let Some(meant) = near {
                let message = format!("`{code}` is not an error code of the specification");
                let help = format!("did you mean `{meant}`?");
                self.doubt(span.at("error"), message, help);
            }
        }
    }

    /// Doubts a URL that is neither a path of the API nor one that the registry gave.
    pub(super) fn doubt_url(&mut self, url: &Template, span: &SourceSpan) {
        if self.doubts.is_none() {
            return;
        }
        let source = url.source();
        let message = match url.parts().next() {
            Some(TemplatePart::Reference(first)) if EVERYWHERE.contains(&first.root()) => {
                format!("`{source}` begins with a name, and not with a path")
            }
            Some(TemplatePart::Text(text))
                if text.starts_with("//") || !text.starts_with('/') && !text.contains("://") =>
            {
                format!("`{source}` does not begin with one `/`")
            }
            _ => match wrong_path(url) {
                None => return,
                Some(right) => {
                    let message = format!("`{source}` is no path of the API");
                    let help = format!("did you mean `{right}`?");
                    self.doubt(span.clone(), message, help);
                    return;
                }
            },
        };
        let help = "a path of the API begins with `/v2/`, such as /v2/{repo}/blobs/{blob.digest}";
        self.doubt(span.clone(), message, help);
    }

    /// Doubts content that no step uses: it is not even made. What is given is pushed, which may be all that a case needs. The
    /// names in `used` are those to which the case refers.
    pub(super) fn doubt_unused(&mut self, text: &CaseText, span: &SourceSpan) {
        if self.doubts.is_none() {
            return;
        }
        for name in text.content.keys() {
            if !self.used.names.contains(name) {
                let message = format!("no step uses `{name}`");
                let help = format!("refer to a part of it (`{{{name}.digest}}`), or remove it");
                self.doubt(span.at("content").at(name), message, help);
            }
        }
    }

    /// Doubts `{blob.digest}` without quotes, which YAML takes for a map with an empty key.
    pub(super) fn doubt_map(&mut self, value: &Json, names: &Names, span: &SourceSpan) {
        let map = value.as_object().filter(|map| map.len() == 1);
        let Some(map) = map.filter(|_| self.doubts.is_some()) else {
            return;
        };
        for (key, _) in map.iter().filter(|(_, value)| value.is_null()) {
            if key.split_once('.').is_some_and(|(root, _)| names.has(root)) {
                let message = format!("`{key}` is an empty key of a map, and not a reference");
                self.doubt(span.clone(), message, quoted_reference(key));
            }
        }
    }

    /// Notes the names to which a template refers that is not checked.
    pub(super) fn note_names(&mut self, template: &Template) {
        let names = template.references().map(|one| one.root().to_owned());
        self.used.names.extend(names);
    }

    /// Reports a JSON pointer that finds nothing, because it does not begin with `/`.
    pub(super) fn check_pointer(&mut self, pointer: &str, report: impl Fn(String) -> Diagnostic) {
        if pointer.is_empty() || pointer.starts_with('/') {
            return;
        }
        let diagnostic = report(format!("`{pointer}` is not a JSON pointer"));
        let help = format!(
            "a JSON pointer begins with `/`: \"/{}\"",
            pointer.replace('.', "/")
        );
        self.diagnostic(diagnostic.help(help));
    }
}

/// The path that a misspelt one means, if it is none of the API.
fn wrong_path(url: &Template) -> Option<String> {
    let source = url.source();
    let path = source.split('?').next().unwrap_or_default();
    if !path.starts_with('/') || Endpoint::parse(&filled(path)) != Endpoint::Other {
        return None;
    }
    if !path.starts_with("/v2") {
        let right = format!("/v2{path}");
        return (Endpoint::parse(&filled(&right)) != Endpoint::Other).then_some(right);
    }
    let words = path.split('/').map(|word| {
        let near = suggest(word, WORDS).filter(|_| !word.contains(['{', '.', ':']));
        near.unwrap_or(word)
    });
    let right = words.collect::<Vec<_>>().join("/");
    let is_right = right != path && Endpoint::parse(&filled(&right)) != Endpoint::Other;
    is_right.then_some(right)
}

/// A path with something in the place of each reference.
fn filled(path: &str) -> String {
    let mut text = String::new();
    for part in Template::parse(path).parts() {
        match part {
            TemplatePart::Text(part) => text.push_str(part),
            TemplatePart::Reference(reference) if reference.root().contains("repo") => {
                text.push_str("a/b");
            }
            TemplatePart::Reference(_) => text.push_str(crate::endpoint::UNKNOWN_DIGEST),
        }
    }
    text
}
