//! A side of the wire, as an argument.

use clap::ValueEnum;

/// Whom requirements bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PartyArg {
    /// Registries: their responses
    Registry,
    /// Clients: their requests
    Client,
}
