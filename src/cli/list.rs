//! `assay list`: what there is.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::json;

use super::sources::SourceArgs;
use super::{Exit, Refusal};
use crate::spec::Version;
use crate::suite::Suites;

/// What to list, and how.
#[derive(Debug, clap::Args)]
pub struct ListArgs {
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    pub format: ListFormat,
    #[command(flatten)]
    sources: SourceArgs,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// For a person.
    Text,
    /// For a script.
    Json,
}

/// Lists suites with their cases, requirements, features and faults.
///
/// # Errors
/// When the suites cannot be read.
pub fn list(args: &ListArgs) -> Result<Exit, Refusal> {
    let suites = args.sources.load()?;
    match args.format {
        ListFormat::Text => print!("{}", text(&suites)),
        ListFormat::Json => println!("{:#}", as_json(&suites)),
    }
    Ok(Exit::Kept)
}

fn text(suites: &Suites) -> String {
    let mut out = String::new();
    for suite in &suites.suites {
        let _ = writeln!(out, "{}  {}", suite.name, suite.title);
        let cases = suite.cases.iter().map(|case| (&case.id, &case.title));
        let invariants = suite.invariants.iter().map(|one| (&one.id, &one.title));
        for (id, title) in cases.chain(invariants) {
            let _ = writeln!(out, "  {id:<36} {title}");
        }
        out.push('\n');
    }
    let _ = writeln!(out, "features");
    for feature in suites.features.values() {
        let _ = writeln!(out, "  {:<36} {}", feature.id, feature.title);
    }
    let _ = writeln!(out, "\nfaults of the bundled registry");
    for fault in crate::registry::faults() {
        let _ = writeln!(out, "  {:<36} {}", fault.id, fault.title);
    }
    let _ = writeln!(out, "\nlegal variants of the bundled registry");
    for variant in crate::registry::variants() {
        let _ = writeln!(out, "  {:<36} {}", variant.id, variant.title);
    }
    out
}

fn as_json(suites: &Suites) -> serde_json::Value {
    let catalogue = suites.catalogue.iter();
    json!({
        "suites": suites.suites.iter().map(|suite| json!({
            "name": suite.name,
            "title": suite.title,
            "category": suite.category,
            "section": suite.section,
            "cases": suite.cases.iter().map(|case| json!({
                "id": case.id, "title": case.title, "section": case.section,
                "from": case.from, "until": case.until, "each": case.each,
            })).collect::<Vec<_>>(),
            "invariants": suite.invariants.iter().map(|one| json!({
                "id": one.id, "title": one.title, "section": one.section,
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>(),
        "requirements": catalogue.map(|one| json!({
            "id": one.id, "category": one.category, "party": one.party, "says": one.says,
            "levels": Version::ALL.into_iter().filter_map(|version| {
                Some((version.name().to_owned(), json!(suites.catalogue.level(&one.id, version)?)))
            }).collect::<serde_json::Map<_, _>>(),
        })).collect::<Vec<_>>(),
        "features": suites.features.values().map(|feature| json!({
            "id": feature.id, "title": feature.title, "section": feature.section,
        })).collect::<Vec<_>>(),
        "faults": crate::registry::faults().map(|fault| json!({
            "id": fault.id, "title": fault.title, "breaks": fault.breaks,
        })).collect::<Vec<_>>(),
    })
}
