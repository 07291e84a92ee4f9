//! Whether records are parts of one run.

use crate::record::{Run, Shard};

/// A record and the name of its file.
#[derive(Debug, Clone)]
pub struct Part {
    /// Where it was read from, as the user named it.
    pub name: String,
    /// What was read.
    pub run: Run,
}

/// Records that are not the parts of one run.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("there is no report to merge")]
    Nothing,
    /// One is a whole run.
    #[error(
        "{name} is no part of a run: only reports of runs with --shard I/N can be merged; `assay compare` lays whole runs side by side"
    )]
    Whole {
        /// Its file.
        name: String,
    },
    /// The same part twice.
    #[error("{first} and {second} are both part {shard}: name each part once")]
    Twice {
        /// The file named first.
        first: String,
        /// The other.
        second: String,
        /// Which part both are.
        shard: String,
    },
    /// Parts of different runs.
    #[error(
        "{first} and {second} are not parts of one run: {what} is {one} in the first and {other} in the second"
    )]
    Differ {
        /// The file named first.
        first: String,
        /// The other.
        second: String,
        /// What differs.
        what: &'static str,
        /// In the first.
        one: String,
        /// In the other.
        other: String,
    },
    /// A record that no run can have made.
    #[error("{name} holds the case `{case}` twice: it was not written by assay")]
    CaseTwice {
        /// Its file.
        name: String,
        /// The case.
        case: String,
    },
}

/// The parts in order, each with which it is.
///
/// # Errors
/// When they are not parts of one run, or one of them is there twice.
pub(super) fn ordered(parts: &[Part]) -> Result<Vec<(&Part, &Shard)>, MergeError> {
    let mut ordered = Vec::new();
    for part in parts {
        let Some(shard) = &part.run.shard else {
            return Err(MergeError::Whole {
                name: part.name.clone(),
            });
        };
        no_case_twice(part)?;
        ordered.push((part, shard));
    }
    ordered.sort_by_key(|(_, shard)| shard.index);
    for pair in ordered.windows(2) {
        if let [(first, shard), (second, other)] = pair
            && shard.index == other.index
            && shard.of == other.of
        {
            return Err(MergeError::Twice {
                first: first.name.clone(),
                second: second.name.clone(),
                shard: shard.to_string(),
            });
        }
    }
    let mut rest = ordered.iter();
    let (first, shard) = rest.next().ok_or(MergeError::Nothing)?;
    for (part, other) in rest {
        alike(first, shard, part, other)?;
    }
    Ok(ordered)
}

fn no_case_twice(part: &Part) -> Result<(), MergeError> {
    let mut seen = std::collections::HashSet::new();
    match part.run.cases.iter().find(|case| !seen.insert(&case.id)) {
        None => Ok(()),
        Some(case) => Err(MergeError::CaseTwice {
            name: part.name.clone(),
            case: case.id.clone(),
        }),
    }
}

/// What must be the same in all parts. Repositories and seeds may differ: parts that run at the same time need
/// repositories of their own.
fn alike(first: &Part, shard: &Shard, part: &Part, other: &Shard) -> Result<(), MergeError> {
    let (one, two) = (&first.run, &part.run);
    let tool = |run: &Run| format!("{} {}", run.tool.name, run.tool.version);
    let target = |run: &Run| match run.target.bundled {
        true => "the bundled registry".to_owned(),
        false => run.target.url.clone(),
    };
    let selection = |run: &Run, shard: &Shard| match run.partial {
        true => format!("a selection of {} cases", shard.cases.len()),
        false => format!("all of {} cases", shard.cases.len()),
    };
    let same = [
        ("the target", target(one), target(two)),
        (
            "the version of the specification",
            one.spec.to_string(),
            two.spec.to_string(),
        ),
        ("the tool", tool(one), tool(two)),
        (
            "the number of parts",
            shard.of.to_string(),
            other.of.to_string(),
        ),
    ];
    let differ = |what, one, other| MergeError::Differ {
        first: first.name.clone(),
        second: part.name.clone(),
        what,
        one,
        other,
    };
    for (what, one, two) in same {
        if one != two {
            return Err(differ(what, one, two));
        }
    }
    if one.partial != two.partial || shard.cases != other.cases {
        let what = "what was to be run";
        return Err(differ(what, selection(one, shard), selection(two, other)));
    }
    Ok(())
}
