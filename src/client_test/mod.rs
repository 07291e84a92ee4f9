//! Tests of clients: the bundled registry answers as a scenario says, and what the client sends and keeps is judged.
//!
//! - `format`, `scenario`: scenarios, as data and checked; `adapter`, `adapters`, `placeholders`: how a client is used.
//! - `run`: controls and scenarios; `trial`: one of them; `setup`, `content`: its registry; `process`, `daemon`: the client.
//! - `wire`, `alter`, `switchboard`, `secrets`: what came over the wire, and how responses differ from the registry's own.
//! - `judge`, `rules`, `landed`: what is compared beside the rules of `crate::traffic`; `cases`, `evidence`: the record of it.

mod adapter;
mod adapters;
mod alter;
mod cases;
mod content;
mod daemon;
mod evidence;
pub mod format;
mod hosts;
mod judge;
mod landed;
mod placeholders;
mod process;
mod record_run;
mod rules;
mod run;
mod run_error;
mod scenario;
mod secrets;
mod setup;
mod switchboard;
mod trial;
mod wire;

pub use adapter::{LoadedAdapter, load_adapter};
pub use adapters::adapters;
pub use run::{Settings, run};
pub use scenario::{Scenario, Scenarios};
