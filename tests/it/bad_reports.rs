//! Reports that are cut off, of another version, no report or hostile, given to every command that reads one.

use crate::support::assay::Outcome;
use crate::support::folder::Folder;

/// What a command is called with to read `bad.json`. The files before it are valid.
const READERS: [&[&str]; 8] = [
    &["report", "bad.json"],
    &["report", "bad.json", "--format", "html"],
    &["compare", "good.json", "bad.json"],
    &["baseline", "new", "--from", "bad.json"],
    &["baseline", "update", "known.yaml", "--from", "bad.json"],
    &["clean", "--from", "bad.json"],
    &["run", "--rerun", "bad.json", "--out", "rerun"],
    &[
        "run",
        "--only",
        "api-base",
        "--baseline",
        "bad.json",
        "--out",
        "compared",
    ],
];

/// A real report of a small run, in a folder.
fn good() -> (Folder, String) {
    let here = Folder::new();
    here.run(&["--only", "api-base", "--out", "."])
        .expect(0, &[]);
    let text = here.read("report.json");
    here.write("good.json", &text);
    here.write(
        "known.yaml",
        "known: []
",
    );
    (here, text)
}

/// What acts on a terminal or a reader's eye.
fn acts(text: &str) -> Option<char> {
    text.chars().find(|c| {
        c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{202a}'..='\u{202e}')
    })
}

#[test]
fn every_reader_names_the_file_the_place_and_the_reason() {
    let (here, text) = good();
    let other = text.replacen("\"schema\": \"2\"", "\"schema\": \"7\\u001b[31m\"", 1);
    let wrong = text.replacen(
        "\"seed\": ",
        "\"seed\": \"\\u001b[2J\\u202e\", \"was\": ",
        1,
    );
    assert!(other != text && wrong != text);
    let deep = "[".repeat(200_000);
    for (bad, reason) in [
        (&text[..text.len() / 2], "is cut off in line"),
        ("", "is cut off in line"),
        (
            other.as_str(),
            "of the report format, and this assay reads \"1\" and \"2\"",
        ),
        (wrong.as_str(), "line 14, column"),
        ("<html></html>", "line 1, column 1"),
        (deep.as_str(), "line 1, column"),
    ] {
        here.write("bad.json", bad);
        for reader in READERS {
            let Outcome { status, text, .. } = here.assay(reader);
            assert_eq!(status, 2, "{reader:?}: {text}");
            assert!(
                text.contains("bad.json") && text.contains(reason),
                "{reader:?}: {text}"
            );
            assert_eq!(acts(&text), None, "{reader:?}: {text:?}");
            assert!(text.len() < 4000, "{reader:?}: {} bytes", text.len());
        }
    }
}

#[test]
fn a_report_that_is_not_there_is_named() {
    let (here, _) = good();
    for reader in READERS {
        here.assay(reader).expect(2, &["bad.json"]);
    }
}

#[test]
fn hostile_text_of_a_report_acts_nowhere() {
    let (here, text) = good();
    let words = "\\u001b[31m\\u202edrow</script><script>alert(1)</script>";
    let mut hostile = text;
    for (from, to) in [
        ("\"title\":\"", format!("\"title\":\"{words}")),
        ("\"id\": \"", format!("\"id\": \"{words}")),
        ("\"message\":\"", format!("\"message\":\"{words}")),
        ("\"notes\": [", format!("\"notes\": [\"{words}\", ")),
        ("conformance/repo1", format!("{words}/repo1")),
    ] {
        hostile = hostile.replace(from, &to);
    }
    here.write("bad.json", &hostile);
    for reader in READERS {
        let Outcome { status, text, .. } = here.assay(reader);
        assert!([0, 2].contains(&status), "{reader:?}: {status} {text}");
        assert_eq!(acts(&text), None, "{reader:?}: {text:?}");
        let page = reader.contains(&"html");
        assert!(!page || !text.contains("<script>alert"), "{reader:?}");
    }
}
