//! What a client is asked, and what must hold in all its requests.

use super::page::Page;
use crate::catalogue::Catalogue;
use crate::client_test::{Rule, Scenario};
use crate::traffic::{Observed, TRAFFIC_ANSWERED};

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

/// What is observed in all scenarios, and in traffic.
pub fn observed(one: &Observed<Rule>, catalogue: &Catalogue) -> String {
    let mut page = rule(one, catalogue);
    page.line("applies to", "every request of a client, in every scenario");
    let command = format!("assay client run NAME --only {}", one.about.id);
    page.line("try", &command);
    match one.rule.of_traffic() {
        None => page.finish(),
        Some(_) => judged_in_traffic(page),
    }
}

/// What scenarios test one by one, and traffic of any client shows, too.
pub fn of_traffic(one: &Observed<Rule>, catalogue: &Catalogue) -> String {
    let mut page = rule(one, catalogue);
    page.line("applies to", "every request that passes, or is recorded");
    let command = format!("assay client run NAME --only {}", one.requirement);
    page.line("scenarios", &command);
    judged_in_traffic(page)
}

fn rule(one: &Observed<Rule>, catalogue: &Catalogue) -> Page {
    let mut page = Page::new("rule for the requests of clients", &one.about.id);
    page.say(&one.about.title);
    page.line("suite", &one.about.suite);
    let says = catalogue.get(&one.requirement);
    let says = says.map_or("", |one| one.says.as_str());
    page.prose("tests", &format!("{}: {says}", one.requirement));
    page
}

fn judged_in_traffic(mut page: Page) -> String {
    page.line("in traffic", "assay proxy --target URL");
    page.line("", "assay judge FILE.har");
    page.finish()
}

/// The case in error of traffic that could not be judged.
pub fn not_judged() -> String {
    let mut page = Page::new("case of traffic", TRAFFIC_ANSWERED);
    page.say(
        "It is in error where no request to a registry passed, or a request got no whole response.",
    );
    judged_in_traffic(page)
}
