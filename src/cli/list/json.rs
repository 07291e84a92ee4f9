//! The list for a script.

use serde_json::{Map, Value, json};

use super::choose::{Listing, Part};
use super::of_clients;
use crate::catalogue::{Requirement, Version};
use crate::cli::permitted_versions::permitted_versions;
use crate::suite::{Case, Feature, Suites};

/// An object with a list for each kind.
pub fn as_json(listing: &Listing<'_>, suites: &Suites) -> Value {
    let mut all = Map::new();
    if let Some(parts) = &listing.suites {
        let cases = |part: &Part<'_>| -> Vec<Value> {
            part.cases
                .iter()
                .map(|case| of_case(case, suites))
                .collect()
        };
        if listing.cases_alone {
            let cases = parts.iter().flat_map(cases).collect();
            all.insert("cases".to_owned(), Value::Array(cases));
        } else {
            let suites = parts.iter().map(|part| {
                json!({
                    "name": part.suite.name,
                    "title": part.suite.title,
                    "category": part.suite.category,
                    "section": part.suite.section,
                    "cases": cases(part),
                    "invariants": part.invariants.iter().map(|one| json!({
                        "id": one.id, "title": one.title, "section": one.section,
                        "since": one.history.since,
                    })).collect::<Vec<_>>(),
                })
            });
            all.insert("suites".to_owned(), suites.collect());
        }
    }
    if let Some(list) = &listing.requirements {
        let list = list.iter().map(|one| of_requirement(one, suites));
        all.insert("requirements".to_owned(), list.collect());
    }
    if let Some(list) = &listing.features {
        let list = list.iter().map(of_feature);
        all.insert("features".to_owned(), list.collect());
    }
    if let Some(list) = &listing.faults {
        let list = list
            .iter()
            .map(|one| json!({ "id": one.id, "title": one.title, "violates": one.violates }));
        all.insert("faults".to_owned(), list.collect());
    }
    if let Some(list) = &listing.variants {
        let list = list.iter().map(
            |one| json!({ "id": one.id, "title": one.title, "specs": permitted_versions(one) }),
        );
        all.insert("variants".to_owned(), list.collect());
    }
    let titled = |id: &str, title: &str| json!({ "id": id, "title": title });
    if let Some(list) = &listing.profiles {
        let list = list.iter().map(|one| titled(one.id, one.title));
        all.insert("profiles".to_owned(), list.collect());
    }
    if let Some(list) = &listing.deployments {
        let list = list.iter().map(|one| titled(one.id, one.title));
        all.insert("deployments".to_owned(), list.collect());
    }
    if let Some(list) = &listing.scenarios {
        let list = of_clients::scenarios_as_json(list.iter().copied());
        all.insert("scenarios".to_owned(), list);
    }
    if let Some(list) = &listing.clients {
        let list = of_clients::clients_as_json(list.iter().copied());
        all.insert("clients".to_owned(), list);
    }
    Value::Object(all)
}

fn of_feature(feature: &&Feature) -> Value {
    json!({ "id": feature.id, "title": feature.title, "section": feature.section })
}

fn of_case(case: &Case, suites: &Suites) -> Value {
    json!({
        "id": case.id, "suite": case.suite, "title": case.title, "section": case.section,
        "from": case.from, "until": case.until, "each": case.each,
        "since": case.history.since,
        "requirements": case.requirements(&suites.procedures), "features": case.features(),
    })
}

fn of_requirement(one: &Requirement, suites: &Suites) -> Value {
    let levels = Version::ALL.into_iter().filter_map(|version| {
        let level = suites.catalogue.level(&one.id, version)?;
        Some((version.name().to_owned(), json!(level)))
    });
    json!({
        "id": one.id, "category": one.category, "party": one.party, "says": one.says,
        "feature": one.feature, "levels": levels.collect::<Map<_, _>>(),
    })
}
