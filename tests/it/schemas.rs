//! Published schemas are what the types say. `UPDATE_SCHEMAS=1 cargo test --test it schemas::` writes them anew.

use std::path::Path;

use oci_assay::cli::options_schema;
use oci_assay::internals::baseline::BaselineFile;
use oci_assay::internals::catalogue::RequirementsFile;
use oci_assay::internals::data::schema_of;
use oci_assay::internals::fixture::format::FixtureFile;
use oci_assay::internals::report::compare::Comparison;
use oci_assay::internals::suite::format::{FeaturesFile, ProceduresFile, SuiteFile};
use serde_json::Value;

fn check(file: &str, schema: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("schemas")
        .join(file);
    let made = format!("{schema:#}\n");
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        published == made,
        "schemas/{file} is not what the types say: run `UPDATE_SCHEMAS=1 cargo test --test it schemas::`"
    );
}

#[test]
fn the_schemas_of_the_data_are_published() {
    check("suite.schema.json", &schema_of::<SuiteFile>());
    check("procedures.schema.json", &schema_of::<ProceduresFile>());
    check("features.schema.json", &schema_of::<FeaturesFile>());
    check("fixture.schema.json", &schema_of::<FixtureFile>());
    check("assay.schema.json", &options_schema());
    check("baseline.schema.json", &schema_of::<BaselineFile>());
    check("comparison.schema.json", &schema_of::<Comparison>());
    check(
        "report.schema.json",
        &oci_assay::internals::report::schema(),
    );
    check("requirements.schema.json", &schema_of::<RequirementsFile>());
}
