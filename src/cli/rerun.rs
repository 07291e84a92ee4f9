//! `assay run --rerun REPORT.json`: the failures of an earlier run, run again.

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

    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The options of the new run that the report sets: each with its texts, or with none, so that its
    /// default applies even if the file sets it.
    pub fn options(&self) -> [(&'static str, Vec<String>); 6] {
        let run = &self.run;
        let target = match run.target.bundled {
            true => Vec::new(),
            false => vec![run.target.url.clone()],
        };
        [
            ("target", target),
            ("spec", vec![run.spec.name().to_owned()]),
            ("as-of", run.as_of.iter().cloned().collect()),
            ("require", self.required()),
            // A target that is typed may name a repository of its own.
            ("repo", Vec::new()),
            ("repo2", Vec::new()),
        ]
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

    /// The cases and invariants that failed, warned, were blocked or in error, and the cases whose responses violated
    /// an invariant.
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

    /// The message for a report without failures.
    pub fn nothing_to_rerun(&self) -> String {
        let file = self.file.display();
        format!("nothing to rerun: no case of {file} is fail, warn, blocked or error\n")
    }

    /// The message for failures that the suites or other options no longer select.
    pub fn nothing_selected(&self) -> String {
        format!(
            "no failed case of {} is selected: the suites do not have it, or other options exclude it",
            self.file.display()
        )
    }

    /// The folder of the new reports: a subfolder where the report itself would be overwritten.
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

    /// Compares the new run with this one.
    pub fn compare(&self, run: &Run) -> RerunComparison {
        rerun(self.file.display().to_string(), &self.run, run)
    }
}
