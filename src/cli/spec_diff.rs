//! `assay spec diff`: compares a text of the specification with the catalogue.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::spec_report::Report;
use super::spec_text::{SpecTextError, read};
use crate::catalogue::{Catalogue, Text, diff};

/// Compare a text of the specification with the catalogue
#[derive(Debug, Clone, Args)]
pub struct SpecDiffArgs {
    /// The text: a spec.md
    pub file: PathBuf,
    /// How to print the differences
    #[arg(long, value_enum, default_value_t = SpecDiffFormat::Text)]
    pub format: SpecDiffFormat,
}

/// How differences are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SpecDiffFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Prints how a text differs from the catalogue, with the requirements that each difference touches and the cases
/// that `tested_by` names for them. True when nothing differs.
///
/// # Errors
/// A file that cannot be read or is not a text of the specification, or an output that cannot be written.
pub fn spec_diff(
    args: &SpecDiffArgs,
    catalogue: &Catalogue,
    tested_by: &dyn Fn(&str) -> Vec<String>,
    out: &mut dyn Write,
) -> Result<bool, SpecTextError> {
    let text = Text::parse(&read(&args.file)?);
    let drift = diff(&text, catalogue).ok_or_else(|| SpecTextError::Unknown(args.file.clone()))?;
    let report = Report::of(&args.file, &drift, tested_by);
    match args.format {
        SpecDiffFormat::Text => out.write_all(report.to_string().as_bytes())?,
        SpecDiffFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &report).map_err(io::Error::from)?;
            writeln!(out)?;
        }
    }
    Ok(report.differences.is_empty())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{self, Folder};

    const TEA: &str = "## Brewing\n\nThe pot MUST be warm.\nThe water SHOULD boil.\n";

    fn catalogue() -> Catalogue {
        let text = Text::parse(TEA);
        let marks: Vec<&str> = text
            .passages
            .iter()
            .map(|one| one.fingerprint.as_str())
            .collect();
        let yaml = format!(
            "category: pull
requirements:
  - {{ id: tea, section: brewing, level: MUST, says: Tea is made with hot water., text: {{ 1.0: {marks:?}, 1.1: {marks:?}, dev: {marks:?} }} }}
"
        );
        let file = data::File {
            path: "requirements/tea.yaml".into(),
            shown: "requirements/tea.yaml".into(),
            text: yaml.into(),
        };
        Catalogue::load(&Folder { files: vec![file] }).unwrap()
    }

    fn run(content: &[u8], format: SpecDiffFormat) -> Result<(bool, String), SpecTextError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("spec.md");
        std::fs::write(&file, content).unwrap();
        let args = SpecDiffArgs { file, format };
        let mut out = Vec::new();
        let cases = |id: &str| vec![format!("{id}-case")];
        let same = spec_diff(&args, &catalogue(), &cases, &mut out)?;
        let shown = String::from_utf8(out).unwrap();
        Ok((same, shown.replace(&*folder.path().to_string_lossy(), "")))
    }

    #[test]
    fn an_unchanged_text_has_no_difference() {
        let (same, shown) = run(TEA.as_bytes(), SpecDiffFormat::Text).unwrap();
        assert!(same);
        assert_eq!(shown, "/spec.md: no difference from the catalogue of dev\n");
    }

    #[test]
    fn a_difference_names_what_it_affects_and_what_to_do() {
        let changed = TEA.replace("SHOULD boil", "MUST\u{7} boil");
        let (same, shown) = run(changed.as_bytes(), SpecDiffFormat::Text).unwrap();
        assert!(!same);
        insta::assert_snapshot!(shown, @r"
        /spec.md: 1 difference from the catalogue of dev

        changed: line 4, #brewing
          The water MUST� boil.
          affects tea (requirements/tea.yaml:3)
            Tea is made with hot water.
            tested by tea-case
          what to do: check that the requirements and their cases still match the sentence, then replace 0cbab253f42a with 8a8c9897e7e4
        ");
    }

    #[test]
    fn the_json_output_matches_its_schema() {
        let changed = TEA.replace("SHOULD boil", "MUST boil");
        let (same, shown) = run(changed.as_bytes(), SpecDiffFormat::Json).unwrap();
        assert!(!same);
        let report: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let schema = serde_json::to_value(schemars::schema_for!(Report)).unwrap();
        assert!(jsonschema::is_valid(&schema, &report), "{report}");
        assert_eq!(report.pointer("/differences/0/line").unwrap(), 4);
        assert_eq!(
            report
                .pointer("/differences/0/requirements/0/cases/0")
                .unwrap(),
            "tea-case"
        );
    }

    #[test]
    fn another_file_than_the_specification_is_refused() {
        let refused = |content: &[u8]| run(content, SpecDiffFormat::Text).unwrap_err();
        assert!(matches!(
            refused(b"\x7fELF\0\xff"),
            SpecTextError::Binary(_)
        ));
        assert!(matches!(refused(b"a\0b"), SpecTextError::Binary(_)));
        assert!(matches!(refused(b"# Coffee\n"), SpecTextError::Unknown(_)));
        assert!(matches!(
            refused(&vec![b'a'; 2 << 20]),
            SpecTextError::Huge(_)
        ));
        let args = SpecDiffArgs {
            file: PathBuf::from("no-such-spec.md"),
            format: SpecDiffFormat::Text,
        };
        let error = spec_diff(&args, &catalogue(), &|_| Vec::new(), &mut Vec::new());
        assert!(matches!(error, Err(SpecTextError::Unreadable { .. })));
    }
}
