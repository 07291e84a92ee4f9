//! The arguments of `assay fleet`.

use std::path::PathBuf;

use clap::Subcommand;

/// What to do with a fleet.
#[derive(Debug, Subcommand)]
pub enum FleetCommand {
    /// Test the targets of a file, and keep the results by target and date
    Run(FleetRunArgs),
    /// Make a static site of the results
    Site(FleetSiteArgs),
}

/// Which targets to test, and where results go.
#[derive(Debug, clap::Args)]
pub struct FleetRunArgs {
    /// The targets: fleet.toml
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The folder of the results; several processes may share it
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Test only the targets with these names (repeatable)
    #[arg(long, value_name = "NAME")]
    pub only: Vec<String>,
    /// Test only the target at this position in the file, from 0: the index of a job in a matrix
    #[arg(long, value_name = "N", conflicts_with = "only")]
    pub index: Option<usize>,
    /// The date of the results; today (UTC) by default. A target that has a verdict of this date is not tested again
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<String>,
}

/// Which results to show, and where.
#[derive(Debug, clap::Args)]
pub struct FleetSiteArgs {
    /// The folder of the results
    #[arg(value_name = "DIR")]
    pub results: PathBuf,
    /// The folder of the site, which is replaced
    #[arg(long, value_name = "SITE")]
    pub out: PathBuf,
    /// Copy the reports of the N latest results of each target; by default of all. Verdicts and changes of older results stay
    #[arg(long, value_name = "N")]
    pub reports: Option<usize>,
}

fn date(text: &str) -> Result<String, String> {
    let date = crate::data::parse_date(text);
    date.map(|date| date.to_string())
        .ok_or_else(|| "write a date as 2026-11-29".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        assert_eq!(date("2026-02-28").as_deref(), Ok("2026-02-28"));
        for wrong in [
            "2026-02-30",
            "2026-2-3",
            "today",
            "2026-13-01",
            "../../x",
            "",
        ] {
            assert!(date(wrong).is_err(), "{wrong}");
        }
    }
}
