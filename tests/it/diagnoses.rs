//! A run names the cause where the deployment around a registry is wrong, and cleans up what it opened.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use oci_assay::internals::registry::{Deletion, Options, Scheme, deployment, deployments, variant};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::assay::{Assay, FEW, Outcome};
use crate::support::registry::{registry, sound};

/// A proxy that passes everything on but PATCH, which it never answers; counts them.
async fn hang_on_patch(to: SocketAddr, patches: Arc<AtomicUsize>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let patches = patches.clone();
            tokio::spawn(async move {
                let registry = TcpStream::connect(to).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_registry, mut to_registry) = registry.into_split();
                tokio::spawn(async move {
                    let _ = tokio::io::copy(&mut from_registry, &mut to_client).await;
                });
                let mut buffer = vec![0; 64 * 1024];
                while let Ok(size @ 1..) = from_client.read(&mut buffer).await {
                    if buffer[..size].starts_with(b"PATCH ") {
                        patches.fetch_add(1, Ordering::SeqCst);
                        std::future::pending::<()>().await;
                    }
                    to_registry.write_all(&buffer[..size]).await.unwrap();
                }
            });
        }
    });
    url
}

/// A run against a registry with these options.
fn run_against(options: Options, arguments: &[&str]) -> Outcome {
    let server = registry(|set| *set = options);
    run_at(&server.url, arguments)
}

fn run_at(url: &str, arguments: &[&str]) -> Outcome {
    let formats = ["--format", "json,junit,html,markdown"];
    let run = Assay::run(url).args(formats).login("u", "p");
    run.args(arguments.iter().copied()).ends()
}

fn file(outcome: &Outcome, name: &str) -> String {
    outcome.folder.read(&format!("reports/{name}"))
}

fn diagnoses(outcome: &Outcome) -> Vec<String> {
    let report = outcome.report();
    let diagnoses = report["diagnoses"].as_array().into_iter();
    let ids = diagnoses.flatten().map(|one| one["id"].as_str());
    ids.map(|id| id.unwrap().to_owned()).collect()
}

#[test]
#[ignore = "long: run by .ci/run"]
fn each_mistake_of_deployment_is_named_first_in_every_report() {
    for deployment in deployments() {
        let mut options = Options::default();
        (deployment.set)(&mut options);
        if deployment.id.starts_with("token") {
            options.login.user("u", "p");
            options.login.scheme = Scheme::Bearer;
        }
        let category = match deployment.id {
            "missing-cached" => "pull",
            _ => "push",
        };
        let outcome = run_against(options, &["--category", category]);
        assert_eq!(diagnoses(&outcome), [deployment.id], "{}", outcome.text);
        let report = outcome.report();
        let says = report["diagnoses"][0]["says"].as_str().unwrap();
        let start: String = says.split(' ').take(4).collect::<Vec<_>>().join(" ");
        let at = |text: &str, part: &str| text.find(part).unwrap_or(usize::MAX);
        let (said, table) = (at(&outcome.text, &start), at(&outcome.text, "\n  Push"));
        assert!(said < table, "{}: {}", deployment.id, outcome.text);
        let heading = format!("({}, ", deployment.id);
        for name in ["junit.xml", "report.html", "summary.md"] {
            let text = file(&outcome, name).replace('\\', "");
            assert!(text.contains(&heading), "{}: {name}", deployment.id);
        }
        assert!(
            !outcome.text.contains("stopped responding"),
            "{}",
            outcome.text
        );
    }
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_registry_that_conforms_or_declines_has_no_diagnosis() {
    let ids = ["uploads-rotate", "deletion-denied-403", "streams-refused"];
    for id in ids.into_iter().map(Some).chain([None]) {
        let mut options = Options::default();
        if let Some(id) = id {
            (variant(id).unwrap().set)(&mut options);
        }
        let outcome = run_against(options, &["--jobs", "4"]);
        assert_eq!(diagnoses(&outcome), Vec::<String>::new(), "{id:?}");
        assert!(!outcome.text.contains("Likely cause"), "{id:?}");
    }
    assert!(deployment("none").is_none());
}

#[test]
fn uploads_are_cancelled_under_their_present_url() {
    let mut options = Options::default();
    (variant("uploads-rotate").unwrap().set)(&mut options);
    let outcome = run_against(options, &["--only", "upload*", "--only", "blob-push*"]);
    let left = outcome.report()["leftovers"].as_array().cloned();
    assert_eq!(left.unwrap_or_default(), Vec::<Value>::new());
}

#[test]
fn refused_deletions_are_a_line() {
    let options = Options {
        delete_tags: Deletion::Off(405),
        delete_manifests: Deletion::Off(405),
        delete_blobs: Deletion::Off(405),
        ..Options::default()
    };
    let outcome = run_against(options, &FEW);
    let lines = outcome.text.lines();
    let lines: Vec<&str> = lines.filter(|line| line.starts_with("left: ")).collect();
    assert_eq!(lines.len(), 1, "{}", outcome.text);
    assert!(lines[0].ends_with("DELETE returned 405"), "{lines:?}");
    let page = file(&outcome, "report.html");
    assert!(page.contains("): DELETE returned 405</summary>"));
}

#[test]
fn a_write_that_hangs_is_not_begun_again_and_again() {
    let server = sound();
    let patches = Arc::new(AtomicUsize::new(0));
    let proxy = hang_on_patch(server.host().parse().unwrap(), patches.clone());
    let url = server.runtime.block_on(proxy);
    let outcome = run_at(&url, &["--only", "chunk*", "--timeout", "400ms"]);
    let errors = usize::try_from(outcome.count("error")).unwrap();
    let begun = patches.load(Ordering::SeqCst);
    assert!(errors > 2 && begun <= 2 * errors, "{begun} of {errors}");
}
