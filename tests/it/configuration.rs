//! Options from arguments, environment and file, as a user gives them.

use crate::support::assay::SMALL;
use crate::support::folder::Folder;

/// A short run of the bundled registry.
const SHORT: [&str; 7] = [
    "run",
    SMALL[0],
    SMALL[1],
    "--only",
    "api-base",
    "--progress",
    "never",
];

#[test]
fn arguments_come_before_the_environment_and_the_environment_before_the_file() {
    let here = Folder::with_config(
        "seed = 1\nspec = \"dev\"\nout = \"here\"\nformat = [\"json\"]\nrepo = \"of/file\"\n",
    );
    let variables = [("ASSAY_SPEC", "1.0"), ("ASSAY_SEED", "2")];
    here.assay_with(&variables, &[&SHORT[..], &["--seed", "3"]].concat())
        .expect(0, &[]);
    let run = here.report("here");
    assert_eq!((&run["seed"], &run["spec"]), (&3.into(), &"1.0".into()));
    assert_eq!(run["target"]["repo"], "of/file");
    assert!(!here.has("here/junit.xml"));
    // A list of arguments replaces the file's list.
    here.assay(&[&SHORT[..], &["--format", "junit"]].concat())
        .expect(0, &[]);
    assert!(here.has("here/junit.xml"));
    // An empty variable sets nothing.
    here.assay_with(&[("ASSAY_SEED", "")], &SHORT)
        .expect(0, &[]);
    assert_eq!(here.report("here")["seed"], 1);
}

#[test]
fn a_constraint_holds_whatever_source_sets_the_options() {
    // The seed of the file is the seed that --no-push needs. Nothing listens there: the run goes as far as connecting.
    let target = "target = \"http://127.0.0.1:1\"\n";
    let here = Folder::with_config(&format!("{target}seed = 1\n"));
    here.run(&["--no-push"]).expect(3, &["127.0.0.1:1"]);
    here.assay_with(&[("ASSAY_NO_PUSH", "yes")], &SHORT)
        .expect(3, &["127.0.0.1:1"]);
    // Without a seed, the place that demands it is named.
    let here = Folder::with_config(&format!("{target}no-push = true\n"));
    here.run(&[])
        .expect(2, &["`no-push` (assay.toml:2) needs --seed", "ASSAY_SEED"]);
    let here = Folder::with_config(target);
    here.run(&["--no-push"])
        .expect(2, &["--no-push needs --seed"]);
    here.assay_with(&[("ASSAY_NO_PUSH", "1")], &SHORT)
        .expect(2, &["ASSAY_NO_PUSH needs --seed"]);
    here.assay_with(&[("ASSAY_CERT", "a.pem")], &SHORT)
        .expect(2, &["ASSAY_CERT needs --key"]);
    here.run(&["--password-stdin"])
        .expect(2, &["--password-stdin needs --username"]);
}

#[test]
fn of_options_that_exclude_each_other_the_upper_source_decides() {
    // `quiet` in the file does not silence -v.
    let here = Folder::with_config("quiet = true\n");
    let quiet = here.assay(&SHORT);
    quiet.expect(0, &[]);
    let verbose = here.assay(&[&SHORT[..], &["-v"]].concat());
    verbose.expect(0, &["Reports:"]);
    assert!(!quiet.text.contains("Reports:"), "{}", quiet.text);
    here.assay_with(&[("ASSAY_QUIET", "no")], &SHORT)
        .expect(0, &["Reports:"]);
    // One source must not give both.
    let here = Folder::with_config("quiet = true\nverbose = 1\n");
    here.assay(&SHORT)
        .expect(2, &["`verbose` (assay.toml:2) and `quiet` (assay.toml:1)"]);
    Folder::new()
        .run(&["--existing", "a/b:1", "--no-push", "--seed", "1"])
        .expect(2, &["--no-push and --existing exclude each other"]);
}

#[test]
fn a_wrong_value_is_reported_with_its_variable() {
    let here = Folder::new();
    for (name, value, why) in [
        ("ASSAY_SEED", "x", "ASSAY_SEED: invalid value 'x'"),
        ("ASSAY_JOBS", "0", "write a whole number from 1 to 512"),
        ("ASSAY_INSECURE", "perhaps", "ASSAY_INSECURE: "),
        ("ASSAY_REPO", "UPPER", "ASSAY_REPO: "),
        ("ASSAY_FORMAT", "json,jsn", "ASSAY_FORMAT: "),
    ] {
        here.assay_with(&[(name, value)], &SHORT).expect(2, &[why]);
    }
    here.write("assay.toml", "repo = \"a\"\nrepo2 = \"a\"\n");
    here.assay(&SHORT).expect(
        2,
        &["`repo` (assay.toml:1) and `repo2` (assay.toml:2) are both `a`"],
    );
}

