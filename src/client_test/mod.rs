//! Tests of clients: the bundled registry answers as a scenario says, and what the client sends and keeps is judged.
//!
//! - `format`, `asked`, `scenario`, `describe`: scenarios, as data, checked, and in words; `adapter`,
//!   `load_adapter`, `adapters`, `placeholders`: how a client is used.
//! - `run`, `trials`: controls and scenarios; `trial`, `folders`, `run_action`: one of them; `setup`, `content`, `layer`,
//!   `authority`: its registry; `client_environment`, `process`, `stray_processes`, `daemon`: the client.
//! - `exchanges`, `alter`, `switchboard`, `secrets`: what came over the wire, and how responses differ from the registry's own.
//! - `judge`, `effect`, `rules`, `landed`: what is compared; `findings_as_cases`, `evidence`: the record of it.

mod adapter;
mod adapters;
mod alter;
mod asked;
mod authority;
mod client_environment;
mod content;
mod daemon;
mod describe;
mod effect;
mod evidence;
mod exchanges;
mod findings_as_cases;
mod folders;
pub mod format;
mod hosts;
mod judge;
mod landed;
mod layer;
mod load_adapter;
mod placeholders;
mod process;
mod record_run;
mod rules;
mod run;
mod run_action;
mod run_error;
mod scenario;
mod secrets;
mod setup;
mod stray_processes;
mod switchboard;
mod trial;
mod trial_error;
mod trials;

pub use adapters::adapters;
pub use load_adapter::{LoadedAdapter, load_adapter};
pub use rules::Rule;
pub use run::{Settings, run};
pub use scenario::{Questions, Scenario, Scenarios};
