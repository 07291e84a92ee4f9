//! The suite format: the content of the YAML files under `suites/`, word for word.
//!
//! The published JSON Schemas are made from these types. The types only hold text; `super::compile` finds out what it
//! means: which names it refers to, and what is sent.

mod content;
mod expect;
mod feature;
mod invariant;
mod matcher;
mod one_or_many;
mod procedure;
mod rules;
mod step;
mod suite;

pub use content::{ContentText, GivenText, ParticularText, SetupText};
pub use feature::{FeatureText, FeaturesFile};
pub use invariant::InvariantText;
pub use matcher::{LinkText, MatcherText, StatusText};
pub use one_or_many::OneOrMany;
pub use procedure::{ProcedureText, ProceduresFile};
pub use rules::{RuleText, RulesText, Sorting};
pub use step::{BranchText, CaptureText, StepText};
pub use suite::{CaseText, SuiteFile};