#[test]
fn another_file_can_be_named_and_must_exist() {
    let here = Folder::with_config("jobs = \"nonsense\"\n");
    here.write("other.toml", "seed = 7\n");
    here.assay(&[&SHORT[..], &["--config", "other.toml"]].concat())
        .expect(0, &[]);
    assert_eq!(here.report("reports")["seed"], 7);
    here.assay_with(&[("ASSAY_CONFIG", "other.toml")], &SHORT)
        .expect(0, &[]);
    here.assay(&[&SHORT[..], &["--config=missing.toml"]].concat())
        .expect(2, &["missing.toml"]);
}

#[test]
fn a_mistake_in_the_file_is_shown_at_its_line() {
    for (config, place, why) in [
        (
            "seed = 1\ntimout = \"3s\"\n",
            "assay.toml:2:",
            "did you mean `timeout`?",
        ),
        (
            "\ntimeout = \"soon\"\n",
            "assay.toml:2:11",
            "write a number with its unit",
        ),
        (
            "jobs = 0\n",
            "assay.toml:1:8",
            "write a whole number from 1 to 512",
        ),
        (
            "spec = 1.1\n",
            "assay.toml:1:8",
            "write it in quotes: \"1.1\"",
        ),
        ("format = [\"json\", \"jsn\"]\n", "assay.toml:1:19", "jsn"),
        (
            "category = [\"pul\"]\n",
            "assay.toml:1:13",
            "there is no such category",
        ),
        (
            "insecure = \"yes\"\n",
            "assay.toml:1:12",
            "`insecure` must be true or false, but it is the text `yes`",
        ),
        (
            "jobs = \"8\"\n",
            "assay.toml:1:8",
            "write it without quotes: 8",
        ),
        ("only = \"x\"\n", "assay.toml:1:8", "write `[\"x\"]`"),
        (
            "claims = 3\n",
            "assay.toml:1:10",
            "`claims` must be a table",
        ),
        (
            "seed = 1\nseed = 2\n",
            "assay.toml:2:1",
            "remove one of the two",
        ),
        ("rerun = \"x\"\n", "assay.toml:1:1", "type --rerun"),
        (
            "[claims]\ntarget = \"x\"\n",
            "assay.toml:2:1",
            "`target` stands below the table `claims`",
        ),
        (
            "[claims]\nreferers = true\n",
            "assay.toml:2:1",
            "did you mean `referrers`?",
        ),
        ("seed = \n", "assay.toml:1:", "this is not TOML"),
        (
            "config = \"a.toml\"\n",
            "assay.toml:1:",
            "unknown key `config`",
        ),
        (
            "[claims]\nreferrers = \"yes\"\n",
            "assay.toml:2:13",
            "`referrers` must be true or false",
        ),
    ] {
        Folder::with_config(config)
            .assay(&SHORT)
            .expect(2, &[place, why]);
    }
}

#[test]
fn a_value_that_cannot_be_used_is_reported_with_its_place() {
    let target = "target = \"http://127.0.0.1:1\"\n";
    for (config, says) in [
        (
            "suites = \"nowhere\"\n",
            "`suites` (assay.toml:1): cannot read nowhere",
        ),
        (
            "require = [\"milk\"]\n",
            "`require` (assay.toml:1): there is no feature `milk`",
        ),
        (
            "seed = 1\nonly = [\"nope\"]\n",
            "no case matches `nope` of `only` (assay.toml:2)",
        ),
        (
            "skip = [\"*\"]\n",
            "`*` of `skip` (assay.toml:1) leaves out every case",
        ),
        (
            "target = \"x?y\"\n",
            "`target` (assay.toml:1): a registry's address has no query",
        ),
        (
            &format!("{target}ca = \"no.pem\"\n"),
            "`ca` (assay.toml:2): cannot read no.pem",
        ),
    ] {
        let here = Folder::with_config(config);
        here.run(&[]).expect(2, &[says]);
        // A dry run finds the same.
        here.run(&["--dry-run"]).expect(2, &[says]);
    }
    let here = Folder::new();
    let variables = [("ASSAY_SUITES", "nowhere"), ("ASSAY_ONLY", "api-base")];
    here.assay_with(&variables, &["run"])
        .expect(2, &["ASSAY_SUITES: cannot read nowhere"]);
    here.run(&["--suites", "nowhere"])
        .expect(2, &["--suites: cannot read nowhere"]);
    here.assay(&["lint", "nowhere"])
        .expect(2, &["error: cannot read nowhere"]);
    here.run(&["--only", "api-*", "--skip", "*"])
        .expect(2, &["--skip * leaves out every case of --only api-*"]);
}

