//! `assay certify`: a run, and the folder for a certification pull request.

use std::path::{Path, PathBuf};

use super::output::{output, write};
use super::run::{RunArgs, interrupts, run_and_record};
use super::{CliError, Exit};
use crate::certify::{Findings, Product, Repeat, Status, readme, review};
use crate::report::{Folder, Format};

/// The reports of the five files.
const FORMATS: [Format; 3] = [Format::Official, Format::Html, Format::Junit];

/// What is printed when a signal comes after the run.
const INTERRUPTED: &str =
    "interrupted before the folder was written and checked: run `assay certify` again";

/// What is certified.
#[derive(Debug, clap::Args)]
pub struct CertifyArgs {
    /// Test nothing: check a folder that was written before
    #[arg(long, value_name = "FOLDER", help_heading = "Certification")]
    pub check: Option<PathBuf>,
    #[command(flatten)]
    product: ProductArgs,
    #[command(flatten)]
    pub run: RunArgs,
}

/// What PRODUCT.yaml says.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Certification")]
pub struct ProductArgs {
    /// The product's name, without the term OCI
    #[arg(long, value_name = "NAME", required_unless_present = "check")]
    product: Option<String>,
    /// The legal entity that certifies it
    #[arg(long, value_name = "NAME", required_unless_present = "check")]
    vendor: Option<String>,
    /// The product's own version
    #[arg(long, value_name = "V", default_value = "")]
    product_version: String,
    /// The address of its page
    #[arg(long, value_name = "URL", default_value = "")]
    website: String,
    /// The address of its documentation
    #[arg(long, value_name = "URL", default_value = "")]
    documentation: String,
    /// What it is: distribution, hosted platform or installer
    #[arg(long = "type", value_name = "T", default_value = "")]
    kind: String,
    /// A sentence about it
    #[arg(long, value_name = "D", default_value = "")]
    description: String,
    /// The address of its source, where it is open
    #[arg(long, value_name = "URL")]
    repository: Option<String>,
    /// The address of its logo
    #[arg(long, value_name = "URL")]
    logo: Option<String>,
}

/// Tests, writes the folder and checks it; or checks one.
///
/// # Errors
/// Product data that the reviewer would refuse, and what keeps a run from being done or reported.
pub async fn certify(args: CertifyArgs) -> Result<Exit, CliError> {
    if let Some(folder) = &args.check {
        return check(folder);
    }
    let product = product(args.product);
    product.check().map_err(CliError::usage)?;
    let mut run = args.run;
    let repeat = repeat(&run);
    let folder = run
        .out
        .join("distribution-spec")
        .join(format!("v{}", run.spec))
        .join(product.slug());
    run.out.clone_from(&folder);
    run.format = FORMATS.to_vec();
    Folder::open(&folder).map_err(CliError::usage)?;
    let interrupts = interrupts(&run);
    let (exit, record) = run_and_record(run, &interrupts).await?;
    interrupts.end_at_once(INTERRUPTED);
    let Some(record) = record else {
        return Ok(exit);
    };
    let texts = [
        ("README.md", readme(&product, &record, &repeat)),
        ("PRODUCT.yaml", product.yaml()),
    ];
    for (name, text) in texts {
        write(&folder.join(name), &text)?;
    }
    let checked = check(&folder)?;
    Ok(match exit {
        Exit::Success => checked,
        exit => exit,
    })
}

fn product(args: ProductArgs) -> Product {
    Product {
        vendor: args.vendor.unwrap_or_default(),
        name: args.product.unwrap_or_default(),
        version: args.product_version,
        website: args.website,
        documentation: args.documentation,
        kind: args.kind,
        description: args.description,
        repository: args.repository,
        logo: args.logo,
    }
}

/// The options that a repetition needs and the record does not hold.
fn repeat(run: &RunArgs) -> Repeat {
    let mut options = Vec::new();
    let path = |path: &PathBuf| path.display().to_string();
    let named = [
        ("--ca", run.connect.ca.as_ref().map(path)),
        ("--cert", run.connect.cert.as_ref().map(path)),
        ("--key", run.connect.key.as_ref().map(path)),
        ("--jobs", Some(run.connect.jobs.to_string())),
        (
            "--timeout",
            Some(humantime::format_duration(run.connect.timeout).to_string()),
        ),
        (
            "--settle",
            Some(humantime::format_duration(run.settle).to_string()),
        ),
    ];
    for (option, value) in named {
        if let Some(value) = value {
            options.extend([option.to_owned(), value]);
        }
    }
    let flags = [
        (run.connect.insecure, "--insecure"),
        (run.connect.login.anonymous, "--anonymous"),
        (run.connect.login.allow_plain_realm, "--allow-plain-realm"),
        (run.keep, "--keep"),
    ];
    let flags = flags.into_iter().filter(|(given, _)| *given);
    options.extend(flags.map(|(_, flag)| flag.to_owned()));
    let claims = run.side_inputs.claims.iter().filter(|claim| claim.claimed);
    let claimed = claims.map(|claim| &claim.feature);
    for feature in run.require.iter().chain(claimed) {
        options.extend(["--require".to_owned(), feature.clone()]);
    }
    Repeat {
        username: run.connect.login.username.clone(),
        options,
    }
}

fn check(folder: &Path) -> Result<Exit, CliError> {
    if !folder.is_dir() {
        let shown = folder.display();
        return Err(CliError::usage(format!(
            "{shown} is no folder: name one that `assay certify` wrote"
        )));
    }
    let found = review(folder);
    output(&findings_text(folder, &found))?;
    Ok(match found.status() {
        Status::Ready => Exit::Success,
        Status::Flawed => Exit::Usage,
        Status::Failed => Exit::NonConformant,
        Status::Open => Exit::NoVerdict,
    })
}

fn findings_text(folder: &Path, found: &Findings) -> String {
    let mut text = match found.flaws.is_empty() {
        true => format!(
            "\nCertification: {} passes the reviewer's checks\n",
            folder.display()
        ),
        false => format!(
            "\nCertification: {} would not be accepted\n",
            folder.display()
        ),
    };
    let marked = |sign: &'static str| move |line: &String| format!("  {sign} {line}\n");
    text.extend(found.flaws.iter().map(marked("✕")));
    text.extend(found.notes.iter().map(marked("!")));
    text
}
