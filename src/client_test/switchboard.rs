//! Hosts that are other ones by name: clients that refuse loopback addresses reach them through the proxy of their
//! environment, and a proxy may have any host behind it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::exchanges::TrialExchanges;
use super::format::OtherHost;
use crate::registry::{ApiRequest, ApiResponse, Options, Server, Tap};

/// A proxy, and the wires of the trials that run.
#[derive(Debug)]
pub struct Switchboard {
    server: Server,
    wires: Arc<Wires>,
}

#[derive(Debug, Default)]
struct Wires(Mutex<HashMap<String, Arc<TrialExchanges>>>);

/// The name of a host, until the trial is over.
#[derive(Debug)]
pub struct Registered {
    host: String,
    wires: Arc<Wires>,
}

impl Switchboard {
    /// Starts the proxy.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub async fn start() -> std::io::Result<Self> {
        let wires = Arc::<Wires>::default();
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let server = Server::start_tapped(address, Options::default(), None, wires.clone()).await?;
        Ok(Self { server, wires })
    }

    /// The URL of the proxy.
    pub fn url(&self) -> String {
        self.server.url()
    }

    /// Puts the wire of a trial behind a host.
    pub fn register(&self, host: &str, wire: Arc<TrialExchanges>) -> Registered {
        self.wires.lock().insert(host.to_owned(), wire);
        Registered {
            host: host.to_owned(),
            wires: self.wires.clone(),
        }
    }

    pub async fn stop(self) {
        self.server.stop().await;
    }
}

impl Wires {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Arc<TrialExchanges>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        self.wires.lock().remove(&self.host);
    }
}

impl Tap for Wires {
    fn exchange(&self, request: ApiRequest, _: &dyn Fn(ApiRequest) -> ApiResponse) -> ApiResponse {
        let host = request.origin.trim_start_matches("http://");
        let host = host.trim_end_matches(":80").to_owned();
        let wire = self.lock().get(&host).cloned();
        match wire {
            Some(wire) => wire.elsewhere(OtherHost::Name, request),
            None => ApiResponse::error(502, "UNKNOWN", "no trial has this host"),
        }
    }
}
