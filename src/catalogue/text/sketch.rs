//! How much two passages resemble each other, also where one of them is known by a sketch alone.
//!
//! The catalogue must not have the words of the specification. A sketch is a min-hash of the set of words: equal slots
//! of two sketches estimate the share of words that the passages have in common, and the words cannot be read back.

use std::collections::HashSet;
use std::fmt;

use sha2::{Digest, Sha256};

/// The number of slots: the estimate has a standard error of about a tenth.
const SLOTS: usize = 32;
/// The values of a slot: one hexadecimal digit.
const VALUES: u64 = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sketch([u8; SLOTS]);

impl Sketch {
    pub fn of(words: &str) -> Self {
        let mut lowest = [u64::MAX; SLOTS];
        for word in set(words) {
            let mut state = seed(&word);
            for slot in &mut lowest {
                state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
                *slot = mix(state).min(*slot);
            }
        }
        // Below VALUES, it fits.
        Self(lowest.map(|hash| (hash % VALUES) as u8))
    }

    /// Parses what `Display` writes.
    pub fn parse(text: &str) -> Option<Self> {
        let mut slots = [0; SLOTS];
        let mut digits = text.chars();
        for slot in &mut slots {
            *slot = u8::try_from(digits.next()?.to_digit(16)?).ok()?;
        }
        digits.next().is_none().then_some(Self(slots))
    }

    /// An estimate of [`resemblance`], from 0 to 1.
    pub fn resemblance(&self, other: &Self) -> f64 {
        let equal = self.0.iter().zip(&other.0).filter(|(a, b)| a == b).count();
        let by_chance = 1.0 / VALUES as f64;
        let share = equal as f64 / SLOTS as f64;
        ((share - by_chance) / (1.0 - by_chance)).max(0.0)
    }
}

impl fmt::Display for Sketch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|slot| write!(f, "{slot:x}"))
    }
}

/// The share of words that two texts have in common, from 0 to 1; order and capitals do not count.
pub fn resemblance(a: &str, b: &str) -> f64 {
    let (a, b) = (set(a), set(b));
    let all = a.union(&b).count();
    match all {
        0 => 0.0,
        all => a.intersection(&b).count() as f64 / all as f64,
    }
}

/// The words of a passage. A table row is known by its first cell: the rows of a table resemble each other.
fn set(words: &str) -> HashSet<String> {
    if let Some((name, _)) = words.split_once(" | ") {
        return HashSet::from([name.to_lowercase()]);
    }
    words
        .split(|char: char| !char.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn seed(word: &str) -> u64 {
    let digest = Sha256::digest(word.as_bytes());
    let bytes = digest.iter().take(8);
    bytes.fold(0, |seed, byte| seed << 8 | u64::from(*byte))
}

/// The finalizer of SplitMix64: neighbouring states give unrelated hashes.
fn mix(state: u64) -> u64 {
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const POT: &str = "The host MUST warm the pot with hot water before the tea goes in.";

    #[test]
    fn a_reworded_sentence_resembles_the_old_one_and_another_does_not() {
        let reworded = "The host SHOULD warm the pot with boiling water before the tea goes in.";
        let other = "Guests MAY ask for milk, and the host brings sugar with it.";
        let both = |a: &str, b: &str| {
            let estimate = Sketch::of(a).resemblance(&Sketch::of(b));
            let exact = resemblance(a, b);
            assert!((estimate - exact).abs() < 0.2, "{estimate} {exact}");
            estimate
        };
        assert!(both(POT, reworded) > 0.5);
        assert!(both(POT, other) < 0.3);
        assert!(both(POT, POT) > 0.99);
    }

    #[test]
    fn a_sketch_is_read_back() {
        let sketch = Sketch::of(POT);
        assert_eq!(Sketch::parse(&sketch.to_string()).unwrap(), sketch);
        for text in ["", "12", "g0000000000000000000000000000000"] {
            assert_eq!(Sketch::parse(text), None, "{text}");
        }
        assert_eq!(Sketch::parse(&"0".repeat(SLOTS + 1)), None);
    }

    #[test]
    fn a_row_is_known_by_its_first_cell() {
        let row = Sketch::of("pour-1 | POUR | /cups/<name> | 200");
        let changed = Sketch::of("pour-1 | POUR | /mugs | 201");
        let next = Sketch::of("pour-2 | POUR | /cups/<name> | 200");
        assert!(row.resemblance(&changed) > 0.99);
        assert!(row.resemblance(&next) < 0.3);
    }

    #[test]
    fn nothing_resembles_a_text_without_words() {
        assert_eq!(resemblance("", ""), 0.0);
        assert_eq!(resemblance(POT, "…"), 0.0);
    }
}
