//! The requests of a case as curl commands. Values that only a run knows (a digest, a tag, an upload URL) have a
//! placeholder.

use crate::suite::{Action, BodyText, Case, RequestText, Step, Suites};
use crate::template::{Reference, Template, Value};

/// The placeholder of digests: the digest of no bytes.
const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const MEDIA_TYPE: &str = "application/vnd.oci.image.manifest.v1+json";
const BASE: &str = "http://127.0.0.1:5000";

/// The requests of a case, in the order of its steps; with a requirement, only those that test it.
pub fn requests(case: &Case, suites: &Suites, of: Option<&str>) -> Vec<String> {
    let mut lines = Vec::new();
    collect(&case.steps, suites, of, &mut lines);
    lines
}

fn collect(steps: &[Step], suites: &Suites, of: Option<&str>, into: &mut Vec<String>) {
    for step in steps {
        let mut own = step.expect.iter().map(|one| one.requirement.as_str());
        let wanted = of.is_none_or(|id| own.any(|own| own == id));
        match &step.action {
            Action::Request(request) | Action::Paginate { request, .. } if wanted => {
                into.push(curl(request));
            }
            Action::Use { procedure, .. } if of.is_none() => {
                if let Some(procedure) = suites.procedures.get(procedure) {
                    collect(&procedure.steps, suites, of, into);
                }
            }
            Action::Request(_) | Action::Paginate { .. } | Action::Use { .. } => {}
        }
        for branch in &step.then {
            collect(&branch.steps, suites, of, into);
        }
    }
}

fn curl(request: &RequestText) -> String {
    let mut line = match request.method.name() {
        "HEAD" => "curl -sI".to_owned(),
        "GET" => "curl -si".to_owned(),
        method => format!("curl -si -X {method}"),
    };
    let mut header = |name: &str, value: &str| {
        line.push_str(&format!(" -H {}", quoted(&format!("{name}: {value}"))));
    };
    for (name, value) in &request.headers {
        header(name, &filled(value));
    }
    match &request.body {
        None => {}
        Some(BodyText::Plain(_, kind)) => {
            let kind = kind.as_ref().map(filled);
            header(
                "Content-Type",
                kind.as_deref().unwrap_or("application/octet-stream"),
            );
            line.push_str(" --data-binary @BODY");
        }
        Some(BodyText::Chunk(_)) => {
            header("Content-Range", "0-1023");
            header("Content-Type", "application/octet-stream");
            line.push_str(" --data-binary @CHUNK");
        }
    }
    let path = filled(&request.url);
    let mut url = match path.starts_with('/') {
        true => format!("{BASE}{path}"),
        false => path,
    };
    for (index, (name, value)) in request.query.iter().enumerate() {
        let joint = if index == 0 && !url.contains('?') {
            '?'
        } else {
            '&'
        };
        url.push_str(&format!("{joint}{name}={}", filled(value)));
    }
    format!("{line} {}", quoted(&url))
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn filled(template: &Template) -> String {
    let text = template.text(&mut |reference| Some(Value::from(placeholder(reference).as_str())));
    text.unwrap_or_else(|_| template.source().to_owned())
}

/// The placeholder of a reference.
fn placeholder(reference: &Reference) -> String {
    let last = reference.rest().last().unwrap_or_default();
    match (reference.root(), last) {
        ("repo", _) => "conformance/repo1".to_owned(),
        ("repo2", _) => "conformance/repo2".to_owned(),
        ("absent_repo", _) => "conformance/repo1/absent".to_owned(),
        ("tags", tag) => tag.to_owned(),
        ("number", _) => "1234567890".to_owned(),
        ("letter", _) => "z".to_owned(),
        ("algorithm", _) | (_, "algorithm") => "sha256".to_owned(),
        (_, "digest") => DIGEST.to_owned(),
        (_, "tag") => "latest".to_owned(),
        (_, "media_type") => MEDIA_TYPE.to_owned(),
        ("upload" | "location", _) | (_, "upload" | "location") => {
            format!("{BASE}/v2/conformance/repo1/blobs/uploads/UPLOAD")
        }
        (root, "") => root.to_uppercase(),
        (root, last) => format!("{root}_{last}").to_uppercase(),
    }
}
