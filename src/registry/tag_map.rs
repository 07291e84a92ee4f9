//! The tags of a repository, in both orders in which they are listed: a page of a list costs no more where there are many tags.

use std::collections::{BTreeMap, BTreeSet, btree_map};
use std::ops::{Bound, Deref};
use std::time::Instant;

#[derive(Debug, Clone)]
pub struct Tag {
    /// The digest of its manifest.
    pub digest: String,
    /// The time of the last push.
    pub since: Instant,
    /// The digest of its previous manifest.
    pub before: Option<String>,
}

/// The tags of a repository, by name.
#[derive(Debug, Default)]
pub struct TagMap {
    by_name: BTreeMap<String, Tag>,
    /// The names, in case-insensitive order.
    by_letters: BTreeSet<(String, String)>,
}

impl Deref for TagMap {
    type Target = BTreeMap<String, Tag>;

    fn deref(&self) -> &Self::Target {
        &self.by_name
    }
}

impl TagMap {
    pub fn insert(&mut self, name: String, tag: Tag) {
        self.by_letters.insert(case_insensitive_key(&name));
        self.by_name.insert(name, tag);
    }

    pub fn remove(&mut self, name: &str) -> Option<Tag> {
        self.by_letters.remove(&case_insensitive_key(name));
        self.by_name.remove(name)
    }

    pub fn retain(&mut self, keep: impl FnMut(&String, &mut Tag) -> bool) {
        self.by_name.retain(keep);
        let names = &self.by_name;
        self.by_letters.retain(|(_, name)| names.contains_key(name));
    }

    pub fn get_mut(&mut self, name: &str) -> Option<&mut Tag> {
        self.by_name.get_mut(name)
    }

    pub fn values_mut(&mut self) -> btree_map::ValuesMut<'_, String, Tag> {
        self.by_name.values_mut()
    }

    /// The tags after a name, or all of them, in the order of their bytes.
    pub fn after(&self, last: Option<&str>) -> impl Iterator<Item = (&String, &Tag)> {
        let from = last.map_or(Bound::Unbounded, Bound::Excluded);
        self.by_name.range::<str, _>((from, Bound::Unbounded))
    }

    /// The tags after a name, or all of them, in case-insensitive order.
    pub fn after_by_letters(&self, last: Option<&str>) -> impl Iterator<Item = (&String, &Tag)> {
        let from = last.map(case_insensitive_key);
        let from = from.map_or(Bound::Unbounded, Bound::Excluded);
        let names = self.by_letters.range((from, Bound::Unbounded));
        names.filter_map(|(_, name)| self.by_name.get_key_value(name))
    }
}

/// Sorts case-insensitively; tags that differ in case only, by their bytes.
pub fn case_insensitive_key(tag: &str) -> (String, String) {
    (tag.to_ascii_lowercase(), tag.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_have_the_same_tags() {
        let mut tags = TagMap::default();
        let tag = Tag {
            digest: String::new(),
            since: Instant::now(),
            before: None,
        };
        for name in ["b", "C", "a", "B", "gone", "gone-too"] {
            tags.insert(name.to_owned(), tag.clone());
        }
        tags.remove("gone");
        tags.retain(|name, _| name != "gone-too");
        let names = |found: Vec<(&String, &Tag)>| {
            found
                .into_iter()
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(names(tags.after(None).collect()), ["B", "C", "a", "b"]);
        assert_eq!(names(tags.after(Some("C")).collect()), ["a", "b"]);
        assert_eq!(
            names(tags.after_by_letters(None).collect()),
            ["a", "B", "b", "C"]
        );
        assert_eq!(
            names(tags.after_by_letters(Some("B")).collect()),
            ["b", "C"]
        );
        assert_eq!(
            names(tags.after_by_letters(Some("aa")).collect()),
            ["B", "b", "C"]
        );
    }
}
