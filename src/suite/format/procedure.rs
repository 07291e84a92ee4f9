//! Procedures: steps with a name.

use indexmap::IndexMap;
use serde::Deserialize;

use super::StepText;

/// The file of procedures: steps that several cases, and the pushes of fixtures, share.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProceduresFile {
    /// The procedures by name.
    #[serde(deserialize_with = "crate::data::entries")]
    pub procedures: IndexMap<String, ProcedureText>,
}

/// Steps with a name.
#[derive(Debug, Clone, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ProcedureText {
    /// What the procedure does, in one sentence.
    pub title: String,
    /// Whether the checks of the procedure count for the case that uses it. By default another case tests the procedure,
    /// and a failure in the procedure blocks the case that uses it.
    #[serde(default)]
    pub checks: bool,
    /// The inputs, each with its default. A step must set an input without a default (`with`).
    #[serde(default)]
    pub inputs: IndexMap<String, Option<String>>,
    /// The steps, in order.
    #[serde(deserialize_with = "crate::data::elements")]
    pub steps: Vec<StepText>,
    /// The saved values that the steps after the procedure can refer to.
    #[serde(default)]
    pub outputs: Vec<String>,
}
