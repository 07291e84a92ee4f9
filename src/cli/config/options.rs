//! Options as one source states them: texts, each with its origin. A text is interpreted only after all sources are
//! layered.

use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;

use indexmap::IndexMap;

use crate::data::SourceSpan;

/// The options that a source sets, or that all sources set together, by the name of the flag (`no-push`) or of the
/// positional argument (`target`).
#[derive(Debug, Clone, Default)]
pub struct RawOptions {
    values: IndexMap<String, RawValue>,
}

/// What a source sets one option to.
#[derive(Debug, Clone)]
pub struct RawValue {
    /// One text for each occurrence. Empty where the source turns the option off: a flag that is false, an empty
    /// list.
    pub texts: Vec<OsString>,
    pub origin: Origin,
}

/// Where a value was set. Its display goes into messages.
#[derive(Debug, Clone)]
pub enum Origin {
    /// A command-line argument, as typed: `--seed`, `TARGET`.
    Argument(String),
    /// An environment variable of assay.
    Variable(String),
    /// A key of the configuration file.
    File { key: String, span: SourceSpan },
    /// The report that `--rerun` names.
    Report(PathBuf),
    /// Environment variables of the Go conformance tool.
    GoTool(Vec<String>),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(name) | Self::Variable(name) => f.write_str(name),
            Self::File { key, span } => write!(f, "`{key}` ({}:{})", span.file(), span.line()),
            Self::Report(file) => write!(f, "the report {}", file.display()),
            Self::GoTool(names) => f.write_str(&names.join(", ")),
        }
    }
}

impl RawOptions {
    pub fn set(&mut self, name: &str, texts: Vec<OsString>, origin: Origin) {
        let value = RawValue { texts, origin };
        self.values.insert(name.to_owned(), value);
    }

    pub fn get(&self, name: &str) -> Option<&RawValue> {
        self.values.get(name)
    }

    /// The first text of an option.
    pub fn text(&self, name: &str) -> Option<&OsString> {
        self.get(name)?.texts.first()
    }

    /// Where an option was set, if it is set and not turned off.
    pub fn given(&self, name: &str) -> Option<&Origin> {
        let value = self.get(name).filter(|value| !value.texts.is_empty());
        value.map(|value| &value.origin)
    }

    /// The options that are set to nothing: their defaults do not apply.
    pub fn turned_off(&self) -> impl Iterator<Item = &str> {
        let off = self
            .values
            .iter()
            .filter(|(_, value)| value.texts.is_empty());
        off.map(|(name, _)| name.as_str())
    }

    /// These options, completed from a source of lower precedence. A lower value is dropped if this source sets the
    /// option, or gives an option that excludes it: with `-v` typed, `quiet = true` in the file has no effect.
    #[must_use]
    pub fn over(mut self, lower: Self, exclusive: &[(&str, &str)]) -> Self {
        let excluded = |name: &str| {
            exclusive.iter().any(|(one, other)| {
                (*one == name && self.given(other).is_some())
                    || (*other == name && self.given(one).is_some())
            })
        };
        let mut kept = lower.values;
        kept.retain(|name, _| !self.values.contains_key(name) && !excluded(name));
        self.values.extend(kept);
        self
    }

    /// The same without the options that `keep` refuses.
    #[must_use]
    pub fn filtered(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.values.retain(|name, _| keep(name));
        self
    }

    /// The origin of each option.
    pub fn origins(&self) -> IndexMap<String, Origin> {
        let values = self.values.iter();
        values
            .map(|(name, value)| (name.clone(), value.origin.clone()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXCLUSIVE: [(&str, &str); 1] = [("quiet", "verbose")];

    fn options(source: &str, values: &[(&str, &[&str])]) -> RawOptions {
        let mut options = RawOptions::default();
        for (name, texts) in values {
            let texts = texts.iter().map(OsString::from).collect();
            options.set(name, texts, Origin::Variable(source.to_owned()));
        }
        options
    }

    #[test]
    fn the_upper_source_wins_and_the_lower_source_completes_it() {
        let upper = options("upper", &[("seed", &["1"]), ("skip", &[])]);
        let lower = options(
            "lower",
            &[("seed", &["2"]), ("skip", &["x"]), ("spec", &["dev"])],
        );
        let both = upper.over(lower, &EXCLUSIVE);
        assert_eq!(both.text("seed"), Some(&OsString::from("1")));
        assert_eq!(both.text("spec"), Some(&OsString::from("dev")));
        assert!(both.given("skip").is_none());
        assert_eq!(both.turned_off().collect::<Vec<_>>(), ["skip"]);
        let origins = both.origins();
        let origin = |name: &str| origins.get(name).map(ToString::to_string);
        assert_eq!(origin("seed").as_deref(), Some("upper"));
        assert_eq!(origin("spec").as_deref(), Some("lower"));
    }

    #[test]
    fn an_option_excludes_its_opposite_from_lower_sources_only() {
        let quiet = options("lower", &[("quiet", &["true"])]);
        let verbose = options("upper", &[("verbose", &["1"])]);
        let both = verbose.over(quiet.clone(), &EXCLUSIVE);
        assert!(both.given("quiet").is_none());
        let off = options("upper", &[("verbose", &[])]);
        assert!(off.over(quiet, &EXCLUSIVE).given("quiet").is_some());
        let same = options("one", &[("quiet", &["true"]), ("verbose", &["1"])]);
        let same = same.over(RawOptions::default(), &EXCLUSIVE);
        assert!(same.given("quiet").is_some() && same.given("verbose").is_some());
    }
}
