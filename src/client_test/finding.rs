//! What a rule or a judgement finds.

/// The outcome of one comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The client did nothing that the requirement is about, and why.
    NotExercised(String),
    /// It holds.
    Holds(Evidence),
    /// It does not.
    Violated(Evidence),
}

/// What was compared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Evidence {
    pub expected: String,
    pub actual: String,
    /// The exchange that shows it, by position.
    pub at: Option<usize>,
}

impl Finding {
    pub fn holds(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::Holds(Evidence {
            expected: expected.into(),
            actual: actual.into(),
            at: None,
        })
    }

    pub fn violated(expected: impl Into<String>, actual: impl Into<String>) -> Self {
        Self::Violated(Evidence {
            expected: expected.into(),
            actual: actual.into(),
            at: None,
        })
    }

    pub fn of(holds: bool, expected: impl Into<String>, actual: impl Into<String>) -> Self {
        match holds {
            true => Self::holds(expected, actual),
            false => Self::violated(expected, actual),
        }
    }

    /// The finding of a rule over several requests: the first violation; otherwise the last that holds; otherwise the
    /// first reason why the rule is not exercised, or `nothing`.
    pub fn over(findings: impl IntoIterator<Item = Self>, nothing: &str) -> Self {
        let (mut holds, mut why) = (None, None);
        for finding in findings {
            match finding {
                Self::Violated(_) => return finding,
                Self::Holds(_) => holds = Some(finding),
                Self::NotExercised(_) => why = why.or(Some(finding)),
            }
        }
        holds
            .or(why)
            .unwrap_or_else(|| Self::NotExercised(nothing.to_owned()))
    }

    /// The same, shown by an exchange.
    #[must_use]
    pub fn shown_by(mut self, exchange: usize) -> Self {
        if let Self::Holds(evidence) | Self::Violated(evidence) = &mut self {
            evidence.at = Some(exchange);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_counts_more_than_what_holds_and_that_more_than_nothing() {
        let holds = || Finding::holds("a", "a").shown_by(1);
        let violated = || Finding::violated("a", "b").shown_by(2);
        let nothing = || Finding::NotExercised("why".to_owned());
        assert_eq!(Finding::over([holds(), violated()], ""), violated());
        assert_eq!(Finding::over([holds(), nothing()], ""), holds());
        assert_eq!(Finding::over([nothing()], ""), nothing());
        assert_eq!(Finding::over([], "why"), nothing());
    }
}
