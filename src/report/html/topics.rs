//! The requirements by section of the specification.

use serde::Serialize;

use super::index::sections;
use super::tally::{Tally, bar};
use crate::catalogue::Category;
use crate::record::{Counts, RequirementResult, Run};
use crate::report::{phrases, sanitize_line};

/// A section of the specification: the rows of its requirements are made when it is opened.
#[derive(Debug, Serialize)]
pub(super) struct Topic {
    category: &'static str,
    title: String,
    link: String,
    bar: Vec<Tally>,
    /// The bar in words.
    label: String,
}

/// The sections that have requirements.
pub(super) fn topics(run: &Run) -> Vec<Topic> {
    let sections = sections(run).into_iter();
    let topic = |((category, section), within): ((Category, &str), Vec<&RequirementResult>)| {
        let counts = Counts::of(within.iter().map(|one| one.verdict));
        Topic {
            category: category.title(),
            title: phrases::section(&sanitize_line(section)),
            link: phrases::link(run, "", section),
            bar: bar(counts),
            label: phrases::counts(counts),
        }
    };
    sections.map(topic).collect()
}
