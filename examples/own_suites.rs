//! Loads suites of one's own and runs them.

use oci_assay::{BundledRegistry, ConformanceTest, Suites};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    std::fs::create_dir(folder.path().join("pull"))?;
    std::fs::write(
        folder.path().join("pull/blobs.yaml"),
        r#"title: Blobs that this project depends on
section: pulling-blobs
cases:
  - id: our-blob
    title: GET on a blob returns its bytes
    given: { blob: small-blob }
    steps:
      - get: /v2/{repo}/blobs/{blob.digest}
        expect:
          blob-get-content: { status: 200, body: "{blob.bytes}" }
"#,
    )?;

    let registry = BundledRegistry::start().await?;
    let suites = Suites::load(folder.path())?;
    let report = ConformanceTest::new(registry.url())
        .suites(suites)
        .run()
        .await?;
    println!("{report}");
    assert!(report.violations().is_empty());
    Ok(())
}
