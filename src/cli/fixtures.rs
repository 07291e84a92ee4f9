//! `assay fixtures export`: the content that a pull-only registry needs.

use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::sources::SourceArgs;
use super::{CliError, Exit};
use crate::catalogue::Version;
use crate::engine::{self, Selection};
use crate::fixture::Layout;
use crate::record::Target;

/// What to do with fixtures.
#[derive(Debug, Subcommand)]
pub enum FixturesCommand {
    /// Write the fixtures of a seed as two OCI image layouts, one for each repository, and a script that pushes them
    Export(ExportArgs),
}

/// The folder, and which fixtures.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    /// A folder that does not exist yet, or is empty
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The seed; `assay run --no-push` needs the same
    #[arg(long, value_name = "N", default_value_t = 1, env = "ASSAY_SEED")]
    pub seed: u32,
    /// The version of the specification whose cases need the fixtures
    #[arg(long, default_value = Version::RELEASED.name(), env = "ASSAY_SPEC")]
    pub spec: Version,
    #[command(flatten)]
    sources: SourceArgs,
}

/// Why the export failed.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder has content.
    #[error("{0} is not empty: name a new folder, so that no file is overwritten")]
    NotEmpty(PathBuf),
    /// A file cannot be written.
    #[error("{0} cannot be written: {1}")]
    Unwritable(PathBuf, std::io::Error),
}

/// Writes the layouts and the script.
///
/// # Errors
/// Suites with mistakes, or a folder that cannot be written.
pub fn fixtures(command: &FixturesCommand) -> Result<Exit, CliError> {
    let FixturesCommand::Export(args) = command;
    let suites = args.sources.load()?;
    let plan = engine::plan(&suites, args.spec, &Selection::default()).map_err(CliError::usage)?;
    let all = engine::expected_content(&plan, &suites, args.seed, Target::REPOSITORIES)
        .map_err(CliError::usage)?;
    empty(&args.dir).map_err(CliError::usage)?;
    let mut script = Script::new(args.seed);
    for (folder, repo) in ["repo1", "repo2"].into_iter().zip(Target::REPOSITORIES) {
        let of = all.iter().filter(|one| one.repo == repo);
        let layout = Layout::of(of.map(|one| (&one.made, one.refusable)));
        for (path, bytes) in &layout.files {
            write(&args.dir.join(folder).join(path), bytes).map_err(CliError::usage)?;
        }
        super::output::output(&format!(
            "{}: {} manifests\n",
            args.dir.join(folder).display(),
            layout.manifests().count()
        ))?;
        script.load(folder, &layout);
    }
    let path = args.dir.join("load.sh");
    write(&path, script.text.as_bytes()).map_err(CliError::usage)?;
    super::output::output("To push them to two repositories and test them there:\n")?;
    super::output::output(&format!(
        "  sh {} HOST/NAME1 HOST/NAME2 [option of oras …]\n",
        path.display()
    ))?;
    super::output::output(&format!(
        "  assay run HOST --repo NAME1 --repo2 NAME2 --seed {} --spec {} --no-push\n",
        args.seed, args.spec
    ))?;
    Ok(Exit::Success)
}

fn empty(dir: &Path) -> Result<(), ExportError> {
    match std::fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            Some(_) => Err(ExportError::NotEmpty(dir.to_owned())),
            None => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(ExportError::Unwritable(dir.to_owned(), error)),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), ExportError> {
    let fail = |error| ExportError::Unwritable(path.to_owned(), error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    std::fs::write(path, bytes).map_err(fail)
}

/// A shell script that pushes the layouts with oras: blobs and manifests one by one and unchanged, so that a manifest may
/// refer to missing content. The script continues after the refusal of content that a registry may refuse.
struct Script {
    text: String,
}

impl Script {
    fn new(seed: u32) -> Self {
        let usage = "load.sh HOST/NAME1 HOST/NAME2 [option of oras, such as --plain-http]";
        Self {
            text: format!(
                "#!/bin/sh\n# Pushes the fixtures of seed {seed} to two repositories, with oras.\n# usage: {usage}\n\
                 set -eu\nhere=$(dirname \"$0\")\nrepo1=${{1:?usage: {usage}}} repo2=${{2:?usage: {usage}}}\nshift 2\n\
                 refusable() {{ \"$@\" || echo \"refused, which is permitted: the cases that need it are skipped\" >&2; }}\n"
            ),
        }
    }

    fn load(&mut self, folder: &str, layout: &Layout) {
        for blob in layout.blobs() {
            let (digest, path) = (blob.digest(), blob.path);
            self.line(
                blob.refusable,
                &format!("oras blob push \"$@\" \"${folder}@{digest}\" \"$here/{folder}/{path}\""),
            );
        }
        for one in layout.manifests() {
            let (media_type, path) = (&one.media_type, one.path());
            let (mark, reference) = match one.reference() {
                tag if *tag == one.tag => (':', tag),
                digest => ('@', digest),
            };
            self.line(one.refusable, &format!("oras manifest push \"$@\" --media-type {media_type} \"${{{folder}}}{mark}{reference}\" \"$here/{folder}/{path}\""));
        }
    }

    fn line(&mut self, refusable: bool, command: &str) {
        let tried = if refusable { "refusable " } else { "" };
        self.text.push_str(&format!("{tried}{command}\n"));
    }
}
