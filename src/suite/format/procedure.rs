//! Procedures: steps with a name.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::StepText;

/// The file of procedures: scenarios that several cases and the pushing of fixtures share.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProceduresFile {
    /// The procedures by name.
    #[serde(deserialize_with = "crate::data::entries")]
    pub procedures: IndexMap<String, ProcedureText>,
}

/// Steps with a name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProcedureText {
    /// What it does, in a sentence.
    pub title: String,
    /// Whether its findings count as findings of the case that uses it. By default the case builds on it: it is
    /// tested elsewhere, and a failure of it blocks the case.
    #[serde(default)]
    pub checks: bool,
    /// Its inputs, each with its default; an input without a default must be given.
    #[serde(default)]
    pub inputs: IndexMap<String, Option<String>>,
    /// What is done, in order.
    #[serde(deserialize_with = "crate::data::elements")]
    pub steps: Vec<StepText>,
    /// The saved values that the caller gets.
    #[serde(default)]
    pub outputs: Vec<String>,
}
