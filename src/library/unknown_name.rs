//! A fault, variant or profile of the bundled registry by its name, or the sentence that there is none.

use std::fmt;

use crate::data::suggest;
use crate::registry::{self, Fault, Profile, Variant};

/// Something of the bundled registry that has a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Fault,
    Variant,
    Profile,
}

/// A name that the bundled registry does not know. Its text suggests the nearest name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownName {
    kind: Kind,
    id: String,
}

impl UnknownName {
    fn new(kind: Kind, id: &str) -> Self {
        let id = id.to_owned();
        Self { kind, id }
    }

    /// No fault has this id.
    pub fn fault(id: &str) -> Self {
        Self::new(Kind::Fault, id)
    }

    /// No variant has this id.
    pub fn variant(id: &str) -> Self {
        Self::new(Kind::Variant, id)
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, nearest) = match self.kind {
            Kind::Fault => (
                "fault",
                suggest(&self.id, registry::faults().map(|one| one.id)),
            ),
            Kind::Variant => {
                let known = registry::variants().map(|one| one.id);
                ("variant", suggest(&self.id, known))
            }
            Kind::Profile => {
                let known = registry::profiles().map(|one| one.id);
                ("profile", suggest(&self.id, known))
            }
        };
        write!(f, "there is no {kind} `{}`", self.id)?;
        if let Some(nearest) = nearest {
            write!(f, " (did you mean `{nearest}`?)")?;
        }
        write!(f, ": `assay list {kind}s` names them all")
    }
}

impl std::error::Error for UnknownName {}

/// The fault of this id.
///
/// # Errors
/// When there is none.
pub fn fault(id: &str) -> Result<&'static Fault, UnknownName> {
    registry::fault(id).ok_or_else(|| UnknownName::fault(id))
}

/// The permitted variant of this id.
///
/// # Errors
/// When there is none.
pub fn variant(id: &str) -> Result<&'static Variant, UnknownName> {
    registry::variant(id).ok_or_else(|| UnknownName::variant(id))
}

/// The profile of this id.
///
/// # Errors
/// When there is none.
pub fn profile(id: &str) -> Result<&'static Profile, UnknownName> {
    registry::profile(id).ok_or_else(|| UnknownName::new(Kind::Profile, id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_name_is_a_sentence_with_the_nearest_one() {
        let text = variant("no-referers")
            .map(|_| ())
            .map_err(|error| error.to_string());
        let says = "there is no variant `no-referers` (did you mean `no-referrers`?): `assay list variants` names them all";
        assert_eq!(text, Err(says.to_owned()));
        let text = fault("zzzzzzzz")
            .map(|_| ())
            .map_err(|error| error.to_string());
        let says = "there is no fault `zzzzzzzz`: `assay list faults` names them all";
        assert_eq!(text, Err(says.to_owned()));
    }
}
