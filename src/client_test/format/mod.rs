//! The files of scenarios, word for word.

mod file;
mod terms;

pub use file::{Judgement, ObservedText, Printed, ScenarioFile, ScenarioText};
pub use terms::{
    Action, Answer, Attached, BodyChange, CertificateKind, ContentKind, LoginKind, OtherHost,
    Redirect, Requested, To, Transport,
};
