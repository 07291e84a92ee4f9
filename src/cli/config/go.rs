//! The environment of the Go conformance tool (`OCI_…`) as raw options, of the lowest precedence.
//!
//! Target, repositories, credentials, version and results folder have the same meaning here. A feature that it turns
//! off becomes `skip`. Its other variables have no effect, because assay finds out from responses what a registry
//! supports; a note lists them.

use std::ffi::OsString;

use indexmap::IndexMap;

use super::options::{Origin, RawOptions};

/// A setting of the Go tool and what it is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// The value of an option.
    Option(&'static str),
    /// The password.
    Password,
    /// The registry: with `OCI_TLS`, the target.
    Registry,
    /// How the registry is spoken to.
    Tls,
    /// The version of the specification.
    Version,
    /// The URL of the registry, in the tool's older form.
    RootUrl,
    /// Where it is false, these are skipped.
    SkipWhenFalse(&'static [&'static str]),
    /// No effect.
    Ignored,
}

use Meaning::{Ignored, Option as Is, Password, Registry, RootUrl, SkipWhenFalse, Tls, Version};

/// The variables of the tool, and those of its older form. What begins with a name that ends in `_` is meant by
/// it, where no other name fits.
const VARIABLES: &[(&str, Meaning)] = &[
    ("OCI_REGISTRY", Registry),
    ("OCI_TLS", Tls),
    ("OCI_ROOT_URL", RootUrl),
    ("OCI_REPO1", Is("repo")),
    ("OCI_NAMESPACE", Is("repo")),
    ("OCI_REPO2", Is("repo2")),
    ("OCI_CROSSMOUNT_NAMESPACE", Is("repo2")),
    ("OCI_USERNAME", Is("username")),
    ("OCI_PASSWORD", Password),
    ("OCI_RESULTS_DIR", Is("out")),
    ("OCI_REPORT_DIR", Is("out")),
    ("OCI_VERSION", Version),
    ("OCI_API_PING", SkipWhenFalse(&["api-base"])),
    ("OCI_API_PULL", SkipWhenFalse(&["pull/*"])),
    ("OCI_TEST_PULL", SkipWhenFalse(&["pull/*"])),
    ("OCI_API_PUSH", SkipWhenFalse(&["push/*"])),
    ("OCI_TEST_PUSH", SkipWhenFalse(&["push/*"])),
    ("OCI_API_BLOBS_DELETE", SkipWhenFalse(&["deleting-blobs"])),
    (
        "OCI_API_MANIFESTS_DELETE",
        SkipWhenFalse(&["deleting-manifests"]),
    ),
    ("OCI_API_TAGS_DELETE", SkipWhenFalse(&["deleting-tags"])),
    (
        "OCI_TEST_CONTENT_MANAGEMENT",
        SkipWhenFalse(&["management/*"]),
    ),
    ("OCI_API_TAGS_LIST", SkipWhenFalse(&["listing-tags"])),
    ("OCI_API_REFERRER", SkipWhenFalse(&["listing-referrers"])),
    (
        "OCI_TEST_CONTENT_DISCOVERY",
        SkipWhenFalse(&["discovery/*"]),
    ),
    (
        "OCI_API_BLOBS_MOUNT_ANONYMOUS",
        SkipWhenFalse(&["anonymous-mount-*"]),
    ),
    (
        "OCI_API_BLOBS_UPLOAD_CANCEL",
        SkipWhenFalse(&["cancel-a-blob-upload"]),
    ),
    ("OCI_API_BLOBS_ATOMIC", Ignored),
    ("OCI_API_BLOBS_DIGEST_HEADER", Ignored),
    ("OCI_API_MANIFESTS_", Ignored),
    ("OCI_API_TAGS_", Ignored),
    ("OCI_DATA_", Ignored),
    ("OCI_RO_DATA_", Ignored),
    ("OCI_CONFIGURATION", Ignored),
    ("OCI_CACHE_AUTH", Ignored),
    ("OCI_LOG", Ignored),
    ("OCI_FILTER_TEST", Ignored),
    ("OCI_DEBUG", Ignored),
    ("OCI_TAG_NAME", Ignored),
    ("OCI_MANIFEST_DIGEST", Ignored),
    ("OCI_BLOB_DIGEST", Ignored),
    ("OCI_HIDE_SKIPPED_WORKFLOWS", Ignored),
    ("OCI_DELETE_MANIFEST_BEFORE_BLOBS", Ignored),
    ("OCI_AUTOMATIC_CROSSMOUNT", Ignored),
];

/// The data types of the Go tool, and the content that it reads: the names after their prefixes.
const PARTS: &[(&str, &[&str])] = &[
    (
        "OCI_API_MANIFESTS_",
        &["ATOMIC", "DIGEST_HEADER", "TAG_PARAM"],
    ),
    ("OCI_API_TAGS_", &["ATOMIC"]),
    (
        "OCI_DATA_",
        &[
            "IMAGE",
            "INDEX",
            "INDEX_LIST",
            "SPARSE",
            "ARTIFACT",
            "SUBJECT",
            "SUBJECT_MISSING",
            "ARTIFACT_LIST",
            "SUBJECT_LIST",
            "DATA_FIELD",
            "NONDISTRIBUTABLE",
            "CUSTOM_FIELDS",
            "NO_LAYERS",
            "EMPTY_BLOB",
            "SHA512",
        ],
    ),
    ("OCI_RO_DATA_", &["TAGS", "MANIFESTS", "BLOBS", "REFERRERS"]),
];

