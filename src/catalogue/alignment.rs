//! Two texts side by side: for each passage of the earlier text the passage of the new text that is the same, moved, or
//! takes its place.
//!
//! Pairs of different passages never cross a passage that stayed, nor each other, and have enough words in common: an
//! unpaired passage is better than a wrong pair, because the pair's fingerprint goes into the catalogue.

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant};

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

use super::{Earlier, Text};

/// The share of words from which on a passage takes the place of another.
const RESEMBLES: f64 = 0.4;
/// The largest gap, in pairs of passages, in which pairs are looked for: a text that is rewritten more has none.
const LARGEST_GAP: usize = 40_000;
/// How long two texts that have nothing to do with each other may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What became of a passage of the earlier text. Numbers are positions in the new text's passages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is in its section, at the same or at another place.
    Stayed(usize),
    /// Its words are in another section.
    Moved(usize),
    /// Another passage takes its place.
    Replaced(usize),
    Removed,
}

pub(super) struct Alignment {
    /// For each passage of the earlier text.
    pub fates: Vec<Fate>,
    /// For each section of the earlier text that is missing, the section that has most of its passages.
    pub renamed: HashMap<String, Option<String>>,
}

impl Alignment {
    /// The section of the earlier text that a section of the new text was.
    pub(super) fn earlier_section<'s>(&'s self, section: &'s str) -> &'s str {
        let mut renamed = self.renamed.iter();
        renamed
            .find(|(_, new)| new.as_deref() == Some(section))
            .map_or(section, |(old, _)| old)
    }
}

/// Aligns an earlier text with a new one.
pub(super) fn align(earlier: &[Earlier], text: &Text) -> Alignment {
    let mut aligner = Aligner {
        earlier,
        text,
        renamed: renamed(earlier, text),
        fates: vec![Fate::Removed; earlier.len()],
        anchors: Vec::new(),
        taken: HashSet::new(),
    };
    aligner.same_sections();
    aligner.other_sections();
    aligner.replaced();
    Alignment {
        fates: aligner.fates,
        renamed: aligner.renamed,
    }
}

struct Aligner<'t> {
    earlier: &'t [Earlier],
    text: &'t Text,
    renamed: HashMap<String, Option<String>>,
    fates: Vec<Fate>,
    /// The passages that stayed in the same order, in both texts.
    anchors: Vec<(usize, usize)>,
    /// The passages of the new text that have a counterpart.
    taken: HashSet<usize>,
}

impl<'t> Aligner<'t> {
    /// The section of the new text in which a passage is looked for.
    fn section(&self, earlier: &'t Earlier) -> Option<&str> {
        let section = &earlier.citation.section;
        match self.renamed.get(section) {
            None => Some(section),
            Some(renamed) => renamed.as_deref(),
        }
    }

    fn settle(&mut self, old: usize, fate: Fate) {
        let (Fate::Stayed(new) | Fate::Moved(new) | Fate::Replaced(new)) = fate else {
            return;
        };
        if let Some(slot) = self.fates.get_mut(old) {
            *slot = fate;
            self.taken.insert(new);
        }
    }

    /// Finds the passages that stayed in their section: first those in the same order, then the others.
    fn same_sections(&mut self) {
        let old: Vec<(&str, &str)> = self
            .earlier
            .iter()
            .map(|one| {
                let section = self.section(one).unwrap_or_default();
                (section, one.citation.fingerprint.as_str())
            })
            .collect();
        let new: Vec<(&str, &str)> = self
            .text
            .passages
            .iter()
            .map(|one| (one.section.as_str(), one.fingerprint.as_str()))
            .collect();
        let mut anchors = Vec::new();
        let deadline = Instant::now().checked_add(PATIENCE);
        for op in capture_diff_slices_deadline(Algorithm::Myers, &old, &new, deadline) {
            if let DiffOp::Equal {
                old_index,
                new_index,
                len,
            } = op
            {
                anchors.extend((0..len).map(|at| (old_index + at, new_index + at)));
            }
        }
        let in_order: (HashSet<usize>, HashSet<usize>) = anchors.iter().copied().unzip();
        let mut places: HashMap<(&str, &str), Vec<usize>> = HashMap::new();
        for (at, key) in new.iter().enumerate().rev() {
            if !in_order.1.contains(&at) {
                places.entry(*key).or_default().push(at);
            }
        }
        let mut stayed = anchors.clone();
        for (at, key) in old.iter().enumerate() {
            if in_order.0.contains(&at) {
                continue;
            }
            if let Some(place) = places.get_mut(key).and_then(Vec::pop) {
                stayed.push((at, place));
            }
        }
        self.anchors = anchors;
        for (old, new) in stayed {
            self.settle(old, Fate::Stayed(new));
        }
    }

