//! The folder as a reviewer of the certification looks at it.

use std::path::Path;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use serde_json::Value;

use super::{FILES, product};
use crate::data::{Document, File};
use crate::report::sanitize_line;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// The words that a reviewer looks for in the report.
const PASSED: &str = "All tests passed";

/// The rows of results.yaml that the certification site calls required.
const REQUIRED: [(&str, &str); 9] = [
    ("apis", "Blob get"),
    ("apis", "Blob head"),
    ("apis", "Manifest get by digest"),
    ("apis", "Manifest get by tag"),
    ("apis", "Manifest head by digest"),
    ("apis", "Manifest head by tag"),
    ("data", "Blobs sha256"),
    ("data", "Image"),
    ("data", "Index"),
];

/// The keys of PRODUCT.yaml, and whether nothing can be certified without.
const KEYS: [(&str, bool); 7] = [
    ("vendor", true),
    ("name", true),
    ("version", false),
    ("website_url", false),
    ("documentation_url", false),
    ("type", false),
    ("description", false),
];

/// The result of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Nothing is missing.
    Ready,
    /// The folder is wrong: a file is missing, does not parse or contradicts the others.
    Flawed,
    /// A test failed.
    Failed,
    /// A test was left out, blocked or in error.
    Open,
}

/// What a reviewer finds.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// Why the folder cannot be accepted.
    pub flaws: Vec<String>,
    /// What is to be filled in, or to be known.
    pub notes: Vec<String>,
    failed: usize,
    open: usize,
}

impl Findings {
    /// The worst of the findings.
    pub fn status(&self) -> Status {
        match (self.failed, self.open, self.flaws.is_empty()) {
            (1.., _, _) => Status::Failed,
            (0, 1.., _) => Status::Open,
            (0, 0, false) => Status::Flawed,
            (0, 0, true) => Status::Ready,
        }
    }

    fn flaw(&mut self, message: impl Into<String>) {
        self.flaws.push(message.into());
    }
}

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
            "PRODUCT.yaml" => product_file(&text, &mut found),
            "results.yaml" => results(&text, &version, &mut found),
            "report.html" => report(&text, &version, &mut found),
            "junit.xml" => junit(&text, &mut found),
            _ => {}
        }
    }
    found
}

/// A text on one line that acts on no terminal and no page of Markdown's table.
pub(super) fn one_line(text: &str) -> String {
    sanitize_line(text).replace('\n', " ")
}

fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?;
    if size.len() > LARGEST {
        return Err(format!("it is larger than {} MiB", LARGEST / 1024 / 1024));
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
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

fn yaml(name: &str, text: &str, found: &mut Findings) -> Option<Value> {
    let file = File {
        path: name.to_owned(),
        shown: name.to_owned(),
        text: text.into(),
    };
    match Document::parse(&file) {
        Ok(document) => Some(document.value()),
        Err(diagnostic) => {
            let message = one_line(diagnostic.message());
            found.flaw(format!("{name} does not parse: {message}"));
            None
        }
    }
}

fn product_file(text: &str, found: &mut Findings) {
    let Some(value) = yaml("PRODUCT.yaml", text, found) else {
        return;
    };
    for (key, required) in KEYS {
        let text = value.get(key).and_then(Value::as_str).unwrap_or_default();
        match (text.trim().is_empty(), required) {
            (true, true) => found.flaw(format!("PRODUCT.yaml has no {key}")),
            (true, false) => found
                .notes
                .push(format!("PRODUCT.yaml has no {key} yet: fill it in")),
            (false, _) => {}
        }
    }
    let name = value
        .get("name")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if product::names_oci(name) {
        found.flaw("PRODUCT.yaml: the name contains the term OCI");
    }
}

fn results(text: &str, version: &str, found: &mut Findings) {
    let Some(value) = yaml("results.yaml", text, found) else {
        return;
    };
    let named = value.pointer("/config/version").and_then(Value::as_str);
    if named != Some(version) {
        let named = one_line(named.unwrap_or("nothing"));
        found.flaw(format!(
            "results.yaml has the version {named}, and the folder is v{version}"
        ));
    }
    for (section, row) in REQUIRED {
        let status = value.get(section).and_then(|rows| rows.get(row));
        let status = status.and_then(Value::as_str).unwrap_or("missing");
        if status != "Pass" {
            let status = one_line(status);
            found.flaw(format!(
                "results.yaml: `{row}` ({section}) must be Pass, and is {status}"
            ));
        }
    }
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

/// What junit.xml has, by element and type.
#[derive(Default)]
struct Counts {
    cases: usize,
    unsupported: usize,
    untested: usize,
    /// Elements that are open.
    depth: usize,
}

fn junit(text: &str, found: &mut Findings) {
    let mut reader = Reader::from_str(text);
    let mut counts = Counts::default();
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => break,
            Ok(Event::End(_)) => counts.depth = counts.depth.saturating_sub(1),
            Ok(Event::Start(element)) => {
                counts.depth += 1;
                count(&element, &mut counts, found);
            }
            Ok(Event::Empty(element)) => count(&element, &mut counts, found),
            Ok(_) => {}
            Err(error) => {
                let message = one_line(&error.to_string());
                found.flaw(format!("junit.xml does not parse: {message}"));
                return;
            }
        }
    }
    if counts.depth > 0 || counts.cases == 0 {
        found.flaw("junit.xml is cut off, or has no test");
    }
    if found.failed > 0 {
        let failed = found.failed;
        found.flaw(format!("junit.xml: {failed} failed"));
    }
    if found.open > 0 {
        let open = found.open;
        found.flaw(format!("junit.xml: {open} skipped, blocked or in error"));
    }
    let Counts {
        unsupported,
        untested,
        ..
    } = counts;
    if unsupported > 0 {
        found.notes.push(format!(
            "junit.xml: {unsupported} skipped, for optional features that the registry does not support"
        ));
    }
    if untested > 0 {
        found.notes.push(format!(
            "junit.xml: {untested} not exercised, as no response was one that they apply to"
        ));
    }
}

fn count(element: &BytesStart<'_>, counts: &mut Counts, found: &mut Findings) {
    match element.name().as_ref() {
        b"testcase" => counts.cases += 1,
        b"failure" => found.failed += 1,
        b"error" => found.open += 1,
        b"skipped" => match kind(element).as_str() {
            "unsupported" => counts.unsupported += 1,
            "untested" => counts.untested += 1,
            _ => found.open += 1,
        },
        _ => {}
    }
}

fn kind(element: &BytesStart<'_>) -> String {
    let kind = element.try_get_attribute("type").ok().flatten();
    kind.map_or_else(String::new, |kind| {
        String::from_utf8_lossy(&kind.value).into_owned()
    })
}
