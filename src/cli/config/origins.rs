//! Where options were set, for messages about their values.

use indexmap::IndexMap;

use super::options::{Origin, RawOptions};

/// Where each option was set.
#[derive(Debug, Clone, Default)]
pub struct Origins(IndexMap<String, Origin>);

impl Origins {
    pub fn of_options(options: &RawOptions) -> Self {
        Self(options.origins())
    }

    /// Where an option was set; its flag if it has its default.
    pub fn of(&self, option: &str) -> String {
        let origin = self.0.get(option).map(ToString::to_string);
        origin.unwrap_or_else(|| format!("--{option}"))
    }

    /// Where an option was set, if not by an argument.
    pub fn besides_flags(&self, option: &str) -> Option<&Origin> {
        let origin = self.0.get(option);
        origin.filter(|origin| !matches!(origin, Origin::Argument(_)))
    }

    /// An option with one of its values, as a part of a sentence: `--only tags`, or "`tags` of `only` (assay.toml:3)".
    pub fn with_value(&self, option: &str, value: &str) -> String {
        match self.besides_flags(option) {
            None => format!("--{option} {value}"),
            Some(origin) => format!("`{value}` of {origin}"),
        }
    }
}
