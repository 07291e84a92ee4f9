//! The bundled registry under load: a page of a list costs the page, however long the list is, and no byte is lost where many
//! connections push and pull at once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::support::registry::{Registry, client, registry};

const REPO: &str = "load/one";

/// How many requests of a test are in flight.
const AT_ONCE: usize = 64;

/// How many entries a page has.
const PAGE: usize = 100;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(bytes)))
}

/// An artifact without layers; `name` tells it from others.
fn manifest(name: &str, subject: Option<&str>) -> String {
    let empty = digest(b"{}");
    let config = format!(
        r#"{{"mediaType":"application/vnd.oci.empty.v1+json","digest":"{empty}","size":2}}"#
    );
    let subject = subject.map_or_else(String::new, |digest| {
        format!(r#","subject":{{"mediaType":"{MANIFEST}","digest":"{digest}","size":2}}"#)
    });
    format!(
        r#"{{"schemaVersion":2,"mediaType":"{MANIFEST}","artifactType":"application/vnd.example.load","config":{config},"layers":[],"annotations":{{"name":"{name}"}}{subject}}}"#
    )
}

/// Pushes a blob with a single POST.
async fn push_blob(client: &reqwest::Client, url: &str, bytes: Vec<u8>) {
    let digest = digest(&bytes);
    let url = format!("{url}/v2/{REPO}/blobs/uploads/?digest={digest}");
    let response = client.post(url).body(bytes).send().await.unwrap();
    assert_eq!(response.status(), 201);
}

async fn push_manifest(client: &reqwest::Client, url: &str, reference: &str, manifest: String) {
    let url = format!("{url}/v2/{REPO}/manifests/{reference}");
    let put = client.put(url).header("Content-Type", MANIFEST);
    assert_eq!(put.body(manifest).send().await.unwrap().status(), 201);
}

/// Runs requests, [`AT_ONCE`] at a time.
fn run<F: Future<Output = ()>>(registry: &Registry, requests: impl Iterator<Item = F>) {
    let all = stream::iter(requests).buffer_unordered(AT_ONCE);
    registry.runtime.block_on(all.for_each(|()| async {}));
}

/// The time of the fastest of several requests for a path, whose body must hold so many times `entry`.
fn fastest(registry: &Registry, path: &str, entry: &str, count: usize) -> Duration {
    let request = || {
        let began = Instant::now();
        let (status, body) = registry.get(path);
        let took = began.elapsed();
        assert_eq!((status, body.matches(entry).count()), (200, count));
        took
    };
    (0..30).map(|_| request()).min().unwrap()
}

/// Pages of lists of three lengths take about the same time.
fn assert_flat(times: &[Duration]) {
    let (first, last) = (times[0], times[times.len() - 1]);
    assert!(last <= first * 4 + Duration::from_millis(40), "{times:?}");
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_page_of_a_hundred_thousand_tags_costs_the_page() {
    let registry = registry(|_| ());
    let (client, url) = (client(), registry.url.clone());
    registry
        .runtime
        .block_on(push_blob(&client, &url, b"{}".to_vec()));
    let mut times = Vec::new();
    let mut tags = 0;
    for length in [1_000, 10_000, 100_000] {
        let (client, url) = (&client, &url);
        run(
            &registry,
            (tags..length).map(|tag| async move {
                let tag = format!("tag-{tag:06}");
                push_manifest(client, url, &tag, manifest("one", None)).await;
            }),
        );
        tags = length;
        let middle = length / 2;
        let path = format!("/v2/{REPO}/tags/list?n={PAGE}&last=tag-{middle:06}");
        times.push(fastest(&registry, &path, "tag-", PAGE));
    }
    assert_flat(&times);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_page_of_ten_thousand_referrers_is_served_at_once() {
    let registry = registry(|options| options.referrers_page = PAGE);
    let (client, url) = (client(), registry.url.clone());
    registry
        .runtime
        .block_on(push_blob(&client, &url, b"{}".to_vec()));
    let subject = digest(manifest("subject", None).as_bytes());
    let mut times = Vec::new();
    let mut referrers = 0;
    for length in [1_000, 3_000, 10_000] {
        let (client, url, subject) = (&client, &url, &subject);
        run(
            &registry,
            (referrers..length).map(|referrer| async move {
                let manifest = manifest(&format!("referrer {referrer}"), Some(subject));
                let own = digest(manifest.as_bytes());
                push_manifest(client, url, &own, manifest).await;
            }),
        );
        referrers = length;
        let path = format!("/v2/{REPO}/referrers/{subject}");
        times.push(fastest(&registry, &path, "\"digest\"", PAGE));
    }
    // The registry looks at each manifest of the repository for its subject.
    assert!(
        times.iter().all(|time| *time < Duration::from_secs(1)),
        "{times:?}"
    );
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_blob_among_ten_thousand_costs_the_blob() {
    let registry = registry(|_| ());
    let (client, url) = (client(), registry.url.clone());
    let mut times = Vec::new();
    let mut blobs = 0;
    for length in [100, 1_000, 10_000] {
        let (client, url) = (&client, &url);
        run(
            &registry,
            (blobs..length).map(|blob| push_blob(client, url, format!("blob {blob}").into_bytes())),
        );
        blobs = length;
        let of = digest(format!("blob {}", length - 1).as_bytes());
        let path = format!("/v2/{REPO}/blobs/{of}");
        times.push(fastest(&registry, &path, "blob", 1));
    }
    assert_flat(&times);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn many_connections_push_and_pull_every_byte() {
    const CONNECTIONS: usize = 256;
    const TIME: Duration = Duration::from_secs(5);
    let registry = registry(|_| ());
    let url = Arc::new(registry.url.clone());
    let pulled = registry.runtime.block_on(async {
        let connections = (0..CONNECTIONS).map(|number| {
            let url = url.clone();
            tokio::spawn(async move {
                // A client has connections of its own.
                let client = client();
                let mut pulled = 0;
                let until = Instant::now() + TIME;
                while Instant::now() < until {
                    let length = 1 + (pulled * 7919 + number * 101) % 20_000;
                    let bytes: Vec<u8> = (0..length)
                        .map(|at| (at * 31 + number * 7 + pulled) as u8)
                        .collect();
                    push_blob(&client, &url, bytes.clone()).await;
                    let of = digest(&bytes);
                    let path = format!("{url}/v2/{REPO}/blobs/{of}");
                    let response = client.get(path).send().await.unwrap();
                    assert_eq!(response.status(), 200);
                    assert!(response.bytes().await.unwrap() == bytes, "{of}");
                    pulled += 1;
                }
                pulled
            })
        });
        let mut least = usize::MAX;
        for connection in connections.collect::<Vec<_>>() {
            least = least.min(connection.await.unwrap());
        }
        least
    });
    assert!(pulled > 0, "each connection pulls");
}
