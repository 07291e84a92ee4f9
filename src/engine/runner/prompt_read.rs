//! Reads that showed a write at once: what the target's consistency is learned from.

use super::answer::Judged;
use super::state::Runner;
use crate::endpoint::EndpointKind;
use crate::engine::consistency::{BeforeRead, Shows, Sight};
use crate::suite::{Rule, Step};

impl Runner<'_> {
    /// Records how soon a read that was sent once showed its write.
    ///
    /// It proves this only for a write of what its URL names, or of what its step looks for in a list; and only the first such
    /// read of a write does.
    pub fn record_prompt_read(&mut self, step: &Step, before: BeforeRead, judged: &Judged<'_>) {
        let Sight::Shown(mut kind) = judged.sight else {
            return;
        };
        match kind.endpoint {
            EndpointKind::TagList | EndpointKind::Referrers => {
                match (looks_for(step), self.deleted) {
                    (Some(Shows::Removal), true) => kind.shows = Shows::Removal,
                    (Some(Shows::Arrival), false) => {}
                    _ => return,
                }
                if self.listed_at.replace(before.changed) == Some(before.changed) {
                    return;
                }
                // Other cases request the same list: a cache that one of them filled since then has the write, too.
                kind.cached &= !before.requested_since;
            }
            // An upload changes with each of its requests.
            EndpointKind::Uploads | EndpointKind::Other => {}
            EndpointKind::Blob | EndpointKind::ManifestByDigest | EndpointKind::ManifestByTag => {
                if !before.changed_here || before.requested_since {
                    return;
                }
            }
        }
        let age = before.changed.elapsed();
        self.context.consistency.shown_at_once(kind, age);
    }
}

/// What a step expects of the whole of a list: that it has content, or has not.
fn looks_for(step: &Step) -> Option<Shows> {
    let rules = step.expect.iter().flat_map(|one| one.matcher.items.iter());
    rules.flatten().find_map(|rule| match rule {
        Rule::Contains(_) => Some(Shows::Arrival),
        Rule::Excludes(_) => Some(Shows::Removal),
        _ => None,
    })
}
