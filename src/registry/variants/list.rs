//! All permitted variants, and their names.

use super::variant::Variant;
use super::{
    chunks, deletion, earlier_versions, errors, http, late, links, lists, login, manifests,
    minimal, options, real_registries, refused, responses, spellings, transport, unsupported,
    uploads,
};

/// The list of each file. A file that is missing here is dead code to the compiler.
const ALL: &[&[Variant]] = &[
    options::VARIANTS,
    late::VARIANTS,
    login::VARIANTS,
    minimal::VARIANTS,
    links::VARIANTS,
    lists::VARIANTS,
    errors::VARIANTS,
    responses::VARIANTS,
    http::VARIANTS,
    spellings::VARIANTS,
    uploads::VARIANTS,
    chunks::VARIANTS,
    manifests::VARIANTS,
    deletion::VARIANTS,
    transport::VARIANTS,
    unsupported::VARIANTS,
    real_registries::VARIANTS,
    refused::VARIANTS,
    earlier_versions::VARIANTS,
];

/// Every permitted variant, by topic.
pub fn variants() -> impl Iterator<Item = &'static Variant> {
    ALL.iter().copied().flatten()
}

/// The permitted variant of that name.
pub fn variant(id: &str) -> Option<&'static Variant> {
    variants().find(|variant| variant.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::variants;

    #[test]
    fn every_variant_has_its_own_name_and_a_sentence() {
        let mut ids = HashSet::new();
        for variant in variants() {
            assert!(
                ids.insert(variant.id),
                "two variants are named {}",
                variant.id
            );
            assert!(
                variant.title.ends_with('.'),
                "{} has no sentence",
                variant.id
            );
        }
    }
}
