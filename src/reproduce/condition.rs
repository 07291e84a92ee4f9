//! Conditions as lists of shell commands.

/// A list of commands that succeeds where a condition holds. Empty: it always holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Condition {
    all: Vec<String>,
}

impl Condition {
    pub fn of(command: impl Into<String>) -> Self {
        Self {
            all: vec![command.into()],
        }
    }

    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Both hold.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    /// One of these holds. Without any, it never holds.
    pub fn any(alternatives: Vec<Self>) -> Self {
        if alternatives.iter().any(Self::is_empty) {
            return Self::default();
        }
        let mut alternatives: Vec<String> = alternatives.iter().map(Self::grouped).collect();
        match (alternatives.pop(), alternatives.is_empty()) {
            (None, _) => Self::of("false"),
            (Some(one), true) => Self::of(one),
            (Some(last), false) => {
                alternatives.push(last);
                Self::of(format!("{{ {}; }}", alternatives.join(" || ")))
            }
        }
    }

    /// It does not hold.
    #[must_use]
    pub fn negated(&self) -> Self {
        match self.is_empty() {
            true => Self::of("false"),
            false => Self::of(format!("! {}", self.grouped())),
        }
    }

    /// As one command.
    fn grouped(&self) -> String {
        match self.all.as_slice() {
            [] => "true".to_owned(),
            [one] => one.clone(),
            several => format!("{{ {}; }}", several.join(" && ")),
        }
    }
}

impl std::fmt::Display for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.all.is_empty() {
            true => f.write_str("true"),
            false => f.write_str(&self.all.join(" && ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn groups_keep_the_order_of_operators() {
        let (a, b, c) = (Condition::of("a"), Condition::of("b"), Condition::of("c"));
        let both = a.clone().and(b);
        assert_eq!(both.to_string(), "a && b");
        assert_eq!(both.negated().to_string(), "! { a && b; }");
        let any = Condition::any(vec![both, c.clone()]);
        assert_eq!(any.clone().and(c).to_string(), "{ { a && b; } || c; } && c");
        assert_eq!(
            Condition::any(vec![a, Condition::default()]).to_string(),
            "true"
        );
        assert_eq!(Condition::any(Vec::new()).to_string(), "false");
    }
}
