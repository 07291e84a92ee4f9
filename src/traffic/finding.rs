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
    /// The number of the exchange that shows it.
    pub at: Option<usize>,
}

impl Finding {
    pub fn not_exercised(why: impl Into<String>) -> Self {
        Self::NotExercised(why.into())
    }

    pub fn no_such_request() -> Self {
        Self::not_exercised("the client sent no such request")
    }

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

    /// The same, shown by an exchange.
    #[must_use]
    pub fn shown_by(mut self, exchange: usize) -> Self {
        if let Self::Holds(evidence) | Self::Violated(evidence) = &mut self {
            evidence.at = Some(exchange);
        }
        self
    }
}

/// The first violation; otherwise the last comparison that holds, or the first reason why there is none. Nothing where
/// nothing was compared.
pub fn first_violation(findings: impl IntoIterator<Item = Finding>) -> Option<Finding> {
    let mut best: Option<Finding> = None;
    for finding in findings {
        match (&finding, &best) {
            (Finding::Violated(_), _) => return Some(finding),
            (Finding::Holds(_), _) | (Finding::NotExercised(_), None) => best = Some(finding),
            (Finding::NotExercised(_), Some(_)) => {}
        }
    }
    best
}
