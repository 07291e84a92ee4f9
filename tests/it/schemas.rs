//! Published schemas are what the types say. `UPDATE_SCHEMAS=1 cargo test --test it schemas::` writes them anew.

use oci_assay::cli::{fleet_schema, options_schema};
use oci_assay::internals::baseline::BaselineFile;
use oci_assay::internals::catalogue::RequirementsFile;
use oci_assay::internals::data::schema_of;
use oci_assay::internals::fixture::format::FixtureFile;
use oci_assay::internals::report::compare::Comparison;
use oci_assay::internals::suite::format::{FeaturesFile, ProceduresFile, SuiteFile};
use serde_json::Value;

use crate::support::sources::check_generated;

fn check(file: &str, schema: &Value) {
    let command = "UPDATE_SCHEMAS=1 cargo test --test it schemas::";
    let made = format!(
        "{schema:#}
"
    );
    check_generated(&format!("schemas/{file}"), "UPDATE_SCHEMAS", &made, command);
}

#[test]
fn the_schemas_of_the_data_are_published() {
    check("suite.schema.json", &schema_of::<SuiteFile>());
    check("procedures.schema.json", &schema_of::<ProceduresFile>());
    check("features.schema.json", &schema_of::<FeaturesFile>());
    check("fixture.schema.json", &schema_of::<FixtureFile>());
    check("assay.schema.json", &options_schema());
    check("fleet.schema.json", &fleet_schema());
    check("baseline.schema.json", &schema_of::<BaselineFile>());
    check("comparison.schema.json", &schema_of::<Comparison>());
    check(
        "report.schema.json",
        &oci_assay::internals::report::schema(),
    );
    check("requirements.schema.json", &schema_of::<RequirementsFile>());
}
