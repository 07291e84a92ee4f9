//! Finds the new passage that replaces a removed one. The catalogue has only the fingerprint of the removed passage, so
//! the section, the neighbours and the sentences of its requirements decide: it is a guess.

use super::Passage;
use super::comparison::{Comparison, RemovedPassage};

/// The similarity from which on two sentences probably say the same, from 0 to 1.
pub(super) const SIMILAR: f64 = 0.3;

// Weights of a guess, added to the similarity of the words.
const SAME_NEIGHBOURS: f64 = 0.6;
/// Nearly every cited passage has a keyword.
const BINDS: f64 = 0.6;

/// Pairs each removed passage with the unknown passage that probably replaces it, and takes that out of `unknown`. The
/// best guesses are made first.
pub(super) fn successors<'a>(
    comparison: &Comparison<'_, 'a>,
    removed: Vec<RemovedPassage<'a>>,
    unknown: &mut Vec<Passage>,
) -> Vec<(RemovedPassage<'a>, Option<Passage>)> {
    let mut pairs = Vec::new();
    for (index, one) in removed.iter().enumerate() {
        let neighbours = neighbours(comparison, one);
        for passage in unknown.iter() {
            if let Some(score) = score(comparison, one, &neighbours, passage) {
                pairs.push((score, index, passage.line, passage.clone()));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut found: Vec<Option<Passage>> = removed.iter().map(|_| None).collect();
    for (_, index, _, passage) in pairs {
        let Some(slot) = found.get_mut(index).filter(|slot| slot.is_none()) else {
            continue;
        };
        if let Some(at) = unknown.iter().position(|one| *one == passage) {
            *slot = Some(unknown.remove(at));
        }
    }
    removed.into_iter().zip(found).collect()
}

/// The lines between which a passage was: those of the nearest passages in its section that the catalogue cites before
/// and after it.
struct Neighbours {
    after: usize,
    before: usize,
}

fn neighbours(comparison: &Comparison<'_, '_>, removed: &RemovedPassage<'_>) -> Neighbours {
    let mut neighbours = Neighbours {
        after: 0,
        before: usize::MAX,
    };
    let mut passed = false;
    for (_, citation) in comparison.citations() {
        passed |= *citation == removed.citation;
        if citation.section != removed.citation.section {
            continue;
        }
        let Some(passage) = comparison.find(citation) else {
            continue;
        };
        if passed {
            neighbours.before = neighbours.before.min(passage.line);
        } else {
            neighbours.after = neighbours.after.max(passage.line);
        }
    }
    neighbours
}

/// How likely a passage replaces a removed one, higher for more likely; `None` if it does not.
fn score(
    comparison: &Comparison<'_, '_>,
    removed: &RemovedPassage<'_>,
    neighbours: &Neighbours,
    passage: &Passage,
) -> Option<f64> {
    let same_section = passage.section == removed.citation.section
        || !comparison.has_section(&removed.citation.section);
    if !same_section {
        return None;
    }
    let words = removed
        .requirements
        .iter()
        .map(|requirement| similarity(&passage.words, &requirement.says))
        .fold(0.0, f64::max);
    if !passage.binds && words < SIMILAR {
        return None;
    }
    let same_neighbours = (neighbours.after..=neighbours.before).contains(&passage.line);
    let bonus = |applies: bool, weight: f64| if applies { weight } else { 0.0 };
    Some(words + bonus(same_neighbours, SAME_NEIGHBOURS) + bonus(passage.binds, BINDS))
}

/// The share of pairs of letters that two sentences have in common, from 0 to 1.
pub(super) fn similarity(a: &str, b: &str) -> f64 {
    strsim::sorensen_dice(&a.to_lowercase(), &b.to_lowercase())
}
