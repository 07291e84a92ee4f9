//! `assay spec diff`: compares a text of the specification with the catalogue.

use std::path::{Path, PathBuf};

use clap::Args;

use super::report::{Compared, Report};
use super::text::{SpecTextError, read};
use crate::catalogue::{Catalogue, Text, Version, diff, nearest_version};
use crate::cli::output_format::OutputFormat;
use crate::cli::sources::SourceArgs;

/// Compare a text of the specification with the catalogue
#[derive(Debug, Clone, Args)]
pub struct SpecDiffArgs {
    /// The text: a spec.md
    pub file: PathBuf,
    /// The text before it, to see the old words too (the catalogue has fingerprints instead of words)
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// The version to compare with; without it, the one that the text resembles most
    #[arg(long, help = format!("The version to compare with: {}; without it, the one that the text resembles most", Version::choices()))]
    pub spec: Option<Version>,
    /// How to print the differences
    #[arg(long, value_enum, default_value = "text")]
    pub format: OutputFormat,
    #[command(flatten)]
    pub(super) sources: SourceArgs,
}

/// Says how a text differs from the catalogue, or from the text before it, with the requirements that each difference
/// touches and the cases that `tested_by` names for them. The flag is true when nothing differs.
///
/// # Errors
/// A file that cannot be read or is not a text of the specification.
pub fn spec_diff(
    args: &SpecDiffArgs,
    catalogue: &Catalogue,
    tested_by: &dyn Fn(&str) -> Vec<String>,
) -> Result<(bool, String), SpecTextError> {
    let text = Text::parse(&read(&args.file)?);
    let from = args.from.as_deref().map(read).transpose()?;
    let from = from.map(|from| Text::parse(&from));
    let unknown = |file: &Path| SpecTextError::Unknown(file.to_owned());
    if let (Some(text), Some(file)) = (&from, &args.from) {
        nearest_version(text, catalogue).ok_or_else(|| unknown(file))?;
    }
    let drift = diff(&text, from.as_ref(), args.spec, catalogue);
    let drift = drift.ok_or_else(|| unknown(&args.file))?;
    let compared = Compared {
        file: &args.file,
        from: args.from.as_deref(),
        drift: &drift,
        tested_by,
    };
    let report = Report::of(&compared);
    let text = match args.format {
        OutputFormat::Text => report.to_string(),
        OutputFormat::Json => {
            serde_json::to_string_pretty(&report).map_err(SpecTextError::Report)? + "\n"
        }
    };
    Ok((report.differences.is_empty(), text))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::data::{File, Folder};

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
        let index = text.index();
        let brewing = index.get("brewing").unwrap();
        let texts = format!("versions:\n  dev:\n    brewing: {brewing:?}\n");
        let files = vec![
            File::new("requirements/tea.yaml", yaml),
            File::new("requirements/texts.yaml", texts),
        ];
        Catalogue::load(&Folder { files }).unwrap()
    }

    fn args(file: PathBuf, format: OutputFormat) -> SpecDiffArgs {
        SpecDiffArgs {
            file,
            from: None,
            spec: None,
            format,
            sources: SourceArgs::default(),
        }
    }

    fn run(content: &[u8], format: OutputFormat) -> Result<(bool, String), SpecTextError> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("spec.md");
        std::fs::write(&file, content).unwrap();
        let args = args(file, format);
        let cases = |id: &str| vec![format!("{id}-case")];
        let (same, shown) = spec_diff(&args, &catalogue(), &cases)?;
        Ok((same, shown.replace(&*folder.path().to_string_lossy(), "")))
    }

    #[test]
    fn an_unchanged_text_has_no_difference() {
        let (same, shown) = run(TEA.as_bytes(), OutputFormat::Text).unwrap();
        assert!(same);
        assert_eq!(shown, "/spec.md: no difference from the catalogue of dev\n");
    }

    #[test]
    fn a_difference_names_what_it_affects_and_what_to_do() {
        let changed = TEA.replace("SHOULD boil", "MUST\u{7} boil");
        let (same, shown) = run(changed.as_bytes(), OutputFormat::Text).unwrap();
        assert!(!same);
        insta::assert_snapshot!(shown, @r"
        /spec.md: 1 difference from the catalogue of dev

        changed: line 4, #brewing: SHOULD → MUST
          The water MUST� boil.
          affects tea (MUST, requirements/tea.yaml:3)
            Tea is made with hot water.
            tested by tea-case
          what to do: check that the requirements, their levels and their cases still match the sentence, then replace 0cbab253f42a with 8a8c9897e7e4

        The catalogue has fingerprints instead of words: `--from FILE` shows the old words too. Its text of dev: https://github.com/opencontainers/distribution-spec/blob/967efdc079b91785ad18c77cc4f8991a47feefbf/spec.md
        ");
    }

    #[test]
    fn with_the_text_before_the_old_words_are_shown() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let file = folder.path().join(name);
            std::fs::write(&file, text).unwrap();
            file
        };
        let changed = TEA
            .replace("The water SHOULD boil.", "The water MUST boil well.")
            .replace(
                "\n\nThe pot MUST be warm.",
                "\n\nSugar is on the table.\nThe pot MUST be warm.",
            );
        let args = SpecDiffArgs {
            from: Some(file("old.md", TEA)),
            ..args(file("new.md", &changed), OutputFormat::Text)
        };
        let (same, shown) = spec_diff(&args, &catalogue(), &|_| Vec::new()).unwrap();
        assert!(!same);
        let shown = shown.replace(&*folder.path().to_string_lossy(), "");
        insta::assert_snapshot!(shown, @r"
        /new.md: 2 differences from /old.md (requirements of dev)

        new: line 3, #brewing: no keyword
          Sugar is on the table.
          what to do: if the sentence binds registries, add a requirement with 86ae32877e4f

        changed: line 5, #brewing: SHOULD → MUST
          The water [-SHOULD boil.-] {+MUST boil well.+}
          affects tea (MUST, requirements/tea.yaml:3)
            Tea is made with hot water.
          what to do: check that the requirements, their levels and their cases still match the sentence, then replace 0cbab253f42a with e2221ee2fc1d
        ");

        let other = SpecDiffArgs {
            from: Some(file("other.md", "# Coffee\n")),
            ..args
        };
        let error = spec_diff(&other, &catalogue(), &|_| Vec::new());
        assert!(matches!(error, Err(SpecTextError::Unknown(file)) if file.ends_with("other.md")));
    }

    #[test]
    fn the_json_output_matches_its_schema() {
        let changed = TEA.replace("SHOULD boil", "MUST boil");
        let (same, shown) = run(changed.as_bytes(), OutputFormat::Json).unwrap();
        assert!(!same);
        let report: serde_json::Value = serde_json::from_str(&shown).unwrap();
        let schema = crate::data::schema_of::<Report>();
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
        let refused = |content: &[u8]| run(content, OutputFormat::Text).unwrap_err();
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
        let args = args(PathBuf::from("no-such-spec.md"), OutputFormat::Text);
        let error = spec_diff(&args, &catalogue(), &|_| Vec::new());
        assert!(matches!(error, Err(SpecTextError::Unreadable { .. })));
    }
}