    /// Finds the remaining passages in other sections. A passage whose section is missing did not move: its section was
    /// renamed or split.
    fn other_sections(&mut self) {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, passage) in self.text.passages.iter().enumerate().rev() {
            if !self.taken.contains(&at) {
                let places = places.entry(&passage.fingerprint).or_default();
                places.push(at);
            }
        }
        for (at, earlier) in self.earlier.iter().enumerate() {
            if self.fates.get(at) != Some(&Fate::Removed) {
                continue;
            }
            let places = places.get_mut(earlier.citation.fingerprint.as_str());
            if let Some(place) = places.and_then(Vec::pop) {
                let lost = self.renamed.contains_key(&earlier.citation.section);
                let fate = if lost { Fate::Stayed } else { Fate::Moved };
                self.settle(at, fate(place));
            }
        }
    }

    /// Pairs what is left between two anchors.
    fn replaced(&mut self) {
        let mut anchors = std::mem::take(&mut self.anchors);
        anchors.push((self.earlier.len(), self.text.passages.len()));
        let (mut old_from, mut new_from) = (0, 0);
        for (old_to, new_to) in anchors {
            let old: Vec<usize> = (old_from..old_to)
                .filter(|at| self.fates.get(*at) == Some(&Fate::Removed))
                .collect();
            let new: Vec<usize> = (new_from..new_to)
                .filter(|at| !self.taken.contains(at))
                .collect();
            for (old, new) in self.pairs(&old, &new) {
                self.settle(old, Fate::Replaced(new));
            }
            (old_from, new_from) = (old_to + 1, new_to + 1);
        }
    }

    /// The pairs of resembling passages that together resemble most, none of which cross.
    fn pairs(&self, old: &[usize], new: &[usize]) -> Vec<(usize, usize)> {
        if old.is_empty() || new.is_empty() || old.len().saturating_mul(new.len()) > LARGEST_GAP {
            return Vec::new();
        }
        // best[i][j]: the most that the passages from `old[i]` and `new[j]` on resemble each other.
        let mut best = vec![vec![0.0_f64; new.len() + 1]; old.len() + 1];
        let at = |best: &[Vec<f64>], i: usize, j: usize| -> f64 {
            best.get(i)
                .and_then(|row| row.get(j))
                .copied()
                .unwrap_or(0.0)
        };
        let scores: Vec<Vec<Option<f64>>> = old
            .iter()
            .map(|old| new.iter().map(|new| self.score(*old, *new)).collect())
            .collect();
        let score = |i: usize, j: usize| *scores.get(i)?.get(j)?;
        for i in (0..old.len()).rev() {
            for j in (0..new.len()).rev() {
                let apart = at(&best, i + 1, j).max(at(&best, i, j + 1));
                let paired = score(i, j).map_or(0.0, |score| score + at(&best, i + 1, j + 1));
                if let Some(cell) = best.get_mut(i).and_then(|row| row.get_mut(j)) {
                    *cell = apart.max(paired);
                }
            }
        }
        let (mut i, mut j) = (0, 0);
        let mut pairs = Vec::new();
        while let (Some(one), Some(other)) = (old.get(i), new.get(j)) {
            let apart = at(&best, i + 1, j).max(at(&best, i, j + 1));
            if at(&best, i, j) > apart {
                pairs.push((*one, *other));
                (i, j) = (i + 1, j + 1);
            } else if at(&best, i + 1, j) >= at(&best, i, j + 1) {
                i += 1;
            } else {
                j += 1;
            }
        }
        pairs
    }

    /// How much two passages resemble each other, if one may take the place of the other.
    fn score(&self, old: usize, new: usize) -> Option<f64> {
        let (earlier, passage) = (self.earlier.get(old)?, self.text.passages.get(new)?);
        let same_section = self.section(earlier) == Some(passage.section.as_str());
        let score = earlier.resemblance(passage);
        (same_section && score >= RESEMBLES).then_some(score)
    }
}

/// The sections of the earlier text that the new text does not have, each with the new section that has at least half of
/// its passages.
fn renamed(earlier: &[Earlier], text: &Text) -> HashMap<String, Option<String>> {
    let known: HashSet<&str> = text.sections.iter().map(String::as_str).collect();
    let mut before: HashMap<&str, Vec<&str>> = HashMap::new();
    for one in earlier {
        let passages = before.entry(&one.citation.section).or_default();
        passages.push(&one.citation.fingerprint);
    }
    let mut places: HashMap<&str, HashSet<&str>> = HashMap::new();
    for passage in &text.passages {
        if !before.contains_key(passage.section.as_str()) {
            let places = places.entry(&passage.fingerprint).or_default();
            places.insert(&passage.section);
        }
    }
    let mut renamed = HashMap::new();
    for (section, passages) in before.iter().filter(|(one, _)| !known.contains(*one)) {
        let mut found: HashMap<&str, usize> = HashMap::new();
        for place in passages.iter().filter_map(|one| places.get(one)).flatten() {
            *found.entry(place).or_default() += 1;
        }
        let best = found
            .into_iter()
            .filter(|(_, count)| count * 2 >= passages.len())
            .max_by_key(|(place, count)| (*count, std::cmp::Reverse(*place)));
        let place = best.map(|(place, _)| place.to_owned());
        renamed.insert((*section).to_owned(), place);
    }
    renamed
}