#[test]
fn a_password_in_the_file_is_refused_and_not_printed() {
    for config in [
        "password = \"hunter2\"\n",
        "username = \"me\"\ntoken = \"hunter2\"\n",
        "target = \"https://me:hunter2@registry.example\"\n",
    ] {
        let printed = Folder::with_config(config).assay(&SHORT);
        let says = "passwords are not allowed in this file";
        printed.expect(2, &[says, "ASSAY_PASSWORD"]);
        assert!(!printed.text.contains("hunter2"), "{printed:?}");
    }
}

#[test]
fn every_option_has_a_variable() {
    let variables = [("ASSAY_ONLY", "api-base"), ("ASSAY_QUIET", "1")];
    let printed = Folder::new().assay_with(&variables, &["run", "--progress", "never"]);
    printed.expect(0, &[]);
    assert!(printed.text.lines().count() <= 2, "{printed:?}");
}

#[test]
fn every_line_that_init_writes_is_understood() {
    let here = Folder::new();
    here.assay(&["init"]).expect(0, &[]);
    here.assay(&SHORT).expect(0, &[]);
    let text = here.read("assay.toml");
    assert!(text.contains("# [claims]\n"), "{text}");
    let key = |line: &&str| {
        let key = line.split_once(" = ").map_or("", |(key, _)| key);
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        *line == "[claims]" || (!key.is_empty() && key.chars().all(plain))
    };
    let examples = text.lines().filter_map(|line| line.strip_prefix("# "));
    let examples: Vec<&str> = examples.filter(key).collect();
    assert!(examples.len() > 15, "{text}");
    here.write("all.toml", &examples.join("\n"));
    let printed = here.run(&["--config", "all.toml", "--only", "no-such-case"]);
    printed.expect(2, &[]);
    assert!(!printed.text.contains("all.toml"), "{printed:?}");
    here.assay(&["init"]).expect(2, &["exists already"]);
    assert_eq!(here.read("assay.toml"), text);
}

#[test]
fn the_go_tools_environment_has_the_lowest_precedence() {
    let here = Folder::new();
    let go = [
        ("OCI_REPO1", "of/go"),
        ("OCI_VERSION", "1.0"),
        ("OCI_RESULTS_DIR", "results"),
        ("OCI_DATA_SHA512", "false"),
        ("OCI_PASSWORD", "hunter2"),
    ];
    let printed = here.assay_with(&go, &[&SHORT[..], &["--spec", "1.1"]].concat());
    let notes = [
        "note: from the Go tool's environment: OCI_REPO1, OCI_RESULTS_DIR",
        "note: without effect from the Go tool's environment: OCI_DATA_SHA512",
    ];
    printed.expect(0, &notes);
    assert!(!printed.text.contains("hunter2"), "{printed:?}");
    let run = here.report("results");
    assert_eq!(
        (&run["target"]["repo"], &run["spec"]),
        (&"of/go".into(), &"1.1".into())
    );
    here.assay_with(&[("OCI_API_PUSH", "maybe")], &SHORT)
        .expect(2, &["OCI_API_PUSH"]);
}

#[test]
fn completions_and_man_pages_name_every_command() {
    let here = Folder::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        here.assay(&["completions", shell])
            .expect(0, &["self-test", "settle"]);
    }
    here.assay(&["man"]).expect(0, &[".TH assay 1"]);
    here.assay(&["man", "run"]).expect(0, &["settle"]);
    here.assay(&["man", "rum"])
        .expect(2, &["did you mean `run`?"]);
    here.assay(&["man", "--out", "pages"]).expect(0, &[]);
    assert!(here.has("pages/assay.1") && here.has("pages/assay-run.1"));
    here.assay(&["man", "fleet", "run"])
        .expect(0, &["at this position in the file"]);
    here.assay(&["man", "fleet", "rum"])
        .expect(2, &["no command `fleet rum`: did you mean `run`?"]);
    // Every page that a page names exists. Those of `help` name the commands again.
    let pages = here.files("pages").into_iter();
    for (path, page) in pages.filter(|(path, _)| !path.to_string_lossy().ends_with("help.1")) {
        let page = String::from_utf8(page).unwrap().replace("\\-", "-");
        let words = page.split(|char: char| char.is_whitespace() || char == ',');
        for name in words.filter_map(|word| word.strip_suffix("(1)")) {
            assert!(here.has(&format!("pages/{name}.1")), "{name} in {path:?}");
        }
    }
}

#[test]
fn help_names_the_variables() {
    let here = Folder::new();
    here.assay(&["run", "--help"])
        .expect(0, &["[env: ASSAY_SEED", "--no-push"]);
    here.assay(&["run", "--no-such-option"])
        .expect(2, &["--no-such-option"]);
}
