//! `assay publish` and `assay fetch`: a report goes to a registry as an OCI artifact, and comes back as it was.

use serde_json::{Value, json};

use crate::support::assay::{Assay, Outcome, SMALL};
use crate::support::folder::Folder;
use crate::support::registry::{Registry, registry, sound, varied};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// The artifact type that the documentation names.
const REPORT: &str = "application/vnd.oci-assay.report.v1+json";

/// A folder with the reports of a run of the bundled registry.
fn tested() -> Folder {
    let folder = Folder::new();
    folder.run(&SMALL).expect(0, &[]);
    folder
}

fn publish(folder: &Folder, args: &[&str]) -> Outcome {
    folder.assay(&[&["publish", "reports/report.json"], args].concat())
}

/// An image without layers, pushed: its digest.
fn push_image(to: &Registry, repository: &str, tag: &str) -> String {
    let digest = "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
    let upload = format!("/v2/{repository}/blobs/uploads/?digest={digest}");
    assert_eq!(
        to.send("POST", &upload, "application/octet-stream", "{}").0,
        201
    );
    let manifest = json!({
        "schemaVersion": 2, "mediaType": MANIFEST, "layers": [],
        "config": { "mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest, "size": 2 },
    });
    let path = format!("/v2/{repository}/manifests/{tag}");
    assert_eq!(to.send("PUT", &path, MANIFEST, manifest.to_string()).0, 201);
    // Published by its digest, the report names it.
    let sha = <sha2::Sha256 as sha2::Digest>::digest(manifest.to_string());
    format!("sha256:{}", hex::encode(sha))
}

fn json_of(from: &Registry, path: &str) -> Value {
    let (status, text) = from.get(path);
    assert_eq!(status, 200, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

#[test]
fn a_report_comes_back_as_it_was() {
    let (folder, registry) = (tested(), sound());
    let to = format!("{}/reports/zot:nightly", registry.host());
    let done = publish(&folder, &["--to", &to, "--format", "junit,markdown"]);
    done.expect(0, &["published ", &format!("assay fetch {to}")]);
    folder
        .assay(&["fetch", &to, "--out", "back"])
        .expect(0, &["back/report.json"]);
    assert_eq!(folder.report("back"), folder.report("reports"));
    assert_eq!(
        folder.read("back/junit.xml"),
        folder.read("reports/junit.xml")
    );
    assert!(folder.has("back/summary.md") && !folder.has("back/report.html"));
    let manifest = json_of(&registry, "/v2/reports/zot/manifests/nightly");
    assert_eq!(manifest["artifactType"], REPORT);
    // The same report has the same digest.
    let again = publish(&folder, &["--to", &to, "--format", "junit,markdown"]);
    assert_eq!(done.stdout, again.stdout);
}

#[test]
fn the_report_of_an_image_is_found_by_its_referrers() {
    let (folder, registry) = (tested(), sound());
    let digest = push_image(&registry, "zot", "v1");
    let (image, to) = (
        format!("{}/zot:v1", registry.host()),
        format!("{}/zot", registry.host()),
    );
    publish(&folder, &["--to", &to, "--subject", &image]).expect(0, &[&digest]);
    let listed = json_of(&registry, &format!("/v2/zot/referrers/{digest}"));
    assert_eq!(listed["manifests"][0]["artifactType"], REPORT);
    assert_eq!(
        listed["manifests"][0]["annotations"]["vnd.oci-assay.verdict"],
        "conformant"
    );
    folder
        .assay(&["fetch", &image, "--out", "back"])
        .expect(0, &["report.html"]);
    assert_eq!(folder.report("back"), folder.report("reports"));
}

#[test]
fn a_registry_without_referrers_gets_the_referrers_tag() {
    let (folder, registry) = (tested(), varied("no-referrers"));
    let digest = push_image(&registry, "zot", "v1");
    let image = format!("{}/zot:v1", registry.host());
    let tag = format!("/v2/zot/manifests/{}", digest.replace(':', "-"));
    // An entry of another client stays as it is.
    let other =
        json!({ "mediaType": MANIFEST, "digest": digest, "size": 2, "platform": { "os": "none" } });
    let index = json!({ "schemaVersion": 2, "manifests": [other], "annotations": { "a": "b" },
        "mediaType": "application/vnd.oci.image.index.v1+json" });
    registry.send(
        "PUT",
        &tag,
        index["mediaType"].as_str().unwrap(),
        index.to_string(),
    );
    for name in ["one", "one"] {
        let to = format!("{}/zot:{name}", registry.host());
        publish(&folder, &["--to", &to, "--subject", &image]).expect(0, &[]);
    }
    let index = json_of(&registry, &tag);
    assert_eq!(index["manifests"][0], other);
    assert_eq!(index["annotations"]["a"], "b");
    assert_eq!(index["manifests"][1]["artifactType"], REPORT);
    assert_eq!(
        index["manifests"].as_array().unwrap().len(),
        2,
        "published twice, listed once"
    );
    folder
        .assay(&["fetch", &image, "--out", "back"])
        .expect(0, &[]);
    assert_eq!(folder.report("back"), folder.report("reports"));
}

#[test]
fn a_registry_with_tokens_is_logged_in_to() {
    let folder = tested();
    let registry = registry(|options| {
        options.login.user("me", "hunter2");
        options.login.scheme = oci_assay::internals::registry::Scheme::Bearer;
    });
    let to = format!("{}/zot:t", registry.host());
    publish(&folder, &["--to", &to]).expect(3, &["--username"]);
    let logged_in = |args: &[&str]| {
        let call = Assay::new_in(&folder).args(args.iter().copied());
        // The variables of `assay run` work here too.
        call.env("ASSAY_USERNAME", "me")
            .env("ASSAY_PASSWORD", "hunter2")
            .ends()
    };
    logged_in(&["publish", "reports/report.json", "--to", &to]).expect(0, &[]);
    logged_in(&["fetch", &to, "--out", "back"]).expect(0, &[]);
    assert_eq!(folder.report("back"), folder.report("reports"));
}

#[test]
fn what_is_no_report_is_refused_by_name() {
    let (folder, registry) = (Folder::new(), sound());
    push_image(&registry, "zot", "v1");
    let at = |rest: &str| format!("{}/{rest}", registry.host());
    let fetch = |rest: &str| folder.assay(&["fetch", &at(rest), "--out", "back"]);
    fetch("zot:v1").expect(2, &["is no report of assay", "assay publish"]);
    fetch("zot:v2").expect(3, &["there is no manifest", "zot:v2"]);
    fetch("zot").expect(2, &["has no tag and no digest"]);
    assert!(folder.files("back").is_empty());
}

#[test]
fn bytes_that_are_not_those_of_the_digest_are_refused() {
    let folder = tested();
    let registry = crate::support::registry::faulty(&["blob-now-and-then-other-bytes"]);
    let to = format!("{}/zot:t", registry.host());
    publish(&folder, &["--to", &to]).expect(0, &[]);
    let fetches = (0..4).map(|_| folder.assay(&["fetch", &to, "--out", "back"]));
    let refused = fetches.into_iter().find(|fetch| fetch.status != 0).unwrap();
    refused.expect(3, &["other bytes than the manifest's digest and size name"]);
}

#[test]
fn arguments_that_do_not_fit_together_send_nothing() {
    let folder = tested();
    let refused = |args: &[&str], says: &str| publish(&folder, args).expect(2, &[says]);
    refused(&["--to", "localhost:1/zot"], "has no tag");
    refused(&["--to", "localhost:1"], "names no repository");
    let other = [
        "--to",
        "localhost:1/reports:t",
        "--subject",
        "localhost:1/zot:v1",
    ];
    refused(&other, "is not in the repository of --to");
    let digest = format!("localhost:1/zot@sha256:{}", "0".repeat(64));
    refused(&["--to", &digest], "which the report decides");
    let unnamed = ["--to", "localhost:1/zot:t", "--subject", "localhost:1/zot"];
    refused(&unnamed, "has no tag and no digest");
    folder
        .assay(&["publish", "reports/junit.xml", "--to", "localhost:1/zot:t"])
        .expect(2, &["no report.json"]);
    publish(&folder, &["--to", "localhost:1/zot:t"]).expect(3, &["cannot be reached"]);
}

#[test]
fn a_subject_that_does_not_exist_is_named() {
    let (folder, registry) = (tested(), sound());
    let (to, image) = (
        format!("{}/zot:t", registry.host()),
        format!("{}/zot:v9", registry.host()),
    );
    let done = publish(&folder, &["--to", &to, "--subject", &image]);
    done.expect(
        3,
        &["there is no manifest v9 in zot", "push the image first"],
    );
    assert_eq!(
        registry.get("/v2/zot/manifests/t").0,
        404,
        "nothing was pushed"
    );
}
