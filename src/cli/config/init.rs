//! `assay init`: a commented `assay.toml`.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;

use super::file::NAME;
use super::keys::{Key, Kind, keys};
use super::schema::{CLAIMS_HELP, default, schema};
use crate::cli::output::output;
use crate::cli::{CliError, Exit};

/// What to write.
#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// The file to write, which must not exist
    #[arg(value_name = "FILE", default_value = NAME)]
    pub file: PathBuf,
    /// Print the file's JSON Schema instead, for editors
    #[arg(long)]
    pub schema: bool,
}

/// The most characters of a comment line.
const WIDTH: usize = 98;

/// Writes the file, which contains every option with its default, commented out.
///
/// # Errors
/// A file that exists already, or cannot be written.
pub fn init(args: &InitArgs, command: &clap::Command) -> Result<Exit, CliError> {
    let keys = keys(command);
    if args.schema {
        output(&format!("{:#}\n", schema(&keys)))?;
        return Ok(Exit::Success);
    }
    let shown = args.file.display();
    let created = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&args.file);
    let mut file = created.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => CliError::usage(format!(
            "{shown} exists already and is not changed. Name another file, or remove it"
        )),
        _ => CliError::usage(format!("{shown} cannot be written: {error}")),
    })?;
    file.write_all(text(&keys).as_bytes())
        .map_err(|error| CliError::usage(format!("{shown} cannot be written: {error}")))?;
    output(&format!(
        "wrote {shown}, which contains every option of `assay run`, commented out\n"
    ))?;
    Ok(Exit::Success)
}

/// The file: a comment, and a line that is commented out, for each key.
pub fn text(keys: &[Key]) -> String {
    let mut out = String::new();
    comment(
        &mut out,
        "The options of `assay run`, each with its default, or with an example if it has no default. Arguments take \
         precedence over the environment (ASSAY_ and the name in capitals), and the environment over this file. \
         Paths are relative to the working directory of assay. Passwords are not allowed here: set ASSAY_PASSWORD, \
         or use --password-stdin.",
    );
    let mut heading = "";
    for key in keys {
        let of = key.arg.get_help_heading().unwrap_or(heading);
        if of != heading {
            heading = of;
            let _ = writeln!(out, "\n## {heading}");
        }
        out.push('\n');
        comment(&mut out, &key.help());
        let choices = key.choices();
        if !choices.is_empty() {
            comment(&mut out, &format!("One of {}", choices.join(", ")));
        }
        let _ = writeln!(out, "# {} = {}", key.name, value(key));
    }
    out.push('\n');
    comment(&mut out, CLAIMS_HELP);
    out.push_str("# [claims]\n# referrers = true\n");
    out
}

/// A default, or an example of a value.
fn value(key: &Key) -> String {
    if let Some(default) = default(key) {
        return default.to_string();
    }
    let of = key.arg.get_value_names().and_then(<[_]>::first);
    let of = of.map_or("", |name| name.as_str());
    let choice = key.choices().into_iter().next();
    // The two repositories must differ.
    let own = (key.name == "repo2").then(|| "team/other".to_owned());
    let known = own.or(choice);
    let example = known.unwrap_or_else(|| example(of).to_owned());
    match key.kind {
        Kind::Flag => "false".to_owned(),
        Kind::Number => "1".to_owned(),
        Kind::Text => format!("{example:?}"),
        Kind::List => format!("[{example:?}]"),
    }
}

/// An example of a value, by the name that help has for it.
fn example(of: &str) -> &'static str {
    match of {
        "TARGET" => "https://registry.example",
        "PATTERN" => "push/*",
        "LIST" => "pull",
        "FILE" => "path/to/file",
        "DIR" => "path/to/folder",
        "DURATION" => "10s",
        "VERSION" => "0.1",
        "FEATURE" => "referrers",
        "NAME" => "team/app",
        "NAME:TAG" => "team/app:1.0",
        _ => "name",
    }
}

fn comment(out: &mut String, text: &str) {
    let mut line = String::from("#");
    for word in text.split_whitespace() {
        if line.len() + word.len() >= WIDTH {
            let _ = writeln!(out, "{line}");
            line = String::from("#");
        }
        line.push(' ');
        line.push_str(word);
    }
    let _ = writeln!(out, "{line}");
}