/// A variable whose value the Go tool would refuse, too.
#[derive(Debug, thiserror::Error)]
#[error("{name}: `{value}` is not understood: {help}")]
pub struct GoError {
    name: String,
    value: String,
    help: &'static str,
}

/// What the environment of the Go tool says.
#[derive(Debug, Default)]
pub struct GoEnvironment {
    /// For each of our options, its value and the variables it comes from.
    options: IndexMap<&'static str, (Vec<String>, Vec<String>)>,
    password: Option<String>,
    ignored: Vec<String>,
}

/// Reads the environment.
///
/// # Errors
/// A version or a yes-or-no that the Go tool would refuse.
pub fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<GoEnvironment, GoError> {
    let set = |name: &str| variable(name).filter(|value| !value.is_empty());
    let mut go = GoEnvironment::default();
    for (name, meaning) in VARIABLES {
        if name.ends_with('_') {
            let parts = PARTS.iter().filter(|(prefix, _)| prefix == name);
            let names = parts.flat_map(|(prefix, parts)| {
                parts.iter().map(move |part| format!("{prefix}{part}"))
            });
            go.ignored.extend(names.filter(|name| set(name).is_some()));
        } else if let Some(value) = set(name) {
            go.read_variable(name, &value, *meaning, &set)?;
        }
    }
    Ok(go)
}

impl GoEnvironment {
    /// The options that it sets.
    pub fn options(&self) -> RawOptions {
        let mut options = RawOptions::default();
        for (key, (values, names)) in &self.options {
            let texts = values.iter().map(OsString::from).collect();
            options.set(key, texts, Origin::GoTool(names.clone()));
        }
        options
    }

    /// The variables that are in effect, where `from_go` tells whether an option has its value from here; and the
    /// password, if the user name is in effect.
    pub fn used(&self, from_go: &dyn Fn(&str) -> bool) -> (Vec<String>, Option<String>) {
        let mut used: Vec<String> = Vec::new();
        for (key, (_, names)) in &self.options {
            if from_go(key) {
                let new = names.iter().filter(|name| !used.contains(name));
                let new: Vec<String> = new.cloned().collect();
                used.extend(new);
            }
        }
        let own_user = used.iter().any(|name| name == "OCI_USERNAME");
        let password = self.password.clone().filter(|_| own_user);
        used.extend(password.iter().map(|_| "OCI_PASSWORD".to_owned()));
        (used, password)
    }

    /// What the user should know.
    pub fn notes(&self, used: &[String]) -> Vec<String> {
        let mut notes = Vec::new();
        if !used.is_empty() {
            notes.push(format!(
                "from the Go tool's environment: {}",
                used.join(", ")
            ));
        }
        if !self.ignored.is_empty() {
            notes.push(format!(
                "without effect from the Go tool's environment: {}",
                self.ignored.join(", ")
            ));
        }
        notes
    }

    fn read_variable(
        &mut self,
        name: &str,
        value: &str,
        meaning: Meaning,
        set: &dyn Fn(&str) -> Option<String>,
    ) -> Result<(), GoError> {
        match meaning {
            Is(key) => self.set(key, value.trim_end_matches('/'), &[name]),
            Password => self.password = Some(value.to_owned()),
            Registry => {
                let tls = set("OCI_TLS").unwrap_or_default().to_lowercase();
                let scheme = match tls.as_str() {
                    "disabled" => "http",
                    _ => "https",
                };
                let url = match value.contains("://") {
                    true => value.to_owned(),
                    false => format!("{scheme}://{value}"),
                };
                let names: &[&str] = match tls.is_empty() {
                    true => &[name],
                    false => &[name, "OCI_TLS"],
                };
                self.set("target", &url, names);
                if tls == "insecure" {
                    self.set("insecure", "true", &["OCI_TLS"]);
                }
            }
            Tls if set("OCI_REGISTRY").is_none() => self.ignored.push(name.to_owned()),
            Tls => {}
            RootUrl => self.set("target", value, &[name]),
            Version => self.set("spec", version(name, value)?, &[name]),
            SkipWhenFalse(patterns) if !is_true(name, value)? => {
                let skip = self.options.entry("skip").or_default();
                skip.0.extend(patterns.iter().map(|one| (*one).to_owned()));
                skip.1.push(name.to_owned());
            }
            // The cases run in any case.
            SkipWhenFalse(_) => {}
            Ignored => self.ignored.push(name.to_owned()),
        }
        Ok(())
    }

