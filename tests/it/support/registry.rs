//! The bundled registry in this process.

use std::cell::OnceCell;
use std::net::SocketAddr;
use std::path::Path;

use oci_assay::internals::registry::{Options, Server, Tls, fault, variant};

/// A running registry, on threads of its own, until it is dropped.
pub struct Registry {
    pub url: String,
    client: OnceCell<reqwest::Client>,
    _server: Server,
    pub runtime: tokio::runtime::Runtime,
}

/// The registry with options.
pub fn registry(set: impl FnOnce(&mut Options)) -> Registry {
    start(set, None)
}

/// The registry as it is.
pub fn sound() -> Registry {
    registry(|_| ())
}

/// The registry with faults.
pub fn faulty(faults: &[&str]) -> Registry {
    registry(|options| {
        let faults = faults.iter().map(|id| fault(id).unwrap());
        options.faults.extend(faults);
    })
}

/// The registry with a permitted variant.
pub fn varied(id: &str) -> Registry {
    registry(variant(id).unwrap().set)
}

/// The registry over TLS, with `server.pem` and `server.key` of a folder.
pub fn secure(files: &Path, http2: bool, client_ca: Option<&str>) -> Registry {
    let tls = Tls {
        cert: files.join("server.pem"),
        key: files.join("server.key"),
        client_ca: client_ca.map(|name| files.join(name)),
        http2,
    };
    start(|_| (), Some(&tls))
}

fn start(set: impl FnOnce(&mut Options), tls: Option<&Tls>) -> Registry {
    let mut options = Options::default();
    set(&mut options);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], 0));
    let server = runtime.block_on(async {
        match tls {
            None => Server::start(address, options).await,
            Some(tls) => Server::start_tls(address, options, tls.acceptor().unwrap()).await,
        }
    });
    let server = server.unwrap();
    Registry {
        url: server.url(),
        client: OnceCell::new(),
        _server: server,
        runtime,
    }
}

impl Registry {
    /// The host and port.
    pub fn host(&self) -> &str {
        self.url.split_once("://").unwrap().1
    }

    /// Sends a request of the test itself, with a content type if it is not empty: the status and the body.
    pub fn send(
        &self,
        method: &str,
        path: &str,
        content_type: &str,
        body: impl Into<reqwest::Body>,
    ) -> (u16, String) {
        let client = self.client.get_or_init(client);
        let method = method.parse().unwrap();
        let request = client.request(method, format!("{}{path}", self.url));
        let request = match content_type {
            "" => request,
            _ => request.header("Content-Type", content_type),
        };
        self.runtime.block_on(async {
            let response = request.body(body).send().await.unwrap();
            (response.status().as_u16(), response.text().await.unwrap())
        })
    }

    pub fn get(&self, path: &str) -> (u16, String) {
        self.send("GET", path, "", "")
    }
}

/// A client of the test itself.
pub fn client() -> reqwest::Client {
    // A provider that is installed already is the same one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}
