//! Mistakes in the file of a fleet.

use super::{fleet, run, target};
use crate::support::folder::Folder;

#[test]
fn a_mistake_in_the_file_is_named_and_nothing_is_run() {
    let zot = |line: &str| target("zot", "http://127.0.0.1:1", line);
    for (targets, line, says) in [
        (
            vec![zot(""), zot("")],
            10,
            "two targets have the name `zot`",
        ),
        (vec![zot("spek = \"1.0\"")], 8, "did you mean `spec`?"),
        (vec![zot("spec = \"9.9\"")], 8, "spec"),
        (
            vec![zot("password = \"hunter2\"")],
            8,
            "`password`: passwords are not allowed",
        ),
        (
            vec![zot("login = \"hunter2\"")],
            8,
            "passwords are not allowed",
        ),
        (
            vec![target("zot", "http://me:hunter2@127.0.0.1:1", "")],
            7,
            "passwords are not allowed",
        ),
        (
            vec![zot("login = \"env:NOT_SET\"")],
            8,
            "NOT_SET is not set",
        ),
        (
            vec![target("../zot", "http://127.0.0.1:1", "")],
            6,
            "cannot be the name of a folder",
        ),
        (
            vec![zot("[target.claims]\nreferers = true")],
            9,
            "did you mean `referrers`?",
        ),
        (
            vec![target("zot", "http://127.0.0.1:1/v2/", "")],
            7,
            "leave `/v2/` out",
        ),
        (vec![zot("out = \"x\"")], 8, "unknown key `out`"),
        (vec![zot("time = \"soon\"")], 8, "90s, 30m, 2h"),
        (vec![zot("baseline = \"none.yaml\"")], 8, "none.yaml"),
        (vec![zot("ca = \"none.pem\"")], 8, "none.pem"),
        (vec![zot("only = [\"nothing-of-it\"]")], 8, "nothing-of-it"),
        (vec![String::new()], 1, "names no target"),
    ] {
        let folder = fleet(&targets);
        let refused = run(&folder, &[]);
        refused.expect(2, &[says, &format!("fleet.toml:{line}:")]);
        assert!(!refused.text.contains("hunter2"), "{}", refused.text);
        assert!(!folder.has("results"), "nothing is run");
    }
    run(&Folder::new(), &[]).expect(2, &["fleet.toml cannot be read"]);
}

#[test]
fn at_once_is_at_least_one() {
    let folder = fleet(&[target("zot", "http://127.0.0.1:1", "")]);
    let text = folder.read("fleet.toml");
    folder.write("fleet.toml", &text.replace("at_once = 2", "at_once = 0"));
    let says = "`at_once` must be at least 1, but it is 0";
    run(&folder, &[]).expect(2, &[says, "fleet.toml:1:"]);
}
