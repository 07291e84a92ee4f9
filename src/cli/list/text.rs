//! The list for a person.

use std::fmt::Write as _;

use indexmap::IndexMap;

use super::choose::Listing;
use super::of_clients;
use crate::catalogue::{Requirement, Version};
use crate::cli::permitted_versions::permitted_versions;
use crate::registry::Variant;

/// A block for each kind, a line for each entry.
pub fn text(listing: &Listing<'_>, titles: &IndexMap<String, String>) -> String {
    let mut blocks = of_suites(listing);
    blocks.extend(of_kinds(listing));
    let scenarios = listing.scenarios.iter().flatten();
    blocks.push(of_clients::scenarios(scenarios.copied(), titles));
    let clients = listing.clients.iter().flatten();
    blocks.push(of_clients::clients(clients.copied()));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n")
}

fn of_suites(listing: &Listing<'_>) -> Vec<String> {
    let mut blocks = Vec::new();
    for part in listing.suites.iter().flatten() {
        let mut block = String::new();
        if !listing.cases_alone {
            let _ = writeln!(block, "{}  {}", part.suite.name, part.suite.title);
        }
        let cases = part.cases.iter().map(|case| (&case.id, &case.title));
        let invariants = part.invariants.iter().map(|one| (&one.id, &one.title));
        for (id, title) in cases.chain(invariants) {
            line(&mut block, id, title);
        }
        blocks.push(block);
    }
    match listing.cases_alone {
        true => vec![blocks.concat()],
        false => blocks,
    }
}

fn of_kinds(listing: &Listing<'_>) -> Vec<String> {
    let mut blocks = Vec::new();
    let requirements = listing.requirements.iter().flatten();
    let requirements = requirements.map(|one| (one.id.as_str(), described(one)));
    blocks.push(block("requirements", requirements));
    let features = listing.features.iter().flatten();
    let features = features.map(|one| (one.id.as_str(), one.title.clone()));
    blocks.push(block("features", features));
    let faults = listing.faults.iter().flatten();
    let faults = faults.map(|one| (one.id, one.title.to_owned()));
    blocks.push(block("faults of the bundled registry", faults));
    let variants = listing.variants.iter().flatten();
    let variants = variants.map(|one| (one.id, permission(one)));
    blocks.push(block(
        "permitted variants of the bundled registry",
        variants,
    ));
    let profiles = listing.profiles.iter().flatten();
    let profiles = profiles.map(|one| (one.id, one.title.to_owned()));
    blocks.push(block(
        "profiles of the bundled registry (assay serve --like)",
        profiles,
    ));
    let deployments = listing.deployments.iter().flatten();
    let deployments = deployments.map(|one| (one.id, one.title.to_owned()));
    blocks.push(block(
        "mistakes of deployment (assay serve --deployment)",
        deployments,
    ));
    blocks
}

fn block<'a>(title: &str, rows: impl Iterator<Item = (&'a str, String)>) -> String {
    let mut lines = String::new();
    for (id, what) in rows {
        line(&mut lines, id, &what);
    }
    match lines.is_empty() {
        true => lines,
        false => format!("{title}\n{lines}"),
    }
}

fn line(out: &mut String, id: &str, what: &str) {
    let _ = writeln!(out, "  {id:<36} {what}");
}

/// What a variant does, and the versions that permit it, if not all do.
fn permission(variant: &Variant) -> String {
    let versions = permitted_versions(variant);
    match versions.is_empty() {
        true => variant.title.to_owned(),
        false => format!("{} ({})", variant.title, versions.join(", ")),
    }
}

/// A requirement's levels, and what it says.
fn described(requirement: &Requirement) -> String {
    let levels = Version::ALL.into_iter().filter_map(|version| {
        let level = requirement.level(version)?;
        Some(format!("{version} {level}"))
    });
    format!(
        "{} ({})",
        requirement.says,
        levels.collect::<Vec<_>>().join(", ")
    )
}
