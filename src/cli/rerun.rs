//! `assay run --again REPORT.json`: what an earlier run failed, run again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::CliError;
use crate::client::{Address, check_repository};
use crate::record::{REQUIRED, RerunComparison, Run, is_bad, rerun};
use crate::report::{self, sanitize_line};
use crate::suite::SuiteVersion;

/// An earlier run, read from its report.json.
#[derive(Debug, Clone)]
pub struct PreviousRun {
    file: PathBuf,
    run: Run,
}

impl PreviousRun {
    /// Reads a report, and checks what of it a run is made of: anybody may have written it.
    ///
    /// # Errors
    /// When it cannot be read, or names no target, repository or version of the suites.
    pub fn read(file: &Path) -> Result<Self, CliError> {
        let run = report::read(file).map_err(CliError::usage)?;
        let shown = file.display();
        let refuse = |what: &str, why: String| {
            CliError::usage(format!("{shown}: its {what}: {}", sanitize_line(&why)))
        };
        Address::parse(&run.target.url).map_err(|error| refuse("target", error.to_string()))?;
        for name in [&run.target.repo, &run.target.repo2] {
            check_repository(name).map_err(|error| refuse("repository", error.to_string()))?;
        }
        if let Some(version) = &run.as_of {
            SuiteVersion::as_of(version).map_err(|error| refuse("as_of", error.to_string()))?;
        }
        let file = file.to_path_buf();
        Ok(Self { file, run })
    }

    /// What it says of an option, as it would be typed; nothing where the option is none of its business.
    pub fn option(&self, key: &str) -> Option<Vec<String>> {
        let run = &self.run;
        match key {
            "target" if run.target.bundled => Some(Vec::new()),
            "target" => Some(vec![run.target.url.clone()]),
            "spec" => Some(vec![run.spec.name().to_owned()]),
            "as-of" => Some(run.as_of.iter().cloned().collect()),
            "require" => Some(self.required()),
            // A target that is typed may name a repository of its own.
            "repo" | "repo2" => Some(Vec::new()),
            _ => None,
        }
    }

    /// The two repositories that it used.
    pub fn repositories(&self) -> [&str; 2] {
        [&self.run.target.repo, &self.run.target.repo2]
    }

    /// The features that the target left out, and that were required of it.
    fn required(&self) -> Vec<String> {
        let checks = self.run.cases.iter().flat_map(|case| &case.checks);
        let required = checks.filter(|check| check.requirement.starts_with(REQUIRED));
        let features: BTreeSet<&String> =
            required.filter_map(|check| check.lacks.as_ref()).collect();
        features.into_iter().cloned().collect()
    }

    /// The target, as a person calls it.
    pub fn target(&self) -> String {
        match self.run.target.bundled {
            true => "the bundled registry".to_owned(),
            false => sanitize_line(&self.run.target.url).into_owned(),
        }
    }

    /// Whether a target that is named elsewhere is another registry than that of this run.
    pub fn is_of_another(&self, target: &str) -> bool {
        let host = |text: &str| Address::parse(text).ok().map(|address| address.base);
        self.run.target.bundled || host(target) != host(&self.run.target.url)
    }

    /// The cases and invariants that did not end well, and the cases whose answers broke an invariant.
    pub fn ids(&self) -> Vec<String> {
        let bad = self.run.cases.iter().filter(|case| is_bad(case.verdict));
        let shown = |case: &crate::record::Case| {
            let answers = case.checks.iter().filter_map(|check| check.answers.clone());
            let mut ids: Vec<String> = answers.flat_map(|answers| answers.cases).collect();
            ids.push(case.id.clone());
            ids
        };
        let ids: BTreeSet<String> = bad.flat_map(shown).collect();
        ids.into_iter().collect()
    }

    /// Why there is nothing to run again.
    pub fn nothing(&self) -> String {
        let file = self.file.display();
        format!("nothing to run again: no case of {file} is fail, warn, blocked or error\n")
    }

    /// Why nothing of what is to be run again can be.
    pub fn unmatched(&self) -> String {
        format!(
            "of the cases that did not end well in {}, none is left: the suites have none of these names, or other options leave them out",
            self.file.display()
        )
    }

    /// The folder of the reports: not over the report that is run again.
    pub fn out(&self, out: &Path) -> PathBuf {
        let place = |path: &Path| path.canonicalize().ok();
        let above = self
            .file
            .parent()
            .map(|folder| match folder.as_os_str().is_empty() {
                true => Path::new("."),
                false => folder,
            });
        let same = place(out).is_some() && place(out) == above.and_then(place);
        match same {
            true => out.join("rerun"),
            false => out.to_path_buf(),
        }
    }

    /// What became in a run of what failed in this one.
    pub fn side_inputs(&self, run: &Run) -> RerunComparison {
        rerun(self.file.display().to_string(), &self.run, run)
    }
}
