//! A rule that is ready to check values, and its outcome in words.

use serde_json::Value as Json;

use crate::engine::matching::json::quote;
use crate::engine::matching::settling::Settling;

/// A rule whose references are filled in.
pub trait Check {
    /// The values that it accepts, to follow the name of a value: "present", "`a` or `b`", "with 2 elements".
    fn expected(&self) -> String;

    /// Checks a value.
    fn check(&self, value: &Json) -> ValueVerdict;

    /// How a later value may meet it, where this value violates it.
    fn settling(&self, _value: &Json) -> Settling {
        Settling::Never
    }

    /// Whether it accepts that there is no value.
    fn accepts_absence(&self) -> bool {
        false
    }
}

/// What a rule says of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ValueVerdict {
    /// The rule accepts it.
    Holds,
    /// The value itself shows what is wrong.
    Wrong,
    /// A part of it is wrong, to follow its name: "without `a`".
    Because(String),
}

impl ValueVerdict {
    pub fn of(holds: bool) -> Self {
        match holds {
            true => Self::Holds,
            false => Self::Wrong,
        }
    }

    /// Wrong where there is a reason.
    pub fn wrong_if(reason: Option<String>) -> Self {
        reason.map_or(Self::Holds, Self::Because)
    }
}

/// Whether something holds, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleOutcome {
    pub holds: bool,
    pub expected: String,
    pub actual: String,
    /// How a later value may meet it, where this one violates it.
    pub settling: Settling,
}

/// Checks a value, or its absence, under its name.
pub fn evaluate(rule: &dyn Check, value: Option<&Json>, name: &str) -> RuleOutcome {
    let (holds, actual) = match value {
        None => (rule.accepts_absence(), format!("{name} absent")),
        Some(value) => match rule.check(value) {
            ValueVerdict::Because(reason) => (false, format!("{name} {reason}")),
            verdict => (
                verdict == ValueVerdict::Holds,
                format!("{name} {}", quote(value)),
            ),
        },
    };
    RuleOutcome {
        holds,
        expected: format!("{name} {}", rule.expected()),
        actual,
        settling: value.map_or(Settling::Arrival, |value| rule.settling(value)),
    }
}

/// Checks a value against several rules; the first that it violates decides.
pub fn evaluate_all(
    rules: &[Box<dyn Check + '_>],
    value: Option<&Json>,
    name: &str,
) -> RuleOutcome {
    let mut actual = String::new();
    for rule in rules {
        let outcome = evaluate(&**rule, value, name);
        if !outcome.holds {
            return outcome;
        }
        actual = outcome.actual;
    }
    RuleOutcome {
        holds: true,
        expected: expected_all(rules, name),
        actual,
        settling: Settling::Never,
    }
}

/// The values that several rules accept.
pub fn expected_all(rules: &[Box<dyn Check + '_>], name: &str) -> String {
    let all = rules.iter();
    let all: Vec<String> = all
        .map(|rule| format!("{name} {}", rule.expected()))
        .collect();
    all.join(" and ")
}

#[cfg(test)]
pub mod testing {
    //! Checking rules in tests.

    use super::{Check, ValueVerdict};
    use serde_json::Value as Json;

    /// The reason why a value is wrong: empty where the value itself shows it, nothing where it is right.
    pub fn wrong(rule: &dyn Check, value: &Json) -> Option<String> {
        match rule.check(value) {
            ValueVerdict::Holds => None,
            ValueVerdict::Wrong => Some(String::new()),
            ValueVerdict::Because(reason) => Some(reason),
        }
    }
}
