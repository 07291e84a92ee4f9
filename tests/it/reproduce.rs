//! `assay reproduce`: the script fails against a registry that fails, and not against one that conforms.

use std::process::Command;

use oci_assay::internals::registry::{Scheme, fault};

use crate::support::assay::ASSAY;
use crate::support::folder::Folder;
use crate::support::proxy::{Proxy, Unwell};
use crate::support::registry::{Registry, faulty, registry, sound, varied};
use crate::support::server::{Recorder, last, recorder};

/// The folder of a run with one case.
fn ran(registry: &Registry, case: &str) -> Folder {
    let folder = Folder::new();
    folder.run(&[&registry.url, "--only", case, "--settle", "0s"]);
    folder
}

/// The script for a case, in the folder.
fn script(folder: &Folder, case: &str) -> String {
    let said = folder.assay(&["reproduce", "reports/report.json", case]);
    assert_eq!(said.status, 0, "{}", said.text);
    folder.write("script.sh", &said.stdout);
    said.stdout
}

/// The exit status of the script, and what it prints.
fn play(folder: &Folder, arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let output = Command::new("sh")
        .arg(folder.at("script.sh"))
        .args(arguments)
        .env("ASSAY_SETTLE", "0")
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    (output.status.code().unwrap(), text)
}

