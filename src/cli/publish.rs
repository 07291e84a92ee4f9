//! `assay publish` and `assay fetch`: a report as an OCI artifact.

use std::path::PathBuf;

use super::connect::{ConnectArgs, connect};
use super::formats::format;
use super::output::output;
use super::{CliError, Exit};
use crate::client::RegistryClient;
use crate::publish::{self, ImageReference, PublishError, ReportFile, Repository};
use crate::report::{self, Folder, Format};

/// What to publish, and where.
#[derive(Debug, clap::Args)]
pub struct PublishArgs {
    /// The report.json of a run
    #[arg(value_name = "REPORT.json")]
    report: PathBuf,
    /// Where to push it: the tag may be left out if there is a --subject
    #[arg(long, value_name = "REGISTRY/REPO:TAG", value_parser = ImageReference::parse)]
    to: ImageReference,
    /// The image that the report is about, in the repository of --to: clients find the report among its referrers
    #[arg(long, value_name = "IMAGE", value_parser = ImageReference::parse)]
    subject: Option<ImageReference>,
    /// The files of the artifact, besides report.json
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = format(), default_value = Format::default_list())]
    format: Vec<Format>,
    #[command(flatten)]
    connect: ConnectArgs,
}

/// What to fetch, and where to put it.
#[derive(Debug, clap::Args)]
pub struct FetchArgs {
    /// A report, by tag or digest; or an image, whose newest report is fetched
    #[arg(value_name = "REGISTRY/REPO:TAG", value_parser = ImageReference::parse)]
    reference: ImageReference,
    /// The folder of the reports
    #[arg(long, value_name = "DIR", default_value = "reports")]
    out: PathBuf,
    #[command(flatten)]
    connect: ConnectArgs,
}

/// Pushes a report.
///
/// # Errors
/// A report that cannot be read, a subject elsewhere, or a registry that refuses it.
pub async fn publish(args: &PublishArgs) -> Result<Exit, CliError> {
    check(args)?;
    let run = report::read(&args.report).map_err(CliError::usage)?;
    let files = ReportFile::all(&run, &args.format).map_err(CliError::usage)?;
    let client = client(&args.connect, &args.to, false).await?;
    let repository = repository(&client, &args.to);
    let (tag, subject) = (args.to.reference.as_deref(), args.subject.as_ref());
    let subject = subject.and_then(|subject| subject.reference.as_deref());
    let published = publish::publish(&repository, &run, &files, tag, subject).await;
    let published = published.map_err(|error| failed(&client, &error))?;
    let mut text = format!("published {}\n", args.to.with(published.digest.as_str()));
    if let Some(subject) = &published.subject {
        text.push_str(&format!("subject   {}\n", args.to.with(subject.as_str())));
    }
    let names: Vec<&str> = files.iter().map(|file| file.format.file()).collect();
    text.push_str(&format!(
        "files     {} ({} bytes)\n",
        names.join(", "),
        published.size
    ));
    let reference = tag.unwrap_or(&published.digest);
    text.push_str(&format!(
        "to get it: assay fetch {}\n",
        args.to.with(reference)
    ));
    output(&text)?;
    Ok(Exit::Success)
}

/// Pulls a report, and writes its files.
///
/// # Errors
/// A reference that names no report, a registry that refuses it, or a folder that cannot be written.
pub async fn fetch(args: &FetchArgs) -> Result<Exit, CliError> {
    let Some(reference) = args.reference.reference.as_deref() else {
        return Err(CliError::usage(format!(
            "`{}` has no tag and no digest: add `:TAG`, or `@` and a digest",
            args.reference
        )));
    };
    let folder = Folder::open(&args.out).map_err(CliError::usage)?;
    let client = client(&args.connect, &args.reference, true).await?;
    let repository = repository(&client, &args.reference);
    let shown = args.reference.to_string();
    let fetched = publish::fetch(&repository, reference, &shown).await;
    let fetched = fetched.map_err(|error| failed(&client, &error))?;
    let mut text = format!("fetched {}\n", args.reference.with(fetched.digest.as_str()));
    for file in &fetched.files {
        let path = folder
            .place(file.format, &file.bytes)
            .map_err(CliError::usage)?;
        text.push_str(&format!("  {}\n", path.display()));
    }
    for name in &fetched.unknown {
        text.push_str(&format!("  not written: `{name}` is no file of a report\n"));
    }
    output(&text)?;
    Ok(Exit::Success)
}

fn check(args: &PublishArgs) -> Result<(), CliError> {
    let to = &args.to;
    if let Some(digest) = to.reference.as_deref().filter(|text| text.contains(':')) {
        return Err(CliError::usage(format!(
            "--to names the digest {digest}, which the report decides: name a tag, or only the repository with --subject"
        )));
    }
    match &args.subject {
        None if to.reference.is_none() => Err(CliError::usage(format!(
            "--to {to} has no tag: add `:TAG`, or name the image with --subject"
        ))),
        Some(subject) if subject.reference.is_none() => Err(CliError::usage(format!(
            "--subject {subject} has no tag and no digest: add `:TAG`, or `@` and a digest"
        ))),
        Some(subject) if !subject.shares_repository(to) => Err(CliError::usage(format!(
            "--subject {subject} is not in the repository of --to {to}: a registry lists referrers in the repository of the image"
        ))),
        _ => Ok(()),
    }
}

/// A client that is logged in to the registry of a reference.
async fn client(
    args: &ConnectArgs,
    reference: &ImageReference,
    pull_only: bool,
) -> Result<RegistryClient, CliError> {
    let (address, name) = (&reference.address, reference.repository.as_str());
    let client = connect(args, None, address, name).await?;
    if pull_only {
        client.set_pull_only();
    }
    let ready = client.preflight(&[name]).await;
    ready.map_err(CliError::no_verdict)?;
    Ok(client)
}

fn repository<'a>(client: &'a RegistryClient, reference: &'a ImageReference) -> Repository<'a> {
    Repository {
        client,
        name: &reference.repository,
    }
}

fn failed(client: &RegistryClient, error: &PublishError) -> CliError {
    let message = client.redact(&error.to_string());
    match error.is_registrys() {
        true => CliError::no_verdict(message),
        false => CliError::usage(message),
    }
}
