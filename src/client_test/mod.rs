//! Tests of clients: the bundled registry answers as a scenario says, and what the client sends and keeps is judged.
//!
//! - `format`, `asked`, `scenario`, `describe`: scenarios, as data, checked, and in words; `adapter`,
//!   `load_adapter`, `adapters`, `placeholders`: how a client is used.
//! - `run`, `trials`: controls and scenarios; `trial`, `places`, `ask`: one of them; `setup`, `content`, `layer`,
//!   `authority`: its registry; `bench`, `process`, `daemon`: the client.
//! - `wire`, `alter`, `switchboard`, `secrets`: what came over the wire, and how responses differ from the registry's own.
//! - `judge`, `effect`, `rules`, `landed`: what is compared; `cases`, `evidence`: the record of it.

mod adapter;
mod adapters;
mod alter;
mod ask;
mod asked;
mod authority;
mod bench;
mod cases;
mod content;
mod daemon;
mod describe;
mod effect;
mod evidence;
pub mod format;
mod hosts;
mod judge;
mod landed;
mod layer;
mod load_adapter;
mod placeholders;
mod places;
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
mod trial_error;
mod trials;
mod wire;

pub use adapters::adapters;
pub use load_adapter::{LoadedAdapter, load_adapter};
pub use rules::Rule;
pub use run::{Settings, run};
pub use scenario::{Questions, Scenario, Scenarios};