#[test]
fn a_script_tells_the_faulty_registry_from_the_sound_one_and_leaves_nothing() {
    let faulty = faulty(&["chunk-range-one-off"]);
    let sound = sound();
    let folder = ran(&faulty, "chunked-upload");
    let text = script(&folder, "chunked-upload/sha256");
    assert!(text.contains("\n# Case chunked-upload/sha256, "));
    // The registry of the report, unless the caller names another.
    let (status, said) = play(&folder, &[], &[]);
    assert_eq!(status, 1, "{said}");
    for part in [
        "VIOLATED: ",
        "  expected: ",
        "  actual:   ",
        "\nreproduced: ",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (status, said) = play(&folder, &[&sound.url], &[]);
    assert_eq!(status, 0, "{said}");
    assert!(
        said.contains("\nnot reproduced: chunked-upload/sha256"),
        "{said}"
    );
    let (status, said) = play(&folder, &[], &[("ASSAY_TARGET", &sound.url)]);
    assert_eq!(status, 0, "{said}");
    // What it pushed is deleted: the run deleted its own content too.
    let (status, list) = sound.get("/v2/conformance/repo1/tags/list");
    assert!(status == 404 || list.contains("\"tags\":[]"), "{list}");
}

#[test]
fn what_no_response_was_about_is_not_exercised() {
    let faulty = faulty(&["referrers-203"]);
    let folder = ran(&faulty, "referrers");
    script(&folder, "referrers");
    let lacking = varied("no-referrers");
    let (status, said) = play(&folder, &[&lacking.url], &[]);
    assert_eq!(status, 3, "{said}");
    assert!(said.contains("\nnot exercised: referrers "), "{said}");
}

#[test]
fn a_response_that_breaks_off_says_so() {
    let faulty = faulty(&["blob-get-cut"]);
    let folder = ran(&faulty, "blob-by-digest/sha256");
    script(&folder, "blob-by-digest/sha256");
    let cut = Unwell {
        cut: 1,
        ..Unwell::default()
    };
    let sound = sound();
    let proxy = sound.runtime.block_on(Proxy::start(&sound.url, cut));
    let (status, said) = play(&folder, &[&proxy.url], &[]);
    assert_eq!(status, 1, "{said}");
    for part in [
        "< (the response broke off: curl: (18) ",
        ", and the response broke off\n",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn all_lines_of_a_header_are_sent() {
    let faulty = faulty(&["accept-first-line"]);
    let folder = ran(&faulty, "accept-lines");
    let text = script(&folder, "accept-lines");
    for line in ["docker.distribution.manifest.list.v2", "oci.image.index.v1"] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert_eq!(play(&folder, &[], &[]).0, 1);
    assert_eq!(play(&folder, &[&sound().url], &[]).0, 0);
}

#[test]
#[ignore = "long: run by .ci/run"]
fn a_script_logs_in_and_has_no_secret() {
    for scheme in [Scheme::Basic, Scheme::Bearer] {
        let registry = registry(|options| {
            options.login.scheme = scheme;
            options.login.user("me", "hunter2hunter2");
            options.faults.push(fault("tags-n-zero-400").unwrap());
        });
        let folder = Folder::new();
        let login = [
            ("ASSAY_USERNAME", "me"),
            ("ASSAY_PASSWORD", "hunter2hunter2"),
        ];
        let run = [
            "run",
            &registry.url,
            "--only",
            "tags-n-zero",
            "--settle",
            "0s",
        ];
        folder.assay_with(&login, &run);
        let text = script(&folder, "tags-n-zero");
        assert!(!text.contains("hunter2"), "{text}");
        let (status, said) = play(&folder, &[], &login);
        assert_eq!(status, 1, "{said}");
        assert!(!said.contains("hunter2"), "{said}");
        // The script knows the user of the run.
        let (status, said) = play(&folder, &[], &login[1..]);
        assert_eq!(status, 1, "{said}");
        let (status, said) = play(&folder, &[], &[]);
        assert_eq!(status, 3, "{said}");
        assert!(said.contains("no result: "), "{said}");
    }
}

#[test]
fn a_report_names_the_command_that_tests_its_target_as_the_run_did() {
    let registry = sound();
    let folder = Folder::new();
    let target = format!("{}/team/x", registry.url);
    let options = "--repo2 team/y --anonymous --only tags-n-zero --require referrers --settle 1s";
    let options: Vec<&str> = options.split(' ').collect();
    folder.run(&[&[target.as_str()], &options[..]].concat());
    let again = "--repo team/x --repo2 team/y --require=referrers --anonymous --settle=1s";
    let command = format!(
        "\"assay run {} {again} --only {{id}} --out rerun\"",
        registry.url
    );
    let page = folder.read("reports/report.html");
    assert!(page.contains(&command), "{command}");
}

#[test]
fn the_command_of_each_report_works_in_the_directory_of_the_run() {
    let registry = faulty(&["tags-n-zero-400"]);
    let folder = Folder::new();
    let summary = folder.at("github.md");
    let github = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.as_str()),
    ];
    let args =
        "run --only tags-n-zero --settle 0s --progress never --format json,junit,html,markdown";
    let mut args: Vec<&str> = args.split(' ').collect();
    args.extend([registry.url.as_str(), "--out", "my reports"]);
    // The terminal, and the annotations.
    let printed = folder.assay_with(&github, &args).stdout;
    let again = folder.assay(&["report", "my reports/report.json"]).stdout;
    let case = "tags-list-in-second-repository";
    let command = &format!("assay reproduce 'my reports/report.json' {case} | sh");
    assert_eq!(printed.matches(command).count(), 2, "{printed}");
    let file = |name: &str| folder.read(&format!("my reports/{name}"));
    let texts = [
        again,
        file("junit.xml"),
        file("summary.md"),
        folder.read("github.md"),
    ];
    for text in &texts {
        assert!(text.contains(command), "{text}");
    }
    let of_page = command.replace(case, "{id}");
    assert!(file("report.html").contains(&of_page));
    let (assay, _) = ASSAY.rsplit_once('/').unwrap();
    let path = format!("{assay}:{}", std::env::var("PATH").unwrap());
    let pasted = Command::new("sh")
        .args(["-c", command])
        .current_dir(folder.path())
        .env("PATH", path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&pasted.stdout);
    assert_eq!(pasted.status.code(), Some(1), "{said}");
}

#[test]
fn without_a_report_json_the_command_runs_the_case_again() {
    let registry = faulty(&["tags-n-zero-400"]);
    let folder = Folder::new();
    let out = ["--only", "tags-n-zero", "--format", "markdown"];
    let printed = folder.run(&[&[registry.url.as_str()], &out[..]].concat());
    let case = "tags-list-in-second-repository";
    let command = format!("assay run {} --only {case} --spec ", registry.url);
    for text in [printed.stdout, folder.read("reports/summary.md")] {
        assert!(text.contains(&command), "{text}");
        assert!(!text.contains("assay reproduce"), "{text}");
    }
}

#[test]
fn what_gives_no_result_says_why() {
    let registry = sound();
    let folder = ran(&registry, "tags-n-zero");
    let missing = folder.assay(&["reproduce", "reports/report.json", "tags-lst"]);
    missing.expect(
        2,
        &["reports/report.json: the report has no case `tags-lst`"],
    );
    script(&folder, "tags-n-zero");
    let (status, said) = play(&folder, &["127.0.0.1:1"], &[]);
    assert_eq!(status, 3, "{said}");
    assert!(
        said.contains("no result: http://127.0.0.1:1 does not respond"),
        "{said}"
    );
    let lacking = varied("no-referrers");
    let folder = Folder::new();
    folder.run(&[
        &lacking.url,
        "--only",
        "tags-list",
        "--require",
        "referrers",
    ]);
    let unsaid = folder.assay(&["reproduce", "reports/report.json", "referrers"]);
    unsaid.expect(
        3,
        &[
            "run instead: assay run ",
            "--only referrers --require referrers ",
        ],
    );
    folder.write("script.sh", &unsaid.stdout);
    assert_eq!(play(&folder, &[], &[]).0, 3);
}

/// A login, for servers that want to have it.
const LOGIN: [(&str, &str); 2] = [
    ("ASSAY_USERNAME", "me"),
    ("ASSAY_PASSWORD", "hunter2hunter2"),
];

/// A folder with the script of a case that pushes a blob.
fn pushing() -> Folder {
    let folder = ran(&sound(), "blob-by-digest");
    script(&folder, "blob-by-digest/sha256");
    folder
}

/// A server that refuses each request with this challenge and body, and has an open `/v2/`.
fn challenging(challenge: &'static str, body: String) -> Recorder {
    recorder(move |asked, base| match asked.target.as_str() {
        "/v2/" => last(200, "", "{}"),
        _ => {
            let challenge = challenge.replace("BASE", base);
            last(401, &format!("WWW-Authenticate: {challenge}\r\n"), &body)
        }
    })
}

/// Whether the server got credentials.
fn got_credentials(server: &Recorder) -> bool {
    let all = server.requests("");
    all.iter().any(|one| one.header("authorization").is_some())
}

#[test]
fn no_realm_is_an_option_of_curl() {
    let folder = pushing();
    let written = folder.at("written");
    for realm in [
        "-Kresponse.body",
        "--config=response.body",
        "@response.body",
    ] {
        let config = format!("url = \"file:///etc/hosts\"\noutput = \"{written}\"\n");
        let challenge = format!("Bearer realm=\"{realm}\",service=\"s\"");
        let hostile = challenging(challenge.leak(), config);
        let (status, said) = play(&folder, &[&hostile.url], &LOGIN);
        assert_eq!(status, 3, "{said}");
        assert!(!folder.has("written"), "{realm}: {said}");
        assert!(!hostile.requests(realm).is_empty(), "{realm}: {said}");
    }
}

#[test]
fn no_text_of_the_registry_is_a_command_of_sed() {
    let folder = pushing();
    let written = folder.at("written");
    let path = format!("/v2/x/manifests/,;etouch${{IFS}}{written};:/y?tag=a");
    let hostile = recorder(move |asked, _| match asked.method.as_str() {
        "POST" => last(202, &format!("Location: {path}\r\n"), ""),
        "PUT" => last(201, "", ""),
        _ => last(200, "", "{}"),
    });
    let (_, said) = play(&folder, &[&hostile.url], &[]);
    assert!(!hostile.requests("/manifests/,;").is_empty(), "{said}");
    assert!(!folder.has("written"), "{said}");
}

#[test]
fn another_host_gets_no_login() {
    let folder = pushing();
    for challenge in ["Bearer realm=\"BASE/token\"", "Basic realm=\"x\""] {
        let other = challenging(challenge, String::new());
        let to = other.url.clone();
        let target = recorder(move |asked, _| match asked.target.as_str() {
            "/v2/" => last(200, "", "{}"),
            path => last(307, &format!("Location: {to}{path}\r\n"), ""),
        });
        let (status, said) = play(&folder, &[&target.url], &LOGIN);
        assert_eq!(status, 3, "{said}");
        assert!(!other.requests("").is_empty(), "{said}");
        assert!(!got_credentials(&other), "{said}");
        assert!(other.requests("/token").is_empty(), "{said}");
    }
}

#[test]
fn a_token_server_without_tls_gets_no_password() {
    let folder = pushing();
    for realm in [
        "http://registry.example/token",
        "http://127.0.0.1.example/token",
        "http://127.0.0.1:80@registry.example/token",
    ] {
        let proxy = recorder(|_, _| last(200, "", "{\"token\":\"a\"}"));
        let challenge = format!("Bearer realm=\"{realm}\",service=\"s\"");
        let target = challenging(challenge.leak(), String::new());
        let around = [
            ("http_proxy", proxy.url.as_str()),
            ("no_proxy", "127.0.0.1"),
        ];
        // The target is this machine by another name: the password goes to no other host.
        let (status, said) = play(&folder, &[&target.url], &[&LOGIN[..], &around[..]].concat());
        assert_eq!(status, 3, "{said}");
        assert!(proxy.requests("").is_empty(), "{realm}: {said}");
        // Without a password, everybody's token is asked for.
        play(&folder, &[&target.url], &around);
        let asked = !proxy.requests("/token").is_empty();
        assert_eq!(asked, !realm.contains('@'), "{realm}");
        assert!(!got_credentials(&proxy));
    }
}

#[test]
fn a_case_of_own_suites_has_a_script_where_they_are_named() {
    let folder = Folder::new();
    folder.write(
        "suites/pull/ours.yaml",
        "title: Ours\nsection: pulling-blobs\ncases:\n  - id: ours-first\n    title: GET on the tag list\n    since: 0.3.0\n    steps:\n      - get: /v2/{repo}/tags/list\n        expect:\n          tags-status: { status: 203 }\n",
    );
    let outcome = folder.assay(&["run", "--suites", "suites"]);
    // The requirement's category has no case of its own.
    outcome.is(1, "Content discovery non-conformant 1 fail");
    let case = ["reproduce", "reports/report.json", "ours-first"];
    folder.assay(&case).expect(
        3,
        &["the bundled suites have no case `ours-first`", "--suites"],
    );
    let script = folder.assay(&[&case[..], &["--suites", "suites"]].concat());
    script.expect(0, &["# Case ours-first"]);
}

#[test]
fn a_token_is_no_other_line_of_the_configuration() {
    let folder = pushing();
    let hostile = recorder(|asked, base| match asked.target.as_str() {
        "/v2/" => last(200, "", "{}"),
        path if path.starts_with("/token") => last(200, "", "{\"token\":\"a\\r\\nInjected: b\"}"),
        _ => {
            let challenge = format!("WWW-Authenticate: Bearer realm=\"{base}/token\"\r\n");
            last(401, &challenge, "")
        }
    });
    let (status, said) = play(&folder, &[&hostile.url], &LOGIN);
    assert_eq!(status, 3, "{said}");
    let all = hostile.requests("");
    assert!(
        all.iter().all(|one| one.header("injected").is_none()),
        "{said}"
    );
}
