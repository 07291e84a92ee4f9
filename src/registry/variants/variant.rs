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
    /// The first version of the specification that permits it; none for every one.
    pub since: Option<&'static str>,
    /// The last version of the specification that permits it; none for every one.
    pub until: Option<&'static str>,
}

impl Variant {
    /// Whether a version of the specification permits it.
    pub fn is_permitted_in(&self, version: &str) -> bool {
        let version = order(version);
        let since = self.since.is_none_or(|since| order(since) <= version);
        since && self.until.is_none_or(|until| version <= order(until))
    }
}

/// A permitted variant that accepts pushes.
pub const fn permitted(id: &'static str, title: &'static str, set: fn(&mut Options)) -> Variant {
    Variant {
        id,
        title,
        set,
        read_only: false,
        since: None,
        until: None,
    }
}

/// A permitted variant that accepts pushes, and that this version of the specification and later ones permit.
pub const fn permitted_since(
    since: &'static str,
    id: &'static str,
    title: &'static str,
    set: fn(&mut Options),
) -> Variant {
    Variant {
        since: Some(since),
        ..permitted(id, title, set)
    }
}

/// A permitted variant that accepts pushes, and that this version of the specification and earlier ones permit.
pub const fn permitted_until(
    until: &'static str,
    id: &'static str,
    title: &'static str,
    set: fn(&mut Options),
) -> Variant {
    Variant {
        until: Some(until),
        ..permitted(id, title, set)
    }
}

/// The place of a version among all: a draft is after every release.
fn order(version: &str) -> (u32, u32) {
    let release = version.split_once('.');
    let release =
        release.and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    release.unwrap_or((u32::MAX, 0))
}
