//! The site of the results.

use super::{DATE, dated, json, run, three};
use crate::support::folder::Folder;
use crate::support::registry::{faulty, sound};

#[test]
fn the_site_shows_what_changed_first() {
    let (sound, faulty) = (sound(), faulty(&["manifest-get-203"]));
    let folder = three(&sound, &faulty);
    dated(&folder, &[]).expect(1, &[]);
    // The next day, the faulty registry is behind the name of the sound one.
    let text = folder.read("fleet.toml").replace(&sound.url, &faulty.url);
    folder.write("fleet.toml", &text);
    run(&folder, &["--date", "2026-01-03", "--only", "sound"]).expect(1, &[]);
    let site = || folder.assay(&["fleet", "site", "results", "--out", "site"]);
    site().expect(0, &["site/index.html: 3 targets, 4 results"]);
    let index = folder.read("site/index.html");
    assert!(index.find("New violation").unwrap() < index.find("Registries").unwrap());
    assert!(
        index.contains("cannot be reached"),
        "a target that is down is a row with the reason"
    );
    let data = json(&folder, "site/index.json");
    let named = |name: &str| {
        data.as_array()
            .unwrap()
            .iter()
            .find(|one| one["name"] == name)
            .unwrap()
            .clone()
    };
    assert!(
        !named("sound")["runs"][1]["changes"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    for file in [
        "matrix.html",
        "matrix.json",
        "feed.atom",
        "sound/index.html",
        "sound/index.json",
        "sound/2026-01-03/report.html",
    ] {
        assert!(folder.has(&format!("site/{file}")), "{file}");
    }
    let matrix = folder.read("site/matrix.html").replace("&#x2f;", "/");
    for link in ["href=\"index.html\"", "href=\"sound/index.html\""] {
        assert!(matrix.contains(link), "{link}");
    }
    // Made again, it is the same, and nothing is left beside it.
    let before = folder.files("site");
    site().expect(0, &[]);
    assert_eq!(folder.files("site"), before);
    let beside = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(beside, 3, "fleet.toml, results and site");
    // With the reports of the latest results alone, no page leads to the others.
    let latest = [
        "fleet",
        "site",
        "results",
        "--out",
        "site",
        "--reports",
        "1",
    ];
    folder.assay(&latest).expect(0, &["3 targets, 4 results"]);
    assert!(folder.has("site/sound/2026-01-03/report.html"));
    assert!(!folder.has(&format!("site/sound/{DATE}")));
    for page in ["site/index.html", "site/sound/index.html", "site/feed.atom"] {
        let earlier = match page {
            "site/sound/index.html" => format!("\"{DATE}/report"),
            _ => format!("sound/{DATE}/report"),
        };
        assert!(!folder.read(page).contains(&earlier), "{page}");
    }
}

#[test]
fn a_result_or_site_that_is_not_whole_is_refused_by_name() {
    let (sound, faulty) = (sound(), faulty(&["manifest-get-203"]));
    let folder = three(&sound, &faulty);
    dated(&folder, &[]).expect(1, &[]);
    let site = |out: &str| folder.assay(&["fleet", "site", "results", "--out", out]);
    site("site").expect(0, &[]);
    let whole = folder.files("site");
    let report = format!("results/sound/{DATE}/report.json");
    let text = folder.read(&report);
    folder.write(&report, &text[..text.len() / 2]);
    site("site").expect(2, &["sound/2026-01-02/report.json is cut off"]);
    folder.write(
        &report,
        &text.replacen("\"schema\": \"2\"", "\"schema\": \"7\"", 1),
    );
    site("site").expect(2, &["sound/2026-01-02/report.json has version \"7\""]);
    folder.write(&report, &text);
    folder.write("results/sound/2026-01-01/report.json", &text);
    site("site").expect(2, &["sound/2026-01-01 is no whole result"]);
    assert_eq!(
        folder.files("site"),
        whole,
        "the site is the last whole one"
    );
    folder.write("mine/notes.txt", "precious");
    site("mine").expect(2, &["is not a site of assay"]);
    assert_eq!(folder.read("mine/notes.txt"), "precious");
    Folder::new()
        .assay(&["fleet", "site", "nothing", "--out", "site"])
        .expect(2, &["nothing"]);
}
