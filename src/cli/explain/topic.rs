//! Features and categories: groups of cases and requirements.

use std::sync::Arc;

use super::page::Page;
use crate::catalogue::{Category, Version};
use crate::suite::{Case, Feature, Suites};

/// Something optional, with what follows where a registry does not support it.
pub fn feature(feature: &Feature, suites: &Suites) -> String {
    let mut page = Page::new("feature", &feature.id);
    page.say(&format!("{}.", feature.title));
    page.line("section", &section(feature, suites));
    let may = match (&feature.should, feature.always) {
        (_, true) => "every registry supports it".to_owned(),
        (Some(should), _) => format!("a warning, by {should}"),
        (None, _) => "unsupported: neither passed nor failed".to_owned(),
    };
    page.line("without it", &may);
    let decides = |case: &&Arc<Case>| case.declinable().contains(feature.id.as_str());
    let found = suites.cases().filter(decides).map(|case| case.id.clone());
    page.list("probed by", found);
    let about = suites
        .cases()
        .filter(|case| case.features().contains(&feature.id));
    page.list("cases", about.map(|case| case.id.clone()));
    let requirements = suites.catalogue.iter();
    let requirements = requirements.filter(|one| one.feature.as_ref() == Some(&feature.id));
    page.list("requirements", requirements.map(|one| one.id.clone()));
    page.line(
        "require it",
        &format!("assay run TARGET --require {}", feature.id),
    );
    page.finish()
}

/// The link to its section in a version that has requirements on it.
fn section(feature: &Feature, suites: &Suites) -> String {
    let demanded = |version: &Version| {
        let mut all = suites.catalogue.iter();
        all.any(|one| one.feature.as_ref() == Some(&feature.id) && one.level(*version).is_some())
    };
    let version = Version::by_preference().into_iter().find(demanded);
    version.unwrap_or(Version::RELEASED).link(&feature.section)
}

pub fn category(category: Category, suites: &Suites) -> String {
    let mut page = Page::new("category", category.name());
    page.say(&format!("{}.", category.title()));
    page.line(
        "conformant",
        "if the registry meets every MUST in it, except those of features that it does not support",
    );
    for version in Version::ALL {
        let of = suites.catalogue.category(category);
        let testable = of.filter(|one| one.is_testable(version)).count();
        page.line(
            &format!("in {version}"),
            &format!("{testable} requirements that a client can observe"),
        );
    }
    let own = suites
        .suites
        .iter()
        .filter(|suite| suite.category == category);
    page.list("suites", own.map(|suite| suite.name.clone()));
    page.line("try", &format!("assay run TARGET --category {category}"));
    page.line("more", &format!("assay list --category {category}"));
    page.finish()
}
