//! The hosts of a trial that are not the registry.

use super::format::OtherHost;

/// The authorities of the other hosts: `trial-1.other.example`, `127.0.0.1:4711`.
#[derive(Debug, Clone)]
pub struct Hosts {
    pub name: String,
    pub port: String,
}

impl Hosts {
    pub fn authority(&self, host: OtherHost) -> &str {
        match host {
            OtherHost::Name => &self.name,
            OtherHost::Port => &self.port,
        }
    }
}
