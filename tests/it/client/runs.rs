//! What `assay client run` prints, writes and refuses.

use crate::client::proof::{adapter, run};
use crate::support::assay::{Assay, assay};
use crate::support::folder::Folder;

#[test]
fn an_unknown_client_is_answered_with_the_known_ones() {
    let outcome = assay(&["client", "run", "skopoe"]);
    assert_eq!(outcome.status, 2);
    assert!(
        outcome.stderr.contains("did you mean `skopeo`"),
        "{}",
        outcome.stderr
    );
    let listed = assay(&["client", "list"]);
    assert!(listed.stdout.contains("skopeo") && listed.stdout.contains("pull"));
}

#[test]
fn a_mistake_in_an_adapter_is_shown_with_its_place() {
    let folder = Folder::new();
    folder.write(
        "tea.toml",
        &adapter("").replace("{repository}:x", "{repo}:x"),
    );
    let words = ["client", "run", "--adapter", "tea.toml"];
    let outcome = Assay::new_in(&folder).args(words).ends();
    assert_eq!(outcome.status, 2);
    for part in ["`{repo}` stands for nothing here", "tea.toml:", "known are"] {
        assert!(outcome.stderr.contains(part), "{part}\n{}", outcome.stderr);
    }
}

#[test]
fn a_client_that_is_not_installed_is_said() {
    let folder = Folder::new();
    let exe = std::env::current_exe().unwrap().display().to_string();
    folder.write("tea.toml", &adapter("").replace(&exe, "no-such-client"));
    let words = ["client", "run", "--adapter", "tea.toml"];
    let outcome = Assay::new_in(&folder).args(words).ends();
    assert_eq!(outcome.status, 3);
    assert!(
        outcome.stderr.contains("no-such-client is not installed"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn no_secret_is_kept_and_a_leak_is_named() {
    let outcome = run(
        "credentials-everywhere",
        &[
            "--only",
            "redirect-basic",
            "--format",
            "json,html,junit,har",
        ],
    );
    assert_eq!(outcome.status, 1, "{}", outcome.stdout);
    let report = outcome.report().to_string();
    assert!(
        report.contains("GET sent the password to trial-"),
        "{report}"
    );
    for (path, bytes) in outcome.folder.files("reports") {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("secret-"), "{}", path.display());
        assert!(!text.contains("YXNzYXk6c2VjcmV0"), "{}", path.display());
    }
}
