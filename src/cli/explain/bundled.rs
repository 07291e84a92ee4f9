//! What the bundled registry can be: with a fault, a permitted variant, or the authentication of another registry.

use super::page::Page;
use crate::cli::permitted_versions::permitted_versions;
use crate::registry::{Deployment, Fault, Profile, Variant};
use crate::suite::Suites;

/// A deliberate violation.
pub fn fault(fault: &Fault, suites: &Suites) -> String {
    let mut page = Page::new("fault", fault.id);
    page.say(fault.title);
    for id in fault.violates {
        page.list("violates", [(*id).to_owned()].into_iter());
        page.list("detected by", suites.tested_by(id).into_iter());
    }
    page.line("see it", &format!("assay serve --fault {}", fault.id));
    let proof = format!("assay self-test --faults --only {}", fault.id);
    page.line("test it", &proof);
    page.finish()
}

pub fn variant(variant: &Variant) -> String {
    let mut page = Page::new("permitted variant", variant.id);
    page.say(variant.title);
    page.line("", "The specification permits it: no case fails.");
    page.list(
        "permitted in",
        permitted_versions(variant).into_iter().map(str::to_owned),
    );
    page.line("see it", &format!("assay serve --variant {}", variant.id));
    page.line("test it", &format!("assay self-test --only {}", variant.id));
    page.finish()
}

/// A mistake of deployment.
pub fn deployment(deployment: &Deployment) -> String {
    let mut page = Page::new("deployment", deployment.id);
    page.say(deployment.title);
    page.line(
        "",
        "It is no fault of the registry: a run names it as the cause.",
    );
    let command = format!("assay serve --deployment {}", deployment.id);
    page.line("see it", &command);
    page.finish()
}

pub fn profile(profile: &Profile) -> String {
    let mut page = Page::new("profile", profile.id);
    page.say(profile.title);
    for particular in profile.particulars {
        page.prose("", particular);
    }
    page.list("users", profile.users.iter().map(|&user| user.to_owned()));
    page.list(
        "repositories",
        profile.repositories.iter().map(|&name| name.to_owned()),
    );
    for source in profile.sources {
        page.line("documented", source);
    }
    page.line("see it", &format!("assay serve --like {}", profile.id));
    page.finish()
}
