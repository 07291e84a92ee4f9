//! All permitted variants, and their names.

use super::variant::Variant;
use super::{
    chunks, deletion, earlier_versions, errors, http, late, links, lists, login, manifests,
    minimal, options, real_registries, refused, responses, spellings, transport, unsupported,
    uploads,
};

/// Every permitted variant, by topic.
pub fn variants() -> impl Iterator<Item = &'static Variant> {
    options::VARIANTS
        .iter()
        .chain(late::VARIANTS)
        .chain(login::VARIANTS)
        .chain(minimal::VARIANTS)
        .chain(links::VARIANTS)
        .chain(lists::VARIANTS)
        .chain(errors::VARIANTS)
        .chain(responses::VARIANTS)
        .chain(http::VARIANTS)
        .chain(spellings::VARIANTS)
        .chain(uploads::VARIANTS)
        .chain(chunks::VARIANTS)
        .chain(manifests::VARIANTS)
        .chain(deletion::VARIANTS)
        .chain(transport::VARIANTS)
        .chain(unsupported::VARIANTS)
        .chain(real_registries::VARIANTS)
        .chain(refused::VARIANTS)
        .chain(earlier_versions::VARIANTS)
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
