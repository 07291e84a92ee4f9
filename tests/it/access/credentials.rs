//! Where credentials come from.

use oci_assay::internals::registry::Scheme;

use crate::support::assay::Assay;
use crate::support::registry::{Registry, registry};

/// `me:hunter2hunter2` in base64.
const AUTH: &str = "bWU6aHVudGVyMmh1bnRlcjI=";

fn basic() -> Registry {
    registry(|options| {
        options.login.scheme = Scheme::Basic;
        options.login.user("me", "hunter2hunter2");
    })
}

fn run(server: &Registry) -> Assay {
    Assay::run_small(&server.url).args(["--only", "api-base"])
}

#[test]
fn a_password_is_read_from_standard_input() {
    let server = basic();
    let login = run(&server).args(["--username", "me", "--password-stdin"]);
    login
        .input("hunter2hunter2\r\n")
        .ends()
        .is(0, "logged in as `me`");
}

#[test]
fn the_files_of_docker_and_podman_are_found() {
    let server = basic();
    let file = format!(r#"{{"auths":{{"{}":{{"auth":"{AUTH}"}}}}}}"#, server.host());
    for name in [".docker/config.json", ".config/containers/auth.json"] {
        let ended = run(&server).file(name, &file).ends();
        ended.is(0, "logged in as `me`");
        assert!(ended.notes().contains(name), "{}", ended.notes());
    }
    let from_environment = run(&server).env("DOCKER_AUTH_CONFIG", &file).ends();
    from_environment.is(0, "logged in as `me`");
    let anonymous = run(&server)
        .env("DOCKER_AUTH_CONFIG", &file)
        .args(["--anonymous"]);
    anonymous.ends().is(3, "asks for credentials");
    let missing = run(&server).env("REGISTRY_AUTH_FILE", "/no/such/file");
    missing.ends().is(
        2,
        "cannot read /no/such/file, which REGISTRY_AUTH_FILE names",
    );
}

#[test]
fn options_override_files() {
    let server = basic();
    let file = format!(
        r#"{{"auths":{{"{}":{{"auth":"d3Jvbmc6d3Jvbmc="}}}}}}"#,
        server.host()
    );
    let ended = run(&server).file(".docker/config.json", &file);
    ended
        .login("me", "hunter2hunter2")
        .ends()
        .is(0, "logged in as `me`");
    let ended = run(&server).file(".docker/config.json", &file).ends();
    ended.is(3, ".docker/config.json");
}

#[test]
fn a_malformed_file_is_reported_with_its_line() {
    let server = basic();
    let ended = run(&server)
        .file(".docker/config.json", "{\n  \"auths\": hunter2\n}")
        .ends();
    ended.is(2, ".docker/config.json:2:");
    assert!(!ended.text.contains("hunter2"), "{}", ended.text);
}

#[cfg(unix)]
#[test]
fn helpers_are_run_as_docker_runs_them() {
    let server = basic();
    let script = format!(
        r#"test "$1" = get && server=$(cat) && test "$server" = "{}" && echo '{{"ServerURL":"x","Username":"me","Secret":"hunter2hunter2"}}'"#,
        server.host()
    );
    for file in [
        r#"{"credsStore":"mine"}"#.to_owned(),
        format!(r#"{{"credHelpers":{{"{}":"mine"}}}}"#, server.host()),
    ] {
        let ended = run(&server)
            .file(".docker/config.json", &file)
            .helper("mine", &script);
        let ended = ended.ends();
        ended.is(0, "logged in as `me`");
        assert!(
            ended.notes().contains("docker-credential-mine"),
            "{}",
            ended.notes()
        );
    }
    let store = r#"{"credsStore":"mine"}"#;
    let with = |script: &str| {
        run(&server)
            .file(".docker/config.json", store)
            .helper("mine", script)
            .ends()
    };
    with("echo 'credentials not found in native keychain'; exit 1").is(3, "asks for credentials");
    with("echo 'the cloud is away'; exit 1")
        .is(2, "docker-credential-mine failed (exit status: 1)");
    with("echo nonsense").is(2, "did not print credentials as JSON");
    let ended = run(&server)
        .file(".docker/config.json", r#"{"credsStore":"none"}"#)
        .ends();
    ended.is(2, "docker-credential-none cannot be run");
    let ended = run(&server)
        .file(".docker/config.json", r#"{"credsStore":"../x"}"#)
        .ends();
    ended.is(2, "is not the name of a credential helper");
}
