//! Runs of the engine in this process, against the bundled registry behind a proxy.

use std::sync::Arc;
use std::time::Duration;

use oci_assay::internals::catalogue::Version;
use oci_assay::internals::client::{self, Address, RegistryClient};
use oci_assay::internals::engine::{self, Selection};
use oci_assay::internals::record::Run;
use oci_assay::internals::suite::{Sources, Suites};

use super::proxy::{Proxy, Unwell};
use super::registry::sound;

/// A run against the bundled registry; through a proxy where it is to be unwell.
pub fn run(unwell: Option<Unwell>, seed: u32) -> (Run, usize) {
    let (registry, jobs) = (sound(), client::Settings::default().jobs);
    registry.runtime.block_on(async {
        match unwell {
            None => (run_at(&registry.url, seed, jobs).await, 0),
            Some(unwell) => {
                let proxy = Proxy::start(&registry.url, unwell).await;
                let run = run_at(&proxy.url, seed, jobs).await;
                (run, proxy.most())
            }
        }
    })
}

/// A run against the bundled registry at an address, with at most so many requests in flight.
pub async fn run_at(url: &str, seed: u32, jobs: usize) -> Run {
    let suites = Arc::new(Suites::load(&Sources::embedded()).unwrap());
    let plan = engine::plan(&suites, Version::V1_1, &Selection::default()).unwrap();
    let settings = client::Settings {
        jobs,
        ..client::Settings::default()
    };
    let target = RegistryClient::new(&Address::parse(url).unwrap(), settings).unwrap();
    target
        .preflight(&["conformance/repo1", "conformance/repo2"])
        .await
        .unwrap();
    let settings = engine::Settings {
        spec: Version::V1_1,
        repo: "conformance/repo1".to_owned(),
        repo2: "conformance/repo2".to_owned(),
        seed,
        settle: Duration::from_secs(2),
        jobs,
        deadline: Duration::from_secs(300),
        retries: 0,
        look_first: false,
        leftovers: engine::Leftovers::Vanish,
        target_options: Vec::new(),
        no_push: false,
        existing: Vec::new(),
        bundled: true,
        claims: Vec::new(),
        as_of: None,
    };
    let (tell, _) = tokio::sync::mpsc::unbounded_channel();
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    engine::run(plan, suites, target, settings, tell, stopped).await
}
