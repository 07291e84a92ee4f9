//! A case of a report as one POSIX shell script with curl alone.
//!
//! The script is written from the case of the suites, not from the recorded exchanges: its content is its own, and it uses the
//! Locations that it gets. [`Builder`](builder::Builder) turns steps, matchers and content into commands; the functions that
//! these commands call are in `helpers/`.

mod builder;
mod case;
mod checks;
mod chunks;
mod commands;
mod condition;
mod content;
mod fixtures;
mod helpers;
mod json_rules;
mod judgements;
mod lines;
mod matcher;
mod not_sayable;
mod pattern;
mod printing;
mod request;
mod rule_subject;
mod rules;
mod said;
mod scope;
mod script;
mod steps;
mod value;
mod word;

pub use commands::{advice, is_selectable, judge_again};
pub use not_sayable::NotSayable;
pub use script::{has_script, reads_shared, script, script_of, substitute};
pub use word::quote_pasted;
