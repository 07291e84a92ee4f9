//! Diagnostics of data files: the position, the text at fault, what is expected, and help.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{LabeledSpan, NamedSource, SourceCode};

use super::File;
use super::count::count;
use super::node::SyntaxError;

/// One mistake in one data file.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    source: Arc<NamedSource<Arc<str>>>,
    /// The line where it starts, from 1.
    line: usize,
    /// The bytes of the file that are wrong.
    span: Range<usize>,
    message: String,
    help: Option<String>,
}

impl Diagnostic {
    /// A diagnostic about the bytes `span` of a file.
    pub fn new(file: &File, span: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            source: Arc::new(NamedSource::new(&file.shown, file.text.shared())),
            line: file.line(span.start),
            span,
            message: message.into(),
            help: None,
        }
    }

    pub(super) fn syntax(file: &File, error: SyntaxError) -> Self {
        let diagnostic = Self::new(file, error.span, error.message);
        match error.help {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The path of the file as it is printed.
    pub fn file(&self) -> &str {
        self.source.name()
    }

    /// The offset in the file where it starts, in bytes: for ordering.
    pub fn start(&self) -> usize {
        self.span.start
    }

    /// The line where it starts, from 1.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The mistake, in one sentence.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Diagnostic {}

impl miette::Diagnostic for Diagnostic {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help
            .as_ref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&*self.source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::underline(self.span.clone());
        Some(Box::new(std::iter::once(label)))
    }
}

/// All mistakes in a set of data files.
#[derive(Debug, Default, thiserror::Error)]
#[error("{}", count(self.list.len(), "mistake"))]
pub struct Diagnostics {
    /// The diagnostics, in the order in which they were found.
    pub list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The value, if there is no diagnostic.
    ///
    /// # Errors
    /// All diagnostics in the order of files and lines, if there is one.
    pub fn or<T>(mut self, value: T) -> Result<T, Self> {
        if self.list.is_empty() {
            return Ok(value);
        }
        self.list
            .sort_by(|a, b| (a.file(), a.start()).cmp(&(b.file(), b.start())));
        Err(self)
    }

    /// The value of a load. If it has none, its diagnostics are added to the others.
    pub fn take<T>(&mut self, result: Result<T, Vec<Diagnostic>>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(diagnostics) => {
                self.list.extend(diagnostics);
                None
            }
        }
    }
}

impl miette::Diagnostic for Diagnostics {
    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn miette::Diagnostic> + 'a>> {
        Some(Box::new(
            self.list
                .iter()
                .map(|diagnostic| diagnostic as &dyn miette::Diagnostic),
        ))
    }
}

/// The name of `known` that a misspelt `word` probably means, if one is similar enough: a third of its letters may be
/// wrong, and letters of the other case are right.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    let wrong = |name: &str| {
        let name = name.to_lowercase();
        let most = match letters.max(name.chars().count()) {
            0 | 1 => 0,
            2..=5 => 1,
            longest => longest / 3,
        };
        let distance = strsim::damerau_levenshtein(&word, &name);
        (distance <= most).then_some(distance)
    };
    known
        .into_iter()
        .filter_map(|name| Some((wrong(name)?, name)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The question for a misspelt `word`, if one of `known` is similar enough.
pub fn did_you_mean<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    suggest(word, known).map(|meant| format!("did you mean `{meant}`?"))
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn a_suggestion_has_most_letters_of_the_word() {
        let known = [
            "get",
            "head",
            "skopeo",
            "blob-head",
            "blob-get-status",
            "expect",
        ];
        for (word, meant) in [
            ("GET", Some("get")),
            ("gte", Some("get")),
            ("expct", Some("expect")),
            ("blob-get-stats", Some("blob-get-status")),
            ("blobb-get", None),
            ("nope", None),
            ("g", None),
            ("", None),
        ] {
            assert_eq!(suggest(word, known), meant, "{word}");
        }
    }
}
