//! The scripts that show failures with curl alone, as data: `dom.js` offers them to be copied and downloaded.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use serde::Serialize;

use super::case;
use crate::record::{Run, Verdict};
use crate::report::{sanitize, sanitize_line};
use crate::reproduce;

/// The most cases whose script is on the page: `assay reproduce` has the others.
const MOST: usize = 200;

/// The scripts. They have most of their lines in common, so each line is stored once.
#[derive(Debug, Default, Serialize)]
pub(super) struct Scripts {
    lines: IndexSet<String>,
    /// For each case that fails, by its position: the positions of the lines of its script, or why there is none.
    cases: BTreeMap<usize, Script>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Script {
    Lines(Vec<usize>),
    Reason(String),
}

impl Scripts {
    pub(super) fn of(run: &Run) -> Self {
        let mut scripts = Self::default();
        let fails = |verdict| matches!(verdict, Verdict::Fail | Verdict::Warn);
        let failing = case::in_order(run).enumerate();
        for (position, one) in failing.filter(|(_, one)| fails(one.verdict)).take(MOST) {
            let script = match reproduce::script(run, one) {
                Ok(text) => {
                    let lines = text.lines().map(|line| sanitize(line).into_owned());
                    let lines = lines.map(|line| scripts.lines.insert_full(line).0);
                    Script::Lines(lines.collect())
                }
                Err(why) => Script::Reason(sanitize_line(&why.to_string()).into_owned()),
            };
            scripts.cases.insert(position, script);
        }
        scripts
    }
}
