//! The list of all faults.

use super::{discovery, docker_v2, everywhere, extensions, management, pull, push};
use crate::registry::fault::Fault;

/// The list of each file. A file that is missing here is dead code to the compiler.
const ALL: &[&[Fault]] = &[
    pull::blobs::FAULTS,
    pull::conditional::FAULTS,
    pull::existence::FAULTS,
    pull::grammar::FAULTS,
    pull::kept_apart::FAULTS,
    pull::malformed::FAULTS,
    pull::manifest_kinds::FAULTS,
    pull::manifests::FAULTS,
    pull::negotiation::FAULTS,
    pull::ranges::FAULTS,
    pull::remembered::FAULTS,
    pull::remembered_elsewhere::FAULTS,
    push::at_once::FAULTS,
    push::cancel::FAULTS,
    push::chunk_refused::FAULTS,
    push::chunked::FAULTS,
    push::streamed::FAULTS,
    push::upload_urls::FAULTS,
    push::declined::FAULTS,
    push::digests::FAULTS,
    push::manifests::FAULTS,
    push::many::FAULTS,
    push::manifests_refused::FAULTS,
    push::server_errors::FAULTS,
    push::monolithic::FAULTS,
    push::mount::FAULTS,
    push::mount_again::FAULTS,
    push::single_post::FAULTS,
    push::subject::FAULTS,
    push::tag_params::FAULTS,
    push::tags::FAULTS,
    push::transfer_coding::FAULTS,
    push::two_digests::FAULTS,
    discovery::referrers::FAULTS,
    discovery::referrers_descriptors::FAULTS,
    discovery::referrers_filter::FAULTS,
    discovery::referrers_limits::FAULTS,
    discovery::referrers_pushes::FAULTS,
    discovery::referrers_status::FAULTS,
    discovery::referrers_subjects::FAULTS,
    discovery::referrers_together::FAULTS,
    discovery::tags::FAULTS,
    discovery::tags_content::FAULTS,
    discovery::tags_pages::FAULTS,
    management::blobs::FAULTS,
    management::blobs_in_use::FAULTS,
    management::malformed::FAULTS,
    management::manifests::FAULTS,
    management::tags::FAULTS,
    management::seen_again::FAULTS,
    management::survivors::FAULTS,
    everywhere::api::FAULTS,
    everywhere::connections::FAULTS,
    everywhere::errors::FAULTS,
    everywhere::warnings::FAULTS,
    docker_v2::FAULTS,
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
