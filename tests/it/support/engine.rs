//! Runs of the engine in this process, against the bundled registry behind a proxy.

use std::sync::Arc;
use std::time::Duration;

use oci_assay::internals::catalogue::Version;
use oci_assay::internals::client::{self, Address, RegistryClient};
use oci_assay::internals::engine::{self, Selection};
use oci_assay::internals::record::Run;
use oci_assay::internals::registry::{Options, Server};
use oci_assay::internals::suite::{Sources, Suites};

use super::proxy::{Proxy, Unwell};

/// A run against the bundled registry; through a proxy where it is to be unwell.
pub async fn run(unwell: Option<Unwell>, seed: u32) -> (Run, usize) {
    let suites = Arc::new(Suites::load(&Sources::embedded()).unwrap());
    let address = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start(address, Options::default()).await.unwrap();
    let proxy = match unwell {
        Some(unwell) => Some(Proxy::start(&server.url(), unwell).await),
        None => None,
    };
    let url = proxy
        .as_ref()
        .map_or(server.url(), |proxy| proxy.url.clone());
    let plan = engine::plan(&suites, Version::V1_1, &Selection::default()).unwrap();
    let settings = client::Settings::default();
    let target = RegistryClient::new(&Address::parse(&url).unwrap(), settings).unwrap();
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
        jobs: client::Settings::default().jobs,
        deadline: Duration::from_secs(300),
        look_first: false,
        leftovers: engine::Leftovers::Vanish,
        no_push: false,
        existing: Vec::new(),
        bundled: true,
        claims: Vec::new(),
        as_of: None,
    };
    let (tell, _) = tokio::sync::mpsc::unbounded_channel();
    let (_stop, stopped) = tokio::sync::watch::channel(false);
    let run = engine::run(plan, suites, target, settings, tell, stopped).await;
    let most = proxy.as_ref().map_or(0, Proxy::most);
    server.stop().await;
    (run, most)
}
