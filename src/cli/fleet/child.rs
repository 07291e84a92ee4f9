//! The run of one target: a process of its own, so that nothing it meets harms another, and so that it has the credentials of
//! its target alone.

use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::sync::watch;
use tokio::time::timeout;

use crate::cli::CliError;
use crate::cli::config::{FleetTarget, Login};
use crate::cli::credentials::FLEET_LOGIN;
use crate::fleet::{Attempt, Outcome};
use crate::record::millis;
use crate::report::{Format, sanitize_line};

/// How long a run may take after its deadline, or after it is asked to stop, to delete what it pushed and to write its reports.
const GRACE: Duration = Duration::from_secs(90);

/// The claims of the target: the only file of options that its run reads.
const CONFIG: &str = "claims.toml";

/// Runs a target to its end. Its reports are in the folder of `attempt`. Once `stop` is set, the run is asked to stop: it
/// deletes what it pushed, and reports what it found.
///
/// # Errors
/// When no process can be started, or its folder cannot be written.
pub async fn run(
    target: &FleetTarget,
    attempt: &Attempt,
    stop: watch::Receiver<bool>,
) -> Result<Outcome, CliError> {
    let began = Instant::now();
    let folder = attempt.path();
    let failed = |error: std::io::Error| {
        CliError::usage(format!(
            "{}: its run cannot be started: {error}",
            target.name
        ))
    };
    let config = folder.join(CONFIG);
    std::fs::write(&config, claims(target)).map_err(failed)?;
    let mut command = command(target, attempt, &config).map_err(failed)?;
    let mut child = command.spawn().map_err(failed)?;
    // It holds the output.
    drop(command);
    let status = end(&mut child, target.time, stop).await.map_err(failed)?;
    let _ = std::fs::remove_file(&config);
    // A run that ends before its first case prints why; its report has no results.
    let error = printed_error(&attempt.printed());
    let has_report = folder.join(Format::Json.file()).is_file() && error.is_none();
    let reason = reason(target, status, has_report, error);
    let status = status.and_then(|status| status.code());
    Ok(Outcome::new(
        status,
        has_report,
        reason,
        millis(began.elapsed()),
    ))
}

/// The command that runs a target: with its options and credentials, and with none of those of this process.
fn command(target: &FleetTarget, attempt: &Attempt, config: &Path) -> std::io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        let ours = ["ASSAY_", "OCI_", "GITHUB_"];
        if ours.iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(&name);
        }
    }
    log_in(target, &mut command);
    command.arg("run").arg("--config").arg(config);
    command.arg("--out").arg(attempt.path());
    command.args(["--progress", "never", "--color", "never", "--stop-at-eof"]);
    command.arg(format!("--deadline={}s", target.time.as_secs().max(1)));
    command.args(&target.arguments);
    command
        .stdin(Stdio::piped())
        .stdout(attempt.output()?)
        .stderr(attempt.output()?)
        .kill_on_drop(true);
    // Ctrl-C in a terminal reaches all processes of its group: a run is asked to stop by the end of its input alone.
    #[cfg(unix)]
    command.process_group(0);
    Ok(command)
}

/// Waits for the end of a run, and ends it where it does not end in time: none then.
async fn end(
    child: &mut Child,
    time: Duration,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<Option<ExitStatus>> {
    // Its input ends when this process ends, whatever ends it: then the run stops, and deletes what it pushed.
    let input = child.stdin.take();
    let ended = tokio::select! {
        ended = timeout(time + GRACE, child.wait()) => ended,
        _ = stop.wait_for(|stop| *stop) => {
            drop(input);
            timeout(GRACE, child.wait()).await
        }
    };
    match ended {
        Ok(status) => status.map(Some),
        Err(_) => child.kill().await.map(|()| None),
    }
}

/// The claims as a file that `assay run --config` reads. Without it, the run would read the assay.toml of this folder.
fn claims(target: &FleetTarget) -> String {
    let mut text = "[claims]\n".to_owned();
    for claim in &target.claims {
        // A JSON string is a basic string of TOML.
        let name = serde_json::Value::from(claim.feature.as_str());
        text.push_str(&format!("{name} = {}\n", claim.claimed));
    }
    text
}

fn log_in(target: &FleetTarget, command: &mut Command) {
    match &target.login {
        None => {}
        Some(Login::Variable(name, _)) => {
            command.env("ASSAY_PASSWORD", std::env::var_os(name).unwrap_or_default());
        }
        Some(Login::Helper(name)) => {
            let config = serde_json::json!({ "credHelpers": { target.host.as_str(): name } });
            command.env(FLEET_LOGIN, config.to_string());
        }
    }
}

/// The error that a run printed.
fn printed_error(output: &str) -> Option<String> {
    let mut lines = output.lines();
    let error = lines.find_map(|line| line.strip_prefix("error: "))?;
    Some(
        in_words_of_a_fleet(&sanitize_line(error))
            .chars()
            .take(600)
            .collect(),
    )
}

/// What errors of `assay run` advise, and the same for a target of a fleet.
const ADVICE: [(&str, &str); 4] = [
    (
        "give --username, and the password in ASSAY_PASSWORD or with --password-stdin",
        "set `username` and `login`",
    ),
    ("--username and ASSAY_PASSWORD", "`username` and `login`"),
    ("set a longer --deadline", "set a longer `time`"),
    ("or remove it from the file", "or name another in `login`"),
];

/// An error of `assay run` with the names of the keys of a fleet file.
fn in_words_of_a_fleet(error: &str) -> String {
    let error = error.to_owned();
    ADVICE
        .iter()
        .fold(error, |error, (run, fleet)| error.replace(run, fleet))
}

/// Why a run has no verdict.
fn reason(
    target: &FleetTarget,
    status: Option<ExitStatus>,
    has_report: bool,
    error: Option<String>,
) -> Option<String> {
    let Some(status) = status else {
        let time = humantime::format_duration(target.time);
        return Some(format!("the run did not end within {time}, and was ended"));
    };
    match (status.code(), has_report) {
        (Some(0 | 1), true) => None,
        (Some(3), true) => Some("cases are blocked or in error".to_owned()),
        (Some(130), _) => Some("the run was interrupted".to_owned()),
        _ => Some(error.unwrap_or_else(|| format!("the run ended with {status}"))),
    }
}
