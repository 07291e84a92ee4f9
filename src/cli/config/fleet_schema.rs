//! The JSON Schema of `fleet.toml`, made from the flags.

use clap::Command;
use serde_json::{Map, Value, json};

use super::keys::{Key, keys};
use super::schema::{DRAFT, properties};

/// How many targets are tested at once unless the file says otherwise.
pub const AT_ONCE: u64 = 4;

/// The time limit of a target unless the file says otherwise.
pub const TIME: &str = "15m";

/// What the fleet decides for every target: where reports go, what is shown, and how long a run may take.
const DECIDED: [&str; 8] = [
    "out", "format", "progress", "verbose", "quiet", "color", "deadline", "keep",
];

/// Why a target has no key for an option of `assay run`, if that is so.
pub fn decided(key: &str) -> Option<String> {
    DECIDED.contains(&key).then(|| match key {
        "out" => "it is the same for all targets: type `assay fleet run --out DIR`".to_owned(),
        "deadline" => "`time` limits the run of a target".to_owned(),
        _ => "the fleet decides it for all targets".to_owned(),
    })
}

const LOGIN: &str = "Where the password comes from: env:NAME is an environment variable, helper:NAME the credential helper \
     docker-credential-NAME; by default, the files of docker and podman";

const NAME: &str =
    "The name of the target, which no other target has: its folder, and its address in the site";

/// The keys of `assay.toml` that a target has too.
pub fn target_keys(command: &Command) -> Vec<Key> {
    let keys = keys(command).into_iter();
    keys.filter(|key| !DECIDED.contains(&key.name.as_str()))
        .collect()
}

/// The schema of the file.
pub fn fleet_schema(keys: &[Key]) -> Value {
    let mut target = properties(keys);
    target.insert("login".to_owned(), text(LOGIN));
    let time =
        format!("The time limit of the target's run, such as 90s, 30m or 2h; {TIME} by default");
    target.insert("time".to_owned(), text(&time));
    let mut defaults = target.clone();
    defaults.remove("target");
    target.insert("name".to_owned(), text(NAME));
    let defaults = table(
        "The options of each target that does not say otherwise",
        defaults,
        &[],
    );
    let target = table(
        "A registry, and the options of its run",
        target,
        &["name", "target"],
    );
    json!({
        "$schema": DRAFT,
        "title": "fleet.toml",
        "description": "The targets of `assay fleet run`.",
        "type": "object",
        "additionalProperties": false,
        "required": ["target"],
        "properties": {
            "at_once": {
                "description": "How many targets are tested at once",
                "type": "integer",
                "minimum": 1,
                "default": AT_ONCE,
            },
            "defaults": defaults,
            "target": {
                "description": "The registries; `--index` counts them from 0",
                "type": "array",
                "items": target,
            },
        },
    })
}

/// The schema of the file, from the declared command line.
#[cfg(test)]
pub fn published_fleet_schema(command: &Command) -> Value {
    fleet_schema(&target_keys(command))
}

fn text(about: &str) -> Value {
    json!({ "type": "string", "description": about })
}

fn table(about: &str, properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({
        "description": about,
        "type": "object",
        "additionalProperties": false,
        "required": required,
        "properties": properties,
    })
}
