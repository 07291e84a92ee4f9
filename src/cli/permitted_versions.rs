//! The versions of the specification that permit a variant of the bundled registry.

use crate::catalogue::Version;
use crate::registry::Variant;

/// The versions that permit a variant; empty if all do.
pub fn permitted_versions(variant: &Variant) -> Vec<&'static str> {
    let permitted = Version::ALL
        .into_iter()
        .map(Version::name)
        .filter(|version| variant.is_permitted_in(version));
    let permitted: Vec<&str> = permitted.collect();
    match permitted.len() == Version::ALL.len() {
        true => Vec::new(),
        false => permitted,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::registry::{variant, variants};

    #[test]
    fn each_limit_of_a_variant_is_a_version() {
        for variant in variants() {
            for limit in [variant.since, variant.until].into_iter().flatten() {
                assert!(limit.parse::<Version>().is_ok(), "{}", variant.id);
            }
        }
    }

    #[test]
    fn a_limit_holds_for_the_versions_on_its_side() {
        let of = |id: &str| permitted_versions(variant(id).unwrap());
        assert_eq!(of("lists-begin-empty"), ["1.1", "dev"]);
        assert_eq!(of("head-without-length"), ["1.0", "1.1"]);
        assert_eq!(of("tags-paged"), Vec::<&str>::new());
    }
}
