//! The formats: a row each.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use super::failure::Failure;
use crate::record::Run;

/// The formats from a table: what it is for, the name in `--format`, the file below `--out`, and the function of the
/// record. What a user sees of a format is made from it: help, completions, the schema of assay.toml.
macro_rules! formats {
    ($(#[doc = $about:literal] $variant:ident = $name:literal, $file:literal, $render:path;)+) => {
        /// A form that a run can be reported in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Format {
            $(#[doc = $about] $variant,)+
        }

        impl Format {
            /// Every format.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in options.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            /// What it is for, in a sentence.
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$variant => $about.trim(),)+
                }
            }

            /// The name of its file.
            pub const fn file(self) -> &'static str {
                match self {
                    $(Self::$variant => $file,)+
                }
            }

            fn renderer(self) -> fn(&Run) -> Result<String, Failure> {
                match self {
                    $(Self::$variant => $render,)+
                }
            }
        }
    };
}

formats! {
    /// Everything, for programs: the record itself.
    Json = "json", "report.json", super::json::render;
    /// For the test page of a CI.
    Junit = "junit", "junit.xml", super::junit::render;
    /// One page for a person, without outside resources.
    Html = "html", "report.html", super::html::render;
    /// For a pull request or the summary page of a CI.
    Markdown = "markdown", "summary.md", super::markdown::render;
    /// The layout of the specification's own conformance tool.
    Official = "official", "results.yaml", super::official::render;
    /// The verdict for a README.
    Badge = "badge", "badge.svg", super::badge::render;
    /// The recorded exchanges, for the developer tools of a browser.
    Har = "har", "exchanges.har", super::har::render;
}

impl Format {
    /// The formats that a run writes by default.
    pub const DEFAULT: &'static [Self] = &[Self::Json, Self::Junit, Self::Html];

    /// The names of these formats, as the options of the command line list them.
    pub fn default_list() -> &'static str {
        static LIST: LazyLock<String> = LazyLock::new(|| names(Format::DEFAULT, ","));
        &LIST
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A word that names no format.
#[derive(Debug, Clone, thiserror::Error)]
#[error("`{name}` is no report format: use {}", every_name())]
pub struct UnknownFormat {
    name: String,
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == text)
            .ok_or_else(|| UnknownFormat {
                name: text.to_owned(),
            })
    }
}

fn every_name() -> String {
    names(Format::ALL, ", ")
}

fn names(formats: &[Format], between: &str) -> String {
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    names.join(between)
}

/// A record that a format cannot show.
#[derive(Debug, thiserror::Error)]
#[error("the {format} report cannot be made: {source}")]
pub struct RenderError {
    /// Which format.
    pub format: Format,
    source: Failure,
}

impl RenderError {
    pub(super) fn new(format: Format, source: Failure) -> Self {
        Self { format, source }
    }
}

/// A run in one format.
///
/// # Errors
/// When the format cannot express the record, such as a start that is not a time.
pub fn render(run: &Run, format: Format) -> Result<String, RenderError> {
    (format.renderer())(run).map_err(|source| RenderError { format, source })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::report::sample;

    #[test]
    fn a_name_finds_its_format_and_no_two_share_a_file() {
        for format in Format::ALL {
            assert_eq!(format.name().parse::<Format>().unwrap(), *format);
            let same = Format::ALL.iter().filter(|f| f.file() == format.file());
            assert_eq!(same.count(), 1, "{format}");
        }
        let error = "yaml".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with("`yaml` is no report format: use json, junit, html"));
    }

    #[test]
    fn every_format_shows_every_sample() {
        for (name, run) in sample::every() {
            for format in Format::ALL {
                let text = render(&run, *format);
                assert!(
                    text.is_ok_and(|text| !text.is_empty()),
                    "{format} of {name}"
                );
            }
        }
    }
}
