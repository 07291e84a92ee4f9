//! The files of the folder, and the version that its place claims.

use std::path::Path;

use super::findings::Findings;
use super::text::one_line;
use super::{junit, product, results};
use crate::certify::FILES;
use crate::data::read_bounded;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The words that a reviewer looks for in the report.
const PASSED: &str = "All tests passed";

/// Checks a folder `distribution-spec/vX.Y/PRODUCT`.
pub fn review(folder: &Path) -> Findings {
    let mut found = Findings::default();
    other_files(folder, &mut found);
    let version = version(folder);
    if version.is_none() {
        found.flaw("the folder is not in distribution-spec/vX.Y");
    }
    let version = version.unwrap_or_default();
    for name in FILES {
        let text = match read(&folder.join(name)) {
            Ok(text) if text.trim().is_empty() => {
                found.flaw(format!("{name} is empty"));
                continue;
            }
            Ok(text) => text,
            Err(reason) => {
                found.flaw(format!("{name} is missing: {reason}"));
                continue;
            }
        };
        match name {
            "PRODUCT.yaml" => product::check(&text, &mut found),
            "results.yaml" => results::check(&text, &version, &mut found),
            "report.html" => report(&text, &version, &mut found),
            "junit.xml" => junit::check(&text, &mut found),
            _ => {}
        }
    }
    found
}

fn read(path: &Path) -> Result<String, String> {
    read_bounded(path, LARGEST).map_err(|error| error.to_string())
}

fn other_files(folder: &Path, found: &mut Findings) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    let names = entries.flatten().map(|entry| entry.file_name());
    let mut names: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    for name in names.iter().filter(|name| !FILES.contains(&name.as_str())) {
        let name = one_line(name);
        found.flaw(format!("{name} does not belong in the folder: remove it"));
    }
}

/// The version that the folder's place claims.
fn version(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let above = folder.parent()?.file_name()?.to_str()?;
    let version = above.strip_prefix('v')?;
    let (major, minor) = version.split_once('.')?;
    let number = |text: &str| text.parse::<u32>().is_ok();
    (number(major) && number(minor)).then(|| version.to_owned())
}

fn report(text: &str, version: &str, found: &mut Findings) {
    if !text.contains(&format!("OCI Distribution {version}")) {
        found.flaw(format!(
            "report.html does not name OCI Distribution {version}"
        ));
    }
    if !text.contains(PASSED) {
        found.flaw(format!("report.html does not say `{PASSED}`"));
    }
}
