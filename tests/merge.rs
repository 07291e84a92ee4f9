//! The parts of a run, merged, come to what the run comes to that was not split.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use oci_assay::record::{Run, Verdict};
use oci_assay::registry::{self, Options, Server};
use oci_assay::report;

fn assay(args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_assay"));
    for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("ASSAY_")) {
        command.env_remove(name);
    }
    command.args(args).output().unwrap()
}

fn run(url: &str, out: &Path, more: &[&str]) -> Run {
    let mut args = vec!["run", url, "--progress", "never", "--seed", "11"];
    args.extend([
        "--format",
        "json",
        "--settle",
        "0s",
        "--out",
        out.to_str().unwrap(),
    ]);
    args.extend(more);
    let output = assay(&args);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(out.join("report.json").exists(), "{said}");
    report::read(&out.join("report.json")).unwrap()
}

struct Merged {
    whole: Run,
    merged: Run,
    status: Option<i32>,
}

/// The whole run and the merged one, each part on a registry of its own.
async fn both(options: impl Fn() -> Options, more: &[&str]) -> Merged {
    let dir = tempfile::tempdir().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = Server::start(any, options()).await.unwrap();
    let whole = run(&server.url(), &dir.path().join("whole"), more);
    server.stop().await;
    // The same registry for all parts: their names and contents keep out of each other's way.
    let server = Server::start(any, options()).await.unwrap();
    let parts: Vec<PathBuf> = (1..=3)
        .map(|index| {
            let out = dir.path().join(index.to_string());
            let shard = format!("{index}/3");
            let mut more = more.to_vec();
            more.extend(["--shard", &shard]);
            run(&server.url(), &out, &more);
            out.join("report.json")
        })
        .collect();
    server.stop().await;
    let out = dir.path().join("merged");
    let mut args = vec!["merge", "--format", "json", "--out", out.to_str().unwrap()];
    // In any order.
    args.extend(parts.iter().rev().map(|path| path.to_str().unwrap()));
    let output = assay(&args);
    Merged {
        whole,
        merged: report::read(&out.join("report.json")).unwrap(),
        status: output.status.code(),
    }
}

fn cases(run: &Run) -> BTreeMap<&str, (Verdict, Vec<&str>)> {
    run.cases
        .iter()
        .map(|case| {
            let broken = case.checks.iter().filter(|check| check.verdict.is_broken());
            let broken = broken.map(|check| check.requirement.as_str()).collect();
            (case.id.as_str(), (case.verdict, broken))
        })
        .collect()
}

fn same(name: &str, both: &Merged) {
    let Merged { whole, merged, .. } = both;
    assert_eq!(cases(merged), cases(whole), "{name}");
    let order = |run: &Run| {
        run.cases
            .iter()
            .map(|case| case.id.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(order(merged), order(whole), "{name}");
    let blocked = |run: &Run| {
        let by = run
            .cases
            .iter()
            .map(|case| (case.id.clone(), case.blocked_by.clone()));
        by.filter(|(_, by)| by.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(blocked(merged), blocked(whole), "{name}");
    let requirements = |run: &Run| {
        let of = |one: &oci_assay::record::RequirementResult| (one.id.clone(), one.verdict);
        run.requirements.iter().map(of).collect::<BTreeMap<_, _>>()
    };
    assert_eq!(requirements(merged), requirements(whole), "{name}");
    assert_eq!(merged.categories, whole.categories, "{name}");
    assert_eq!(merged.features, whole.features, "{name}");
    assert_eq!(merged.summary, whole.summary, "{name}");
    assert_eq!(merged.verdict, whole.verdict, "{name}");
    assert!(
        merged.requests > whole.requests,
        "{name}: set-ups are pushed by each part"
    );
    assert!(merged.shard.is_none() && whole.shard.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_keeps_everything() {
    let both = both(Options::default, &[]).await;
    same("strict", &both);
    assert_eq!(both.status, Some(0));
    let selected = self::both(
        Options::default,
        &["--skip", "tags-*", "--category", "pull,discovery"],
    );
    let selected = selected.await;
    same("a selection", &selected);
    assert!(selected.merged.partial);
}

#[tokio::test(flavor = "multi_thread")]
async fn registries_with_a_fault() {
    // One in a procedure that everybody borrows; then one in every push, one that invariants find, one in a feature.
    for faults in [
        &["upload-open-no-location"][..],
        &[
            "manifest-put-no-location",
            "errors-no-code",
            "tag-delete-in-words",
        ],
    ] {
        let options = || Options {
            faults: faults.iter().filter_map(|id| registry::fault(id)).collect(),
            ..Options::default()
        };
        assert_eq!(options().faults.len(), faults.len());
        let both = both(options, &[]).await;
        same(&faults.join(", "), &both);
        assert_eq!(both.status, Some(1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn registries_that_leave_features_out() {
    let variant = registry::variant("bare").unwrap();
    let options = || {
        let mut options = Options::default();
        (variant.set)(&mut options);
        options
    };
    same("bare", &both(options, &[]).await);
}

#[test]
fn what_does_not_belong_together_is_refused_with_a_reason() {
    let dir = tempfile::tempdir().unwrap();
    let run = |name: &str, more: &[&str]| {
        let out = dir.path().join(name);
        let mut args = vec!["run", "--progress", "never", "--format", "json"];
        args.extend(["--only", "blob-*", "--out", out.to_str().unwrap()]);
        args.extend(more);
        assert_eq!(assay(&args).status.code(), Some(0));
        out.join("report.json").to_str().unwrap().to_owned()
    };
    let merge = |reports: &[&str]| {
        let out = dir.path().join("merged");
        let mut args = vec!["merge", "--out", out.to_str().unwrap()];
        args.extend(reports);
        let output = assay(&args);
        let text = [&output.stdout[..], &output.stderr[..]].concat();
        (
            output.status.code().unwrap(),
            String::from_utf8(text).unwrap(),
        )
    };
    let one = run("one", &["--shard", "1/2"]);
    let two = run("two", &["--shard", "2/2"]);
    let other = run("other", &["--shard", "2/2", "--spec", "1.0"]);
    let whole = run("whole", &[]);
    for (reports, why) in [
        (&[one.as_str(), &one][..], "both part 1/2"),
        (
            &[&one, &other],
            "the version of the specification is 1.1 in the first and 1.0",
        ),
        (&[&whole], "is no part of a run"),
        (&["no/such.json"], "cannot read no/such.json"),
    ] {
        let (status, text) = merge(reports);
        assert!(status == 2 && text.contains(why), "{status} {text}");
    }
    let (status, text) = merge(&[&one, &two]);
    assert_eq!(status, 0, "{text}");
    // A part that is missing is no verdict, and said.
    let (_, text) = merge(&[&two]);
    assert!(
        text.contains("missing: 1/2") && text.contains("Inconclusive"),
        "{text}"
    );
}
