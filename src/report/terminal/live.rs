//! What the cases of a run found so far: each deviation once, whatever the number of cases that show it.
//!
//! The verdicts of cases are set when all are over, because one case may keep the failure of others. Until then a case
//! deviates; it does not fail.

use indexmap::IndexMap;

use super::page::wrapped;
use super::style::{OutputStyle, TextStyle};
use crate::engine::Reason;
use crate::report::shorten::shortened;
use crate::report::{phrases, sanitize_line};

/// How many different findings are named as they happen: a registry that is down has hundreds.
const NAMED: usize = 20;

/// The most characters of a finding: the summary has the rest.
const LONGEST: usize = 300;

/// The findings so far.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// The requirements that responses deviate from, each with the number of cases.
    deviations: IndexMap<String, usize>,
    /// The reasons of cases without a verdict, each with the number of cases.
    errors: IndexMap<String, usize>,
}

impl Live {
    /// Adds a case without a good end. Returns the lines that name the finding, where it is a new one.
    pub(super) fn add(
        &mut self,
        id: &str,
        reason: &Reason,
        output: &OutputStyle,
    ) -> Option<String> {
        let (known, key) = match reason {
            Reason::Deviates { requirement, .. } => (&mut self.deviations, requirement),
            Reason::NoVerdict(why) => (&mut self.errors, why),
        };
        let cases = known.entry(key.clone()).or_default();
        *cases += 1;
        if *cases > 1 {
            return None;
        }
        match self.deviations.len() + self.errors.len() {
            named if named < NAMED => Some(lines(id, reason, output)),
            NAMED => Some("… the summary lists more".to_owned()),
            _ => None,
        }
    }

    /// "3 deviations so far, 2 cases in error"; empty where nothing is found. How many cases fail is known once all are
    /// over: most of those that deviate may be blocked by one, or pass.
    pub(super) fn state(&self) -> String {
        let mut parts = Vec::new();
        if !self.deviations.is_empty() {
            let deviations = phrases::count(self.deviations.len(), "deviation");
            parts.push(format!("{deviations} so far"));
        }
        let errors: usize = self.errors.values().sum();
        if errors > 0 {
            parts.push(format!("{} in error", phrases::count(errors, "case")));
        }
        parts.join(", ")
    }
}

/// A sign, the finding and the case that shows it; wrapped, the further lines indented.
fn lines(id: &str, reason: &Reason, output: &OutputStyle) -> String {
    let (sign, style, text) = match reason {
        Reason::Deviates {
            requirement,
            message,
        } => (
            "≠",
            TextStyle::Doubtful,
            format!("{requirement}: {message}"),
        ),
        Reason::NoVerdict(why) => ("?", TextStyle::Bad, why.clone()),
    };
    let text = shortened(&text, LONGEST, "…");
    let text = format!("{text} (case {id})");
    let width = output.width.saturating_sub(2).max(20);
    let mut lines = wrapped(&sanitize_line(&text), width).into_iter();
    let first = lines.next().unwrap_or_default();
    let mut shown = format!("{} {first}", output.paint(style, sign));
    for line in lines {
        shown.push_str("\n  ");
        shown.push_str(&line);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn deviates(requirement: &str) -> Reason {
        Reason::Deviates {
            requirement: requirement.to_owned(),
            message: "PATCH the chunk: expected status 416, got \u{1b}[31m202".to_owned(),
        }
    }

    fn narrow() -> OutputStyle {
        OutputStyle {
            width: 40,
            ..OutputStyle::default()
        }
    }

    #[test]
    fn a_finding_is_named_once_and_wrapped_at_words() {
        let mut live = Live::default();
        let named = live.add("chunk-a", &deviates("chunk-order"), &narrow());
        let expected = "≠ chunk-order: PATCH the chunk: expected\n  status 416, got ⟨ESC⟩[31m202 (case\n  chunk-a)";
        assert_eq!(named.as_deref(), Some(expected));
        assert_eq!(
            live.add("chunk-b", &deviates("chunk-order"), &narrow()),
            None
        );
        let error = Reason::NoVerdict("no complete response came within 30s".to_owned());
        assert!(live.add("blob-a", &error, &narrow()).is_some());
        let state = "1 deviation so far, 1 case in error";
        assert_eq!(live.state(), state);
    }

    #[test]
    fn a_registry_without_any_right_response_is_not_told_a_hundred_times() {
        let mut live = Live::default();
        let reasons = (0..100).map(|n| deviates(&format!("requirement-{n}")));
        let named = reasons.filter_map(|reason| live.add("a-case", &reason, &narrow()));
        assert_eq!(named.count(), NAMED);
        assert_eq!(live.state(), "100 deviations so far");
    }

    #[test]
    fn the_sign_is_coloured() {
        let colour = OutputStyle {
            colour: true,
            ..OutputStyle::default()
        };
        let named = Live::default().add("a", &deviates("b"), &colour);
        assert!(named.is_some_and(|lines| lines.starts_with("\u{1b}[33m≠\u{1b}[0m ")));
    }
}
