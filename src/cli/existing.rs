//! `--existing`: content of the target that replaces fixtures.

use super::CliError;

/// A tag of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// The repository.
    pub repository: String,
    /// The tag.
    pub tag: String,
}

impl Existing {
    /// Reads `NAME:TAG`.
    ///
    /// # Errors
    /// When it is something else: what to write.
    pub fn read(text: &str) -> Result<Self, String> {
        let parts = text.rsplit_once(':').filter(|(repository, tag)| {
            let plain = !tag.is_empty() && !tag.contains('/') && !repository.contains(['@', ':']);
            plain && crate::client::check_repository(repository).is_ok()
        });
        let (repository, tag) = parts.ok_or(
            "write a repository of the target and a tag in it, without the registry's host: library/busybox:latest",
        )?;
        Ok(Self {
            repository: repository.to_owned(),
            tag: tag.to_owned(),
        })
    }
}

/// The one repository of all tags, which must be `named`, if given.
///
/// # Errors
/// When they name several.
pub fn repository(all: &[Existing], asked: Option<&String>) -> Result<Option<String>, CliError> {
    let Some(first) = all.first() else {
        return Ok(None);
    };
    let named = asked.unwrap_or(&first.repository);
    match all.iter().find(|one| one.repository != *named) {
        None => Ok(Some(first.repository.clone())),
        Some(other) => Err(CliError::usage(format!(
            "--existing {}:{} is not in the repository {named}: a run tests one repository",
            other.repository, other.tag
        ))),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_name_and_a_tag_are_told_apart() {
        let read = Existing::read("library/busybox:1.36").unwrap();
        assert_eq!(
            (read.repository.as_str(), read.tag.as_str()),
            ("library/busybox", "1.36")
        );
        for wrong in [
            "busybox",
            "busybox:",
            ":1",
            "host:5000/busybox",
            "host:5000/busybox:1",
            "a@sha256:00",
            "Busy:1",
        ] {
            assert!(Existing::read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn all_are_in_one_repository() {
        let one = |text: &str| Existing::read(text).unwrap();
        let (app, lib) = ("app".to_owned(), "lib".to_owned());
        assert_eq!(
            repository(&[one("app:1"), one("app:2")], None).unwrap(),
            Some(app.clone())
        );
        assert_eq!(repository(&[], Some(&lib)).unwrap(), None);
        assert!(repository(&[one("app:1"), one("lib:2")], None).is_err());
        assert!(repository(&[one("app:1")], Some(&lib)).is_err());
    }
}
