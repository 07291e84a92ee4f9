//! Reports of version 1 of the format (assay 0.2 and before): their keys get the names of today.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::record::{SCHEMA, Stop, Verdict};

/// The version that is read besides [`SCHEMA`].
pub(super) const VERSION_1: &str = "1";

type Object = Map<String, Value>;

/// Makes a report of version 1 one of today. What is not as version 1 has it stays as it is: reading it as a record
/// says what is wrong.
pub(super) fn from_1(report: &mut Value) {
    let Some(report) = report.as_object_mut() else {
        return;
    };
    report.insert("schema".to_owned(), json!(SCHEMA));
    rename(report, "again", "rerun");
    if let Some(rerun) = report.get_mut("rerun").and_then(Value::as_object_mut) {
        objects(rerun, "cases").for_each(rerun_case);
    }
    rename(report, "left_behind", "leftovers");
    rename(report, "newer", "uncounted");
    // A shard, and a merged run that lacks one, have only a part of the cases.
    let parts = [report.remove("shard"), report.remove("missing")];
    if parts
        .into_iter()
        .flatten()
        .any(|part| part != json!([]) && !part.is_null())
    {
        report.insert("partial".to_owned(), json!(true));
    }
    for list in ["cases", "uncounted"] {
        objects(report, list).for_each(case);
    }
}

fn rerun_case(case: &mut Object) {
    rename(case, "became", "outcome");
    rename(case, "broke", "violated");
    rename(case, "breaks", "violates");
}

fn case(case: &mut Object) {
    rename(case, "plain", "canonical");
    let verdict = case.get("verdict").cloned().map(Verdict::deserialize);
    if matches!(verdict, Some(Ok(verdict)) if verdict.has_reason()) {
        let notes = case.get_mut("notes").and_then(Value::as_array_mut);
        // It was the last of the notes.
        if let Some(reason) = notes.and_then(Vec::pop) {
            case.insert("reason".to_owned(), reason);
        }
    }
    let lost = case.get("stopped").and_then(|stopped| stopped.get("lost"));
    if let Some(why) = lost.and_then(Value::as_str) {
        let stopped = json!(Stop::WriteUnanswered(why.to_owned()));
        case.insert("stopped".to_owned(), stopped);
    }
    objects(case, "checks").for_each(|check| rename(check, "borrowed", "via_procedure"));
    objects(case, "exchanges").for_each(|exchange| rename(exchange, "wire", "transport"));
}

fn objects<'a>(object: &'a mut Object, list: &str) -> impl Iterator<Item = &'a mut Object> {
    let values = object.get_mut(list).and_then(Value::as_array_mut);
    values
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
}

fn rename(object: &mut Object, old: &str, new: &str) {
    if let Some(value) = object.remove(old) {
        object.insert(new.to_owned(), value);
    }
}
