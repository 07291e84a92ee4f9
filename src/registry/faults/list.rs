//! The list of all faults.

use super::{discovery, docker_v2, everywhere, extensions, management, pull, push};
use crate::registry::fault::Fault;

const ALL: &[&[Fault]] = &[
    pull::blobs::TABLE,
    pull::blobs::FAULTS,
    pull::conditional::FAULTS,
    pull::existence::TABLE,
    pull::existence::FAULTS,
    pull::grammar::TABLE,
    pull::grammar::FAULTS,
    pull::kept_apart::TABLE,
    pull::kept_apart::FAULTS,
    pull::malformed::TABLE,
    pull::malformed::FAULTS,
    pull::manifest_kinds::TABLE,
    pull::manifest_kinds::FAULTS,
    pull::manifests::TABLE,
    pull::manifests::FAULTS,
    pull::negotiation::TABLE,
    pull::negotiation::FAULTS,
    pull::ranges::TABLE,
    pull::ranges::FAULTS,
    pull::remembered::FAULTS,
    pull::remembered_elsewhere::FAULTS,
    push::at_once::FAULTS,
    push::cancel::TABLE,
    push::cancel::FAULTS,
    push::chunk_refused::TABLE,
    push::chunk_refused::FAULTS,
    push::chunked::TABLE,
    push::chunked::FAULTS,
    push::streamed::FAULTS,
    push::upload_urls::FAULTS,
    push::declined::FAULTS,
    push::digests::TABLE,
    push::digests::FAULTS,
    push::manifests::TABLE,
    push::manifests::FAULTS,
    push::many::FAULTS,
    push::manifests_refused::TABLE,
    push::manifests_refused::FAULTS,
    push::server_errors::TABLE,
    push::server_errors::FAULTS,
    push::monolithic::TABLE,
    push::monolithic::FAULTS,
    push::mount::TABLE,
    push::mount::FAULTS,
    push::mount_again::TABLE,
    push::mount_again::FAULTS,
    push::single_post::TABLE,
    push::single_post::FAULTS,
    push::subject::TABLE,
    push::subject::FAULTS,
    push::tag_params::TABLE,
    push::tag_params::FAULTS,
    push::tags::TABLE,
    push::tags::FAULTS,
    push::transfer_coding::TABLE,
    push::transfer_coding::FAULTS,
    push::two_digests::FAULTS,
    discovery::referrers::TABLE,
    discovery::referrers::FAULTS,
    discovery::referrers_descriptors::FAULTS,
    discovery::referrers_filter::TABLE,
    discovery::referrers_filter::FAULTS,
    discovery::referrers_limits::TABLE,
    discovery::referrers_limits::FAULTS,
    discovery::referrers_pushes::TABLE,
    discovery::referrers_pushes::FAULTS,
    discovery::referrers_status::FAULTS,
    discovery::referrers_subjects::FAULTS,
    discovery::referrers_together::FAULTS,
    discovery::tags::TABLE,
    discovery::tags::FAULTS,
    discovery::tags_content::TABLE,
    discovery::tags_content::FAULTS,
    discovery::tags_pages::TABLE,
    discovery::tags_pages::FAULTS,
    management::blobs::TABLE,
    management::blobs::FAULTS,
    management::blobs_in_use::FAULTS,
    management::malformed::FAULTS,
    management::manifests::TABLE,
    management::manifests::FAULTS,
    management::tags::TABLE,
    management::tags::FAULTS,
    management::seen_again::TABLE,
    management::seen_again::FAULTS,
    management::survivors::FAULTS,
    everywhere::api::TABLE,
    everywhere::connections::TABLE,
    everywhere::connections::FAULTS,
    everywhere::errors::TABLE,
    everywhere::errors::FAULTS,
    everywhere::warnings::TABLE,
    everywhere::warnings::FAULTS,
    docker_v2::TABLE,
    docker_v2::FAULTS,
    extensions::TABLE,
    extensions::FAULTS,
];

/// Every fault, in the order of the suites.
pub fn faults() -> impl Iterator<Item = &'static Fault> {
    ALL.iter().copied().flatten()
}

/// The fault with this id.
pub fn fault(id: &str) -> Option<&'static Fault> {
    faults().find(|fault| fault.id == id)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::faults;

    #[test]
    fn every_fault_has_a_unique_id_a_requirement_and_a_sentence() {
        let mut ids = HashSet::new();
        for fault in faults() {
            assert!(ids.insert(fault.id), "{} is not unique", fault.id);
            assert!(
                !fault.violates.is_empty(),
                "{} violates no requirement",
                fault.id
            );
            assert!(fault.title.ends_with('.'), "{} has no sentence", fault.id);
        }
    }
}
