//! What a run pushed and did not delete: one entry for each reason.

use indexmap::IndexMap;

use super::phrases;
use crate::record::{KEPT, Leftover, LeftoverKind};

/// The items that were not deleted for one reason.
pub(super) struct NotDeleted<'a> {
    pub reason: &'a str,
    /// Never empty.
    pub items: Vec<&'a Leftover>,
}

/// Leftovers by reason, the most frequent first, without those that the user keeps.
pub(super) fn by_reason(leftovers: &[Leftover]) -> Vec<NotDeleted<'_>> {
    let mut groups: IndexMap<&str, Vec<&Leftover>> = IndexMap::new();
    for one in leftovers.iter().filter(|one| one.cause() != KEPT) {
        groups.entry(one.cause()).or_default().push(one);
    }
    let groups = groups.into_iter();
    let mut groups: Vec<_> = groups
        .map(|(reason, items)| NotDeleted { reason, items })
        .collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.items.len()));
    groups
}

impl NotDeleted<'_> {
    /// "545 items (53 tags, 180 manifests, 312 blobs): DELETE returned 405"; a single item by its name.
    pub(super) fn summary(&self) -> String {
        if let [one] = self.items.as_slice() {
            let (repository, reference) = (&one.repository, &one.reference);
            return format!("{repository} {} {reference}: {}", one.kind, self.reason);
        }
        let kinds = [
            LeftoverKind::Upload,
            LeftoverKind::Tag,
            LeftoverKind::Manifest,
            LeftoverKind::Blob,
        ];
        let counts = kinds.into_iter().filter_map(|kind| {
            let count = self.items.iter().filter(|one| one.kind == kind).count();
            (count > 0).then(|| phrases::count(count, kind.name()))
        });
        let counts: Vec<String> = counts.collect();
        match counts.as_slice() {
            [of_one_kind] => format!("{of_one_kind}: {}", self.reason),
            counts => {
                let all = phrases::count(self.items.len(), "item");
                format!("{all} ({}): {}", counts.join(", "), self.reason)
            }
        }
    }
}
