//! What is new, and what to do next.

use std::path::{Path, PathBuf};

use super::fault::new_fault;
use super::suites::{NewCase, Tree, new_case, new_requirement, new_suite};
use crate::catalogue::{Category, Version};
use crate::cli::output::output;
use crate::cli::sources::FIXTURES_HELP;
use crate::cli::{CliError, Exit};

/// What to write.
#[derive(Debug, clap::Subcommand)]
pub enum NewCommand {
    /// Add a case to a suite
    Case {
        /// Its permanent id, in kebab-case
        id: String,
        /// The suite: a file of the suites without .yaml, such as pull/blobs
        #[arg(long, value_name = "SUITE")]
        suite: String,
        /// The requirement that it tests; the first of the suite's category by default
        #[arg(long, value_name = "ID")]
        requirement: Option<String>,
        #[command(flatten)]
        tree: TreeArgs,
    },
    /// Add a requirement to the catalogue
    Requirement {
        /// Its permanent id, in kebab-case
        id: String,
        /// The category
        #[arg(long, value_parser = Category::parse, help = format!("The category: {}", Category::choices()))]
        category: Category,
        /// The section of the specification: an anchor of its page; that of the category's last requirement by default
        #[arg(long, value_name = "ANCHOR")]
        section: Option<String>,
        #[command(flatten)]
        tree: TreeArgs,
    },
    /// Add a suite with a case
    Suite {
        /// Its category and name, such as pull/blobs
        id: String,
        /// The requirement that its case tests; the first of the category by default
        #[arg(long, value_name = "ID")]
        requirement: Option<String>,
        #[command(flatten)]
        tree: TreeArgs,
    },
    /// Add a fault to the bundled registry, in a source tree of assay
    Fault {
        /// Its permanent id, in kebab-case
        id: String,
        /// The suite whose cases notice it, such as pull/blobs
        #[arg(long, value_name = "SUITE")]
        suite: String,
        /// The requirement that it violates
        #[arg(long, value_name = "ID")]
        requirement: String,
    },
}

/// Which suites are extended.
#[derive(Debug, clap::Args)]
pub struct TreeArgs {
    /// The folder of the suites; by default the folder `suites` in the working directory
    #[arg(long, value_name = "DIR", env = "ASSAY_SUITES")]
    suites: Option<PathBuf>,
    #[arg(long, value_name = "DIR", env = "ASSAY_FIXTURES", help = FIXTURES_HELP)]
    fixtures: Option<PathBuf>,
}

/// Writes a skeleton, and prints where it is and what to do next.
///
/// # Errors
/// An id that exists or is not one, a place that does not exist, or a file that cannot be written. Nothing is changed then.
pub fn new(command: &NewCommand) -> Result<Exit, CliError> {
    let text = match command {
        NewCommand::Case {
            id,
            suite,
            requirement,
            tree,
        } => {
            let tree = tree.open()?;
            let made = new_case(&tree, id, suite, requirement.as_deref())?;
            next(&made.place, &after_case(&tree, &made))
        }
        NewCommand::Requirement {
            id,
            category,
            section,
            tree,
        } => {
            let tree = tree.open()?;
            let place = new_requirement(&tree, id, *category, section.as_deref())?;
            let dir = tree.shown();
            let steps = [
                "assay spec sentences SPEC.md".to_owned(),
                format!(
                    "assay new case ID --suite {category}/NAME --requirement {id} --suites {dir}"
                ),
                format!("assay lint {dir}"),
            ];
            next(&place, &steps)
        }
        NewCommand::Suite {
            id,
            requirement,
            tree,
        } => {
            let tree = tree.open()?;
            let made = new_suite(&tree, id, requirement.as_deref())?;
            next(&made.place, &after_case(&tree, &made))
        }
        NewCommand::Fault {
            id,
            suite,
            requirement,
        } => {
            let place = new_fault(id, suite, requirement)?;
            let steps = [
                "cargo build".to_owned(),
                format!("target/debug/assay self-test --faults --only {id}"),
                format!("target/debug/assay serve --fault {id}"),
            ];
            next(&place, &steps)
        }
    };
    output(&text)?;
    Ok(Exit::Success)
}

impl TreeArgs {
    fn open(&self) -> Result<Tree, CliError> {
        let here = Path::new("suites");
        match &self.suites {
            Some(dir) => Ok(Tree::new(dir, self.fixtures.as_deref())),
            None if here.is_dir() => Ok(Tree::new(here, self.fixtures.as_deref())),
            None => Err(CliError::usage(
                "there is no folder `suites` here: make it for suites of your own, or name their folder with --suites DIR",
            )),
        }
    }
}

fn after_case(tree: &Tree, made: &NewCase) -> [String; 2] {
    let (dir, case) = (tree.shown(), &made.id);
    let spec = match made.spec == Version::RELEASED {
        true => String::new(),
        false => format!(" --spec {}", made.spec.name()),
    };
    [
        format!("assay run --suites {dir} --only {case}{spec} --watch"),
        format!("assay lint {dir}"),
    ]
}

/// Where the skeleton is, and the commands that help to complete it.
fn next(place: &str, commands: &[String]) -> String {
    let mut text = format!("wrote {place}\nEdit it. Then:\n");
    for command in commands {
        text.push_str(&format!("    {command}\n"));
    }
    text
}
