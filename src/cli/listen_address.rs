//! Addresses to listen on, as option values.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Reads `IP:PORT`, or `localhost:PORT`.
///
/// # Errors
/// What to write instead.
pub fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let port = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok());
    if let Some(port) = port {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    text.parse().map_err(|_| {
        let host = text.trim_matches(['[', ']']);
        match (host, host.parse()) {
            (_, Ok(IpAddr::V4(ip))) => format!("the port is missing: write {ip}:5000"),
            (_, Ok(IpAddr::V6(ip))) => format!("the port is missing: write [{ip}]:5000"),
            ("localhost", _) => "the port is missing: write localhost:5000".to_owned(),
            _ => "write an IP address and a port, such as 127.0.0.1:5000; port 0 takes a free one"
                .to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::listen_address;

    #[test]
    fn an_address_has_a_port() {
        for (text, read) in [
            ("127.0.0.1:0", "127.0.0.1:0"),
            ("localhost:5903", "127.0.0.1:5903"),
            ("[::1]:1", "[::1]:1"),
        ] {
            let address = listen_address(text).map(|address| address.to_string());
            assert_eq!(address.as_deref(), Ok(read), "{text}");
        }
        for (text, says) in [
            ("127.0.0.1", "write 127.0.0.1:5000"),
            ("::1", "write [::1]:5000"),
            ("localhost", "write localhost:5000"),
            ("registry.example:5000", "write an IP address"),
            ("localhost:x", "write an IP address"),
            (":5000", "write an IP address"),
        ] {
            let error = listen_address(text).err().unwrap_or_default();
            assert!(error.contains(says), "{text}: {error}");
        }
    }
}
