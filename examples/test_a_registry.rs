//! Runs a conformance test against a registry and looks at the result.
//!
//! `cargo run --example test_a_registry -- http://localhost:5000`; without an address, against the bundled registry.

use oci_assay::{BundledRegistry, ConformanceTest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bundled = BundledRegistry::start().await?;
    let target = std::env::args().nth(1).unwrap_or_else(|| bundled.url());

    let report = ConformanceTest::new(target).run().await?;
    println!("{report}");
    for violation in report.violations() {
        println!("{} {}", violation.level, violation.requirement);
    }
    assert!(report.is_conformant());
    Ok(())
}
