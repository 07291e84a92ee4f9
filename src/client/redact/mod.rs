//! Redaction of secrets, before an exchange is kept, so that no report has to deal with them.
//!
//! `known` finds the secrets of the run in every encoding that a registry may send back, `heuristics` finds texts that look
//! like secrets, and `redactor` combines both.

mod encodings;
mod heuristics;
mod known;
mod percent;
#[cfg(test)]
mod properties;
mod redacted;
mod redactor;

pub use redacted::REDACTED;
pub use redactor::Redactor;
