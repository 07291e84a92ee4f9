//! What a client is asked, and what must hold in all its requests.

use super::page::Page;
use crate::catalogue::Catalogue;
use crate::client_test::Scenario;
use crate::traffic::Observed;

/// A scenario.
pub fn scenario(one: &Scenario, catalogue: &Catalogue) -> String {
    let mut page = Page::new("scenario for clients", &one.about.id);
    page.say(&one.about.title);
    page.line("suite", &one.about.suite);
    let setup = &one.setup;
    page.prose("asks for", &setup.asked.describe());
    page.list("variants", setup.variants.iter().cloned());
    page.list("faults", setup.faults.iter().cloned());
    for answer in &setup.answers {
        page.prose("answers", &answer.describe());
    }
    for (requirement, judgement) in &one.expect {
        let says = catalogue
            .get(requirement)
            .map_or("", |one| one.says.as_str());
        page.prose("tests", &format!("{requirement}: {says}"));
        page.prose("", &format!("holds if: {}", judgement.describe()));
    }
    page.line(
        "try",
        &format!("assay client run NAME --only {}", one.about.id),
    );
    page.finish()
}

/// What is observed in all scenarios.
pub fn observed(one: &Observed, catalogue: &Catalogue) -> String {
    let mut page = Page::new("observation of clients", &one.about.id);
    page.say(&one.about.title);
    page.line("suite", &one.about.suite);
    page.line("applies to", "every request of a client, in every scenario");
    let says = catalogue.get(&one.requirement);
    let says = says.map_or("", |one| one.says.as_str());
    page.prose("tests", &format!("{}: {says}", one.requirement));
    page.line(
        "try",
        &format!("assay client run NAME --only {}", one.about.id),
    );
    page.finish()
}
