//! A permitted variant, and how it changes the registry.

use crate::registry::options::Options;

/// A permitted variant: behaviour that differs from the bundled registry's default and conforms to the specification.
#[derive(Debug)]
pub struct Variant {
    /// Its permanent name.
    pub id: &'static str,
    /// What it does, in a sentence.
    pub title: &'static str,
    /// Applies it to the options of a registry.
    pub set: fn(&mut Options),
    /// Whether it refuses every push, so that cases may be blocked.
    pub read_only: bool,
    /// The versions of the specification that permit it; empty for all.
    pub specs: &'static [&'static str],
}

impl Variant {
    /// Whether a version of the specification permits it.
    pub fn is_permitted_in(&self, version: &str) -> bool {
        self.specs.is_empty() || self.specs.contains(&version)
    }
}

/// A permitted variant that accepts pushes.
pub const fn permitted(id: &'static str, title: &'static str, set: fn(&mut Options)) -> Variant {
    Variant {
        id,
        title,
        set,
        read_only: false,
        specs: &[],
    }
}

/// A permitted variant that accepts pushes, and that only some versions of the specification permit.
pub const fn permitted_in(
    specs: &'static [&'static str],
    id: &'static str,
    title: &'static str,
    set: fn(&mut Options),
) -> Variant {
    Variant {
        specs,
        ..permitted(id, title, set)
    }
}
