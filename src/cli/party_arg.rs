//! A side of the wire, as an argument.

use clap::ValueEnum;

use crate::catalogue::Party;

/// Whom requirements bind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PartyArg {
    /// Registries: their responses
    Registry,
    /// Clients: their requests
    Client,
}

impl From<PartyArg> for Party {
    fn from(party: PartyArg) -> Self {
        match party {
            PartyArg::Registry => Self::Registry,
            PartyArg::Client => Self::Client,
        }
    }
}
