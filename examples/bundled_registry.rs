//! Starts the bundled registry in a test: plain, with a login, and with a deliberate violation that a conformance test
//! finds.

use oci_assay::{BundledRegistry, ConformanceTest};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let registry = BundledRegistry::start().await?;
    println!("a client under test can push to {}", registry.url());
    registry.stop().await;

    let registry = BundledRegistry::builder()
        .variant("locations-absolute")
        .bearer_auth("ci", "a secret of this test")
        .start()
        .await?;
    let report = ConformanceTest::new(registry.url())
        .login("ci", "a secret of this test")
        .only("push/*")
        .run()
        .await?;
    println!("{report}");
    assert!(report.violations().is_empty());
    registry.stop().await;

    let registry = BundledRegistry::builder()
        .fault("blob-head-missing-200")
        .start()
        .await?;
    let report = ConformanceTest::new(registry.url()).run().await?;
    println!("{report}");
    let violations = report.violations();
    assert!(
        violations
            .iter()
            .any(|one| one.requirement == "blob-head-missing")
    );
    registry.stop().await;
    Ok(())
}
