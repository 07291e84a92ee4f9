//! The published schemas are what the types say. `UPDATE_SCHEMAS=1 cargo test --lib schemas::` writes them anew.

#![allow(clippy::unwrap_used)]

use serde_json::Value;

use crate::baseline::BaselineFile;
use crate::catalogue::RequirementsFile;
use crate::cli::{fleet_schema, options_schema};
use crate::data::schema_of;
use crate::fixture::format::FixtureFile;
use crate::record::Run;
use crate::report::compare::Comparison;
use crate::suite::format::{FeaturesFile, ProceduresFile, SuiteFile};

fn published() -> [(&'static str, Value); 10] {
    [
        ("suite", schema_of::<SuiteFile>()),
        ("procedures", schema_of::<ProceduresFile>()),
        ("features", schema_of::<FeaturesFile>()),
        ("fixture", schema_of::<FixtureFile>()),
        ("requirements", schema_of::<RequirementsFile>()),
        ("baseline", schema_of::<BaselineFile>()),
        ("report", schema_of::<Run>()),
        ("comparison", schema_of::<Comparison>()),
        ("assay", options_schema()),
        ("fleet", fleet_schema()),
    ]
}

#[test]
fn the_schemas_are_published() {
    for (name, schema) in published() {
        let path = format!("{}/schemas/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
        let made = format!("{schema:#}\n");
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let found = std::fs::read_to_string(&path).unwrap_or_default();
        let command = "UPDATE_SCHEMAS=1 cargo test --lib schemas::";
        assert!(
            found == made,
            "{name}.schema.json is out of date: run `{command}`"
        );
    }
}