    /// The newer of two names for the same stands first.
    fn set(&mut self, key: &'static str, value: &str, names: &[&str]) {
        self.options.entry(key).or_insert_with(|| {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            (vec![value.to_owned()], names)
        });
    }
}

fn version(name: &str, value: &str) -> Result<&'static str, GoError> {
    match value {
        "stable" | "1.1" => Ok("1.1"),
        "1.0" => Ok("1.0"),
        "dev" | "1.1+dev" => Ok("dev"),
        _ => Err(GoError {
            name: name.to_owned(),
            value: value.to_owned(),
            help: "use 1.0, 1.1 (or stable), dev (or 1.1+dev)",
        }),
    }
}

fn is_true(name: &str, value: &str) -> Result<bool, GoError> {
    match value {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Ok(true),
        "0" | "f" | "F" | "FALSE" | "false" | "False" => Ok(false),
        _ => Err(GoError {
            name: name.to_owned(),
            value: value.to_owned(),
            help: "use true or false",
        }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read_from(set: &[(&str, &str)]) -> Result<GoEnvironment, GoError> {
        read(&|name| {
            let value = set.iter().find(|(known, _)| *known == name);
            value.map(|(_, value)| (*value).to_owned())
        })
    }

    fn value<'a>(go: &'a GoEnvironment, key: &str) -> Vec<&'a str> {
        let values = go.options.get(key).into_iter();
        values
            .flat_map(|(values, _)| values)
            .map(String::as_str)
            .collect()
    }

    #[test]
    fn the_registry_and_how_it_is_spoken_to_make_the_target() {
        for (tls, target, insecure) in [
            ("", "https://localhost:5000", &[][..]),
            ("enabled", "https://localhost:5000", &[]),
            ("Disabled", "http://localhost:5000", &[]),
            ("insecure", "https://localhost:5000", &["true"]),
        ] {
            let go = read_from(&[("OCI_REGISTRY", "localhost:5000"), ("OCI_TLS", tls)]).unwrap();
            assert_eq!(value(&go, "target"), [target], "{tls}");
            assert_eq!(value(&go, "insecure"), insecure, "{tls}");
        }
        let go = read_from(&[("OCI_TLS", "insecure")]).unwrap();
        assert!(value(&go, "insecure").is_empty());
        assert_eq!(go.ignored, ["OCI_TLS"]);
    }

    #[test]
    fn older_names_give_way_to_newer_ones() {
        let old = ("OCI_NAMESPACE", "old/one");
        assert_eq!(value(&read_from(&[old]).unwrap(), "repo"), ["old/one"]);
        let go = read_from(&[old, ("OCI_REPO1", "new/one")]).unwrap();
        assert_eq!(value(&go, "repo"), ["new/one"]);
        let url = ("OCI_ROOT_URL", "http://old:5000");
        assert_eq!(
            value(&read_from(&[url]).unwrap(), "target"),
            ["http://old:5000"]
        );
    }

    #[test]
    fn what_it_leaves_out_is_skipped_and_what_it_asks_for_is_tested_anyway() {
        let go = read_from(&[
            ("OCI_API_PUSH", "0"),
            ("OCI_API_TAGS_DELETE", "false"),
            ("OCI_API_PULL", "true"),
        ])
        .unwrap();
        assert_eq!(value(&go, "skip"), ["push/*", "deleting-tags"]);
        let error = read_from(&[("OCI_API_PUSH", "no")]).unwrap_err();
        assert!(
            error.to_string().starts_with("OCI_API_PUSH: `no`"),
            "{error}"
        );
    }

    #[test]
    fn versions_are_named_as_there() {
        for (theirs, ours) in [("stable", "1.1"), ("1.1+dev", "dev"), ("1.0", "1.0")] {
            let go = read_from(&[("OCI_VERSION", theirs)]).unwrap();
            assert_eq!(value(&go, "spec"), [ours]);
        }
        assert!(read_from(&[("OCI_VERSION", "2.0")]).is_err());
    }

    #[test]
    fn a_note_says_what_is_used_and_what_means_nothing() {
        let go = read_from(&[
            ("OCI_REGISTRY", "localhost:5000"),
            ("OCI_REPO1", "a/b"),
            ("OCI_USERNAME", "me"),
            ("OCI_PASSWORD", "hidden"),
            ("OCI_DATA_SHA512", "false"),
            ("OCI_LOG", "debug"),
        ])
        .unwrap();
        let (used, password) = go.used(&|key| key != "repo");
        assert_eq!(used, ["OCI_REGISTRY", "OCI_USERNAME", "OCI_PASSWORD"]);
        assert_eq!(password.as_deref(), Some("hidden"));
        let notes = go.notes(&used).join("\n");
        assert!(
            notes.contains(
                "without effect from the Go tool's environment: OCI_DATA_SHA512, OCI_LOG"
            ),
            "{notes}"
        );
        assert!(!notes.contains("hidden"), "{notes}");
        // Our own user has a password of our own.
        let (used, password) = go.used(&|key| key == "target");
        assert_eq!((used, password), (vec!["OCI_REGISTRY".to_owned()], None));
    }
}
