//! Which new passage took the place of one that is gone. Of the old one only the fingerprint is known, so it is
//! a guess: by the section, by the neighbours, and by what the requirements say in our own words.

use super::Passage;
use super::known::{Known, Lost};

/// How much two sentences must have in common to be about the same thing, of 1.
pub(super) const ALIKE: f64 = 0.3;

/// What standing between the same neighbours counts for, beside what is said.
const SAME_PLACE: f64 = 0.6;

/// What carrying a keyword, as nearly everything catalogued does, counts for.
const BINDS: f64 = 0.6;

/// Pairs what is gone with the unknown passages that took its place, best guesses first; those are taken out of
/// `unknown`.
pub(super) fn successors<'a>(
    known: &Known<'_, 'a>,
    lost: Vec<Lost<'a>>,
    unknown: &mut Vec<Passage>,
) -> Vec<(Lost<'a>, Option<Passage>)> {
    let mut pairs = Vec::new();
    for (index, one) in lost.iter().enumerate() {
        let span = span(known, one);
        for passage in unknown.iter() {
            if let Some(score) = score(known, one, &span, passage) {
                pairs.push((score, index, passage.line, passage.clone()));
            }
        }
    }
    pairs.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut found: Vec<Option<Passage>> = lost.iter().map(|_| None).collect();
    for (_, index, _, passage) in pairs {
        let Some(slot) = found.get_mut(index).filter(|slot| slot.is_none()) else {
            continue;
        };
        if let Some(at) = unknown.iter().position(|one| *one == passage) {
            *slot = Some(unknown.remove(at));
        }
    }
    lost.into_iter().zip(found).collect()
}

/// The lines between which a passage stood: those of the nearest passages of its section that requirements
/// before and after come from.
struct Neighbours {
    after: usize,
    before: usize,
}

fn span(known: &Known<'_, '_>, lost: &Lost<'_>) -> Neighbours {
    let mut span = Neighbours {
        after: 0,
        before: usize::MAX,
    };
    let mut passed = false;
    for (_, citation) in known.citations() {
        passed |= *citation == lost.was;
        if citation.section != lost.was.section {
            continue;
        }
        let Some(passage) = known.find(citation) else {
            continue;
        };
        if passed {
            span.before = span.before.min(passage.line);
        } else {
            span.after = span.after.max(passage.line);
        }
    }
    span
}

/// How likely a passage took the place of one that is gone; `None` where it did not.
fn score(
    known: &Known<'_, '_>,
    lost: &Lost<'_>,
    span: &Neighbours,
    passage: &Passage,
) -> Option<f64> {
    let home = passage.section == lost.was.section || !known.has_section(&lost.was.section);
    if !home {
        return None;
    }
    let said = lost
        .requirements
        .iter()
        .map(|requirement| resemblance(&passage.words, &requirement.says))
        .fold(0.0, f64::max);
    if !passage.binds && said < ALIKE {
        return None;
    }
    let same_place = (span.after..=span.before).contains(&passage.line);
    let bonus = |holds: bool, worth: f64| if holds { worth } else { 0.0 };
    Some(said + bonus(same_place, SAME_PLACE) + bonus(passage.binds, BINDS))
}

/// How much two sentences have in common: the share of pairs of letters that are in both, from 0 to 1.
pub(super) fn resemblance(a: &str, b: &str) -> f64 {
    strsim::sorensen_dice(&a.to_lowercase(), &b.to_lowercase())
}
